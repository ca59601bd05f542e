"""Opens a chat on Telegram: the real adapter and library against our own Telegram, on a real socket."""

import itertools
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from adapters.desk import Desk
from adapters.telegram.app import TelegramApp
from bot.bootstrap import Core
from bot.delivery.rounds import Rounds
from tests.adapters.scripted_desk import HURRY
from tests.dialogues.chat import World
from tests.platform.telegram_people import Person
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Message

ACCOUNT = 1001  # the same after a restart
PATIENCE_S = 5.0


@dataclass
class TelegramChat:
    """One person's private chat with the bot."""

    server: TelegramServer
    core: Core
    app: TelegramApp
    rounds: Rounds
    person: Person
    account: str
    platform: str = "telegram"

    async def runs(self, command: str, **given: str | int) -> None:
        """Types a command with its arguments; returns when it was answered."""
        words = sorted(given.values(), key=lambda value: isinstance(value, int))  # a number stands last
        await self.says(" ".join([f"/{command}", *map(str, words)]))

    async def says(self, text: str) -> None:
        """Types words; returns when they were answered."""
        await self.person.says(text)
        await self.settled()

    async def types(self, field: str, text: str) -> None:  # noqa: ARG002 - other platforms open a form by it
        """Types a value that was asked for: Telegram opens no form."""
        await self.says(text)

    async def taps(self, label: str) -> None:
        """Taps a button of the newest message that has buttons; returns when the tap was answered."""
        await self.person.chat.bell.until(lambda: self._tappable is not None, PATIENCE_S)
        await self.person.taps(label, self._tappable)
        await self.settled()

    async def sees(self, text: str, *, timeout: float = PATIENCE_S) -> str:  # noqa: ASYNC109 - as the protocol has it
        """Waits until a message or toast since the last act contains the text; gives the whole of it."""
        return await self.person.sees(text, timeout=timeout)

    async def settled(self) -> None:
        """Waits until the bot has taken and answered all that was done so far."""
        updates = self.server.updates
        assert await updates.bell.until(lambda: not updates.pending, PATIENCE_S), "the bot does not poll"
        await self.app.settled()

    @property
    def shown(self) -> str:
        """The newest message's words."""
        return self.person.last.text

    @property
    def labels(self) -> Sequence[str]:
        """The newest message's button labels."""
        return self.person.last.labels

    @property
    def files(self) -> Mapping[str, bytes]:
        """What hangs on the newest message; a photo has no name and is called "photo"."""
        return {name: self.server.files[file] for name, file in self.person.last.file_ids.items()}

    @property
    def alt(self) -> str:
        """Nothing: photos have no alternative text here."""
        return ""

    @property
    def _tappable(self) -> Message | None:
        return next((message for message in reversed(self.person.messages) if message.labels), None)


@asynccontextmanager
async def open_telegram(world: World) -> AsyncIterator[TelegramChat]:
    """Starts Telegram, a core on the world's database, the adapter and the rounds; opens a person's chat."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TelegramServer())
        server.updates._ids = itertools.count(time.monotonic_ns() // 1000)  # a restart continues, as at Telegram
        core = world.core()
        stack.callback(core.close)
        app = TelegramApp(Desk(core.tutor, core.workers, HURRY), server.token, server.url)
        stack.push_async_callback(app.stop)
        await app.start()
        rounds = core.rounds({app.platform: app})
        rounds.start()
        stack.push_async_callback(rounds.stop)
        anna = server.person("Anna", id=ACCOUNT)
        yield TelegramChat(server, core, app, rounds, anna, str(anna.id))
