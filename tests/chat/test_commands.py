"""Typed lines, as people and phones write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import intent as wants
from bot.chat.commands import BY_NAME, LONGEST_SAID, read_line
from bot.chat.intent import Intent


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("/quiz", wants.Practice()),
        ("/QUIZ", wants.Practice()),
        ("  /Quiz  ", wants.Practice()),
        ("/quiz 5", wants.Practice("", 5)),
        ("/quiz modeling 5", wants.Practice("modeling", 5)),
        ("/quiz Kinesis family", wants.Practice("Kinesis family")),
        ("/quiz kinesis   family  7 ", wants.Practice("kinesis family", 7)),
        ("/quiz 3.1 5", wants.Practice("3.1", 5)),
        ("/quiz 3.1", wants.Practice("3.1")),
        ("/quiz@Bot 3", wants.Practice("", 3)),
        ("/quiz@Bot modeling", wants.Practice("modeling")),
        ("/quiz\nmodeling\t5", wants.Practice("modeling", 5)),
        ("/quiz 0", wants.Practice("", 0)),
        ("/quiz 99999999999", wants.Practice("", 99999999999)),
        ("/quiz ٣", wants.Practice("", 3)),
        ("/quiz ²", wants.Practice("²")),
        ("/quiz -5", wants.Practice("-5")),
        ("/quiz 🤖", wants.Practice("🤖")),
        ("/start", wants.Start()),
        ("/start PAYLOAD", wants.Start()),
        ("/review 5", wants.Review()),
        ("/today", wants.Today()),
        ("/progress", wants.Progress()),
        ("/settings", wants.Settings()),
        ("/help", wants.Help()),
        ("/forget", wants.Forget()),
        ("/cards", wants.Cards()),
        ("/cards Kinesis family", wants.Cards("Kinesis family")),
        ("/cards 3.1", wants.Cards("3.1")),
        ("/guide", wants.Guide()),
        ("/guide@Bot modeling", wants.Guide("modeling")),
        ("/lab", wants.Lab()),
        ("/lab text features", wants.Lab("text features")),
        ("/quizz 5", wants.Unknown("quizz")),
        ("/", wants.Unknown("")),
        ("/@Bot", wants.Unknown("@Bot")),
        ("//", wants.Unknown("/")),
        ("/🤖", wants.Unknown("🤖")),
        ("🤖", wants.Say("🤖")),
        ("quiz", wants.Say("quiz")),
        ("", wants.Say("")),
        ("   ", wants.Say("")),
        ("7:30", wants.Say("7:30")),
    ],
)
def test_a_line_is_read_as_it_is_meant(line: str, intent: Intent) -> None:
    assert read_line(line) == intent


def test_a_very_long_line_is_cut() -> None:
    assert read_line("x" * 5000) == wants.Say("x" * LONGEST_SAID)
    assert isinstance(read_line("/" + "x" * 5000), wants.Unknown)
    assert isinstance(read_line("/quiz " + "x" * 5000), wants.Practice)


def test_a_number_of_thousands_of_digits_is_a_number() -> None:
    intent = read_line("/quiz " + "9" * 5000)
    assert isinstance(intent, wants.Practice)
    assert intent.size is not None
    assert intent.size > 50


@given(st.text(max_size=60))
def test_no_line_is_too_strange_to_read(text: str) -> None:
    read_line(text)
    read_line("/" + text)
    read_line("/quiz " + text)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_command_needs_none_of_its_parameters(name: str) -> None:
    assert not isinstance(read_line(f"/{name}"), wants.Unknown | wants.Say)


def test_the_names_are_what_the_platforms_take() -> None:
    for name in BY_NAME:
        assert name.isascii()
        assert name.islower()
        assert name.isalpha()
        assert len(name) <= 32
