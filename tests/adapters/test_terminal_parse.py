"""Typed lines, by what stands on the screen."""

import pytest

from adapters.terminal.parse import Leave, Line, Pressed, Stray, Typed, parse
from bot.chat.intent import (
    Choose,
    Help,
    Mark,
    Next,
    Open,
    Pick,
    Practice,
    Rate,
    Say,
    Schedule,
    Skip,
    Submit,
    Unknown,
)
from bot.chat.view import Button, View
from bot.domain.answer import Confidence
from bot.domain.ids import AskId
from bot.domain.learner import Field

ASK = AskId(5)


def view(*rows: tuple[Button, ...]) -> View:
    return View((), rows)


NOTHING = view()
SINGLE = view(tuple(Button(letter, Pick(ASK, place)) for place, letter in enumerate("ABCD")))
RATING = view(tuple(Button(level.value.title(), Rate(ASK, level)) for level in Confidence))
VERDICT = view((Button("Next", Next(ASK), primary=True),))
SUBMIT = Button("Submit", Submit(ASK))
MULTIPLE = view(tuple(Button(letter, Mark(ASK, place, on=True)) for place, letter in enumerate("ABCDE")), (SUBMIT,))
MARKED = view(
    tuple(
        Button(f"✓ {letter}" if letter == "B" else letter, Mark(ASK, place, on=letter != "B"))
        for place, letter in enumerate("ABCDE")
    ),
    (SUBMIT,),
)
TIMES = view(
    tuple(Button(f"{hour}:00", Choose(Field.PUSH_TIME, f"{hour}:00")) for hour in range(6, 11)),
    (Button("Another time", Open(Field.PUSH_TIME), entry="Time"),),
    (Button("Skip", Skip(Field.PUSH_TIME)),),
)
MONTHS = view(
    (Button("Dec 2026", Schedule("2026-12")), Button("Jan 2027", Schedule("2027-01"))),
    (Button("Type a date", Open(Field.EXAM), entry="Day, time, place"),),
)


def mark(letter: str, *, on: bool = True) -> Mark:
    return Mark(ASK, "ABCDE".index(letter), on)


@pytest.mark.parametrize(
    ("stands", "line", "meant"),
    [
        (SINGLE, "b", Pressed((Pick(ASK, 1),))),
        (SINGLE, " D ", Pressed((Pick(ASK, 3),))),
        (SINGLE, "c.", Pressed((Pick(ASK, 2),))),
        (SINGLE, "bd", Typed(Say("bd"))),  # the tutor says how many are wanted
        (SINGLE, "", Stray()),
        (SINGLE, "e", Stray()),
        (SINGLE, "Z", Stray()),
        (SINGLE, "9", Stray()),
        (SINGLE, "?", Stray()),
        (SINGLE, "what is this", Typed(Say("what is this"))),
        (SINGLE, "/quiz modeling 5", Typed(Practice("modeling", 5))),
        (SINGLE, "/nonsense", Typed(Unknown("nonsense"))),
        (RATING, "2", Pressed((Rate(ASK, Confidence.LEANING),))),
        (RATING, "guess", Pressed((Rate(ASK, Confidence.GUESS),))),
        (RATING, "4", Stray()),
        (RATING, "0", Stray()),
        (RATING, "b", Stray()),
        (RATING, "٢", Stray()),
        (VERDICT, "", Pressed((Next(ASK),))),
        (VERDICT, "1", Pressed((Next(ASK),))),
        (MULTIPLE, "b", Pressed((mark("B"),))),
        (MULTIPLE, "1", Pressed((Submit(ASK),))),
        (MULTIPLE, "bd", Pressed((mark("B"), mark("D"), Submit(ASK)))),
        (MULTIPLE, "d, B", Pressed((mark("B"), mark("D"), Submit(ASK)))),
        (MULTIPLE, "B D", Pressed((mark("B"), mark("D"), Submit(ASK)))),
        (MULTIPLE, "bz", Typed(Say("bz"))),
        (MARKED, "b", Pressed((mark("B", on=False),))),
        (MARKED, "bd", Pressed((mark("D"), Submit(ASK)))),
        (MARKED, "ac", Pressed((mark("B", on=False), mark("A"), mark("C"), Submit(ASK)))),
        (TIMES, "b", Pressed((Choose(Field.PUSH_TIME, "7:00"),))),
        (TIMES, "F", Pressed((Skip(Field.PUSH_TIME),))),
        (TIMES, "2", Typed(Say("2"))),  # where a value is typed no number is a key
        (TIMES, "20", Typed(Say("20"))),
        (TIMES, "7:00", Pressed((Choose(Field.PUSH_TIME, "7:00"),))),
        (TIMES, "7:30", Typed(Say("7:30"))),
        (TIMES, "x", Typed(Say("x"))),
        (TIMES, "", Stray()),
        (MONTHS, "a", Pressed((Schedule("2026-12"),))),
        (MONTHS, "jan 2027", Pressed((Schedule("2027-01"),))),
        (MONTHS, "1", Typed(Say("1"))),  # a line to type in: no number is a key
        (MONTHS, "15 December 9:30 Berlin", Typed(Say("15 December 9:30 Berlin"))),
        (NOTHING, "hello", Typed(Say("hello"))),
        (NOTHING, "9", Typed(Say("9"))),
        (NOTHING, "/help", Typed(Help())),
    ],
)
def test_a_line_means_what_the_screen_makes_of_it(stands: View, line: str, meant: Line) -> None:
    assert parse(line, stands) == meant


@pytest.mark.parametrize("line", ["q", "Q", "quit", "exit", "/quit", "/exit", " exit "])
@pytest.mark.parametrize("stands", [NOTHING, SINGLE, TIMES])
def test_there_is_always_a_way_out(stands: View, line: str) -> None:
    assert parse(line, stands) == Leave()


def test_a_button_that_opens_a_line_to_type_in_has_no_key() -> None:
    entry = Button("Type a city", Open(Field.ZONE), entry="City")
    assert parse("a", view((entry,), (Button("Skip", Skip(Field.ZONE)),))) == Pressed((Skip(Field.ZONE),))
