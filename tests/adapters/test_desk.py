"""What every platform needs of the desk."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.desk import LONGEST_NAME, name_of


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Anna", "Anna"),
        ("  Anna \t de\u00a0la  Cruz\n", "Anna de la Cruz"),
        ("\u202eAnna\u202c \u2066(host)\u2069", "Anna (host)"),
        ("An\u0000na\u001b[31m", "Anna[31m"),
        ("Анна 漢字 שלום", "Анна 漢字 שלום"),
        ("👩\u200d💻 Dev", "👩\u200d💻 Dev"),
        ("क्\u200dष", "क्\u200dष"),
        ("A\u200bn\ufeffna\U000e0041", "Anna"),
        ("\ud83dAnna", "Anna"),
        ("x" * 65, "x" * 64),
        ("x" * 63 + " yy", "x" * 63),
        ("", ""),
        ("\u3164 \u2800", ""),
        ("\u200d\u0301", ""),
        ("...", "..."),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(said: str, name: str) -> None:
    assert name_of(said) == name


@given(st.text(st.characters(codec=None)))
def test_no_name_is_long_or_steers_what_stands_around_it(said: str) -> None:
    name = name_of(said)
    assert len(name) <= LONGEST_NAME
    assert name == name_of(name)
    assert not {"Cc", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, name))
    assert not set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(name)
    name.encode()
