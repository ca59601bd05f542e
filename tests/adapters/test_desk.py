"""What every platform needs of the desk."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.desk import LONGEST_NAME, MOST_EVENTS, SPAN_S, Allowance, name_of
from bot.chat.incoming import Person

ANNA, BEN = Person("telegram", "1"), Person("telegram", "2")


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


@given(st.lists(st.floats(0, SPAN_S / 4), max_size=200))
def test_who_keeps_within_the_allowance_is_never_limited(pauses: list[float]) -> None:
    allowance, now, times = Allowance(MOST_EVENTS), 1000.0, [0.0]
    for pause in pauses:
        now += pause
        if len(times) >= MOST_EVENTS:
            now = max(now, times[-MOST_EVENTS] + SPAN_S)
        times.append(now)
        assert allowance.takes(ANNA, now)


@given(st.lists(st.tuples(st.sampled_from([ANNA, BEN]), st.floats(0, 1)), max_size=300))
def test_nobody_does_more_than_the_allowance_in_any_span(events: list[tuple[Person, float]]) -> None:
    allowance, now = Allowance(MOST_EVENTS), 1000.0
    done: dict[Person, list[float]] = {ANNA: [], BEN: []}
    for person, pause in events:
        now += pause
        recent = [at for at in done[person] if at > now - SPAN_S]
        assert allowance.takes(person, now) == (len(recent) < MOST_EVENTS)
        if len(recent) < MOST_EVENTS:
            done[person].append(now)


def test_who_is_limited_acts_again_as_soon_as_the_span_has_slid_on() -> None:
    allowance = Allowance(2)
    assert [allowance.takes(ANNA, at) for at in (0.0, 1.0, 2.0, 9.9, 10.0, 10.5, 11.0)] == [
        True, True, False, False, True, False, True,
    ]  # fmt: skip


def test_idle_people_are_forgotten() -> None:
    allowance = Allowance(MOST_EVENTS)
    for number in range(1000):
        allowance.takes(Person("telegram", str(number)), number * 0.01)
    assert len(allowance) == 1000
    allowance.takes(ANNA, 9.99 + SPAN_S)
    assert len(allowance) == 1
