"""`kill -9` in the middle of a dialogue, and around a push: nothing lost, nothing counted twice."""

import asyncio
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pexpect
import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import ask, attempt, due, learner, outbox
from tests.faults.process import COMMAND, TOP, Tminus, environment, tminus
from tests.platform.discord_server import DiscordServer
from tests.platform.telegram_people import Person
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Message

PATIENCE_S = 15.0


def _telegram(server: TelegramServer, database_url: str) -> dict[str, str]:
    return {
        "TMINUS_DATABASE_URL": database_url,
        "TMINUS_TELEGRAM_TOKEN": server.token,
        "TMINUS_TELEGRAM_API_URL": server.url,
    }


def _discord(server: DiscordServer, database_url: str) -> dict[str, str]:
    return {
        "TMINUS_DATABASE_URL": database_url,
        "TMINUS_DISCORD_TOKEN": server.token,
        "TMINUS_DISCORD_API_URL": server.api_url,
        "TMINUS_DISCORD_GATEWAY_URL": server.gateway_url,
    }


@pytest.mark.parametrize("questions", [6, pytest.param(40, marks=pytest.mark.soak)])
async def test_killed_in_every_question_no_answer_is_lost_or_counted_twice(
    database_url: str, tmp_path: Path, questions: int
) -> None:
    dice = Random(5)
    async with (
        TelegramServer() as server,
        tminus(_telegram(server, database_url), tmp_path) as process,
    ):
        anna = server.person("Anna")
        await anna.says(f"/quiz {questions}")
        await anna.sees("Question 1", timeout=PATIENCE_S)
        for number in range(1, questions + 1):
            await _insists(anna, process, dice, number)
        await anna.sees("right", timeout=PATIENCE_S)
        assert process.killed == questions
    with _connection(database_url) as connection:
        asked = connection.execute(sa.select(ask.c.number, ask.c.state).order_by(ask.c.number)).all()
        answered = connection.execute(sa.select(sa.func.count()).select_from(attempt)).scalar_one()
    assert [row.number for row in asked] == list(range(1, questions + 1))
    assert {row.state for row in asked} == {"closed"}
    assert answered == questions


async def _insists(anna: Person, process: Tminus, dice: Random, number: int) -> None:
    """Answers one question, tapping again whenever the process died under the tap."""
    kill_at = dice.randrange(3)  # a question takes three taps or more: each is killed in once
    for step in range(12):
        message, edits, label = anna.last, anna.last.edits, _next_key(anna)
        await anna.taps(label)
        if step == kill_at:
            await asyncio.sleep(dice.random() * 0.03)  # somewhere between the tap and its answer
            await process.kills()
            await process.starts()
        # where the answer to a tap died with the process and the tap is not delivered again, she taps once more
        await anna.chat.bell.until(partial(_has_changed, message, edits), 3.0)
        if label in ("Next", "Finish") and message.edits > edits:
            return
    raise AssertionError(f"question {number}:\n{anna.chat.transcript()}")


def _next_key(anna: Person) -> str:
    labels = anna.last.labels
    if several := re.search(r"\(Choose (TWO|THREE)\.\)", anna.last.text):
        wanted = {"TWO": 2, "THREE": 3}[several[1]]
        if "Submit" in labels:
            marked = sum(label.startswith("✓") for label in labels)
            return "Submit" if marked == wanted else next(label for label in labels if len(label) == 1)
    return next(label for label in ("B", "Sure", "Next", "Finish") if label in labels)


def _has_changed(message: Message, edits: int) -> bool:
    return message.edits > edits


async def test_a_push_arrives_once_though_the_process_dies_before_it(database_url: str, tmp_path: Path) -> None:
    async with TelegramServer() as server, tminus(_telegram(server, database_url), tmp_path) as process:
        anna = server.person("Anna")
        await anna.says("/start")
        await anna.sees("Which exam", timeout=PATIENCE_S)
        _expects_push_soon(database_url, in_s=2.0)
        await process.kills()
        await process.starts()
        await anna.sees("Your question of the day", timeout=PATIENCE_S)
        await _is_recorded(database_url)
        await process.kills()
        await process.starts()
        await anna.says("/help")
        await anna.sees("I am Tminus", timeout=PATIENCE_S)
        assert sum("Your question of the day" in message.text for message in anna.messages) == 1
        label = "A" if "Submit" not in anna.messages[-2].labels else None
        if label:
            await anna.taps(label, anna.messages[-2])
            await anna.sees("How sure", timeout=PATIENCE_S)
    assert _states(database_url) == ["sent"]


async def test_a_push_arrives_once_on_discord_too(database_url: str, tmp_path: Path) -> None:
    async with (
        DiscordServer(strict=False) as server,
        tminus(_discord(server, database_url), tmp_path) as process,
    ):
        anna = server.person("Anna")
        server.guild("Class", [anna])
        await anna.runs("start")
        await anna.sees("Which exam", timeout=PATIENCE_S)
        _expects_push_soon(database_url, in_s=2.0)
        await process.kills()
        await process.starts()
        await anna.sees("Your question of the day", timeout=PATIENCE_S)
        await _is_recorded(database_url)
        assert sum("Your question of the day" in message.text for message in anna.messages) == 1


def test_a_push_arrives_once_in_the_terminal_too(database_url: str, tmp_path: Path) -> None:
    first = _terminal(database_url, tmp_path)
    first.expect("Question 1")
    _expects_push_soon(database_url, in_s=2.0)
    first.kill(signal.SIGKILL)
    first.close()
    second = _terminal(database_url, tmp_path)
    second.expect("Your question of the day")
    asyncio.run(_is_recorded(database_url))
    second.sendline("/help")
    second.expect("I am Tminus")
    second.sendline("q")
    second.expect(pexpect.EOF)
    second.close()
    assert second.exitstatus == 0
    assert _states(database_url) == ["sent"]


def _terminal(database_url: str, folder: Path) -> "pexpect.spawn[str]":
    clock = folder / "clock"
    clock.write_text("0", encoding="utf-8")
    settings = {"TMINUS_DATABASE_URL": database_url, "TERM": "dumb"}
    return pexpect.spawn(
        COMMAND[0],
        list(COMMAND[1:]),
        cwd=str(TOP),
        env=environment(clock, folder, settings),
        encoding="utf-8",
        timeout=PATIENCE_S,
    )


def _expects_push_soon(database_url: str, in_s: float) -> None:
    """Sets the push of the only learner, as if they had chosen that minute; it is noon where they are."""
    now = datetime.now(UTC)
    offset = 12 - now.hour
    zone = f"Etc/GMT{-offset:+d}" if offset else "UTC"
    with _connection(database_url) as connection:
        who = connection.execute(sa.select(learner.c.id)).scalar_one()
        connection.execute(sa.update(learner).values(zone=zone, push_time=now.replace(hour=12).time(), pushes_on=True))
        connection.execute(
            sa.insert(due).values(kind="daily", learner_id=who, subject=0, at=now + timedelta(seconds=in_s))
        )


def _states(database_url: str) -> list[str]:
    with _connection(database_url) as connection:
        return list(connection.execute(sa.select(outbox.c.state)).scalars())


async def _is_recorded(database_url: str) -> None:
    """Waits until the delivery is in the database: before that a kill falls into the one open window."""
    async with asyncio.timeout(PATIENCE_S):
        while _states(database_url) != ["sent"]:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)


@contextmanager
def _connection(database_url: str) -> Iterator[sa.Connection]:
    database = Database(database_url)
    with database.engine.begin() as connection:
        yield connection
    database.close()
