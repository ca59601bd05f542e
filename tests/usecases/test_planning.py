"""The plan of a booking: made, shown, worked on, made anew; and only then another version of its calendar file."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from bot.atlas import TownAtlas
from bot.chat import intent as wants
from bot.domain.booking import Booking, KeptPlan
from bot.domain.ids import PackId
from bot.domain.learner import Field, items_in
from bot.domain.pack import Pack
from bot.domain.plan import BlockKind, Phase, Plan
from bot.domain.practice import SIZE_RANGE, SessionKind
from bot.domain.remind import PLAN
from bot.store.database import Database
from bot.store.tables import booking, due
from bot.tutor import Tutor
from bot.usecases.dated import ExamShown, NoExam, PlanDrawn, PlanSaved, PlanShown, Stint
from bot.usecases.outcome import Asked, Day, Finished, Graded, Hitch, Hitched, Ready
from tests.content.good import bank, build
from tests.store.engines import on_postgres, on_sqlite
from tests.usecases.postman import Postman, names, wall
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books

PACK = PackId("mls-c01")
TODAY = date(2026, 11, 23)
MONTH = "30 December 9:30 Berlin"


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@pytest.fixture
def small(room: Room) -> Pack:
    """Sixty concepts in two domains of equal weight; an exam of twenty questions in an hour."""
    data = bank()
    data["outline"]["id"] = PACK
    data["outline"]["exam"]["questions"] = {"total": 20, "scored": 20, "unscored": 0}
    room.packs[PACK] = build(data)
    return room.packs[PACK]


@pytest.fixture
def candidate(guest: Guest) -> Guest:
    """Somebody in Berlin with an hour a day and an exam in five weeks."""
    guest.says("/start")
    for name, value in (("zone", "Europe/Berlin"), ("minutes", "60"), ("push_time", "18:00"), ("pushes", "on")):
        guest.does(wants.Choose(Field(name), value), is_tap=True)
    books(guest, MONTH)
    return guest


def plan(guest: Guest) -> Plan:
    outcome = guest.says("/plan")
    assert isinstance(outcome, PlanShown), outcome
    return outcome.plan


def stints(guest: Guest) -> tuple[Stint, ...]:
    outcome = guest.says("/today")
    assert isinstance(outcome, Day)
    return tuple(outcome.stints)


def sequence(guest: Guest) -> int:
    outcome = guest.does(wants.PlanFile(), is_tap=True)
    assert isinstance(outcome, PlanSaved)
    return outcome.sequence


def answers(guest: Guest, count: int, *, right: bool = True) -> None:
    """Answers questions of the session that has just been opened."""
    assert isinstance(guest.outcome, Asked), guest.outcome
    for number in range(count):
        if number:
            guest.taps(wants.Next)
        guest.answers(right=right)
        assert isinstance(guest.outcome, Graded)


def nights(room: Room) -> list[object]:
    return [row.at for row in room.select(sa.select(due.c.at).where(due.c.kind == PLAN))]


def minutes_of(plan_: Plan) -> dict[date, int]:
    found: Counter[date] = Counter()
    for block in plan_.blocks:
        found[block.day] += block.minutes
    return found


@on_sqlite
def test_without_a_date_there_is_no_plan_but_a_way_to_one(guest: Guest) -> None:
    guest.says("/help")
    for intent in (wants.Plan(), wants.Plan(7), wants.PlanFile(), wants.PlanPicture()):
        assert isinstance(guest.does(intent, is_tap=True), NoExam)
        assert any(isinstance(one.intent, wants.Schedule) for one in guest.view.buttons)


def test_a_plan_is_shown_week_by_week_to_the_exam(candidate: Guest) -> None:
    made = plan(candidate)
    assert made.phases[-1][0] is Phase.FINAL
    weeks = 0
    while any(isinstance(one.intent, wants.Plan) and one.intent.week == weeks + 1 for one in candidate.view.buttons):
        candidate.taps(lambda intent, week=weeks + 1: intent == wants.Plan(week))  # type: ignore[misc]
        weeks += 1
    assert weeks == 5
    assert "9:30" in candidate.view.text
    assert isinstance(candidate.does(wants.PlanPicture(), is_tap=True), PlanDrawn)


@on_sqlite
@pytest.mark.parametrize("week", [100, 10**6, 10**9, 2**62])
def test_a_week_after_the_exam_is_the_last_one(candidate: Guest, week: int) -> None:
    outcome = candidate.does(wants.Plan(week), is_tap=True)
    assert isinstance(outcome, PlanShown)
    assert outcome.week == 5


@on_sqlite
def test_what_was_chosen_after_the_booking_on_the_way_in_is_what_the_plan_goes_by(room: Room, postman: Postman) -> None:
    """The date is the third step of five: hours and minutes come after it, and the plan was made without them."""
    guest = room.person()
    for line in ("/start", "MLS-C01", "Berlin", "23 December 9:30 Berlin"):
        guest.says(line)
    guest.taps(wants.Book)
    guest.taps(wants.Skip)
    guest.says("7:30")
    assert isinstance(guest.says("90"), Ready)
    assert plan(guest).terms.week == (90,) * 7
    came = names(postman.till(11, 23, 23) + postman.till(12, 9, 12))
    assert "12-09 07:30 t-14" in came


@on_sqlite
def test_an_earlier_hour_on_the_way_in_costs_no_milestone(room: Room, postman: Postman) -> None:
    guest = room.person()
    for line in ("/start", "MLS-C01", "Berlin", "24 December 9:30 Berlin"):
        guest.says(line)
    guest.taps(wants.Book)
    guest.taps(wants.Skip)
    guest.says("11:00")  # an hour from now, T-30 is tomorrow
    guest.says("20")
    assert "11-24 11:00 t-30" in names(postman.till(11, 25))


@on_sqlite
def test_minutes_by_weekday_are_typed_and_change_the_plan(candidate: Guest) -> None:
    before = plan(candidate)
    candidate.does(wants.Open(Field.MINUTES), is_tap=True)
    candidate.says("45, sat 180, sun off")
    after = plan(candidate)
    assert after.terms.week == (45, 45, 45, 45, 45, 180, 0)
    assert after.blocks != before.blocks
    for day, minutes in minutes_of(after).items():
        assert minutes <= (45, 45, 45, 45, 45, 180, 0)[day.weekday()]
    assert max(minutes_of(after).values()) == 180
    assert sequence(candidate) == 1


def test_today_counts_what_is_done_of_each_block(candidate: Guest) -> None:
    first = stints(candidate)
    assert first
    assert all(stint.done == 0 for stint in first)
    assert isinstance(candidate.taps(wants.Work), Asked)
    answers(candidate, 3)
    after = stints(candidate)
    assert [stint.block for stint in after] == [stint.block for stint in first]
    assert sum(stint.done for stint in after) == 3
    assert next(stint.done for stint in after) == 3
    start = next(one.intent for one in candidate.view.buttons if isinstance(one.intent, wants.Work))
    assert start.size == after[0].items - 3  # the rest of it


@on_sqlite
def test_answers_count_for_the_block_of_their_domain_and_a_day_later_no_more(
    candidate: Guest, room: Room, small: Pack
) -> None:
    candidate.does(wants.Choose(Field.MINUTES, "30"), is_tap=True)
    answers_of_day(candidate, "/quiz data 6", 6, right=False)
    room.clock.now = wall(11, 27, 9)
    today = stints(candidate)
    assert all(stint.done == 0 for stint in today)
    domain = next(stint.block.domain for stint in today if stint.block.domain)
    answers_of_day(candidate, f"/quiz {domain} 4", 4)
    assert sum(stint.done for stint in stints(candidate)) == 4
    assert sum(stint.done for stint in stints(candidate) if stint.block.domain not in (domain, None)) == 0


def answers_of_day(guest: Guest, line: str, count: int, *, right: bool = True) -> None:
    assert isinstance(guest.says(line), Asked)
    answers(guest, count, right=right)


@on_sqlite
def test_a_set_counts_as_a_set_and_for_nothing_else(candidate: Guest, room: Room, small: Pack) -> None:
    """Its answers were taken for those of whatever block came first."""
    books(candidate, "15 December 9:30 Berlin")
    candidate.does(wants.Choose(Field.MINUTES, "120"), is_tap=True)
    room.clock.now = wall(12, 13, 12, 30)
    kinds = [stint.block.kind for stint in stints(candidate)]
    assert kinds == [BlockKind.WEAK, BlockKind.SET, BlockKind.MISSED]
    size = stints(candidate)[1].items
    candidate.does(wants.Work("set", "", size), is_tap=True)
    answers(candidate, size)
    assert isinstance(candidate.taps(wants.Next), Finished)
    assert [(stint.block.kind, stint.done) for stint in stints(candidate)] == [
        (BlockKind.WEAK, 0),
        (BlockKind.SET, size),
        (BlockKind.MISSED, 0),
    ]


def test_the_end_of_a_set_makes_the_plan_anew_and_the_set_stays_ticked(
    candidate: Guest, room: Room, small: Pack
) -> None:
    candidate.does(wants.Choose(Field.MINUTES, "120"), is_tap=True)
    before, was = plan(candidate), sequence(candidate)
    candidate.does(wants.Work("set", "", 20), is_tap=True)
    answers(candidate, 20)
    assert isinstance(candidate.taps(wants.Next), Finished)
    after = plan(candidate)
    assert after.terms.sets_done == (TODAY,)
    assert after.blocks != before.blocks
    assert sequence(candidate) == was + 1
    first, *rest = stints(candidate)
    assert (first.block.kind, first.items, first.done) == (BlockKind.SET, 20, 20)
    assert all(stint.done == 0 for stint in rest)


@on_sqlite
def test_a_set_that_was_left_soon_is_no_set_taken(candidate: Guest, room: Room, small: Pack) -> None:
    candidate.does(wants.Work("set", "", 20), is_tap=True)
    answers(candidate, 3)
    room.clock.now = wall(11, 24, 12)
    assert plan(candidate).terms.sets_done == ()


def test_every_night_the_plan_is_made_anew_once(candidate: Guest, room: Room) -> None:
    assert nights(room) == [wall(11, 24, 3)]
    room.clock.now = wall(11, 24, 2, 59)
    assert room.tutor.replan_due(10) == 0
    for day in (24, 25):
        room.clock.now = wall(11, day, 3)
        assert room.tutor.replan_due(10) == 1
        assert room.tutor.replan_due(10) == 0
        assert nights(room) == [wall(11, day + 1, 3)]
    assert plan(candidate).terms.today == date(2026, 11, 25)


@on_sqlite
def test_a_look_after_midnight_makes_the_new_day_and_the_night_does_not_again(candidate: Guest, room: Room) -> None:
    room.clock.now = wall(11, 24, 0, 30)
    assert plan(candidate).terms.today == date(2026, 11, 24)
    assert nights(room) == [wall(11, 25, 3)]


@on_sqlite
def test_after_days_of_silence_one_night_is_enough_and_after_the_exam_none(candidate: Guest, room: Room) -> None:
    room.clock.now = wall(12, 10, 12)
    assert room.tutor.replan_due(10) == 1
    assert nights(room) == [wall(12, 11, 3)]
    room.clock.now = wall(12, 30, 2)
    room.tutor.replan_due(10)
    room.clock.now = wall(12, 30, 10)
    room.tutor.replan_due(10)
    assert nights(room) == []


@on_sqlite
def test_missed_days_leave_no_block_behind_and_keep_the_phases(candidate: Guest, room: Room) -> None:
    before = plan(candidate)
    room.clock.now = wall(11, 28, 12)
    after = plan(candidate)
    assert min(block.day for block in after.blocks) == date(2026, 11, 28)
    assert [(phase, last) for phase, _, last in after.phases] == [(phase, last) for phase, _, last in before.phases]


@on_sqlite
def test_the_version_grows_with_a_change_and_with_nothing_else(candidate: Guest, room: Room) -> None:
    assert sequence(candidate) == 0
    for _ in range(3):
        candidate.says("/plan")
        candidate.says("/today")
        candidate.does(wants.Choose(Field.MINUTES, "60"), is_tap=True)  # the same as before
        books(candidate, MONTH)
    assert sequence(candidate) == 0
    for day in (24, 25, 26):  # nights in which nothing has happened
        room.clock.now = wall(11, day, 3)
        assert room.tutor.replan_due(10) == 1
    assert sequence(candidate) == 0
    candidate.does(wants.Choose(Field.MINUTES, "90"), is_tap=True)
    assert sequence(candidate) == 1
    books(candidate, "5 January 9:30 Berlin")
    assert sequence(candidate) == 2
    candidate.does(wants.Sit(made(candidate).id, is_remote=True), is_tap=True)
    assert sequence(candidate) == 3


def made(guest: Guest) -> Booking:
    outcome = guest.says("/exam")
    assert isinstance(outcome, ExamShown)
    return outcome.booking


@pytest.mark.parametrize("terms", ["", "{}", "[]", "null", '{"v": 0}', '{"v": 1}', "not json", '{"v":99,"today":1}'])
def test_what_another_version_kept_is_made_anew(candidate: Guest, room: Room, terms: str) -> None:
    before, was = plan(candidate), sequence(candidate)
    with room.database.engine.begin() as connection:
        connection.execute(sa.update(booking).values(terms=terms))
    after = plan(candidate)
    assert after.blocks == before.blocks
    assert sequence(candidate) in (was, was + 1)
    with room.database.engine.begin() as connection:
        connection.execute(sa.update(booking).values(terms=terms))
    room.clock.now = wall(11, 24, 3)
    assert room.tutor.replan_due(10) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "domain"),
    [
        *(("rest", ""), ("", ""), ("LEARN", ""), ("quiz", ""), ("💥", ""), ("x" * 40, ""), ("\x00", "")),
        *(("learn", "nowhere"), ("learn", "1.1"), ("set", "MODELING"), ("weak", "' OR 1=1"), ("missed", "\u202e")),
    ],
)
def test_a_forged_block_opens_nothing(candidate: Guest, room: Room, kind: str, domain: str) -> None:
    assert candidate.does(wants.Work(kind, domain, 5), is_tap=True) == Hitched(Hitch.GONE)
    assert room.sessions() == 0


@on_sqlite
@pytest.mark.parametrize("kind", [kind.value for kind in BlockKind if kind is not BlockKind.REST])
@pytest.mark.parametrize("size", [0, 1, 10**9, 2**62])
def test_a_forged_size_is_no_endless_session(candidate: Guest, room: Room, kind: str, size: int) -> None:
    assert isinstance(candidate.does(wants.Work(kind, "", size), is_tap=True), Asked)
    opened = candidate.posed().session.size
    most = 65 if candidate.posed().session.kind is SessionKind.SET else SIZE_RANGE[1]
    assert opened == (1 if size < 2 else most)


@on_sqlite
def test_a_block_of_a_domain_asks_that_domain(candidate: Guest, room: Room) -> None:
    for domain in room.packs[PACK].domains:
        candidate.does(wants.Work("learn", domain, 3), is_tap=True)
        for _ in range(3):
            assert candidate.posed().entry.place.domain.domain_id == domain
            candidate.answers()
            candidate.taps(wants.Next)


@on_sqlite
def test_the_same_tap_twice_opens_one_session(candidate: Guest, room: Room) -> None:
    for kind in ("learn", "missed", "set"):
        before = room.sessions()
        first = candidate.does(wants.Work(kind, "", 5), is_tap=True, key=f"tap-{kind}")
        again = candidate.does(wants.Work(kind, "", 5), is_tap=True, key=f"tap-{kind}")
        assert isinstance(first, Asked)
        assert isinstance(again, Asked)
        assert again.posed.ask.id == first.posed.ask.id
        assert room.sessions() - before <= 2  # of what was missed there is nothing yet, so a short recap instead


@on_sqlite
def test_todays_work_does_not_outgrow_the_day(candidate: Guest, room: Room) -> None:
    for day in range(24, 30):
        room.clock.now = wall(11, day, 9)
        today = stints(candidate)
        assert sum(stint.items for stint in today) <= items_in(60) + len(today)


@on_postgres
def test_a_night_and_a_turn_of_the_same_learner_never_wait_for_each_other_in_circles(
    candidate: Guest, room: Room, another: Database
) -> None:
    """The night held the due row and waited for the learner, a turn the other way round: one of them was cut."""
    other = Tutor(another, room.packs, TownAtlas(), room.clock, Random(1))
    for day in range(24, 30):
        room.clock.now = wall(11, day, 3)
        with ThreadPoolExecutor(3) as threads:
            taps = [threads.submit(other.replan_due, 10) for _ in range(2)]
            for minutes in (40 + day, 60 + day):
                candidate.does(wants.Choose(Field.MINUTES, str(minutes)), is_tap=True)
            for tap in taps:
                tap.result(timeout=30)
        assert nights(room) == [wall(11, day + 1, 3)]


@on_sqlite
def test_a_plan_kept_for_a_pack_that_is_gone_does_not_stop_the_others(
    candidate: Guest, room: Room, small: Pack
) -> None:
    neighbor = room.person("2")
    neighbor.says("/help")
    books(neighbor, MONTH)
    other = PackId("another")
    room.packs[other] = Pack(small.outline.model_copy(update={"id": other}), small.topics)
    candidate.does(wants.Choose(Field.PACK, other), is_tap=True)
    books(candidate, MONTH)
    del room.packs[other]
    room.clock.now = wall(11, 24, 12)
    assert room.tutor.replan_due(10) == 3
    assert room.tutor.replan_due(10) == 0
    assert plan(neighbor).terms.today == date(2026, 11, 24)


@on_sqlite
def test_a_plan_to_a_zone_that_nobody_knows_here_keeps_nobody_else_waiting(
    candidate: Guest, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    neighbor = room.person("2")
    neighbor.says("/help")
    books(neighbor, MONTH)
    mine = made(candidate).id
    with room.database.engine.begin() as connection:
        connection.execute(sa.update(booking).where(booking.c.id == mine).values(zone="Mars/Olympus"))
    room.clock.now = wall(11, 24, 12)
    assert room.tutor.replan_due(10) == 2
    assert room.tutor.replan_due(10) == 0
    assert plan(neighbor).terms.today == date(2026, 11, 24)
    assert wall(11, 25, 12) in nights(room)
    assert f"the plan of booking {mine} can't be made; it is tried again tomorrow" in caplog.text


def test_two_exams_have_two_plans(candidate: Guest, room: Room) -> None:
    original = room.packs[PACK]
    other = PackId("other")
    room.packs[other] = Pack(original.outline.model_copy(update={"id": other}), original.topics)
    first = plan(candidate)
    candidate.does(wants.Choose(Field.PACK, other), is_tap=True)
    assert isinstance(candidate.says("/plan"), NoExam)
    books(candidate, "10 January 11:00 Berlin")
    second = plan(candidate)
    assert (first.terms.exam.day, second.terms.exam.day) == (date(2026, 12, 30), date(2027, 1, 10))
    assert second.terms.exam.clock == time(11)
    candidate.does(wants.Choose(Field.PACK, PACK), is_tap=True)
    assert plan(candidate).blocks == first.blocks
    assert len(nights(room)) == 2


@on_sqlite
def test_a_kept_plan_is_read_back_as_it_was(candidate: Guest, room: Room) -> None:
    shown = plan(candidate)
    me = candidate.learner.id
    with room.database.begin() as work:
        (one,) = work.bookings(me)
        kept = work.plan_of(one.id)
    assert isinstance(kept, KeptPlan)
    assert kept.terms == shown.terms.to_json()
    assert kept.planned_on == TODAY
    assert TODAY + timedelta(days=37) == shown.terms.exam.day
