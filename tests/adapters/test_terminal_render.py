"""Views as a terminal shows them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.terminal.render import WIDEST, Saved, Screen, plain, render, render_text
from bot.chat.intent import Choose, Mark, Next, Open, Pick, Rate, Skip, Submit
from bot.chat.view import Button, File, Picture, Span, Style, View
from bot.domain.answer import Confidence
from bot.domain.ids import AskId
from bot.domain.learner import Field
from bot.present.words import words_for
from tests.adapters.gallery import gallery, png

WORDS = words_for("en")
ASK = AskId(1)
OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")  # colors and links, as rich writes them
HOSTILE = st.text(
    st.one_of(st.sampled_from("\x1b\x07\x08\r\n\x00[]0;m\\K🦄✅漢\u202e\u200d\u0301 ab"), st.characters())
)


def shown(view: View, width: int = 40, *, above: View | None = None) -> str:
    return render(view, Screen(width, colors=False), WORDS, above)


def spans(text: str) -> View:
    return View((Span(text),))


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_every_message_fits_and_loses_no_word(width: int) -> None:
    for name, view in gallery():
        text = render(view, Screen(width, colors=False), WORDS, saved=Saved("Saved") if view.attached else None)
        assert max(map(cell_len, text.splitlines())) <= min(width, WIDEST), name
        assert "\x1b" not in text, name
        for span in view.spans:
            wanted = span.href or (plain(span.text) if span.style is not Style.QUOTE else "")
            assert letters(wanted) in letters(text), name
        if isinstance(view.attached, Picture):
            assert letters(plain(view.attached.alt)) in letters(text), name


@given(st.lists(st.builds(Span, HOSTILE, st.sampled_from(Style), st.none() | HOSTILE)), HOSTILE, st.integers(0, 200))
def test_nothing_that_steers_a_terminal_survives(hostile: list[Span], label: str, width: int) -> None:
    view = View(tuple(hostile), ((Button(label, Next(ASK), primary=True), Button(label, Mark(ASK, 0, on=True))),))
    bare = render(view, Screen(width, colors=False), WORDS)
    bright = render(view, Screen(width, colors=True), WORDS)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", bare)
    assert OURS.sub("", bright) == bare
    assert max(map(cell_len, bare.split("\n"))) <= Screen(width, colors=False).width


@given(HOSTILE)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_an_escape_sequence_goes_as_a_whole() -> None:
    hostile = "a\x1b]0;owned\x07b\x1b[2J\x1b[1;31mc\x9b5Ad\x1bPq#0\x1b\\e\x1bcf\r\ng\u202eh"
    assert plain(hostile) == "abcdef\ngh"
    assert render_text(hostile, Screen(40, colors=True)) == "abcdef\ngh"


def test_lines_are_never_wider_than_reading_is_easy() -> None:
    assert max(map(len, shown(spans("word " * 100), 300).splitlines())) <= WIDEST


def test_options_hang_by_their_letters() -> None:
    view = spans("Which one?\n\nA. The first of them, which is long enough\nB. The second")
    assert shown(view, 30) == (
        "Which one?\n\nA. The first of them, which is\n   long enough\nB. The second"
    )  # fmt: skip


def test_a_verdict_stands_in_one_column_with_its_reasons_below() -> None:
    view = spans(
        "❌ Not this time.\n\n✅ A. Right\nBecause it fits.\n\nC. Other\nBecause it does not.\n\nIt turns on: cost"
    )
    assert shown(view, 60) == (
        "❌ Not this time.\n\n"
        "✅ A. Right\n      Because it fits.\n\n"
        "   C. Other\n      Because it does not.\n\n"
        "It turns on: cost"
    )


def test_option_letters_are_not_listed_and_other_buttons_are_numbered() -> None:
    picks = tuple(Button(letter, Pick(ASK, place)) for place, letter in enumerate("ABCD"))
    assert shown(View((Span("Q"),), (picks,))) == "Q"
    rates = tuple(Button(level.value.title(), Rate(ASK, level)) for level in Confidence)
    assert shown(View((Span("Sure?"),), (rates,))) == "Sure?\n\n1 Sure  2 Leaning  3 Guess"
    assert shown(View((), ((Button("Next", Next(ASK), primary=True),),))) == "1 Next (Enter)"


def test_marked_options_are_shown_before_the_numbers() -> None:
    marks = tuple(Button(label, Mark(ASK, place, on=place == 0)) for place, label in enumerate(["A", "✓ B"]))
    assert shown(View((Span("Q"),), (marks, (Button("Submit", Submit(ASK)),)))) == "Q\n\n✓ B  1 Submit"


def test_a_choice_that_can_be_typed_has_its_numbers_in_brackets() -> None:
    times = tuple(Button(at, Choose(Field.PUSH_TIME, at)) for at in ("7:00", "8:00"))
    last = (Button("Another", Open(Field.PUSH_TIME), entry="Time"), Button("Skip", Skip(Field.PUSH_TIME)))
    assert shown(View((Span("When?"),), (times, last))) == "When?\n\na 7:00  b 8:00  c Skip"


def test_keys_go_on_in_the_next_line_whole() -> None:
    row = tuple(Button(f"Domain number {number}", Next(ASK)) for number in range(3))
    assert shown(View((), (row,)), 40) == "1 Domain number 0  2 Domain number 1\n3 Domain number 2"


def test_a_quote_is_left_out_with_its_gap() -> None:
    view = View((Span("Right"), Span("\n"), Span("The stem", Style.QUOTE), Span("\n"), Span("\n"), Span("Why")))
    assert shown(view) == "Right\n\nWhy"


def test_a_link_gives_its_address_once() -> None:
    long, short = "https://docs.example.com/a/b/page.html", "docs.example.com/page.html"
    links = (Span(short, href=long), Span(" · "), Span("Guide", href="https://example.com/g"))
    assert shown(View((Span("Source: "), *links)), 80) == f"Source: {long}\nGuide (https://example.com/g)"


def test_an_edit_shows_only_what_is_new_of_it() -> None:
    question = "Question 1\n\nThe stem\n\nA. One\nB. Two"
    asked, locked = spans(question), spans(f"{question}\n\nYour answer: A. How sure?")
    assert shown(locked, above=asked) == "Your answer: A. How sure?"
    assert shown(asked, above=asked) == ""
    verdict, noted = (spans(f"Not this time\n\nA. One\n\n{end}") for end in ("What went wrong?", "Noted."))
    assert shown(noted, above=verdict) == "Noted."


def test_an_edit_that_only_begins_alike_is_shown_whole() -> None:
    first, second = (spans(f"Question · Modeling\n\n{stem}\n\nA. One") for stem in ("This", "That"))
    assert shown(second, above=first) == shown(second)


@pytest.mark.parametrize("state", ["marked", "locked", "wrong, cause told"])
def test_the_shipped_edits_repeat_nothing(state: str) -> None:
    views = dict(gallery())
    before = {"marked": "asked", "locked": "asked", "wrong, cause told": "wrong"}[state]
    for kind in ("single", "multiple"):
        above, view = views[f"longest {kind}, {before}"], views[f"longest {kind}, {state}"]
        assert len(shown(view, above=above).splitlines()) <= 3


def test_colors_are_used_where_there_are_any() -> None:
    view = View((Span("Right", Style.STRONG), Span("\n"), Span("code", Style.CODE), Span("hid", Style.SPOILER)))
    text = render(view, Screen(40, colors=True), WORDS)
    assert "\x1b[1mRight" in text
    assert "\x1b[36mcode" in text
    assert "\x1b[2mhid" in text
    assert OURS.sub("", text) == shown(view)


def test_a_picture_is_told_in_words_and_where_it_is() -> None:
    view = View((Span("Your weeks"),), ((Button("Next", Next(ASK), primary=True),),), Picture(png(), "Week 1: learn."))
    path = Path("/home/anna/.local/share/tminus/downloads/picture.png")
    text = render(view, Screen(30, colors=False), WORDS, saved=Saved(f"The picture: {path}", path))
    assert text == f"Your weeks\n\nWeek 1: learn.\n\nThe picture: {path}\n\n1 Next (Enter)"


def test_a_path_can_be_clicked_and_is_not_cut() -> None:
    path = Path("/home/a b/" + "long/" * 30 + "plan.ics")
    view = View((Span("Your plan"),), (), File("plan.ics", "text/calendar", b"x"))
    text = render(view, Screen(40, colors=True), WORDS, saved=Saved(f"Saved: {path}", path))
    assert OURS.sub("", text) == f"Your plan\n\nSaved: {path}"
    assert path.as_uri() in text


@given(HOSTILE, HOSTILE)
def test_no_picture_and_no_path_steers_a_terminal(alt: str, said: str) -> None:
    view = View((), (), Picture(png(), alt))
    bare = render(view, Screen(40, colors=False), WORDS, saved=Saved(said))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", bare)


def test_a_path_that_holds_an_escape_is_shown_without_it() -> None:
    path = Path("/home/\x1b[2Jevil/plan.ics")
    text = render(View(()), Screen(40, colors=True), WORDS, saved=Saved(f"Saved: {path}", path))
    assert OURS.sub("", text) == "Saved: /home/evil/plan.ics"


def test_a_time_left_is_told_in_words() -> None:
    span = Span("in 3 days", until=datetime(2026, 12, 15, 8, 30, tzinfo=UTC))
    assert shown(View((span,))) == "in 3 days"
