"""Whatever is to be shown, Telegram takes it, whole or cut with an ellipsis."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.telegram.render import ELLIPSIS, LONGEST, LONGEST_CAPTION, MOST_BUTTONS, WIDEST, Rendered, render
from bot.chat.codec import decode
from bot.chat.intent import Help, Open, Pick, Tap, Today
from bot.chat.view import Button, File, Picture, Quiz, Span, Style, View
from bot.domain.ids import AskId
from bot.domain.learner import Field
from tests.adapters.gallery import HOSTILE, gallery, png
from tests.platform.telegram_checks import checked_caption, checked_text
from tests.platform.telegram_params import Params, Words
from tests.platform.telegram_polls import new_poll

WORDS = st.text(alphabet=st.characters(), max_size=60) | st.text(
    "<>&\"'/ab\n \u200b\u202e\u0301👩🏽‍💻\ud83d", max_size=60
)
LONG = st.builds(lambda text, times: text * times, WORDS, st.integers(0, 400))
HREFS = st.none() | st.just("https://example.com/?a=1&b=<\"'>") | WORDS.map("https://example.com/".__add__)
SPANS = st.builds(Span, WORDS | LONG, st.sampled_from(Style), HREFS)
TAPS: st.SearchStrategy[Tap] = st.builds(Pick, st.integers(0, 2**63 - 1).map(AskId), st.integers(0, 9)) | st.just(
    Today()
)
BUTTONS = st.builds(Button, WORDS, TAPS, st.booleans(), st.none() | st.just("type"))
PICTURE, FILE = Picture(png(), "A plan"), File("plan.ics", "text/calendar", b"BEGIN:VCALENDAR")
VIEWS = st.builds(
    View,
    st.lists(SPANS, max_size=8).map(tuple),
    st.lists(st.lists(BUTTONS, max_size=20).map(tuple), max_size=12).map(tuple),
    st.sampled_from([None, PICTURE, FILE]),
)


def taken(shown: Rendered) -> tuple[Words, list[list[dict[str, Any]]]]:
    """The message as a strict Telegram takes it, with its rows of buttons; it raises what Telegram would refuse."""
    shown.html.encode()  # what no request could carry
    fields: dict[str, Any] = {"caption" if shown.attached else "text": shown.html, "parse_mode": "HTML"}
    if shown.keyboard:
        fields["reply_markup"] = shown.keyboard.to_json()
    params = Params(fields)
    checked = checked_caption if shown.attached else checked_text
    return checked(params), (params.inline_markup() or {"inline_keyboard": []})["inline_keyboard"]


def words_of(view: View) -> Words:
    return taken(render(view))[0]


@given(VIEWS)
@example(View(()))
@example(View((Span("a" * (LONGEST + 1), Style.QUOTE),)))
@example(View((Span("👩🏽‍💻" * 5000, Style.STRONG), Span("\ude00"))))
def test_any_view_becomes_a_message_that_telegram_takes(view: View) -> None:
    words, rows = taken(render(view))
    assert len(words.text) <= (LONGEST_CAPTION if view.attached else LONGEST)
    assert words.text or view.attached
    assert sum(map(len, rows)) <= MOST_BUTTONS
    assert all(0 < len(row) <= WIDEST for row in rows)


@given(VIEWS)
def test_every_button_that_fits_comes_back_as_its_intent(view: View) -> None:
    _, rows = taken(render(view))
    back = [decode(key["callback_data"]) for row in rows for key in row]
    assert back == [button.intent for button in view.buttons if button.entry is None][:MOST_BUTTONS]


@given(st.text("<>&\"'b/", min_size=1, max_size=200), st.sampled_from(Style))
def test_a_persons_markup_is_shown_as_it_was_typed(text: str, style: Style) -> None:
    assert words_of(View((Span(text, style),))).text == text


@pytest.mark.parametrize(("name", "view"), gallery(), ids=[name for name, _ in gallery()])
def test_every_message_of_the_tutor_is_shown_whole(name: str, view: View) -> None:
    words, rows = taken(render(view))
    assert words.text == view.text.strip()
    assert ELLIPSIS not in words.text or ELLIPSIS in view.text
    typed = {button.label for button in view.buttons if button.entry}
    assert [key["text"] for row in rows for key in row] == [
        button.label for button in view.buttons if button.label not in typed
    ]


@pytest.mark.parametrize(
    ("style", "html"),
    [
        (Style.PLAIN, "a &lt;b&gt; &amp; c"),
        (Style.STRONG, "<b>a &lt;b&gt; &amp; c</b>"),
        (Style.CODE, "<code>a &lt;b&gt; &amp; c</code>"),
        (Style.QUOTE, "<blockquote expandable>a &lt;b&gt; &amp; c</blockquote>"),
        (Style.SPOILER, "<tg-spoiler>a &lt;b&gt; &amp; c</tg-spoiler>"),
    ],
)
def test_a_style_is_telegrams_own_and_its_words_are_escaped(style: Style, html: str) -> None:
    assert render(View((Span("a <b> & c", style),))).html == html


def test_a_link_keeps_its_quotes_and_ampersands() -> None:
    view = View((Span("source", Style.STRONG, 'https://example.com/?a="1"&b=2'),))
    (link,) = [entity for entity in words_of(view).entities if entity["type"] == "text_link"]
    assert link["url"] == 'https://example.com/?a="1"&b=2'


LINK = View((Span("Play", Style.STRONG, to_private=True), Span("!")))


def test_what_leads_to_a_private_chat_is_a_link_to_the_bot() -> None:
    link = '<b><a href="https://t.me/tminus_bot?start=battle">Play</a></b>!'
    assert render(LINK, "tminus_bot").html == link
    assert render(LINK).html == "<b>Play</b>!"
    assert render(View((Span("Play", Style.CODE, to_private=True),)), "b").html.startswith("<a href=")


# Quizzes

QUIZ = Quiz("Which?", ("one", "two", "three"), frozenset({1}), 20, "Because.")
WORDED = View((Span("Which?\n\nA. one"),), ((Button("A", Today()),),))


def polled(quiz: Quiz, **extra: Any) -> Quiz | None:
    return render(replace(WORDED, quiz=quiz, **extra)).quiz


def asked(quiz: Quiz) -> dict[str, Any]:
    """The poll as a strict Telegram takes it; it raises what Telegram would refuse."""
    fields = {"type": "quiz", "question": quiz.question, "options": list(quiz.options), "open_period": quiz.open_s}
    solution = {"correct_option_ids": sorted(quiz.keys), "explanation": quiz.explanation}
    return new_poll(Params(fields | solution), 1, 1000)


def test_a_quiz_that_fits_becomes_a_poll_and_has_its_words_ready() -> None:
    shown = render(replace(WORDED, quiz=QUIZ))
    assert shown == replace(render(WORDED), quiz=QUIZ)


@pytest.mark.parametrize(
    "quiz",
    [
        replace(QUIZ, question="q" * 300),
        replace(QUIZ, options=("o" * 100, "p")),
        replace(QUIZ, options=tuple("abcdefghijkl")),
        replace(QUIZ, options=("🦄" * 100, "p")),
        replace(QUIZ, keys=frozenset({0, 1, 2})),
        replace(QUIZ, open_s=5),
        replace(QUIZ, open_s=2_628_000),
    ],
)
def test_a_quiz_that_just_fits_is_a_poll(quiz: Quiz) -> None:
    assert polled(quiz) == quiz
    asked(quiz)


@pytest.mark.parametrize(
    "quiz",
    [
        replace(QUIZ, question="q" * 301),
        replace(QUIZ, question=" \u200b"),
        replace(QUIZ, options=("o" * 101, "p")),
        replace(QUIZ, options=(" ", "two")),
        replace(QUIZ, options=("\u2060", "two")),
        replace(QUIZ, options=("one",), keys=frozenset({0})),
        replace(QUIZ, options=tuple("abcdefghijklm")),
        replace(QUIZ, keys=frozenset()),
        replace(QUIZ, keys=frozenset({3})),
        replace(QUIZ, keys=frozenset({-1})),
        replace(QUIZ, open_s=4),
        replace(QUIZ, open_s=2_628_001),
    ],
)
def test_a_quiz_that_does_not_fit_is_told_in_words(quiz: Quiz) -> None:
    assert render(replace(WORDED, quiz=quiz)) == render(WORDED)


def test_a_picture_is_worth_more_than_a_poll() -> None:
    assert polled(QUIZ, attached=PICTURE) is None


@pytest.mark.parametrize(
    ("text", "brief"),
    [
        ("", ""),
        (" \n\u200b\n", ""),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 199 + ELLIPSIS),
        ("a\nb\nc", "a\nb\nc"),
        ("a\n\nb\n\n c\nd", "a\nb\nc d"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_an_explanation_is_cut_to_what_a_poll_shows(text: str, brief: str) -> None:
    quiz = polled(replace(QUIZ, explanation=text))
    assert quiz is not None
    assert quiz.explanation == brief


@given(
    st.builds(
        Quiz,
        LONG | WORDS,
        st.lists(WORDS | LONG | st.sampled_from("abc"), max_size=14).map(tuple),
        st.frozensets(st.integers(-1, 13), max_size=4),
        st.integers(0, 40) | st.integers(2_627_999, 2_628_002),
        LONG,
    )
)
def test_any_quiz_becomes_a_poll_that_telegram_takes_or_words(quiz: Quiz) -> None:
    shown = render(replace(WORDED, quiz=quiz))
    taken(shown)
    if shown.quiz is None:
        return
    poll = asked(shown.quiz)
    assert poll["correct_option_ids"] == sorted(quiz.keys)
    assert [option["text"] for option in poll["options"]] == list(shown.quiz.options)
    for text in (shown.quiz.question, *shown.quiz.options, shown.quiz.explanation):
        text.encode()


def test_a_text_that_just_fits_is_whole_and_one_more_character_cuts_it() -> None:
    assert words_of(View((Span("x" * LONGEST),))).text == "x" * LONGEST
    assert words_of(View((Span("x" * (LONGEST + 1)),))).text == "x" * (LONGEST - 1) + ELLIPSIS


def test_a_long_text_is_cut_after_a_line_even_inside_a_style() -> None:
    view = View((Span("head\n"), Span("line of text\n" * 800, Style.QUOTE), Span("foot")))
    words = words_of(view)
    assert words.text.endswith("line of text\n" + ELLIPSIS)
    assert len(words.text) > LONGEST - 50
    assert [entity["type"] for entity in words.entities] == ["expandable_blockquote"]


def test_a_text_of_ten_thousand_characters_without_a_line_is_cut_in_the_line() -> None:
    assert len(words_of(View((Span("🦄" * 10_000, Style.SPOILER),))).text) == LONGEST


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\u202e", "\u00ad\u200d\ufe0f"])
def test_what_nobody_can_see_is_shown_as_an_ellipsis(text: str) -> None:
    assert words_of(View((Span(text, Style.STRONG),))).text == ELLIPSIS
    assert taken(render(View((Span("x"),), ((Button(text, Today()),),))))[1][0][0]["text"] == ELLIPSIS


def test_a_caption_that_just_fits_is_whole_and_one_more_character_cuts_it() -> None:
    for attached in (PICTURE, FILE):
        assert words_of(View((Span("x" * LONGEST_CAPTION),), (), attached)).text == "x" * LONGEST_CAPTION
        cut = words_of(View((Span("x" * (LONGEST_CAPTION + 1)),), (), attached)).text
        assert cut == "x" * (LONGEST_CAPTION - 1) + ELLIPSIS


def test_a_long_caption_is_cut_after_a_line_and_its_marks_are_not_counted() -> None:
    view = View((Span("<b>" * 200 + "\n", Style.STRONG), Span("line & line\n" * 80, Style.QUOTE)), (), PICTURE)
    words = words_of(view)
    assert words.text.endswith("line & line\n" + ELLIPSIS)
    assert LONGEST_CAPTION - 50 < len(words.text) <= LONGEST_CAPTION


@pytest.mark.parametrize("attached", [PICTURE, FILE])
def test_a_picture_or_a_file_needs_no_words(attached: Picture | File) -> None:
    shown = render(View((Span(" \u200b"),), (), attached))
    assert (shown.html, shown.attached) == ("", attached)


def test_half_a_character_in_a_caption_leaves_what_hangs_on_it() -> None:
    shown = render(View((Span("a\ude00"),), (), PICTURE))
    assert (shown.html, shown.attached) == ("a\ufffd", PICTURE)


def test_a_time_left_is_told_in_words() -> None:
    span = Span("in 3 days", Style.STRONG)
    until = replace(span, until=datetime(2026, 12, 15, 8, 30, tzinfo=UTC))
    assert render(View((until,))) == render(View((span,)))


def test_right_to_left_and_hostile_words_stay_as_they_are() -> None:
    text = f"שלום {HOSTILE} مرحبا"
    assert words_of(View((Span(text, Style.STRONG), Span("end")))).text == f"{text}end"


def test_a_wide_row_goes_on_below_and_the_hundred_and_first_button_is_left_out() -> None:
    rows = tuple(tuple(Button(str(n), Pick(AskId(n), row)) for n in range(20)) for row in range(6))
    _, shown = taken(render(View((Span("x"),), rows)))
    assert [len(row) for row in shown] == [8, 8, 4] * 5


def test_a_button_that_opens_a_line_to_type_in_is_left_out() -> None:
    rows = ((Button("Type", Open(Field.ZONE), entry="City"),), (Button("Skip", Help()),))
    _, shown = taken(render(View((Span("Where?"),), rows)))
    assert [[key["text"] for key in row] for row in shown] == [["Skip"]]


def test_what_most_people_want_next_stands_out() -> None:
    rows = ((Button("Next", Today(), primary=True), Button("Help", Help())),)
    _, ((following, help_),) = taken(render(View((Span("x"),), rows)))
    assert (following["style"], help_.get("style")) == ("primary", None)


def test_a_message_without_buttons_has_no_keyboard() -> None:
    assert render(View((Span("x"),))).keyboard is None
