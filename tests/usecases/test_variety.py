"""Case studies and exercises in practice."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bot.chat import intent as wants
from bot.domain.exercise import Exercise, family_of
from bot.domain.ids import ConceptId, ItemId, PackId
from bot.domain.item import SingleChoice
from bot.domain.pack import Pack
from bot.domain.practice import AskState
from bot.store.database import Database
from bot.tutor import Tutor
from bot.usecases.outcome import Asked, EmptyScope, Finished, Graded, Hitch, Hitched, Outcome
from bot.usecases.scope import CASE, find_scope, nearest, scopes, title_of
from tests.domain.items import choice, facts, pack
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room


def case(name: str, *concepts: str) -> dict[str, Any]:
    parts = [choice(f"{name}-{number}", concept=concept) for number, concept in enumerate(concepts, 1)]
    return facts(name, "case", stem=f"The {name} has a log.", parts=parts)


def small(*, cases: bool = True, exercises: tuple[str, ...] = ()) -> Pack:
    """A pack of two concepts, two case studies and the exercises of the second concept, under the shipped pack's id."""
    studies = [case("bank", "log", "split", "log", "split"), case("farm", "split", "log")] if cases else []
    made = pack({"streams/log": [choice("log-1"), *studies], "training/split": [choice("split-1")]})
    concept = made.topics[1].concepts[0].model_copy(update={"exercises": exercises})
    topics = (made.topics[0], made.topics[1].model_copy(update={"concepts": (concept,)}))
    return replace(made, outline=made.outline.model_copy(update={"id": "mls-c01"}), topics=topics)


def use(room: Room, made: Pack) -> None:
    room.packs[PackId("mls-c01")] = made


def play(guest: Guest, outcome: Outcome) -> list[str]:
    """The items of a session, answered to its end."""
    asked = []
    while isinstance(outcome, Asked):
        asked.append(outcome.posed.item.id)
        guest.answers()
        outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)
    return asked


@pytest.mark.parametrize("words", ["case", "Case", "cases", "case study", "Case studies"])
def test_a_case_study_is_asked_for_by_name(words: str) -> None:
    assert find_scope(small(), words) == CASE
    assert title_of(small(), CASE) == "Case study"


def test_a_case_study_is_offered_where_there_is_one() -> None:
    assert list(scopes(small()))[-1] == CASE
    assert nearest(small(), "case", most=1)[0][0] == CASE
    assert CASE not in scopes(small(cases=False))


def test_a_case_is_played_in_order_and_the_next_time_another(guest: Guest, room: Room) -> None:
    use(room, small())
    assert play(guest, guest.says("/quiz case")) == ["bank-1", "bank-2", "bank-3", "bank-4"]
    room.clock.waits(minutes=1)
    outcome = guest.taps(wants.Practice)  # the button at the end
    assert isinstance(outcome, Asked)
    assert outcome.posed.session.size == 2
    assert play(guest, outcome) == ["farm-1", "farm-2"]
    room.clock.waits(minutes=1)
    assert play(guest, guest.says("/quiz case 9"))[0] == "bank-1", "met longest ago"


@on_sqlite
def test_every_part_feeds_the_memory_of_its_concept_and_counts_for_its_domain(guest: Guest, room: Room) -> None:
    use(room, small())
    play(guest, guest.says("/quiz case"))
    kept = [(attempt.item, attempt.concept, attempt.domain) for attempt in room.attempts()]
    assert kept == [
        ("bank-1", "log", "data"),
        ("bank-2", "split", "models"),
        ("bank-3", "log", "data"),
        ("bank-4", "split", "models"),
    ]
    learner = guest.learner
    with room.database.begin() as work:
        met = work.met(learner.id, learner.pack)
    assert {concept: standing.seen for concept, standing in met.items()} == {"log": 2, "split": 2}


@on_sqlite
def test_the_same_event_twice_opens_one_case(guest: Guest, room: Room) -> None:
    use(room, small())
    first = guest.says("/quiz case", key="once")
    again = guest.says("/quiz case", key="once")
    assert isinstance(first, Asked)
    assert isinstance(again, Asked)
    assert first.posed.ask == again.posed.ask


@on_sqlite
def test_a_case_that_is_no_longer_there_just_ends(guest: Guest, room: Room) -> None:
    use(room, small())
    guest.says("/quiz case")
    guest.answers()
    shown = guest.view
    use(room, small(cases=False))
    guest.view = shown
    assert isinstance(guest.taps(wants.Next), Finished)


@on_sqlite
def test_a_pack_without_cases_says_so(guest: Guest, room: Room) -> None:
    use(room, small(cases=False))
    assert guest.says("/quiz case") == EmptyScope("Case study")


@on_sqlite
def test_a_part_comes_by_itself_with_its_scenario(guest: Guest, room: Room) -> None:
    use(room, small())
    seen: dict[str, str] = {}
    outcome = guest.says("/quiz training 8")
    while isinstance(outcome, Asked):
        assert isinstance(outcome.posed.item, SingleChoice)
        seen[outcome.posed.item.id] = guest.view.text
        guest.answers()
        outcome = guest.taps(wants.Next)
    assert set(seen) == {"split-1", "bank-2", "bank-4", "farm-1"}
    assert "The farm has a log.\n\nWhich one?" in seen["farm-1"]


def exercised(guest: Guest, wanted: int) -> list[Exercise]:
    """So many exercises in a row of questions on the concept that declares them; each answered rightly."""
    found: list[Exercise] = []
    for _ in range(wanted * 4):
        outcome = guest.says("/quiz training 1")
        assert isinstance(outcome, Asked)
        if isinstance(outcome.posed.item, Exercise):
            found.append(outcome.posed.item)
        verdict = guest.answers()
        assert isinstance(verdict, Graded)
        assert verdict.attempt.is_right
        if len(found) == wanted:
            return found
    raise AssertionError(f"{len(found)} exercises came")


def test_an_exercise_comes_as_often_as_any_variant_and_with_other_numbers_each_time(guest: Guest, room: Room) -> None:
    use(room, small(cases=False, exercises=("z-score",)))
    exercises = exercised(guest, 3)
    assert len({item.stem for item in exercises}) == 3
    asked = [attempt.item for attempt in room.attempts()]
    written = asked.count(ItemId("split-1"))
    assert abs(written - 3) <= 1, asked
    assert {attempt.concept for attempt in room.attempts()} == {ConceptId("split")}


def test_an_exercise_is_shown_and_graded_after_a_restart(guest: Guest, room: Room, another: Database) -> None:
    use(room, small(cases=False, exercises=("kinesis-shards",)))
    outcome = guest.says("/quiz training 1")
    while not (isinstance(outcome, Asked) and isinstance(outcome.posed.item, Exercise)):
        guest.answers()
        outcome = guest.says("/quiz training 1")
    asked = guest.view.text
    room.database = another
    room.tutor = Tutor(another, {PackId("mls-c01"): small(cases=False, exercises=("kinesis-shards",))}, *_world(room))
    verdict = guest.answers()
    assert isinstance(verdict, Graded)
    assert verdict.posed.item == outcome.posed.item
    assert verdict.attempt.is_right
    assert verdict.posed.item.stem in asked
    assert "Because" in guest.view.text


def _world(room: Room) -> Any:
    return room.tutor._atlas, room.clock, room.tutor._rng


@on_sqlite
def test_an_exercise_that_no_concept_declares_any_more_is_gone(guest: Guest, room: Room) -> None:
    use(room, small(cases=False, exercises=("z-score",)))
    outcome = guest.says("/quiz training 1")
    while not (isinstance(outcome, Asked) and isinstance(outcome.posed.item, Exercise)):
        guest.answers()
        outcome = guest.says("/quiz training 1")
    use(room, small(cases=False))
    assert outcome.posed.ask.state is AskState.OPEN
    assert guest.does(wants.Pick(outcome.posed.ask.id, 0), is_tap=True) == Hitched(Hitch.GONE)


@on_sqlite
def test_the_id_of_an_exercise_says_its_family(guest: Guest, room: Room) -> None:
    use(room, small(cases=False, exercises=("z-score", "min-max-value")))
    families = {family_of(item.item_id) for item in exercised(guest, 4)}
    assert families == {"z-score", "min-max-value"}


@on_sqlite
def test_exercises_stay_a_side_dish_over_many_sessions(guest: Guest, room: Room) -> None:
    dice = Random(3)
    for _ in range(30):
        outcome = guest.says("/quiz 10")
        while isinstance(outcome, Asked):
            guest.answers(right=dice.random() < 0.7)
            outcome = guest.taps(wants.Next)
        room.clock.waits(days=1)
    attempts = room.attempts()
    asked = [attempt.item for attempt in attempts]
    drills = [item for item in asked if family_of(item)]
    assert len(asked) == 300
    assert 1 <= len(drills) <= len(asked) // 20, Counter(map(family_of, drills))
    for concept, variants in room.packs[PackId("mls-c01")].served.items():
        mine = [attempt.item for attempt in attempts if attempt.concept == concept]
        written = {entry.item.item_id for entry in variants if not isinstance(entry.item, Exercise)}
        texts = [item for item in mine if not family_of(item)]
        assert len(set(texts)) == min(len(texts), len(written)), "no wording twice before each was asked"
