"""A conversation as a person has it, the same on every platform."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from bot.bootstrap import Core, build
from bot.settings import Settings

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class MovedClock:
    """A clock that stands still until a test moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def waits(self, **span: float) -> None:
        """Moves on by a timedelta's arguments: `waits(days=3)`."""
        self.now += timedelta(**span)


@dataclass
class World:
    """What a scenario runs in: a database, a clock, dice."""

    url: str
    clock: MovedClock = field(default_factory=MovedClock)
    seed: int = 7
    content: Path | None = None

    def core(self) -> Core:
        """A core on this world's database, as a process that starts would build it."""
        settings = Settings(_env_file=None, database_url=self.url)
        if self.content:
            settings = settings.model_copy(update={"content_dir": self.content})
        return build(settings, self.clock, Random(self.seed))


class Chat(Protocol):
    """One person's chat with the tutor."""

    platform: str
    account: str  # as in `bot.chat.incoming.Person`

    async def runs(self, command: str, **given: str | int) -> None:
        """Runs a command: `runs("quiz", topic="kinesis-family", n=5)`; returns when it was answered."""

    async def says(self, text: str) -> None:
        """Types plain words."""

    async def taps(self, label: str) -> None:
        """Taps the button whose label is or begins with `label` on the newest message that has buttons."""

    async def types(self, field: str, text: str) -> None:
        """Gives a value that was asked for in words: types it, or fills the form behind the button `field`."""

    async def sees(self, text: str, *, timeout: float = 5.0) -> str:  # noqa: ASYNC109 - a test's patience
        """Waits until something shown since the last act contains `text`; gives the whole of it.

        Raises:
            AssertionError: it does not come; tells what is there.
        """

    @property
    def shown(self) -> str:
        """The newest message's words."""

    @property
    def labels(self) -> Sequence[str]:
        """The newest message's button labels, in reading order."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """What hangs on the newest message, by its name: a picture as PNG, or a file."""

    @property
    def alt(self) -> str:
        """What the newest message's picture is said to show; "" on Telegram, which can't say it."""


class Opens(Protocol):
    """Starts the tutor on one platform against a local server of it, and opens a person's chat."""

    def __call__(self, world: World) -> AbstractAsyncContextManager[Chat]: ...
