"""`kill -9` in every phase of a battle of two platforms: it goes on, totals are right, each message is there once."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot.library import Library
from tests.faults.arena import PHASES, Arena, Ledger, meeting
from tests.faults.process import tminus
from tests.platform.discord_server import DiscordServer
from tests.platform.telegram_server import TelegramServer
from tests.store.engines import on_sqlite

EVEN, ODD = ("posed", "open", "reveal", "any"), ("window", "closing", "between", "any")  # rounds


@on_sqlite
async def test_killed_once_in_every_phase_a_battle_goes_on(database_url: str, tmp_path: Path, library: Library) -> None:
    kills = {1: ["posed"], 2: ["open", "closing"], 3: ["window"], 4: ["reveal"], 5: ["between"]}
    async with _arena(database_url, tmp_path, library, seed=4) as arena:
        await arena.opens(5, kills=True)
        await arena.begins()
        await arena.plays(5, kills)
        print(f"\n{arena.checks(5)}")
    phases = Counter(kill.phase for kill in arena.kills)
    assert [phase for phase in PHASES if not phases[phase]] == []


@pytest.mark.soak
async def test_killed_in_every_round_a_battle_goes_on(database_url: str, tmp_path: Path, library: Library) -> None:
    async with _arena(database_url, tmp_path, library, seed=5) as arena:
        await arena.opens(10, kills=True)
        await arena.kills_one()
        await arena.begins()
        await arena.plays(10, {number: ODD if number % 2 else EVEN for number in range(1, 11)})
        print(f"\n{arena.checks(10)}")
    phases = Counter(kill.phase for kill in arena.kills)
    assert [phase for phase in PHASES if not phases[phase]] == []


@asynccontextmanager
async def _arena(database_url: str, folder: Path, library: Library, seed: int) -> AsyncIterator[Arena]:
    """Three people in a group and three on a server, and one process for both."""
    async with TelegramServer() as telegram, DiscordServer(strict=False) as discord:
        settings = {
            "TMINUS_DATABASE_URL": database_url,
            "TMINUS_TELEGRAM_TOKEN": telegram.token,
            "TMINUS_TELEGRAM_API_URL": telegram.url,
            "TMINUS_DISCORD_TOKEN": discord.token,
            "TMINUS_DISCORD_API_URL": discord.api_url,
            "TMINUS_DISCORD_GATEWAY_URL": discord.gateway_url,
        }
        async with tminus(settings, folder, platforms=2) as process:
            with Ledger(database_url) as ledger:
                yield meeting(ledger, library, telegram, discord, [process], Random(seed))
