"""One battle, two processes: one speaks for the Telegram group, one for the Discord server; either may be away."""

import asyncio
from pathlib import Path
from random import Random

from bot.library import Library
from tests.faults.arena import PATIENCE_S, STEP_S, Arena, Ledger, meeting
from tests.faults.process import Tminus, tminus
from tests.platform.discord_server import DiscordServer
from tests.platform.telegram_server import TelegramServer
from tests.store.engines import on_postgres

ROUNDS = 5
AWAY_S = 12.0  # longer than the ten seconds after which the other room is told


@on_postgres
async def test_two_processes_play_one_battle_and_each_may_be_away_for_a_while(
    database_url: str, tmp_path: Path, library: Library
) -> None:
    async with TelegramServer() as telegram, DiscordServer(strict=False) as discord:
        here = {
            "TMINUS_DATABASE_URL": database_url,
            "TMINUS_TELEGRAM_TOKEN": telegram.token,
            "TMINUS_TELEGRAM_API_URL": telegram.url,
        }
        there = {
            "TMINUS_DATABASE_URL": database_url,
            "TMINUS_DISCORD_TOKEN": discord.token,
            "TMINUS_DISCORD_API_URL": discord.api_url,
            "TMINUS_DISCORD_GATEWAY_URL": discord.gateway_url,
        }
        async with (
            tminus(here, _folder(tmp_path, "telegram")) as first,
            tminus(there, _folder(tmp_path, "discord")) as second,
        ):
            with Ledger(database_url) as ledger:
                arena = meeting(ledger, library, telegram, discord, [first, second], Random(6))
                await arena.opens(ROUNDS)
                await arena.begins()
                await _plays_round(arena, 1)
                await _is_away(arena, second, 2, told="telegram", away="discord")
                await _plays_round(arena, 2)
                await _is_away(arena, first, 3, told="discord", away="telegram")
                await _plays_round(arena, 3)
                await arena.plays(ROUNDS, {}, first=4)
                print(f"\n{arena.checks(ROUNDS)}")


async def _plays_round(arena: Arena, number: int) -> None:
    assert await arena.reaches("open", number)
    await arena.answers(number, most_wait_s=0.5)
    assert await arena.reaches("between", number)


async def _is_away(arena: Arena, process: Tminus, number: int, *, told: str, away: str) -> None:
    """Kills a process before a round: the other room gets its question and hears whom it waits for."""
    await process.kills()
    arena.notes()
    assert await arena.reaches("posed", number)
    question = f"round-{number}"
    async with asyncio.timeout(PATIENCE_S):
        while not arena.arrived()[told, question]:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
    before = arena.arrived()[told, "wait"]
    arena.skips(AWAY_S)
    async with asyncio.timeout(PATIENCE_S):
        while arena.arrived()[told, "wait"] == before:
            await asyncio.sleep(0.3)
            arena.skips(STEP_S)  # a group's messages keep a pace
    assert arena.state.name == "posed"
    assert not arena.arrived()[away, question]
    await process.starts()
    assert await arena.reaches("open", number)
    assert arena.arrived()[away, question] == 1


def _folder(top: Path, name: str) -> Path:
    made = top / name
    made.mkdir()
    return made
