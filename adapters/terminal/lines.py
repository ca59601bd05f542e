"""Where lines come from and text goes to: a person at a terminal, or a pipe."""

import asyncio
import codecs
import logging
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from adapters.terminal.render import Screen, plain

log = logging.getLogger(__name__)
PROMPT = "> "
CHUNK = 65536  # bytes
USUAL_COLUMNS = 80

Suggests = Callable[[str], Awaitable[list[tuple[str, str]]]]  # lines that a begun line may become, and about each


class Lines(Protocol):
    """A conversation's two directions."""

    is_interactive: bool  # somebody sits there now

    def screen(self) -> Screen:
        """What the next text is laid out for."""

    async def read(self) -> str | None:
        """The next line, None when the person leaves."""

    async def write(self, text: str) -> None:
        """Shows a text, above the line that is being typed."""


class Piped:
    """Lines of a pipe or a file; repeats each, so that the output reads as a conversation."""

    is_interactive = False

    def __init__(self, source: int, output: TextIO, environ: Mapping[str, str]) -> None:
        self._source = source
        self._output = output
        self._environ = environ
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._reader: threading.Thread | None = None

    def screen(self) -> Screen:
        """What the next text is laid out for."""
        return screen_of(self._output, self._environ)

    async def read(self) -> str | None:
        """The next line, None at the end."""
        if self._reader is None:
            # A thread, for an event loop can't wait for files; a daemon, for nothing else ends a read that waits.
            # It reads the descriptor itself: holding the lock of sys.stdin would upset the interpreter's exit.
            loop = asyncio.get_running_loop()
            self._reader = threading.Thread(target=self._pump, args=(loop,), name="terminal-input", daemon=True)
            self._reader.start()
        line = await self._lines.get()
        if line is not None:
            await self.write(f"{PROMPT}{plain(line)}".rstrip() + "\n\n")
        return line

    async def write(self, text: str) -> None:
        """Prints a text."""
        self._output.write(text)
        self._output.flush()

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        begun = ""
        try:
            while chunk := _read(self._source):
                *lines, begun = (begun + decoder.decode(chunk)).split("\n")
                for line in lines:
                    loop.call_soon_threadsafe(self._lines.put_nowait, line.rstrip("\r"))
            for line_or_end in (begun, None) if begun else (None,):
                loop.call_soon_threadsafe(self._lines.put_nowait, line_or_end)
        except RuntimeError:
            log.debug("the conversation was over before its input")  # the loop is closed


class Prompted:
    """Lines that somebody types, with history and completion."""

    is_interactive = True

    def __init__(self, output: TextIO, environ: Mapping[str, str], history: Path | None, suggests: Suggests) -> None:
        self._output = output
        self._environ = environ
        self._session: PromptSession[str] = PromptSession(
            PROMPT,
            history=_history(history),
            completer=_Completions(suggests),
            complete_while_typing=False,  # else a menu's lines are kept empty below every question
        )

    def screen(self) -> Screen:
        """What the next text is laid out for."""
        return screen_of(self._output, self._environ)

    async def read(self) -> str | None:
        """The next line, None for Ctrl-C and Ctrl-D."""
        try:
            line = await self._session.prompt_async()
        except (EOFError, KeyboardInterrupt):
            return None
        await self.write("\n")
        return line

    async def write(self, text: str) -> None:
        """Prints a text, above the prompt if it stands."""
        if self._session.app.is_running:
            await run_in_terminal(lambda: self._print(text))
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()


class _Completions(Completer):
    """Completes the whole line from what the tutor suggests."""

    def __init__(self, suggests: Suggests) -> None:
        self._suggests = suggests

    def get_completions(
        self,
        document: Document,  # noqa: ARG002 - the library's signature
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterable[Completion]:
        """None: looking them up takes the event loop."""
        return ()

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> AsyncGenerator[Completion, None]:
        """The lines that the text before the cursor may become."""
        begun = document.text_before_cursor
        for line, about in await self._suggests(begun):
            yield Completion(line, -len(begun), display=line.rpartition(" ")[2], display_meta=about)


def open_lines(
    source: TextIO, output: TextIO, environ: Mapping[str, str], history: Path | None, suggests: Suggests
) -> Lines:
    """A prompt where both ends are a terminal, else plain reading and printing."""
    if isinstance(output, TextIOWrapper):
        output.reconfigure(errors="replace")  # an old encoding may lack our check mark
    if source.isatty() and output.isatty():
        return Prompted(output, environ, history, suggests)
    return Piped(source.fileno(), output, environ)


def screen_of(output: TextIO, environ: Mapping[str, str]) -> Screen:
    """The width and the colors of where the output goes; https://no-color.org is kept."""
    if output.isatty():
        columns = os.get_terminal_size(output.fileno()).columns or USUAL_COLUMNS  # 0 where a terminal does not say
        return Screen(columns, not environ.get("NO_COLOR") and environ.get("TERM", "") not in ("", "dumb"))
    wanted = environ.get("COLUMNS", "")
    return Screen(int(wanted) if wanted.isascii() and wanted.isdigit() else USUAL_COLUMNS, colors=False)


def _read(source: int) -> bytes:
    """The next bytes, none at the end or when the terminal or pipe is gone."""
    try:
        return os.read(source, CHUNK)
    except OSError:
        return b""


def _history(path: Path | None) -> History:
    """The lines typed before, where they can be kept."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        log.warning("typed lines are not kept in %s: %s", path, error)
        return InMemoryHistory()
    return FileHistory(path)
