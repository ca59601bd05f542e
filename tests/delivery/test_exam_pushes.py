"""What comes because an exam has a date: at its minute, once, never stale, never too much."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.atlas import TownAtlas
from bot.chat import intent as wants
from bot.delivery.rounds import Rounds
from bot.domain.countdown import nights
from bot.domain.ids import PackId
from bot.domain.learner import Field
from bot.domain.localtime import is_quiet
from bot.domain.pack import Pack
from bot.ports import Delivered, Gone
from bot.store.database import Database
from bot.store.tables import due, outbox
from bot.tutor import Tutor
from bot.usecases.dated import Confirm, ExamShown
from tests.delivery.conftest import Office
from tests.store.engines import on_postgres, on_sqlite
from tests.usecases.room import Guest

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
DAY = timedelta(days=1)
LAST_DAYS = ("weak", "set", "missed", "light", "check", "tactics", "morning", "luck")


@dataclass(frozen=True)
class Came:
    """A message that arrived."""

    what: str  # the name of a slot or a milestone, "daily", "cheer"
    at: datetime  # UTC
    chat: str


def books(guest: Guest, text: str = "15 December 9:30 Berlin") -> ExamShown:
    """Books the date, or moves the exam there."""
    assert isinstance(guest.says(f"/exam {text}"), Confirm), guest.outcome
    outcome = guest.taps(wants.Book)
    assert isinstance(outcome, ExamShown)
    return outcome


def candidate(office: Office) -> Guest:
    """Somebody in Berlin with two hours a day, on the evening before the last 72 hours of an exam."""
    office.clock.now = local(2026, 12, 11, 20)
    guest = office.joins(zone="Europe/Berlin", minutes="120")
    books(guest)
    return guest


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment on a wall."""
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def select(office: Office, statement: sa.Select[Any]) -> list[Any]:
    """What the database holds."""
    with office.room.database.engine.connect() as connection:
        return list(connection.execute(statement))


def wake(office: Office) -> datetime | None:
    """When something is due next."""
    found: datetime | None = select(office, sa.select(sa.func.min(due.c.at)))[0][0]
    return found


async def looks(office: Office, *more: Rounds, refused: int = 0) -> list[Came]:
    """One round of every process at this instant; what came of it."""
    before = len(office.post.sent) + refused
    done = {row.id for row in sent_rows(office)}
    everyone = (office.rounds, *more)
    await asyncio.gather(*(rounds.book() for rounds in everyone))
    await asyncio.gather(*(rounds.courier.drain() for rounds in everyone))
    await asyncio.gather(*(rounds.replan() for rounds in everyone))
    new = [row for row in sent_rows(office) if row.id not in done]
    assert len(new) == len(office.post.sent) - before  # whatever was sent is recorded, once
    return [Came(row.what or row.kind, row.done_at, row.chat) for row in new]


def sent_rows(office: Office) -> list[Any]:
    columns = (outbox.c.id, outbox.c.what, outbox.c.kind, outbox.c.chat, outbox.c.done_at)
    return select(office, sa.select(*columns).where(outbox.c.state == "sent").order_by(outbox.c.done_at, outbox.c.id))


async def lives(office: Office, until: datetime, *more: Rounds) -> list[Came]:
    """Goes from one due instant to the next; a second before it, nothing comes."""
    came: list[Came] = []
    while (at := wake(office)) is not None and at <= until:
        if at - timedelta(seconds=1) > office.clock.now:
            office.clock.now = at - timedelta(seconds=1)
            assert await looks(office, *more) == []
        office.clock.now = max(at, office.clock.now)
        came += await looks(office, *more)
    office.clock.now = max(until, office.clock.now)
    return came


def of_the_exam(came: list[Came], zone: ZoneInfo = BERLIN) -> list[str]:
    """What came but the daily question, with the minute on the wall."""
    return [f"{one.at.astimezone(zone):%m-%d %H:%M} {one.what}" for one in came if one.what != "daily"]


def fates(office: Office) -> dict[str, str]:
    """State or reason of every booked push, by what it is and the exam's day, or the daily one's key."""
    rows = select(office, sa.select(outbox.c.key, outbox.c.state, outbox.c.reason).order_by(outbox.c.id))
    return {
        row.key.split(":", 2)[2] if row.key.startswith("exam") else row.key: row.reason or row.state for row in rows
    }


def another_process(office: Office, database: Database) -> Rounds:
    """A second tutor with rounds of its own, on the same database."""
    tutor = Tutor(database, office.room.packs, TownAtlas(), office.clock, Random(8))
    return Rounds(database, tutor, office.clock, database.workers, {"telegram": office.post})


async def test_every_message_of_a_booking_comes_at_its_minute_once(office: Office) -> None:
    guest = office.joins(zone="Europe/Berlin", minutes="120", push_time="18:30")
    books(guest, "12 January 9:30 Berlin")
    assert of_the_exam(await lives(office, local(2027, 1, 20))) == [
        "12-13 18:30 t-30",
        "12-29 18:30 t-14",
        "01-05 18:30 t-7",
        "01-09 09:30 t-3",
        "01-09 12:15 set-3",
        "01-09 18:15 missed-3",
        "01-10 08:00 weak-2",
        "01-10 12:15 set-2",
        "01-10 18:15 missed-2",
        "01-11 10:00 light-1",
        "01-11 14:10 check-1",
        "01-11 19:00 tactics-1",
        "01-12 07:15 morning-0",
        "01-12 08:00 luck-0",
        "01-12 14:30 debrief",
    ]


@on_postgres
async def test_two_processes_on_one_database_double_nothing(office: Office, another: Database) -> None:
    other = another_process(office, another)
    zones = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC")
    for n in range(12):
        guest = office.joins(str(n), zone=zones[n % 4], minutes="90")
        books(guest, f"30 November {9 + n % 3}:00 {zones[n % 4]}")
    counts = Counter((one.chat, one.what) for one in await lives(office, datetime(2026, 12, 2, tzinfo=UTC), other))
    assert {n for (_, what), n in counts.items() if what != "daily"} == {1}
    for n in range(12):
        names = {what.partition("-")[0] for chat, what in counts if chat == f"chat-{n}"}
        assert names >= {"t", "weak", "set", "missed", "light", "check", "tactics", "morning", "luck", "debrief"}


async def test_a_move_by_a_week_moves_everything_and_nothing_of_the_old_date_comes(office: Office) -> None:
    guest = candidate(office)
    came = await lives(office, local(2026, 12, 13, 12, 14))
    assert of_the_exam(came)[-1] == "12-13 08:00 weak-2"
    office.clock.now = local(2026, 12, 13, 12, 15)
    await office.rounds.book()  # set-2 is on its way when the news comes
    books(guest, "22 December 9:30 Berlin")
    assert of_the_exam(await lives(office, local(2026, 12, 28))) == [
        "12-15 18:00 t-7",
        "12-19 09:30 t-3",
        "12-19 12:15 set-3",
        "12-19 18:15 missed-3",
        "12-20 08:00 weak-2",
        "12-20 12:15 set-2",
        "12-20 18:15 missed-2",
        "12-21 10:00 light-1",
        "12-21 14:10 check-1",
        "12-21 19:00 tactics-1",
        "12-22 07:15 morning-0",
        "12-22 08:00 luck-0",
        "12-22 14:30 debrief",
    ]
    assert fates(office)["set-2:2026-12-15"] == "moved"


@on_sqlite
async def test_a_move_by_hours_brings_nothing_twice(office: Office) -> None:
    guest = candidate(office)
    await lives(office, local(2026, 12, 13, 13, 0))
    books(guest, "15 December 16:00 Berlin")
    assert of_the_exam(await lives(office, local(2026, 12, 16))) == [
        "12-13 18:15 missed-2",
        "12-14 10:00 light-1",
        "12-14 14:10 check-1",
        "12-14 19:00 tactics-1",
        "12-15 07:30 morning-0",
        "12-15 14:30 luck-0",
        "12-15 21:00 debrief",
    ]


async def test_canceling_stops_everything_even_what_is_on_its_way(office: Office) -> None:
    guest = office.joins(zone="Europe/Berlin", minutes="120")
    booked = books(guest).booking
    office.clock.now = local(2026, 12, 13, 10)
    await lives(office, local(2026, 12, 13, 12, 14))
    office.clock.now = local(2026, 12, 13, 12, 15)
    await office.rounds.book()
    guest.does(wants.Cancel(booked.id), is_tap=True)
    assert of_the_exam(await lives(office, local(2026, 12, 20))) == []
    assert fates(office)["set-2:2026-12-15"] == "moved"


@on_sqlite
@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (
            20,
            [
                *("12-14 13:30 light-1", "12-14 14:10 check-1", "12-14 19:00 tactics-1"),
                *("12-15 07:15 morning-0", "12-15 08:00 luck-0", "12-15 14:30 debrief"),
            ],
        ),
        (10, ["12-15 07:15 morning-0", "12-15 08:00 luck-0", "12-15 14:30 debrief"]),
        (3, ["12-15 07:15 morning-0", "12-15 08:00 luck-0", "12-15 14:30 debrief"]),
        (2, ["12-15 07:30 morning-0", "12-15 08:00 luck-0", "12-15 14:30 debrief"]),
        (1, ["12-15 08:30 luck-0", "12-15 14:30 debrief"]),
    ],
)
async def test_a_late_booking_gets_what_still_has_its_use(office: Office, hours: int, expected: list[str]) -> None:
    guest = office.joins(zone="Europe/Berlin", minutes="120")
    office.clock.now = local(2026, 12, 15, 9, 30) - timedelta(hours=hours)
    guest.does(wants.Choose(Field.PUSHES, "on"), is_tap=True)
    books(guest)
    assert of_the_exam(await lives(office, local(2026, 12, 16))) == expected


@on_sqlite
@pytest.mark.parametrize(
    ("hour", "minute", "first"),
    [(11, 38, "12-13 11:38 weak-2"), (11, 40, "12-13 12:15 set-2"), (17, 26, "12-13 17:26 set-2")],
)
async def test_a_late_booking_begins_nothing_that_has_no_time_left(
    office: Office, hour: int, minute: int, first: str
) -> None:
    office.clock.now = local(2026, 12, 13, hour, minute)
    guest = office.joins(zone="Europe/Berlin", minutes="120")
    books(guest)
    came = of_the_exam(await lives(office, local(2026, 12, 13, 23)))
    assert (came[0], came[-1]) == (first, "12-13 18:15 missed-2")


@on_sqlite
async def test_another_zone_of_the_test_moves_the_last_days_there(office: Office) -> None:
    guest = candidate(office)
    await lives(office, local(2026, 12, 11))
    books(guest, "15 December 9:30 New York")
    assert of_the_exam(await lives(office, local(2026, 12, 16)), NEW_YORK) == [
        "12-12 09:30 t-3",
        "12-12 12:15 set-3",
        "12-12 18:15 missed-3",
        "12-13 08:00 weak-2",
        "12-13 12:15 set-2",
        "12-13 18:15 missed-2",
        "12-14 10:00 light-1",
        "12-14 14:10 check-1",
        "12-14 19:00 tactics-1",
        "12-15 07:15 morning-0",
        "12-15 08:00 luck-0",
        "12-15 14:30 debrief",
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("zone", "exam_day"),
    [
        *(("Europe/Berlin", date(2027, 3, day)) for day in (28, 29, 30)),
        *(("America/New_York", date(2026, 11, day)) for day in (1, 2, 3)),
    ],
)
async def test_a_change_of_the_clocks_leaves_every_time_on_the_wall(office: Office, zone: str, exam_day: date) -> None:
    tz = ZoneInfo(zone)
    heard = []
    for day in (exam_day, exam_day + 21 * DAY):
        office.clock.now = datetime.combine(day - 8 * DAY, time(12), tzinfo=tz).astimezone(UTC)
        guest = office.joins(f"{day}", zone=zone, minutes="120")
        books(guest, f"{day} 11:00 {zone}")
        came = await lives(office, datetime.combine(day + DAY, time(0), tzinfo=tz).astimezone(UTC))
        mine = [one for one in came if one.chat == f"chat-{day}" and one.what not in ("daily", "t-3")]
        walls = [one.at.astimezone(tz) for one in mine]
        heard.append([((at.date() - day).days, at.time(), one.what) for at, one in zip(walls, mine, strict=True)])
    assert heard[0] == heard[1]
    assert len(heard[0]) == 12


@on_sqlite
@pytest.mark.parametrize("quiet", ["off", "22:00-7:00", "1:00-9:30", "20:00-8:00"])
@pytest.mark.parametrize("start", ["0:30", "9:30", "20:00"])
async def test_nothing_comes_in_the_hours_of_sleep(office: Office, quiet: str, start: str) -> None:
    guest = office.joins(push_time="12:00", zone="Europe/Berlin", minutes="180", quiet=quiet)
    office.clock.now = local(2026, 12, 10, 12)
    booked = books(guest, f"15 December {start} Berlin").booking
    came = await lives(office, local(2026, 12, 16, 12))
    sleep = nights(booked.exam(180), guest.learner.quiet)
    names = [one.what for one in came if one.what != "daily"]
    assert len(names) == len(set(names))
    assert {name.partition("-")[0] for name in names} >= {"t", "check", "tactics", "morning", "luck", "debrief"}
    for one in came:
        assert not any(night.start <= one.at < night.end for night in sleep), one
        if one.what in ("t-7", "daily", "debrief"):
            assert not is_quiet(one.at, guest.learner.quiet, BERLIN), one


@on_sqlite
@pytest.mark.parametrize(
    ("back_at", "comes"),
    [
        ((13, 12, 10), ["weak-2"]),
        ((13, 12, 20), ["set-2"]),
        ((13, 18, 14), ["set-2"]),
        ((13, 18, 20), ["missed-2"]),
        ((13, 23, 0), []),
        ((14, 3, 0), []),
        ((14, 15, 0), ["check-1", "light-1"]),
        ((14, 19, 30), ["tactics-1"]),
        ((14, 23, 0), []),
        ((15, 7, 30), ["morning-0"]),
        ((15, 9, 0), ["luck-0"]),
        ((15, 9, 30), []),
        ((16, 12, 0), ["debrief"]),
        ((19, 12, 0), []),
    ],
)
async def test_a_process_that_was_down_sends_nothing_stale_and_all_that_has_its_use(
    office: Office, back_at: tuple[int, int, int], comes: list[str]
) -> None:
    candidate(office)
    await lives(office, local(2026, 12, 12, 23))
    office.clock.now = local(2026, 12, *back_at)
    came = [one.what for one in await looks(office)]
    assert sorted(name for name in came if name != "daily") == comes


@on_sqlite
async def test_a_late_milestone_comes_until_the_quiet_hours(office: Office) -> None:
    office.joins("1", zone="Europe/Berlin")
    office.joins("2", zone="Europe/Berlin")
    for account in ("1", "2"):
        books(office.room.person(account))
    await lives(office, local(2026, 11, 30, 23))
    office.clock.now = local(2026, 12, 1, 21, 59)
    office.post.always = lambda chat: Gone("blocked") if chat == "chat-2" else Delivered("m")
    assert [one.what for one in await looks(office, refused=1) if one.chat == "chat-1"] == ["t-14"]
    await lives(office, local(2026, 12, 7, 23))
    office.clock.now = local(2026, 12, 8, 22, 0)
    assert await looks(office) == []


@on_sqlite
async def test_the_daily_question_gives_way_to_whatever_comes_that_day(office: Office) -> None:
    guest = office.joins(zone="Europe/Berlin", push_time="17:00")
    books(guest, "15 December 19:30 Berlin")
    came = await lives(office, local(2026, 12, 16))
    on = Counter(one.at.astimezone(BERLIN).date() for one in came if one.what == "daily")
    for day in (1, 8, 12, 13, 14, 15):  # T-14, T-7, T-72 h in the evening, the last days
        assert on[date(2026, 12, day)] == 0, day
    assert on[date(2026, 12, 2)] == 1


@on_sqlite
async def test_the_daily_question_is_silent_near_the_exam_in_a_pause_and_on_a_day_off(office: Office) -> None:
    guest = office.joins(zone="Europe/Berlin", push_time="13:00", minutes="45, tue off")
    books(guest, "17 December 11:00 Berlin")
    guest.says("/pause 27 November")
    await lives(office, local(2026, 12, 18))
    found = fates(office)
    assert found["daily:1:2026-11-25"] == "paused"
    assert found["daily:1:2026-11-27"] == "sent"
    assert found["daily:1:2026-12-01"] == "off"
    assert found["daily:1:2026-12-17"] == "muted"


@on_sqlite
async def test_four_a_day_is_the_most_but_for_the_last_evening_and_the_day_itself(office: Office) -> None:
    original = next(iter(office.room.packs.values()))
    other = PackId("other")
    office.room.packs[other] = Pack(original.outline.model_copy(update={"id": other}), original.topics)
    guest = office.joins(zone="Europe/Berlin", minutes="120", push_time="12:15")
    books(guest)
    guest.does(wants.Choose(Field.PACK, other), is_tap=True)
    books(guest, "15 December 15:00 Berlin")
    came = await lives(office, local(2026, 12, 16))
    days = Counter(
        one.at.astimezone(BERLIN).date()
        for one in came
        if one.what.partition("-")[0] not in ("tactics", "morning", "luck", "debrief")
    )
    assert max(days.values()) == 4
    assert days[date(2026, 12, 13)] == 4  # of six that were due
    names = Counter(one.what for one in came)
    assert [names[name] for name in ("tactics-1", "morning-0", "luck-0", "debrief")] == [2, 2, 2, 2]


@on_sqlite
async def test_the_countdown_goes_before_the_daily_question(office: Office) -> None:
    for n in range(5):
        office.joins(f"early-{n}", zone="Europe/Berlin", push_time="18:15")
    guest = office.joins("candidate", zone="Europe/Berlin", minutes="120")
    books(guest)
    await lives(office, local(2026, 12, 13, 18, 14))
    for n in range(5):
        office.room.person(f"early-{n}").says("/quiz 1")
        early = office.room.person(f"early-{n}")
        early.says("/quiz 1")
        early.answers()
    office.clock.now = local(2026, 12, 13, 18, 15)
    before = len(office.post.sent)
    await looks(office)
    assert office.post.sent[before].chat == "chat-candidate"
    assert len(office.post.sent) == before + 6


@on_sqlite
async def test_what_comes_of_an_exam_is_no_ignored_daily_question(office: Office) -> None:
    guest = office.joins(zone="Europe/Berlin")
    books(guest)
    days: list[int] = []
    for day in range(24, 31):
        office.clock.now = local(2026, 11, day, 18)
        await looks(office)
    guest.says("/quiz 1")
    guest.answers()
    came = await lives(office, local(2026, 12, 10))
    days = [one.at.astimezone(BERLIN).day for one in came if one.what == "daily"]
    assert days == [2, 3, 4, 7]  # T-14 came on the first and T-7 on the eighth; three ignored, then every third day


async def test_whoever_blocked_the_bot_gets_nothing_until_they_write_and_then_what_is_ahead(office: Office) -> None:
    guest = candidate(office)
    await lives(office, local(2026, 12, 13, 12, 0))
    office.post.answers = [Gone("bot was blocked by the user")]
    office.clock.now = local(2026, 12, 13, 12, 15)
    await looks(office, refused=1)
    assert fates(office)["set-2:2026-12-15"] == "bot was blocked by the user"
    assert await lives(office, local(2026, 12, 14, 12, 0)) == []
    guest.says("/help")
    assert of_the_exam(await lives(office, local(2026, 12, 16))) == [
        "12-14 14:10 check-1",
        "12-14 19:00 tactics-1",
        "12-15 07:15 morning-0",
        "12-15 08:00 luck-0",
        "12-15 14:30 debrief",
    ]


@on_sqlite
async def test_a_candidate_who_moves_takes_the_milestones_along_and_leaves_the_last_days_at_the_test(
    office: Office,
) -> None:
    guest = office.joins(zone="Europe/Berlin", minutes="120")
    books(guest)
    guest.does(wants.Choose(Field.ZONE, "America/New_York"), is_tap=True)
    came = await lives(office, local(2026, 12, 16))
    assert of_the_exam(came, NEW_YORK)[:2] == ["12-01 18:00 t-14", "12-08 18:00 t-7"]
    assert of_the_exam(came)[2:4] == ["12-12 09:30 t-3", "12-12 12:15 set-3"]
