"""Questions, answers, verdicts, and what comes next."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.view import Replace
from bot.domain.answer import Cause, Confidence
from bot.domain.ids import AskId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.learner import Field
from bot.domain.pack import Pack
from bot.domain.practice import DEFAULT_SIZE, SIZE_RANGE, AskState, SessionKind
from bot.library import Library
from bot.store.tables import ask, memory, metadata
from bot.usecases.outcome import (
    Asked,
    Finished,
    Graded,
    Hitch,
    Hitched,
    Locked,
    NoSuchScope,
    NothingDue,
    Posed,
    Unclear,
    Word,
)
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room, keys_of, misses_of


def asks(room: Room) -> int:
    return int(room.select(sa.select(sa.func.count()).select_from(ask))[0][0])


def memories(room: Room) -> list[tuple[str, int]]:
    return [tuple(row) for row in room.select(sa.select(memory.c.concept, memory.c.seen))]


def reworded(pack: Pack, posed: Posed) -> Pack:
    """The pack after an author changed the stem of an item."""
    topics = []
    for file in pack.topics:
        concepts = []
        for concept in file.concepts:
            items = tuple(
                type(item).model_validate({**item.model_dump(), "stem": f"{item.stem} (edited)"})
                if item.id == posed.ask.item
                else item
                for item in concept.items
                if isinstance(item, SingleChoice | MultipleResponse)
            )
            concepts.append(concept.model_copy(update={"items": items}))
        topics.append(file.model_copy(update={"concepts": tuple(concepts)}))
    return Pack(pack.outline, tuple(topics))


def test_a_session_goes_from_question_to_verdict_to_its_end(guest: Guest, room: Room) -> None:
    outcome = guest.says("/quiz 3")
    for number, (right, confidence) in enumerate(
        [(True, Confidence.SURE), (False, Confidence.LEANING), (True, Confidence.GUESS)], start=1
    ):
        assert isinstance(outcome, Asked)
        assert outcome.posed.ask.number == number
        room.clock.waits(seconds=40)
        outcome = guest.answers(right=right, confidence=confidence)
        assert isinstance(outcome, Graded)
        assert outcome.attempt.is_right is right
        assert outcome.is_last is (number == 3)
        outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)
    assert (outcome.tally.answers, outcome.tally.right) == (3, 2)
    kept = room.attempts()
    assert [one.is_right for one in kept] == [True, False, True]
    assert [one.confidence for one in kept] == [Confidence.SURE, Confidence.LEANING, Confidence.GUESS]
    assert {one.took_s for one in kept} == {40.0}
    assert len(memories(room)) == 3
    assert isinstance(guest.taps(wants.Practice), Asked)


def test_with_confidence_off_a_tap_brings_the_verdict(guest: Guest, room: Room) -> None:
    guest.does(wants.Choose(Field.CONFIDENCE, "off"), is_tap=True)
    guest.asked(SingleChoice)
    taps_before = len(room.outcomes)
    outcome = guest.answers()
    assert isinstance(outcome, Graded)
    assert isinstance(guest.taps(wants.Next), Asked)
    assert len(room.outcomes) - taps_before == 2
    assert room.attempts()[-1].confidence is None


def test_marks_say_the_state_they_want_so_that_a_double_tap_is_harmless(guest: Guest) -> None:
    posed = guest.asked(MultipleResponse)
    for _ in range(2):
        outcome = guest.does(wants.Mark(posed.ask.id, 3, on=True), is_tap=True)
        assert isinstance(outcome, Asked)
        assert outcome.posed.ask.marked == {posed.ask.order[3]}
    for _ in range(2):
        outcome = guest.does(wants.Mark(posed.ask.id, 3, on=False), is_tap=True)
        assert isinstance(outcome, Asked)
        assert outcome.posed.ask.marked == frozenset()


@on_sqlite
def test_too_few_or_too_many_marks_are_refused_and_the_right_number_locks(guest: Guest, room: Room) -> None:
    posed = guest.asked(MultipleResponse)
    wanted = len(posed.item.keys)
    few = Hitched(Hitch.NOT_ENOUGH, wanted=wanted)
    assert guest.does(wants.Submit(posed.ask.id), is_tap=True) == few
    for place in range(wanted):
        assert isinstance(guest.does(wants.Mark(posed.ask.id, place, on=True), is_tap=True), Asked)
    assert guest.does(wants.Mark(posed.ask.id, wanted, on=True), is_tap=True) == few
    assert isinstance(guest.does(wants.Submit(posed.ask.id), is_tap=True), Locked)
    assert guest.does(wants.Mark(posed.ask.id, 0, on=False), is_tap=True) == Hitched(Hitch.ANSWERED)
    guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True)
    assert room.attempts()[-1].chosen == {posed.ask.order[place] for place in range(wanted)}


@on_sqlite
def test_part_of_a_multiple_response_is_no_answer(guest: Guest, room: Room) -> None:
    guest.asked(MultipleResponse)
    assert isinstance(guest.answers(right=False), Graded)
    assert not room.attempts()[-1].is_right


@on_sqlite
@pytest.mark.parametrize("typed", ["{}", "({})", "{}.", " {} "])
def test_a_typed_letter_answers_the_question_that_stands(guest: Guest, room: Room, typed: str) -> None:
    posed = guest.asked(SingleChoice)
    letter = "abcd"[keys_of(posed)[0]]
    assert isinstance(guest.says(typed.format(letter)), Locked)
    guest.taps(wants.Rate)
    assert room.attempts()[-1].is_right


@on_sqlite
def test_typed_letters_answer_a_multiple_response(guest: Guest, room: Room) -> None:
    posed = guest.asked(MultipleResponse)
    letters = ["ABCDEF"[place] for place in keys_of(posed)]
    assert guest.says(letters[0]) == Hitched(Hitch.NOT_ENOUGH, wanted=len(letters))
    assert isinstance(guest.says(" ".join(letters)), Locked)
    assert isinstance(guest.taps(wants.Rate), Graded)
    assert room.attempts()[-1].is_right


@on_sqlite
@pytest.mark.parametrize("typed", ["e", "hello", "1", "a is it", "é", "🅰"])
def test_words_that_are_no_letter_of_the_question_change_nothing(guest: Guest, room: Room, typed: str) -> None:
    guest.asked(SingleChoice)
    assert isinstance(guest.says(typed), Unclear)
    assert all(not isinstance(outcome, Locked) for outcome in room.outcomes[-1:])


def test_a_second_tap_changes_nothing(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    right, wrong = keys_of(posed)[0], misses_of(posed)[0]
    assert isinstance(guest.does(wants.Pick(posed.ask.id, right), is_tap=True), Locked)
    assert guest.does(wants.Pick(posed.ask.id, wrong), is_tap=True) == Hitched(Hitch.ANSWERED)
    assert isinstance(guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True), Graded)
    kept, remembered = room.attempts(), memories(room)
    assert guest.does(wants.Rate(posed.ask.id, Confidence.GUESS), is_tap=True) == Hitched(Hitch.ANSWERED)
    assert guest.does(wants.Pick(posed.ask.id, wrong), is_tap=True) == Hitched(Hitch.ANSWERED)
    assert room.attempts() == kept
    assert memories(room) == remembered


def test_a_second_tap_brings_back_an_answer_that_was_lost_on_its_way(guest: Guest) -> None:
    posed = guest.asked(SingleChoice)
    guest.does(wants.Pick(posed.ask.id, 0), is_tap=True)
    guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True)
    verdict = guest.view
    guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True)  # the first answer died on its way
    assert guest.view == verdict
    assert guest.notice is not None
    assert isinstance(guest.replies[0], Replace)


def test_a_tap_on_somebody_elses_question_changes_nothing(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    other = room.person("2")
    other.says("/help")
    for intent in (
        wants.Pick(posed.ask.id, 0),
        wants.Mark(posed.ask.id, 0, on=True),
        wants.Submit(posed.ask.id),
        wants.Rate(posed.ask.id, Confidence.SURE),
        wants.Blame(posed.ask.id, Cause.RUSHED),
        wants.Next(posed.ask.id),
    ):
        assert other.does(intent, is_tap=True) == Hitched(Hitch.NOT_YOURS)
        assert other.notice
    assert isinstance(guest.answers(), Graded)


@on_sqlite
def test_forged_buttons_change_nothing(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    kept = len(room.attempts())
    for ask_id in (AskId(0), AskId(posed.ask.id + 1), AskId(2**63 - 1)):
        assert guest.does(wants.Pick(ask_id, 0), is_tap=True) == Hitched(Hitch.GONE)
        assert guest.does(wants.Next(ask_id), is_tap=True) == Hitched(Hitch.GONE)
    for place in (4, 35, 2**63 - 1, -1):
        assert guest.does(wants.Pick(posed.ask.id, place), is_tap=True) == Hitched(Hitch.GONE)
    assert guest.does(wants.Mark(posed.ask.id, 0, on=True), is_tap=True) == Hitched(Hitch.GONE)
    assert guest.does(wants.Submit(posed.ask.id), is_tap=True) == Hitched(Hitch.NOT_ENOUGH, wanted=1)
    assert guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True) == Hitched(Hitch.BEHIND)
    assert guest.does(wants.Blame(posed.ask.id, Cause.RUSHED), is_tap=True) == Hitched(Hitch.BEHIND)
    assert len(room.attempts()) == kept
    assert guest.does(wants.Next(posed.ask.id), is_tap=True) == Asked(posed)  # not answered: it is shown again


@on_sqlite
def test_an_item_that_was_edited_meanwhile_is_gone_and_the_next_question_comes(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    pack = room.packs[posed.session.pack]
    room.packs[posed.session.pack] = reworded(pack, posed)
    kept = len(room.attempts())
    assert guest.does(wants.Pick(posed.ask.id, 0), is_tap=True) == Hitched(Hitch.GONE)
    assert guest.does(wants.Next(posed.ask.id), is_tap=True) == Hitched(Hitch.GONE)
    assert len(room.attempts()) == kept
    assert isinstance(guest.says("/quiz"), Asked)


@on_sqlite
def test_an_answer_locked_on_an_edited_item_is_let_go(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    guest.answers(confidence=None)
    kept = len(room.attempts())
    room.packs[posed.session.pack] = reworded(room.packs[posed.session.pack], posed)
    assert guest.does(wants.Rate(posed.ask.id, Confidence.SURE), is_tap=True) == Hitched(Hitch.GONE)
    guest.says("/today")
    assert len(room.attempts()) == kept
    with room.database.begin() as work:
        found = work.find_ask(posed.ask.id)
    assert found is not None
    assert found[0].state is AskState.CLOSED


def test_next_twice_gives_one_question_and_shows_it_again(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    guest.answers()
    first = guest.does(wants.Next(posed.ask.id), is_tap=True)
    count = asks(room)
    second = guest.does(wants.Next(posed.ask.id), is_tap=True)
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert first.posed.ask == second.posed.ask
    assert asks(room) == count
    guest.answers()
    assert guest.does(wants.Next(posed.ask.id), is_tap=True) == Hitched(Hitch.BEHIND)


def test_a_redelivered_command_opens_one_session(guest: Guest, room: Room) -> None:
    first = guest.says("/quiz 5", key="update-17")
    again = guest.says("/quiz 5", key="update-17")
    assert first == again
    assert room.sessions() == 1
    assert asks(room) == 1


def test_an_answer_left_without_confidence_is_settled_by_the_next_question(guest: Guest, room: Room) -> None:
    guest.says("/quiz")
    guest.answers(confidence=None)
    locked_at = room.clock.now
    assert room.attempts() == []
    room.clock.waits(hours=2)
    assert isinstance(guest.says("/quiz"), Asked)
    (kept,) = room.attempts()
    assert kept.confidence is None
    assert kept.answered_at == locked_at
    assert len(memories(room)) == 1
    assert guest.does(wants.Rate(kept.ask, Confidence.SURE), is_tap=True) == Hitched(Hitch.ANSWERED)


def test_why_it_was_missed_is_noted_and_can_be_changed(guest: Guest, room: Room) -> None:
    guest.says("/quiz")
    guest.answers(right=False)
    assert isinstance(guest.taps(lambda intent: intent == wants.Blame(room.attempts()[0].ask, Cause.MISREAD)), Graded)
    assert room.attempts()[0].cause is Cause.MISREAD
    guest.does(wants.Blame(room.attempts()[0].ask, Cause.FACTUAL), is_tap=True)
    assert room.attempts()[0].cause is Cause.FACTUAL


@on_sqlite
def test_a_right_answer_has_no_cause(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    guest.answers()
    assert guest.does(wants.Blame(posed.ask.id, Cause.RUSHED), is_tap=True) == Hitched(Hitch.BEHIND)
    assert room.attempts()[-1].cause is None


@on_sqlite
def test_a_review_says_when_there_is_nothing_and_asks_what_is_due(guest: Guest, room: Room) -> None:
    assert guest.says("/review") == NothingDue(None, room.clock.now)
    guest.says("/quiz 2")
    guest.answers(right=False)
    guest.taps(wants.Next)
    guest.answers(right=False)
    outcome = guest.says("/review")
    assert isinstance(outcome, NothingDue)
    assert outcome.next_due is not None
    missed = {one.concept for one in room.attempts()}
    room.clock.now = outcome.next_due + timedelta(minutes=1)
    outcome = guest.says("/review")
    assert isinstance(outcome, Asked)
    assert outcome.posed.session.kind is SessionKind.REVIEW
    assert outcome.posed.ask.concept in missed
    assert outcome.posed.session.size == 2
    guest.answers()
    assert isinstance(guest.taps(wants.Next), Asked)
    guest.answers()
    outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)
    assert outcome.due_now == 0
    assert sorted(seen for _, seen in memories(room)) == [2, 2]


@on_sqlite
def test_a_review_brings_the_variant_that_was_not_seen(guest: Guest, room: Room, library: Library) -> None:
    posed = guest.asked(SingleChoice)
    guest.answers(right=False)
    room.clock.waits(days=3)
    outcome = guest.says("/review")
    assert isinstance(outcome, Asked)
    while outcome.posed.ask.concept != posed.ask.concept:
        guest.answers()
        outcome = guest.taps(wants.Next)
        assert isinstance(outcome, Asked)
    if len(library.packs[posed.session.pack].served[posed.ask.concept]) > 1:
        assert outcome.posed.ask.item != posed.ask.item


@on_sqlite
@pytest.mark.parametrize(
    ("line", "scope", "size"),
    [
        ("/quiz", "", DEFAULT_SIZE),
        ("/quiz 5", "", 5),
        ("/quiz 999", "", SIZE_RANGE[1]),
        ("/quiz 0", "", SIZE_RANGE[0]),
        ("/quiz modeling", "modeling", DEFAULT_SIZE),
        ("/quiz Data Engineering 3", "data-engineering", 3),
        ("/quiz kinesis 3", "kinesis-family", 3),
        ("/quiz all", "", DEFAULT_SIZE),
        ("/QUIZ@TminusBot modeling", "modeling", DEFAULT_SIZE),
    ],
)
def test_a_quiz_takes_a_part_of_the_exam_and_a_number(guest: Guest, line: str, scope: str, size: int) -> None:
    outcome = guest.says(line)
    assert isinstance(outcome, Asked), outcome
    session, place = outcome.posed.session, outcome.posed.entry.place
    assert (session.scope, session.size) == (scope, size)
    assert scope in ("", place.domain.id, place.task.id, place.topic.id)


@on_sqlite
def test_a_part_that_is_not_there_offers_the_nearest_ones(guest: Guest, room: Room) -> None:
    outcome = guest.says("/quiz data")
    assert isinstance(outcome, NoSuchScope)
    assert outcome.near
    assert isinstance(guest.taps(wants.Practice), Asked)
    outcome = guest.says("/quiz " + "zx" * 2000)
    assert isinstance(outcome, NoSuchScope)
    assert outcome.near == ()
    assert len(outcome.given) <= 60
    assert room.sessions() == 1


@on_sqlite
def test_a_concept_asked_a_moment_ago_does_not_come_at_once_again(guest: Guest) -> None:
    outcome = guest.says("/quiz 20")
    last = None
    for _ in range(20):
        assert isinstance(outcome, Asked)
        assert outcome.posed.ask.concept != last
        last = outcome.posed.ask.concept
        guest.answers(right=False)
        outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)


@on_sqlite
def test_the_first_question_ever_is_an_easy_one(guest: Guest) -> None:
    outcome = guest.says("/quiz")
    assert isinstance(outcome, Asked)
    assert isinstance(outcome.posed.item, SingleChoice)
    assert outcome.posed.item.difficulty == "easy"


def test_forget_asks_erases_and_begins_anew(guest: Guest, room: Room) -> None:
    assert guest.says("/forget") is Word.NOTHING_TO_FORGET
    guest.does(wants.Choose(Field.PUSHES, "on"), is_tap=True)
    guest.says("/quiz")
    guest.answers(right=False)
    assert guest.says("/forget") is Word.ASK_FORGET
    assert guest.taps(wants.Keep) is Word.KEPT
    assert len(room.attempts()) == 1
    guest.says("/forget")
    assert guest.taps(wants.Erase) is Word.FORGOTTEN
    for table in metadata.sorted_tables:
        assert room.select(sa.select(table)) == [], table.name
    assert guest.does(wants.Erase(), is_tap=True) is Word.NOTHING_TO_FORGET
    assert guest.does(wants.Keep(), is_tap=True) is Word.NOTHING_TO_FORGET
    outcome = guest.says("/quiz")
    assert isinstance(outcome, Asked)
    assert outcome.posed.ask.number == 1


@on_sqlite
def test_an_old_button_after_forget_finds_nothing(guest: Guest) -> None:
    posed = guest.asked(SingleChoice)
    guest.says("/forget")
    guest.taps(wants.Erase)
    assert guest.does(wants.Pick(posed.ask.id, 0), is_tap=True) == Hitched(Hitch.GONE)


@on_sqlite
def test_a_group_hears_that_questions_are_asked_in_private(guest: Guest, room: Room) -> None:
    guest.place = type(guest.place)("group", is_private=False)
    for line in ("/start", "/quiz", "/forget", "hello"):
        assert guest.says(line) is Word.IN_PRIVATE
    assert room.sessions() == 0


@on_sqlite
def test_two_people_study_side_by_side(guest: Guest, room: Room) -> None:
    other = room.person("2")
    first, second = guest.says("/quiz"), other.says("/quiz")
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert first.posed.ask.id != second.posed.ask.id
    assert guest.learner.id != other.learner.id


def test_many_taps_at_the_same_moment_count_once(guest: Guest, room: Room) -> None:
    posed = guest.asked(SingleChoice)
    others = [replace(guest) for _ in range(6)]
    picks = [wants.Pick(posed.ask.id, place % 4) for place in range(6)]
    rates = [wants.Rate(posed.ask.id, Confidence.SURE) for _ in range(6)]
    kept = len(room.attempts())
    with ThreadPoolExecutor(6) as pool:  # one pool: the database keeps a connection for each thread that it has seen
        for intents in (picks, rates):
            list(pool.map(lambda one, intent: one.does(intent, is_tap=True), others, intents))
        assert len(room.attempts()) == kept + 1
        assert [seen for concept, seen in memories(room) if concept == posed.ask.concept] == [1]
        list(pool.map(lambda one: one.does(wants.Next(posed.ask.id), is_tap=True), others))
    assert asks(room) == kept + 2
