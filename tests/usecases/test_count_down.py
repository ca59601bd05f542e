"""The last 72 hours as a candidate meets them: what is asked, what is carried over, what no longer begins."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.intent import Later
from bot.domain.answer import Confidence
from bot.domain.booking import Booking
from bot.domain.countdown import missed_pass
from bot.domain.drill import domains_of_set
from bot.domain.ids import ConceptId, PackId
from bot.domain.learner import Field
from bot.domain.pack import Pack
from bot.domain.practice import SessionKind
from bot.store.tables import ask, session
from bot.usecases.dated import Milestone, Paused, SlotReached
from bot.usecases.outcome import Asked, Finished, Graded, Hitch, Hitched, NothingDue, Outcome, Posed, Pushed
from tests.content.good import bank, build
from tests.store.engines import on_sqlite
from tests.usecases.postman import Postman, names
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books

PACK = PackId("mls-c01")
HOUR = timedelta(hours=1)


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@pytest.fixture
def small(room: Room) -> Pack:
    """Sixty concepts in two domains of equal weight; an exam of ten questions in an hour."""
    data = bank()
    data["outline"]["id"] = PACK
    room.packs[PACK] = build(data)
    return room.packs[PACK]


@pytest.fixture
def candidate(room: Room, small: Pack) -> Guest:
    """Somebody in Berlin with two hours a day and an exam on 15 December at 9:30."""
    return settles(room.person())


def settles(guest: Guest, when: str = "15 December 9:30 Berlin", **choices: str) -> Guest:
    guest.says("/start")
    chosen = {"zone": "Europe/Berlin", "minutes": "120", "push_time": "18:00", "pushes": "on", **choices}
    for name, value in chosen.items():
        guest.does(wants.Choose(Field(name), value), is_tap=True)
    books(guest, when)
    return guest


def goes_on(guest: Guest, most: int, *, right: bool = True) -> list[Posed]:
    """Answers the questions of the session that stands, up to so many; what they were."""
    found: list[Posed] = []
    while len(found) < most and isinstance(guest.outcome, Asked | Pushed):
        found.append(guest.posed())
        guest.answers(right=right)
        if len(found) < most:
            guest.taps(wants.Next)
    return found


def begins(guest: Guest, intent: wants.Tap) -> Outcome:
    return guest.does(intent, is_tap=True)


def concepts(posed: list[Posed]) -> list[ConceptId]:
    return [one.ask.concept for one in posed]


def meets(guest: Guest, count: int, *, right: bool = True) -> set[ConceptId]:
    """Answers questions on so many concepts."""
    guest.says(f"/quiz {count}")
    return set(concepts(goes_on(guest, count, right=right)))


def booked(guest: Guest) -> Booking:
    made = guest.learner
    with guest.room.database.begin() as work:
        return work.bookings(made.id)[0]


def slot(room: Room) -> SlotReached:
    found = room.outcomes[-1]
    assert isinstance(found, SlotReached), found
    return found


def test_the_plan_of_the_last_72_hours_lists_each_appointment(candidate: Guest, postman: Postman, room: Room) -> None:
    postman.till(12, 12, 9, 29)
    (letter,) = postman.till(12, 12, 9, 30)
    outcome = room.outcomes[-1]
    assert isinstance(outcome, Milestone)
    assert [one.name for one in outcome.slots] == [
        *("set-3", "missed-3", "weak-2", "set-2", "missed-2"),
        *("light-1", "check-1", "tactics-1", "morning-0", "luck-0"),
    ]
    for said in ("GOOD-1", "Europe/Berlin", "7:15", "8:00"):
        assert said in letter.view.text


def test_each_appointment_opens_what_it_is_for(candidate: Guest, postman: Postman, room: Room) -> None:
    met = meets(candidate, 12)
    candidate.does(wants.Work("missed", "", 5), is_tap=True)
    missed = meets(candidate, 8, right=False) - met
    opened: dict[str, str] = {}
    for at in ((12, 13, 8, 0), (12, 13, 12, 15), (12, 13, 18, 15), (12, 14, 10, 0)):
        letter = postman.till(*at)[-1]
        candidate.view = letter.view
        assert isinstance(candidate.taps(wants.Work), Asked)
        asked = goes_on(candidate, 1)
        opened[letter.what] = asked[0].session.kind
        assert asked[0].ask.concept in met | missed
    assert opened == {
        "weak-2": SessionKind.WEAK,
        "set-2": SessionKind.SET,
        "missed-2": SessionKind.MISSED,
        "light-1": SessionKind.MISSED,
    }


@on_sqlite
def test_the_midday_set_that_was_not_done_becomes_the_evenings(candidate: Guest, postman: Postman, room: Room) -> None:
    meets(candidate, 20, right=False)
    postman.till(12, 13, 18, 15)
    evening = slot(room)
    assert evening.slot.name == "missed-2"
    assert evening.carried == 5  # half a paper: all that there was at midday
    candidate.view = postman.sent[-1].view
    candidate.taps(lambda intent: intent == wants.Work("set", "", 5))
    assert goes_on(candidate, 1)[0].session.size == 5


@on_sqlite
@pytest.mark.parametrize(("answers", "carried"), [(1, 5), (2, 5), (3, 0), (5, 0)])
def test_a_set_that_was_half_done_is_not_carried_over(
    candidate: Guest, postman: Postman, room: Room, answers: int, carried: int
) -> None:
    meets(candidate, 20)
    candidate.view = postman.till(12, 13, 12, 15)[-1].view
    candidate.taps(wants.Work)
    assert len(goes_on(candidate, answers)) == answers
    postman.till(12, 13, 18, 15)
    assert slot(room).carried == carried


@on_sqlite
def test_a_set_that_was_ticked_off_is_not_carried_over(candidate: Guest, postman: Postman, room: Room) -> None:
    meets(candidate, 20)
    candidate.view = postman.till(12, 13, 12, 15)[-1].view
    candidate.taps(wants.Done)
    postman.till(12, 13, 18, 15)
    assert (slot(room).slot.name, slot(room).carried) == ("missed-2", 0)
    books(candidate, "22 December 9:30 Berlin")  # and a tick is for its own date alone
    postman.till(12, 20, 18, 15)
    assert (slot(room).slot.name, slot(room).carried) == ("missed-2", 5)


@on_sqlite
def test_nothing_new_is_begun_in_the_last_72_hours(candidate: Guest, postman: Postman, room: Room) -> None:
    met = meets(candidate, 14) | meets(candidate, 6, right=False)
    works = ["weak", "missed", "recap", "revise", "review", "light", "set-review", "set", "checkpoint"]
    at = booked(candidate).at
    for hours in (71, 40, 20, 11, 1):
        room.clock.now = at - hours * HOUR
        for line in ("/quiz 8", "/quiz all 5", "/review"):
            if isinstance(candidate.says(line), Asked):
                assert set(concepts(goes_on(candidate, 8))) <= met, line
        for kind in works:
            for domain in ("", "data"):
                room.clock.waits(seconds=1)
                if isinstance(begins(candidate, wants.Work(kind, domain, 6)), Asked):
                    assert set(concepts(goes_on(candidate, 6))) <= met, kind
    assert {row.concept for row in room.select(sa.select(ask.c.concept))} == met


@on_sqlite
def test_the_daily_question_brings_nothing_new_in_the_last_72_hours(
    candidate: Guest, postman: Postman, room: Room
) -> None:
    met = meets(candidate, 6)
    candidate.view = postman.till(12, 11, 18, 0)[-1].view  # new still, and answered when the last days have begun
    candidate.outcome = room.outcomes[-1]
    assert isinstance(candidate.outcome, Pushed)
    postman.till(12, 12, 10)
    first, *others = concepts(goes_on(candidate, 3))
    assert first not in met
    assert len(others) == 2
    assert set(others) <= met | {first}


@on_sqlite
def test_a_topic_that_is_asked_for_by_name_may_be_new(candidate: Guest, room: Room) -> None:
    met = meets(candidate, 4)
    room.clock.now = booked(candidate).at - 30 * HOUR
    candidate.says("/quiz streams 20")
    asked = set(concepts(goes_on(candidate, 20)))
    assert len(asked - met) > 10


@on_sqlite
@pytest.mark.parametrize("hours", [71, 30, 5])
def test_a_newcomer_gets_questions_all_the_same(candidate: Guest, room: Room, hours: int) -> None:
    room.clock.now = booked(candidate).at - hours * HOUR
    assert isinstance(candidate.says("/quiz 5"), Asked)
    for account, kind in enumerate(("weak", "missed", "light", "set", "recap", "review", "checkpoint", "learn"), 10):
        newcomer = settles(room.person(str(account)))
        assert isinstance(begins(newcomer, wants.Work(kind, "", 5)), Asked), kind
        assert len(set(concepts(goes_on(newcomer, 5)))) >= 1
    another = settles(room.person("99"))
    assert isinstance(another.says("/review"), NothingDue)


@on_sqlite
def test_before_the_last_72_hours_new_ones_come(candidate: Guest, room: Room) -> None:
    met = meets(candidate, 4)
    room.clock.now = booked(candidate).at - 73 * HOUR
    begins(candidate, wants.Work("set", "", 10))
    assert set(concepts(goes_on(candidate, 10))) - met


def test_every_missed_concept_comes_once_before_any_comes_twice(candidate: Guest, room: Room) -> None:
    dice = Random(5)
    meets(candidate, 9, right=False)
    exam = booked(candidate).exam(60)
    room.clock.now, _ = missed_pass(exam)
    passed: Counter[ConceptId] = Counter()
    for _ in range(6):
        begins(candidate, wants.Work("missed", "", 4))
        for posed in goes_on(candidate, dice.randint(1, 4), right=False):
            passed[posed.ask.concept] += 1
            assert max(passed.values()) == 1 or len(passed) == 9
        room.clock.waits(hours=1)
    assert len(passed) == 9


@on_sqlite
@pytest.mark.parametrize("seed", range(12))
def test_whatever_went_before_no_missed_concept_waits_for_anothers_second_pass(
    room: Room, small: Pack, seed: int
) -> None:
    dice = Random(seed)
    when = f"15 December {dice.randint(0, 23)}:{dice.choice(('00', '30'))} Berlin"
    guest = settles(room.person(), when)
    start = room.clock.now
    for _ in range(dice.randint(2, 6)):  # any history
        room.clock.now = start + timedelta(days=20 * dice.random() / 6)
        start = room.clock.now
        guest.says(f"/quiz {dice.randint(3, 12)}")
        while isinstance(guest.outcome, Asked):
            guest.answers(right=dice.random() < 0.5, confidence=dice.choice([*Confidence, None]))
            if isinstance(guest.outcome, Graded):
                guest.taps(wants.Next)
            else:
                break
    begin, end = missed_pass(booked(guest).exam(60))
    room.clock.now = max(room.clock.now, begin)
    while room.clock.now < end:
        begins(guest, wants.Work(dice.choice(("missed", "light")), "", dice.randint(1, 8)))
        while isinstance(guest.outcome, Asked) and dice.random() < 0.85 and room.clock.now < end:
            posed = guest.posed()
            if posed.session.kind is SessionKind.MISSED:
                _has_its_turn(guest, posed, begin)
            room.clock.waits(minutes=dice.randint(1, 40))
            guest.answers(right=dice.random() < 0.6)
            guest.taps(wants.Next)
        room.clock.waits(minutes=dice.randint(10, 300))


def _has_its_turn(guest: Guest, posed: Posed, begin: object) -> None:
    """A concept that had its pass comes only after the last one without."""
    made = guest.learner
    with guest.room.database.begin() as work:
        met = work.met(made.id, PACK)
    assert met[posed.ask.concept].is_missed

    def had_it(concept: ConceptId) -> bool:
        at = met[concept].reviewed_at
        return at is not None and at >= begin  # type: ignore[operator]

    waiting = [one for one, standing in met.items() if standing.is_missed and not had_it(one)]
    assert not had_it(posed.ask.concept) or not waiting


@on_sqlite
def test_the_evenings_before_go_on_where_the_last_one_stopped(candidate: Guest, room: Room) -> None:
    missed = meets(candidate, 9, right=False)
    room.clock.now = booked(candidate).at - 63 * HOUR
    begins(candidate, wants.Work("missed", "", 5))
    first = concepts(goes_on(candidate, 5, right=False))
    room.clock.waits(hours=24)
    begins(candidate, wants.Work("missed", "", 4))
    second = concepts(goes_on(candidate, 4, right=False))
    assert set(first) | set(second) == missed


@on_sqlite
def test_the_day_of_rest_asks_each_missed_concept_once(candidate: Guest, postman: Postman, room: Room) -> None:
    missed = meets(candidate, 7, right=False)
    postman.till(12, 14, 9, 59)
    candidate.view = postman.till(12, 14, 10, 0)[-1].view
    assert slot(room).items == 7
    assert set(slot(room).missed) == missed
    candidate.taps(wants.Work)
    asked = concepts(goes_on(candidate, 50, right=False))
    assert sorted(asked) == sorted(missed)
    assert isinstance(candidate.outcome, Graded | Finished)


@on_sqlite
def test_a_set_is_drawn_as_the_exam_weighs_it_and_asks_nothing_twice(room: Room) -> None:
    guest = settles(room.person())
    pack = room.packs[PACK]
    begins(guest, wants.Work("set", "", 65))
    asked = goes_on(guest, 65)
    assert len(set(concepts(asked))) == 65
    share = Counter(one.entry.place.domain.id for one in asked)
    assert [share[domain.id] for domain in pack.outline.domains] == [13, 16, 23, 13]
    assert isinstance(guest.taps(wants.Next), Finished)


@pytest.mark.parametrize("size", [5, 8, 13, 21, 32, 65])
def test_at_every_length_a_set_is_within_one_question_of_the_weights(room: Room, size: int) -> None:
    pack = room.packs[PACK]
    given = Counter(domains_of_set(pack, size))
    for domain in pack.outline.domains:
        assert abs(given[domain.domain_id] - domain.weight * size / 100) <= 1


@on_sqlite
def test_when_the_time_is_up_the_set_ends(candidate: Guest, room: Room) -> None:
    begins(candidate, wants.Work("set", "", 10))
    assert candidate.posed().minutes_left == 60
    goes_on(candidate, 3)
    room.clock.waits(minutes=59)
    assert isinstance(candidate.taps(wants.Next), Asked)
    assert candidate.posed().minutes_left == 1
    room.clock.waits(minutes=1)
    candidate.answers()  # what stands may still be answered
    outcome = candidate.taps(wants.Next)
    assert isinstance(outcome, Finished)
    assert outcome.tally.answers == 4
    assert len(room.select(sa.select(session.c.id))) == 1


@on_sqlite
def test_a_pause_that_reaches_into_the_last_days_is_cut_by_a_later_booking(
    room: Room, small: Pack, postman: Postman
) -> None:
    guest = settles(room.person(), "20 January 9:30 Berlin")
    assert isinstance(guest.says("/pause 14 December"), Paused)
    books(guest, "15 December 9:30 Berlin")
    came = [name for name in names(postman.till(12, 15, 15)) if "daily" not in name]
    assert came == [
        *("12-12 09:30 t-3", "12-12 12:15 set-3", "12-12 18:15 missed-3"),
        *("12-13 08:00 weak-2", "12-13 12:15 set-2", "12-13 18:15 missed-2"),
        *("12-14 10:00 light-1", "12-14 14:10 check-1", "12-14 19:00 tactics-1"),
        *("12-15 07:15 morning-0", "12-15 08:00 luck-0", "12-15 12:30 debrief"),
    ]


@on_sqlite
def test_a_pack_that_is_away_for_a_while_costs_no_later_message(
    candidate: Guest, small: Pack, postman: Postman, room: Room
) -> None:
    postman.till(12, 13, 8, 30)
    del room.packs[PACK]
    room.packs[PackId("another")] = small
    postman.till(12, 13, 12, 20)
    room.packs[PACK] = small
    assert names(postman.till(12, 13, 19)) == ["12-13 18:15 missed-2"]


@on_sqlite
def test_nothing_is_asked_about_an_exam_after_its_result_is_known(
    candidate: Guest, postman: Postman, room: Room
) -> None:
    postman.till(12, 15, 11)
    candidate.says("/exam")
    candidate.taps(lambda intent: isinstance(intent, wants.Log) and intent.verdict.value == "waiting")
    assert "debrief" not in [one.what for one in postman.till(12, 20)]


@on_sqlite
def test_a_push_that_was_put_off_finds_the_slot_it_came_from(candidate: Guest, postman: Postman, room: Room) -> None:
    candidate.view = postman.till(12, 13, 8, 0)[-1].view
    candidate.taps(lambda intent: isinstance(intent, wants.Snooze) and intent.how is Later.HOUR)
    postman.till(12, 13, 9, 0)
    assert slot(room).slot.name == "weak-2"
    assert slot(room).key.endswith("#1")


@on_sqlite
def test_a_forged_tap_in_the_last_days_is_answered_kindly(candidate: Guest, room: Room) -> None:
    room.clock.now = booked(candidate).at - 2 * HOUR
    for intent in (
        wants.Work("rest", "", 5),
        wants.Work("", "", 5),
        wants.Work("weak", "nowhere", 5),
        wants.Work("\x00", "\u202e", 5),
    ):
        assert begins(candidate, intent) == Hitched(Hitch.GONE)
