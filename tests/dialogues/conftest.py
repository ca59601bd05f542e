"""The three platforms, each behind the same chat."""

from collections.abc import AsyncIterator

import pytest

from adapters.telegram import reply
from tests.dialogues.chat import Chat, Opens, World
from tests.dialogues.discord_chat import open_discord
from tests.dialogues.stage import ARENA
from tests.dialogues.telegram_chat import open_telegram
from tests.dialogues.terminal_chat import open_terminal

PLATFORMS: dict[str, Opens] = {"terminal": open_terminal, "telegram": open_telegram, "discord": open_discord}


@pytest.fixture(params=list(PLATFORMS))
def opens(request: pytest.FixtureRequest) -> Opens:
    """Starts the tutor on one platform."""
    return PLATFORMS[request.param]


@pytest.fixture
async def chat(opens: Opens, world: World) -> AsyncIterator[Chat]:
    """A newcomer's chat on one platform, on each database."""
    async with opens(world) as chat:
        yield chat


@pytest.fixture
def arena(database_url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world for battles, with a pack of its own so that they don't change when a shipped pack grows.

    No tap is acknowledged before its answer because a machine is slow.
    """
    monkeypatch.setattr(reply, "PATIENCE_S", 15.0)
    return World(database_url, content=ARENA)
