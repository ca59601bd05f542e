"""`kill -9` all through the last 72 hours before an exam: every appointment comes, and comes once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from bot.domain.remind import EXAM
from bot.store.database import Database
from bot.store.tables import due, outbox
from tests.faults.process import Tminus, tminus
from tests.platform.telegram_people import Person
from tests.platform.telegram_server import TelegramServer
from tests.store.engines import on_sqlite

PATIENCE_S = 15.0
LEASE_S = 70.0  # after that a claim whose process died is anybody's
HEADS = {
    "t-3": "72 hours to",
    "weak": "Morning: weak topics",
    "set": "Midday: a mock",
    "missed": "Evening: what you missed",
    "light": "A day of rest",
    "check": "Lay out what you need",
    "tactics": "Five tactics, then sleep",
    "morning": "Good morning. Today is",
    "luck": "Time to leave. Good luck!",
    "debrief": "How was",
}


@on_sqlite
async def test_killed_in_the_last_days_every_slot_comes_once(database_url: str, tmp_path: Path) -> None:
    await _lives_through(database_url, tmp_path, kills=4)


@pytest.mark.soak
async def test_killed_two_hundred_times_in_the_last_days_every_slot_comes_once(
    database_url: str, tmp_path: Path
) -> None:
    await _lives_through(database_url, tmp_path, kills=200)


async def _lives_through(database_url: str, folder: Path, kills: int) -> None:
    dice = Random(3)
    async with TelegramServer() as server, tminus(_settings(server, database_url), folder) as process:
        anna = server.person("Anna")
        await _chooses_long_days(anna)
        exam_at = (datetime.now(UTC) + timedelta(hours=80)).replace(hour=10, minute=0, second=0, microsecond=0)
        if exam_at - datetime.now(UTC) < timedelta(hours=73):
            exam_at += timedelta(days=1)
        await anna.says(f"/exam {exam_at:%Y-%m-%d %H:%M} UTC")
        await anna.sees("days to go", timeout=PATIENCE_S)
        await anna.taps("Book it")
        await anna.sees("Booked.", timeout=PATIENCE_S)
        moments = 0
        while (wake := _next_wake(database_url)) is not None:
            moments += 1
            await _goes_through(process, wake, dice, _share(kills, moments, process.killed), database_url)
        await _is_settled(database_url)
        sent, counted = _booked(database_url), _heard(anna)
    doubled = sum(counted.values()) - sum(sent.values())
    print(f"\n{process.killed} kills, {sum(sent.values())} messages, {doubled} doubled")
    assert process.killed >= kills
    assert len(sent) == len(HEADS)  # every kind of message, so this test proves what it says
    for name, times in sent.items():
        assert times <= counted[name] <= 2 * times, (name, sent, counted)


async def _chooses_long_days(anna: Person) -> None:
    """Minutes that hold a set, too."""
    await anna.says("/settings")
    await anna.sees("Your settings", timeout=PATIENCE_S)
    await anna.taps("Minutes")
    await anna.sees("How many minutes", timeout=PATIENCE_S)
    await anna.says("180")
    await anna.sees("Minutes a day: 180", timeout=PATIENCE_S)


MOMENTS = 12  # wakes of one countdown, about


def _share(kills: int, moment: int, killed: int) -> int:
    """How many of the kills this moment takes: the rest is spread over those to come, none left for too late."""
    return -(-max(0, kills - killed) // max(1, MOMENTS - moment))


async def _goes_through(process: Tminus, wake: datetime, dice: Random, kills: int, database_url: str) -> None:
    """Moves the clock to an instant and kills the process at random moments around the delivery."""
    for _ in range(kills):
        process.moves_clock((wake - datetime.now(UTC)).total_seconds())
        await asyncio.sleep(dice.random() * 1.6)  # a round is a second: before it, in it, after it
        await process.kills()
        await process.starts()
    process.moves_clock((wake - datetime.now(UTC)).total_seconds() + LEASE_S)
    await _is_past(database_url, wake)
    await _is_settled(database_url)


async def _is_past(database_url: str, wake: datetime) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (coming := _next_wake(database_url)) is not None and coming <= wake:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def _is_settled(database_url: str) -> None:
    """Waits until nothing is on its way."""
    async with asyncio.timeout(PATIENCE_S):
        while _count(database_url, outbox.c.state == "waiting"):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)


def _settings(server: TelegramServer, database_url: str) -> dict[str, str]:
    return {
        "TMINUS_DATABASE_URL": database_url,
        "TMINUS_TELEGRAM_TOKEN": server.token,
        "TMINUS_TELEGRAM_API_URL": server.url,
    }


def _next_wake(database_url: str) -> datetime | None:
    database = Database(database_url)
    with database.engine.begin() as connection:
        found = connection.execute(sa.select(sa.func.min(due.c.at)).where(due.c.kind == EXAM)).scalar()
    database.close()
    return found


def _count(database_url: str, *conditions: sa.ColumnElement[bool]) -> int:
    database = Database(database_url)
    with database.engine.begin() as connection:
        found = connection.execute(sa.select(sa.func.count()).select_from(outbox).where(*conditions)).scalar_one()
    database.close()
    return int(found)


def _booked(database_url: str) -> Counter[str]:
    """Messages that the outbox says were sent, by kind."""
    database = Database(database_url)
    with database.engine.begin() as connection:
        rows = connection.execute(sa.select(outbox.c.what, outbox.c.state, outbox.c.reason)).all()
    database.close()
    assert {row.state for row in rows} <= {"sent", "dropped"}, rows
    assert [(row.what, row.reason) for row in rows if row.state == "dropped"] == []
    return Counter(row.what if row.what in HEADS else row.what.rpartition("-")[0] for row in rows)


def _heard(anna: Person) -> Counter[str]:
    """Messages that arrived, by kind."""
    return Counter(name for message in anna.messages for name, head in HEADS.items() if message.text.startswith(head))
