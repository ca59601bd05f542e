"""A pause, a day of low energy, a day of high energy."""

from datetime import date, timedelta

import pytest

from bot.chat import intent as wants
from bot.domain.learner import Energy, Field
from bot.domain.plan import Block, BlockKind, Plan
from bot.domain.remind import Unwelcome
from bot.usecases.dated import AskPause, Energized, Paused, PlanShown
from bot.usecases.outcome import Day, Outcome, Word
from tests.store.engines import on_sqlite
from tests.usecases.postman import Postman, names, wall
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books

TODAY = date(2026, 11, 23)


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@pytest.fixture
def guest(room: Room) -> Guest:
    """Somebody in Berlin with two hours a day and a daily question at six."""
    made = room.person()
    made.says("/start")
    for name, value in (("zone", "Europe/Berlin"), ("minutes", "120"), ("push_time", "18:00"), ("pushes", "on")):
        made.does(wants.Choose(Field(name), value), is_tap=True)
    return made


def plan(guest: Guest) -> Plan:
    outcome = guest.says("/plan")
    assert isinstance(outcome, PlanShown)
    return outcome.plan


def study(plan_: Plan) -> list[Block]:
    return [block for block in plan_.blocks if block.kind is not BlockKind.REST]


def until(outcome: Outcome) -> date:
    assert isinstance(outcome, Paused), outcome
    return outcome.until


@on_sqlite
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 December", date(2026, 12, 3)),
        ("until 3 December", date(2026, 12, 3)),
        ("till 3 Dec", date(2026, 12, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("3.12.2026", date(2026, 12, 3)),
        ("tomorrow", date(2026, 11, 24)),
        ("Friday", date(2026, 11, 27)),
        ("in two weeks", date(2026, 12, 7)),
        ("two weeks", date(2026, 12, 7)),
        ("3 days", date(2026, 11, 26)),
        ("bis 3 Dec", date(2026, 12, 3)),
    ],
)
def test_a_pause_is_said_in_words(guest: Guest, text: str, day: date) -> None:
    assert until(guest.says(f"/pause {text}")) == day
    assert guest.learner.paused_until == day


@on_sqlite
@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "3 November 2026",
        "1 January 2020",
        "3 January 2031",
        "soon",
        "x" * 500,
        "💥",
        "0",
        "-3",
        "999 years",
    ],
)
def test_what_is_no_day_ahead_is_asked_for_again(guest: Guest, text: str) -> None:
    assert isinstance(guest.says(f"/pause {text}"), AskPause)
    assert guest.learner.paused_until is None
    assert until(guest.says("3 December")) == date(2026, 12, 3)  # what is typed next is the day


def test_a_pause_is_tapped_and_ended(guest: Guest, postman: Postman) -> None:
    assert isinstance(guest.says("/pause"), AskPause)
    assert until(guest.taps(wants.Pause)) == TODAY + timedelta(days=3)
    assert names(postman.till(11, 25, 19)) == []
    assert set(postman.dropped.values()) == {Unwelcome.PAUSED}
    assert guest.says("/pause off") is Word.RESUMED
    assert guest.learner.paused_until is None
    assert names(postman.till(11, 26, 19)) == ["11-26 18:00 daily"]


@on_sqlite
def test_a_pause_ends_by_itself(guest: Guest, postman: Postman) -> None:
    guest.says("/pause 26 November")
    assert names(postman.till(11, 27, 19)) == ["11-26 18:00 daily", "11-27 18:00 daily"]


@on_sqlite
@pytest.mark.parametrize("text", ["off", "OFF", "end", "stop", "no", "resume", "back", "over"])
def test_any_word_for_it_ends_it_and_ending_nothing_is_fine(guest: Guest, text: str) -> None:
    assert guest.says(f"/pause {text}") is Word.RESUMED
    guest.says("/pause 3 days")
    assert guest.says(f"/pause {text}") is Word.RESUMED
    assert guest.learner.paused_until is None


def test_the_plan_has_no_block_in_a_pause(guest: Guest) -> None:
    books(guest, "12 January 9:30 Berlin")
    before = study(plan(guest))
    guest.says("/pause 7 December")
    after = study(plan(guest))
    assert min(block.day for block in before) == TODAY
    assert min(block.day for block in after) == date(2026, 12, 7)
    today = guest.says("/today")
    assert isinstance(today, Day)
    assert (today.paused_until, today.stints) == (date(2026, 12, 7), ())
    guest.says("/pause off")
    assert study(plan(guest)) == before


@on_sqlite
@pytest.mark.parametrize(
    ("when", "pause", "opens"),
    [
        ("15 December 9:30 Berlin", "20 December", date(2026, 12, 12)),
        ("15 December 9:30 Berlin", "13 December", date(2026, 12, 12)),
        ("15 December 9:30 Berlin", "12 December", None),
        ("15 December 9:30 Berlin", "1 December", None),
        ("15 December 9:30 Tokyo", "20 December", date(2026, 12, 12)),  # 1:30 there, and 12 December here, too
        ("15 December 18:30 New York", "20 December", date(2026, 12, 12)),  # after midnight here
    ],
)
def test_a_pause_is_cut_where_the_last_72_hours_begin(
    guest: Guest, postman: Postman, when: str, pause: str, opens: date | None
) -> None:
    made = books(guest, when).booking
    outcome = guest.says(f"/pause {pause}")
    assert isinstance(outcome, Paused)
    if opens is None:
        assert outcome.exam is None
        return
    assert (outcome.until, outcome.exam) == (opens, made)
    assert "MLS-C01" in guest.view.text
    came = [one.what for one in postman.until(made.at)]
    assert "t-7" not in came  # on holiday
    wanted = {"t-3", "set-3", "missed-3", "weak-2", "set-2", "missed-2", "light-1", "tactics-1", "morning-0", "luck-0"}
    assert set(came) >= wanted - {"set-3", "missed-3"}  # what is left of the first day depends on the hour


@on_sqlite
def test_an_exam_that_moves_into_a_pause_cuts_it(guest: Guest, postman: Postman) -> None:
    books(guest, "20 January 9:30 Berlin")
    guest.says("/pause 18 December")
    books(guest, "15 December 9:30 Berlin")
    assert guest.learner.paused_until == date(2026, 12, 12)
    blocks = study(plan(guest))
    assert min(block.day for block in blocks) == date(2026, 12, 12)
    guest.says("/pause off")
    guest.says("/pause 1 December")
    books(guest, "16 December 9:30 Berlin")
    assert guest.learner.paused_until == date(2026, 12, 1)


@on_sqlite
def test_within_the_last_72_hours_there_is_no_pause(guest: Guest, postman: Postman, room: Room) -> None:
    books(guest)
    postman.till(12, 13, 9)
    outcome = guest.says("/pause 20 December")
    assert isinstance(outcome, Paused)
    assert outcome.exam is not None
    assert guest.learner.paused_until is None
    assert names(postman.till(12, 13, 13)) == ["12-13 12:15 set-2"]


@on_sqlite
def test_a_milestone_does_not_break_a_pause(guest: Guest, postman: Postman) -> None:
    books(guest)
    guest.says("/pause 4 December")
    postman.till(12, 5)
    made = guest.learner.id
    assert postman.dropped[f"daily:{made}:2026-12-01"] is Unwelcome.PAUSED
    assert Unwelcome.PAUSED in [why for key, why in postman.dropped.items() if ":t-14:" in key]


def test_energy_changes_today_alone(guest: Guest, room: Room) -> None:
    books(guest, "20 January 9:30 Berlin")
    usual = plan(guest)
    outcome = guest.says("/energy low")
    assert isinstance(outcome, Energized)
    low = plan(guest)
    assert [block.kind for block in low.on(TODAY)] == [BlockKind.RECAP]
    assert sum(block.minutes for block in low.on(TODAY)) == 60  # half of it
    guest.says("/energy high")
    high = plan(guest)
    new = {
        name: sum(block.minutes for block in one.on(TODAY) if block.kind is BlockKind.LEARN)
        for name, one in (("usual", usual), ("high", high), ("low", low))
    }
    assert new["high"] >= new["usual"] > new["low"] == 0
    assert sum(block.minutes for block in high.on(TODAY)) == sum(block.minutes for block in usual.on(TODAY))
    room.clock.waits(days=1)
    tomorrow = plan(guest)
    assert BlockKind.RECAP not in [block.kind for block in tomorrow.blocks]
    assert tomorrow.terms.energy is None


@on_sqlite
def test_on_the_day_after_the_plan_is_as_it_would_have_been(guest: Guest, room: Room) -> None:
    books(guest, "20 January 9:30 Berlin")
    room.clock.waits(days=1)
    usual = plan(guest)
    room.clock.waits(days=-1)
    guest.says("/energy low")
    room.clock.waits(days=1)
    assert plan(guest).blocks == usual.blocks


@on_sqlite
def test_without_a_date_energy_is_noted_all_the_same(guest: Guest) -> None:
    asked = guest.says("/energy")
    assert isinstance(asked, Energized)
    assert asked.energy is None
    outcome = guest.taps(lambda intent: intent == wants.Energize(Energy.LOW))
    assert isinstance(outcome, Energized)
    assert guest.learner.energy_of(TODAY) is Energy.LOW
    assert guest.learner.energy_of(TODAY + timedelta(days=1)) is None


@on_sqlite
def test_a_pause_is_counted_in_the_days_of_whoever_takes_it(guest: Guest, postman: Postman) -> None:
    guest.says("/pause tomorrow")
    assert guest.learner.paused_until == date(2026, 11, 24)
    postman.room.clock.now = wall(11, 24, 0, 30)
    guest.says("/pause tomorrow")
    assert guest.learner.paused_until == date(2026, 11, 25)
    guest.does(wants.Choose(Field.ZONE, "America/New_York"), is_tap=True)  # where it is yesterday still
    guest.says("/pause tomorrow")
    assert guest.learner.paused_until == date(2026, 11, 24)
