"""CPU of one answer (a tap to its edited message), ours beside the bare libraries, on the same local server."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil

from tests.bench.figures import Figure, middle, spread
from tests.platform.discord_people import Person as DiscordPerson
from tests.platform.discord_server import DiscordServer
from tests.platform.telegram_people import Person as TelegramPerson
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Message

P = TypeVar("P")
PEOPLE = 20
WARM_UP = 6  # taps each before counting
TAPS = 60  # taps each, counted
ROUNDS = 3
START_S = 30.0
# Takes the command, its settings and the database server's process; gives CPU in ms, memory in MB, start in s.
Round = Callable[[Sequence[str], dict[str, str], psutil.Process | None], Awaitable[tuple[float, float, float]]]
OURS = [sys.executable, "-m", "tests.bench.ours", "run"]


async def telegram(postgres: str, postmaster: psutil.Process) -> list[Figure]:
    """CPU per answer on Telegram beside bare python-telegram-bot, and what a running process takes."""
    bare, sqlite, pg, rest = await _compare("tests.bench.bare_telegram", _telegram_round, postgres, postmaster)
    base = middle(bare)
    return [
        Figure("Telegram: bare python-telegram-bot, CPU per answer", base, "ms", note=spread(bare)),
        Figure("Telegram: Tminus on SQLite, CPU per answer", middle(sqlite), "ms", note=spread(sqlite)),
        Figure("Telegram: Tminus on SQLite / bare", middle(sqlite) / base, "x", 1.0),
        Figure("Telegram: Tminus on PostgreSQL, its server included", middle(pg), "ms", note=spread(pg)),
        Figure("Telegram: Tminus on PostgreSQL / bare", middle(pg) / base, "x", 1.5),
        *rest,
    ]


async def discord(postgres: str, postmaster: psutil.Process) -> list[Figure]:
    """CPU per answer on Discord beside bare discord.py, and what a running process takes."""
    bare, sqlite, pg, rest = await _compare("tests.bench.bare_discord", _discord_round, postgres, postmaster)
    base = middle(bare)
    return [
        Figure("Discord: bare discord.py, CPU per answer", base, "ms", note=spread(bare)),
        Figure("Discord: Tminus on SQLite, CPU per answer", middle(sqlite), "ms", note=spread(sqlite)),
        Figure("Discord: Tminus on SQLite - bare", middle(sqlite) - base, "ms", 0.6),
        Figure("Discord: Tminus on PostgreSQL, its server included", middle(pg), "ms", note=spread(pg)),
        Figure("Discord: Tminus on PostgreSQL - bare", middle(pg) - base, "ms", 1.0),
        *rest,
    ]


async def _compare(
    bare_module: str, run: Round, postgres: str, postmaster: psutil.Process
) -> tuple[list[float], list[float], list[float], list[Figure]]:
    """The bare library, ours on SQLite and ours on PostgreSQL, by turns; then start and memory of ours."""
    bare, sqlite, pg = [], [], []
    memory = start = 0.0
    for _ in range(ROUNDS):
        bare.append((await run([sys.executable, "-m", bare_module], {}, None))[0])
        with tempfile.TemporaryDirectory() as folder:
            cost, memory, start = await run(OURS, {"TMINUS_DATABASE_URL": f"sqlite:///{folder}/bench.db"}, None)
            sqlite.append(cost)
        pg.append((await run(OURS, {"TMINUS_DATABASE_URL": postgres}, postmaster))[0])
    rest = [
        Figure("  start to ready", start, "s", 2.0, "wall clock, empty database"),
        Figure("  resident memory after the answers", memory, "MB", 150),
    ]
    return bare, sqlite, pg, rest


async def _telegram_round(
    command: Sequence[str], settings: dict[str, str], server_cpu: psutil.Process | None
) -> tuple[float, float, float]:
    async with TelegramServer() as server:
        settings = {**settings, "TMINUS_TELEGRAM_TOKEN": server.token, "TMINUS_TELEGRAM_API_URL": server.url}
        began = time.monotonic()
        async with _process(command, settings) as process:
            await server.called("deleteWebhook", timeout=START_S)  # the last call before polling begins
            start = time.monotonic() - began
            people = [server.person(f"Person {n}") for n in range(PEOPLE)]

            async def begin(person: TelegramPerson) -> None:
                await person.says("/quiz 50")
                await person.chat.bell.until(lambda: bool(person.chat.messages), START_S)

            async def tap(person: TelegramPerson) -> None:
                message = person.last
                for label in _next_keys(message.labels, message.text, bare=command is not OURS):
                    edits = message.edits
                    await person.taps(label, message)
                    await person.chat.bell.until(partial(_has_moved, person, message, edits), START_S)

            return *await _cost(process, people, begin, tap, server_cpu), start


async def _discord_round(
    command: Sequence[str], settings: dict[str, str], server_cpu: psutil.Process | None
) -> tuple[float, float, float]:
    async with DiscordServer(strict=False) as server:
        settings = {
            **settings,
            "TMINUS_DISCORD_TOKEN": server.token,
            "TMINUS_DISCORD_API_URL": server.api_url,
            "TMINUS_DISCORD_GATEWAY_URL": server.gateway_url,
        }
        began = time.monotonic()
        async with _process(command, settings) as process:
            await server.online(timeout=START_S)
            start = time.monotonic() - began
            while "quiz" not in str(server.commands):  # noqa: ASYNC110 - set-up, nothing is measured yet
                await asyncio.sleep(0.05)
            people = [server.person(f"Person {n}") for n in range(PEOPLE)]
            server.guild("Class", people)

            async def begin(person: DiscordPerson) -> None:
                if command is OURS:
                    await person.runs("quiz", n=50)
                else:
                    await person.runs("quiz")

            async def tap(person: DiscordPerson) -> None:
                for label in _next_keys(
                    [label for row in person.last.labels for label in row],
                    person.last.text,
                    bare=command is not OURS,
                ):
                    await person.presses(label)

            return *await _cost(process, people, begin, tap, server_cpu), start


def _has_moved(person: TelegramPerson, message: Message, edits: int) -> bool:
    return message.edits > edits or person.last is not message


def _next_keys(labels: Sequence[str], text: str, *, bare: bool) -> list[str]:
    """What a person who takes whatever comes taps now."""
    if bare:
        return ["B"]
    if "Submit" in labels:
        free = [label for label in labels if len(label) == 1]
        marked = [label for label in labels if label.startswith("✓")]
        return [free[0]] if len(marked) < (3 if "Choose THREE" in text else 2) else ["Submit"]
    return [next((label for label in ("B", "Leaning", "Next", "Finish", "10 more") if label in labels), labels[0])]


async def _cost(
    process: psutil.Process,
    people: Sequence[P],
    begin: Callable[[P], Awaitable[None]],
    tap: Callable[[P], Awaitable[None]],
    server_cpu: psutil.Process | None,
) -> tuple[float, float]:
    """CPU in ms of one tap, the database server's included if there is one, and resident memory in MB."""

    async def taps(person: P, times: int) -> None:
        for _ in range(times):
            await tap(person)

    await asyncio.gather(*map(begin, people))
    await asyncio.gather(*(taps(person, WARM_UP) for person in people))
    before = _cpu_s(process, server_cpu)
    await asyncio.gather(*(taps(person, TAPS) for person in people))
    spent = _cpu_s(process, server_cpu) - before
    return spent * 1000 / (TAPS * len(people)), process.memory_info().rss / 1e6


def _cpu_s(process: psutil.Process, server: psutil.Process | None) -> float:
    processes = [process, *([server, *server.children(recursive=True)] if server else [])]
    return sum(used.user + used.system for used in (each.cpu_times() for each in processes))


@asynccontextmanager
async def _process(command: Sequence[str], settings: dict[str, str]) -> AsyncIterator[psutil.Process]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TMINUS_")}
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**environment, **settings, "TMINUS_LOG_LEVEL": "WARNING"},
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()
