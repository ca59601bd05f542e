"""What a person reads: every outcome has its words, and fits a phone and a platform."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import UnionType
from typing import get_args

import pytest

from bot.chat.codec import encode
from bot.chat.intent import Choose
from bot.chat.view import Notice, View
from bot.domain.answer import Confidence
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.learner import OF_AN_EXAM, Field
from bot.domain.practice import AskState
from bot.present.layout import LONGEST_LABEL, button, day, when
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases.outcome import Asked, Graded, Hitch, Hitched, Locked, Outcome, Picker, Posed, Pushed, Refusal, Word
from tests.adapters import gallery
from tests.present.outcomes import every_outcome

EN = words_for("en")
PACK = gallery.packs()[0]
SHOWN = [(name, outcome, message(outcome, EN)) for name, outcome in every_outcome()]
VIEWS = [(name, view) for name, _, view in SHOWN if isinstance(view, View)]
NOTICES = [(name, notice) for name, _, notice in SHOWN if isinstance(notice, Notice)]
LONGEST_MESSAGE = 4096  # Telegram; Discord's embed takes as much
LONGEST_NOTICE = 200  # Telegram's answer to a tap
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_every_kind_of_outcome_is_shown() -> None:
    kinds: UnionType = Outcome
    assert {type(outcome) for _, outcome, _ in SHOWN} == set(get_args(kinds))
    assert {outcome for _, outcome, _ in SHOWN if isinstance(outcome, Word)} == set(Word)
    assert {outcome.hitch for _, outcome, _ in SHOWN if isinstance(outcome, Hitched)} == set(Hitch)
    pickers = [outcome for _, outcome, _ in SHOWN if isinstance(outcome, Picker)]
    assert {picker.refusal for picker in pickers} == {None, *Refusal}
    assert {picker.field for picker in pickers} == set(Field) - OF_AN_EXAM


@pytest.mark.parametrize(("name", "view"), VIEWS, ids=[name for name, _ in VIEWS])
def test_a_message_is_whole(name: str, view: View) -> None:
    assert view.text.strip()
    assert len(view.text) <= LONGEST_MESSAGE
    assert "$" not in view.text.replace("$0", "")
    assert "\n\n\n" not in view.text
    assert view.text == view.text.strip("\n")
    assert sum(one.primary for one in view.buttons) <= 1
    for one in view.buttons:
        assert one.label.strip()
        assert len(one.label) <= LONGEST_LABEL
        assert encode(one.intent)
    for row in view.rows:
        assert 1 <= len(row) <= 6
    for span in view.spans:
        assert span.text
        assert span.href is None or span.href.startswith("https://")


@pytest.mark.parametrize(("name", "notice"), NOTICES, ids=[name for name, _ in NOTICES])
def test_a_notice_is_short(name: str, notice: Notice) -> None:
    assert 0 < len(notice.text) <= LONGEST_NOTICE
    assert "\n" not in notice.text


def test_the_word_for_a_failure_is_short() -> None:
    assert len(EN("sorry")) <= LONGEST_NOTICE


def _posed() -> Iterator[Posed]:
    for pack in gallery.packs():
        for entry in pack.entries.values():
            if isinstance(entry.item, SingleChoice | MultipleResponse):
                yield gallery._pose(pack, entry, entry.item)


def _wrong(posed: Posed) -> frozenset[int]:
    """As many options as are wanted, as few of them right as can be."""
    ranked = sorted(range(len(posed.item.options)), key=lambda index: index in posed.item.keys)
    return frozenset(ranked[: len(posed.item.keys)])


def test_every_shipped_item_fits_a_message_from_question_to_verdict() -> None:
    lengths: dict[str, tuple[int, str]] = {}
    for posed in _posed():
        wrong = _wrong(posed)
        states: tuple[Outcome, ...] = (
            Asked(posed),
            Pushed(posed, PACK, due=123, is_slow=True),
            Locked(gallery._marked(posed, wrong, AskState.PICKED)),
            gallery._graded(posed, wrong),
            gallery._graded(posed, posed.item.keys, sure=Confidence.GUESS),
        )
        for outcome in states:
            view = message(outcome, EN)
            assert isinstance(view, View)
            lengths[type(outcome).__name__] = max(
                lengths.get(type(outcome).__name__, (0, "")), (len(view.text), posed.item.id)
            )
            assert len(view.text) <= LONGEST_MESSAGE, posed.item.id
    print("longest messages:", lengths)  # shown by pytest -s


def test_a_verdict_gives_the_reason_of_every_option_and_what_decides() -> None:
    for posed in list(_posed())[::10]:
        view = message(gallery._graded(posed, _wrong(posed)), EN)
        assert isinstance(view, View)
        for option in posed.item.options:
            assert option.text in view.text
            assert option.why in view.text
        assert all(part in view.text for part in posed.item.decides)
        assert {span.href for span in view.spans if span.href} == {str(source) for source in posed.item.sources}
        assert view.text.count("✅") == len(posed.item.keys)


def test_the_letters_follow_the_order_shown_not_the_order_of_the_pack() -> None:
    posed = next(posed for posed in _posed() if isinstance(posed.item, SingleChoice))
    key = next(iter(posed.item.keys))
    letter = "ABCD"[posed.ask.order.index(key)]
    view = message(gallery._graded(posed, posed.item.keys), EN)
    assert isinstance(view, View)
    assert view.text.splitlines()[1] == f"✅ Right: {letter}"
    assert f"{letter}. {posed.item.options[key].text}" in view.text


def test_a_cause_is_asked_for_a_miss_alone_and_once() -> None:
    for name, outcome, view in SHOWN:
        if isinstance(outcome, Graded) and isinstance(view, View):
            asks = not outcome.attempt.is_right and outcome.attempt.cause is None
            assert ("Misread" in [one.label for one in view.buttons]) is asks, name


def test_no_typed_value_is_spoken_of_where_a_switch_was_tapped() -> None:
    text = next(view.text for name, view in VIEWS if name == "pushes into quiet")
    assert "18:00 is inside your quiet hours" in text
    assert "on is inside" not in text


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(days=-3), "now"),
        (timedelta(0), "now"),
        (timedelta(seconds=5), "in a minute"),
        (timedelta(minutes=20), "in 20 minutes"),
        (timedelta(minutes=54, seconds=59), "in 55 minutes"),
        (timedelta(minutes=55), "in an hour"),
        (timedelta(hours=5, minutes=5), "in 5 hours"),
        (timedelta(hours=21, minutes=59), "in 22 hours"),
        (timedelta(hours=22), "in a day"),
        (timedelta(days=1, hours=11), "in a day"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=36500), "in 36,500 days"),
    ],
)
def test_a_wait_is_said_in_the_unit_that_fits(wait: timedelta, said: str) -> None:
    assert when(EN, NOW + wait, NOW) == said


def test_a_date_is_said_in_words() -> None:
    assert day(EN, date(2026, 3, 31)) == "March 31, 2026"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("A", "A"),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        ("word " * 20, "word " * 12 + "…"),
    ],
)
def test_a_long_label_is_cut_between_words_where_it_can_be(label: str, shown: str) -> None:
    cut = button(label, Choose(Field.ZONE, "UTC")).label
    assert cut == shown.replace(" …", "…")
    assert len(cut) <= LONGEST_LABEL


def test_every_topic_and_domain_of_the_shipped_packs_can_label_a_button() -> None:
    for pack in gallery.packs():
        for place in pack.places.values():
            for title in (place.topic.title, place.task.name, place.domain.name):
                assert len(button(title, Choose(Field.ZONE, "UTC")).label) > 10 or len(title) <= 10


def test_a_push_says_how_much_is_due_or_that_it_comes_seldom() -> None:
    posed = next(_posed())
    none, one, slow = (
        message(outcome, EN)
        for outcome in (
            Pushed(posed, PACK, 0, is_slow=False),
            Pushed(posed, PACK, 1, is_slow=False),
            Pushed(posed, PACK, 1, is_slow=True),
        )
    )
    assert isinstance(none, View)
    assert isinstance(one, View)
    assert isinstance(slow, View)
    assert "Three to start with" in none.text
    assert "One concept is due" in one.text
    assert "every third day" in slow.text
