"""A start with a platform that is away: the others answer all the same, and a stop is a stop."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.process import TOP, tminus
from tests.platform.discord_server import DiscordServer
from tests.platform.telegram_server import TelegramServer

NOWHERE = "http://127.0.0.1:9"
PATIENCE_S = 15.0


async def test_a_platform_that_is_away_keeps_neither_the_other_nor_a_stop_waiting(tmp_path: Path) -> None:
    async with DiscordServer() as server:
        settings = {
            "TMINUS_TELEGRAM_TOKEN": "1:away",
            "TMINUS_TELEGRAM_API_URL": NOWHERE,
            "TMINUS_DISCORD_TOKEN": server.token,
            "TMINUS_DISCORD_API_URL": server.api_url,
            "TMINUS_DISCORD_GATEWAY_URL": server.gateway_url,
        }
        async with tminus(settings, tmp_path) as running:
            assert "ready on discord" in running.log[-1]
            anna = server.person("Anna")
            await anna.runs("help")
            await anna.sees("I am Tminus", timeout=PATIENCE_S)
            assert running.process is not None
            running.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(running.process.wait(), PATIENCE_S) == 0
            assert not any("Traceback" in line for line in running.log)


async def test_a_platform_that_refuses_the_token_ends_the_run_though_another_is_away(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        settings = {
            "TMINUS_TELEGRAM_TOKEN": "1:wrong",
            "TMINUS_TELEGRAM_API_URL": server.url,
            "TMINUS_DISCORD_TOKEN": "away",
            "TMINUS_DISCORD_API_URL": f"{NOWHERE}/api/v10",
            "TMINUS_MISTYPED_TOKEN": "1",
        }
        code, said = await _runs_to_its_end(settings, tmp_path)
        assert code == 2
        assert "tminus: TMINUS_TELEGRAM_TOKEN: " in said
        assert "tminus: TMINUS_MISTYPED_TOKEN is no setting" in said
        assert "Traceback" not in said


async def test_a_token_that_is_reset_while_running_ends_the_process(tmp_path: Path) -> None:
    async with DiscordServer(strict=False) as server:
        settings = {
            "TMINUS_DISCORD_TOKEN": server.token,
            "TMINUS_DISCORD_API_URL": server.api_url,
            "TMINUS_DISCORD_GATEWAY_URL": server.gateway_url,
        }
        async with tminus(settings, tmp_path) as running:
            assert running.process is not None
            server.gateway.close(4004)
            assert await asyncio.wait_for(running.process.wait(), PATIENCE_S) == 2
            assert any("TMINUS_DISCORD_TOKEN" in line for line in running.log)


async def _runs_to_its_end(settings: Mapping[str, str], folder: Path) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "adapters",
        "run",
        cwd=TOP,
        env={"PATH": os.environ["PATH"], "TMINUS_DATA_DIR": str(folder), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    return process.returncode, said.decode()
