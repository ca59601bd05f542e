"""A person's conversation in the terminal: the real app on a real pipe, its pushes running."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.desk import Desk
from adapters.terminal.app import TerminalApp
from adapters.terminal.lines import Piped
from adapters.terminal.parse import keys_of
from adapters.terminal.render import Saved
from bot.bootstrap import Core
from bot.chat.view import Notice, Picture, Reply, View
from bot.delivery.rounds import Rounds
from tests.dialogues.chat import World

COLUMNS = "88"


class WatchedPipe(Piped):
    """A pipe that tells when all its lines are answered, and when something was printed."""

    def __init__(self, source: int, screen: StringIO) -> None:
        super().__init__(source, screen, {"COLUMNS": COLUMNS})
        self._screen = screen
        self.waits = asyncio.Event()
        self.printed = asyncio.Condition()

    @property
    def text(self) -> str:
        return self._screen.getvalue()

    async def read(self) -> str | None:
        self.waits.set()
        return await super().read()

    def join(self) -> None:
        """Waits for the reading thread, which ends with the pipe."""
        if self._reader:
            self._reader.join()

    async def write(self, text: str) -> None:
        async with self.printed:
            await super().write(text)
            self.printed.notify_all()


class WatchedApp(TerminalApp):
    """The app, remembering the newest message."""

    newest = View(())
    newest_saved: Saved | None = None

    def _shown(self, reply: Reply, saved: Saved | None = None) -> str:
        if not isinstance(reply, Notice):
            self.newest = reply.view
            self.newest_saved = saved or (self.newest_saved if reply.view.attached else None)
        return super()._shown(reply, saved)


class TerminalChat:
    """What `tests.dialogues.chat.Chat` promises, by lines typed into the app."""

    platform = "terminal"

    def __init__(self, app: WatchedApp, core: Core, rounds: Rounds, pipe: WatchedPipe, typed: int) -> None:
        self.app = app
        self.core = core
        self.rounds = rounds
        self.account = ACCOUNT
        self._pipe = pipe
        self._typed = typed
        self._seen = 0  # characters on the screen before the last act

    @property
    def screen(self) -> str:
        """All that was printed, as laid out."""
        return self._pipe.text

    async def enters(self, line: str) -> None:
        """Types a line as it is and waits until it was answered."""
        await asyncio.wait_for(self._pipe.waits.wait(), 5)
        self._seen = len(self._pipe.text)
        self._pipe.waits.clear()
        os.write(self._typed, f"{line}\n".encode())
        await asyncio.wait_for(self._pipe.waits.wait(), 5)

    async def runs(self, command: str, **given: str | int) -> None:
        words = sorted(given.values(), key=lambda value: isinstance(value, int))  # a line's number comes last
        await self.enters(" ".join([f"/{command}", *map(str, words)]))

    async def says(self, text: str) -> None:
        await self.enters(text)

    async def taps(self, label: str) -> None:
        await self.enters(self._key(label))

    async def types(self, field: str, text: str) -> None:  # noqa: ARG002 - a terminal has no form
        await self.enters(text)

    async def sees(self, text: str, *, timeout: float = 5.0) -> str:  # noqa: ASYNC109 - a test's patience
        def is_there() -> bool:
            return _words(text) in _words(self.since) or _words(text) in _words(self._edited)

        try:
            await asyncio.wait_for(self._printed(is_there), timeout)
        except TimeoutError:
            raise AssertionError(f"{text!r} is not there; this is:\n{self.since}\nkeys: {self.labels}") from None
        return self.shown if _words(text) in _words(self.shown) else _words(self.since)

    @property
    def since(self) -> str:
        """What was printed since the last act."""
        return self._pipe.text[self._seen :]

    @property
    def shown(self) -> str:
        return self.app.newest.text

    @property
    def labels(self) -> Sequence[str]:
        return [button.label for button in self.app.newest.buttons]

    @property
    def files(self) -> Mapping[str, bytes]:
        saved = self.app.newest_saved
        return {saved.path.name: saved.path.read_bytes()} if saved and saved.path else {}

    @property
    def alt(self) -> str:
        attached = self.app.newest.attached
        return attached.alt if isinstance(attached, Picture) else ""

    @property
    def _edited(self) -> str:
        """The newest message if anything of it was printed: an edit prints only what is new of it."""
        return self.shown if self.since else ""

    async def _printed(self, is_there: Callable[[], bool]) -> None:
        async with self._pipe.printed:
            await self._pipe.printed.wait_for(is_there)

    def _key(self, label: str) -> str:
        """The key of the button whose label is or begins with `label`; a mark before a letter is none of it."""
        keys = keys_of(self.app._standing)
        by_label = {button.label.removeprefix("✓ "): letter for letter, button in keys.options.items()}
        by_label |= {button.label: key for key, button in keys.others.items()}
        bare = label.removeprefix("✓ ")
        found = by_label.get(bare) or next((key for full, key in by_label.items() if full.startswith(bare)), None)
        assert found, f"no button begins with {label!r}; there are {list(by_label)}"
        return found


ACCOUNT = "learner"


@asynccontextmanager
async def open_terminal(world: World) -> AsyncIterator[TerminalChat]:
    """Starts the tutor in a terminal that is a pipe, and opens the chat of the one who types."""
    core = world.core()
    source, typed = os.pipe()
    pipe = WatchedPipe(source, StringIO())
    folder = TemporaryDirectory()
    app = WatchedApp(Desk(core.tutor, core.workers), downloads=Path(folder.name), lines=pipe, account=ACCOUNT)
    rounds = core.rounds({app.platform: app})
    rounds.start()
    running = asyncio.create_task(app.run())
    running.add_done_callback(lambda _: pipe.waits.set())
    try:
        await asyncio.wait_for(pipe.waits.wait(), 5)
        yield TerminalChat(app, core, rounds, pipe, typed)
    finally:
        os.close(typed)
        await running
        pipe.join()
        os.close(source)
        await rounds.stop()
        core.close()
        folder.cleanup()


def _words(text: str) -> str:
    """A text without its line breaks and indents."""
    return " ".join(text.split())
