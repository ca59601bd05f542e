"""The conversation in a terminal, and the channel by which pushes reach it."""

import asyncio
import getpass
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import assert_never
from uuid import uuid4

from adapters.desk import Desk, name_of
from adapters.terminal.downloads import PICTURE, Downloads
from adapters.terminal.lines import Lines, open_lines
from adapters.terminal.parse import Leave, Pressed, Stray, Typed, parse
from adapters.terminal.render import Saved, plain, render, render_text
from bot.chat.commands import BY_NAME
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent, Practice, Today
from bot.chat.view import Button, File, Notice, Picture, Replace, Reply, Show, Span, Style, View
from bot.domain.pace import AT_ONCE, Pace
from bot.ports import Delivered, Failed, Receipt
from bot.present.words import words_for

log = logging.getLogger(__name__)


class TerminalApp:
    """One person's conversation at standard input and output, or at `lines`."""

    platform = "terminal"

    def __init__(
        self,
        desk: Desk,
        history: Path | None = None,
        downloads: Path = Path("downloads"),
        *,
        lines: Lines | None = None,
        account: str | None = None,
    ) -> None:
        self._desk = desk
        self._person = Person(self.platform, account or _user())
        self._name = name_of(self._person.account)
        self._place = Place(self._person.account)
        self._locale = _locale(os.environ)
        self._words = words_for(self._locale)
        self._lines = lines or open_lines(sys.stdin, sys.stdout, os.environ, history, self._suggest)
        self._downloads = Downloads(downloads)
        self._standing = View(())  # whose buttons the keys press
        self._keys = (f"terminal:{uuid4().hex}:{number}" for number in count(1))
        self._sent = count(1)
        self._is_open = False

    async def run(self) -> None:
        """Talks until the person leaves."""
        self._is_open = True
        try:
            await self._greet()
            while (line := await self._lines.read()) is not None and await self._take(line):
                pass
        except BrokenPipeError:
            _hush()
            return
        except asyncio.CancelledError:
            await self._write(self._words("goodbye"))
            raise
        finally:
            self._is_open = False
        await self._write(self._words("goodbye"))

    async def send(self, chat: str, view: View) -> Receipt:
        """Prints a push above the line that is being typed; its buttons are the ones the keys press from now on."""
        if not self._is_open or chat != self._place.chat:
            return Failed("they are not at this terminal")
        try:
            async with self._desk.queue(self._person):
                await self._write(await self._text(Show(view)))
        except OSError as error:
            return Failed(f"the terminal does not take it: {error}")
        return Delivered(f"{chat}:{next(self._sent)}")

    async def edit(self, chat: str, message: str, view: View) -> Receipt:  # noqa: ARG002 - what is printed stays
        """Prints the message as it is now: nothing printed can be changed."""
        return await self.send(chat, view)

    async def close(self, chat: str, message: str) -> Receipt:  # noqa: ARG002 - as the port has it
        """Nothing: there are no quiz polls here."""
        return Delivered(message)

    def pace(self, chat: str) -> Pace:  # noqa: ARG002 - as the port has it
        """As fast as it comes."""
        return AT_ONCE

    async def _greet(self) -> None:
        """A newcomer at a terminal gets a first question at once; a script's lines decide for themselves."""
        is_known = await self._desk.knows(self._person)
        welcome = Span(self._words("welcome-terminal"), Style.STRONG)
        if not self._lines.is_interactive:
            begin = Button(self._words("begin"), Practice(), primary=True)
            hint = Span("\n" + self._words("welcome-terminal-enter"))
            await self._write(self._shown(Show(View((welcome, hint), ((begin,),)))))
        elif is_known:
            await self._turn([Today()], is_tap=False)
        else:
            hint = Span("\n" + self._words("welcome-terminal-begin"))
            await self._write(self._shown(Show(View((welcome, hint)))))
            await self._turn([Practice()], is_tap=False)

    async def _take(self, line: str) -> bool:
        """Answers a line; False if it takes leave."""
        meant = parse(plain(line), self._standing)
        match meant:
            case Leave():
                return False
            case Stray():
                await self._write(render_text(self._words("unknown-key"), self._lines.screen()))
            case Typed(intent):
                await self._turn([intent], is_tap=False)
            case Pressed(taps):
                await self._turn(taps, is_tap=True)
            case _:
                assert_never(meant)
        return True

    async def _turn(self, intents: Iterable[Intent], *, is_tap: bool) -> None:
        """Does one thing after another until one meets a hitch; of the views only the last is shown."""
        view: Reply | None = None
        notices: list[Notice] = []
        async with self._desk.queue(self._person):
            for intent in intents:
                for reply in await self._answer(intent, is_tap=is_tap):
                    if isinstance(reply, Notice):
                        notices.append(reply)
                    else:
                        view = reply
                if notices:
                    break
            texts = [await self._text(reply) for reply in (view, *notices) if reply]
            await self._write("\n\n".join(filter(None, texts)))

    async def _answer(self, intent: Intent, *, is_tap: bool) -> list[Reply]:
        key = next(self._keys)
        incoming = Incoming(key, self._person, self._place, self._locale, intent, is_tap, self._name)
        try:
            return await self._desk.handle(incoming)
        except Exception:
            log.exception("a turn failed: %s", type(intent).__name__)
            return [self._desk.sorry(self._locale)]

    async def _text(self, reply: Reply) -> str:
        """The text of a reply, after what came with it was saved."""
        attached = None if isinstance(reply, Notice) else reply.view.attached
        if attached is None or (isinstance(reply, Replace) and attached == self._standing.attached):
            return self._shown(reply)
        return self._shown(reply, await self._save(attached))

    async def _save(self, attached: Picture | File) -> Saved:
        is_picture = isinstance(attached, Picture)
        name, content = (PICTURE, attached.png) if isinstance(attached, Picture) else (attached.name, attached.content)
        try:
            path = await asyncio.to_thread(self._downloads.save, name, content)
        except OSError as error:
            return Saved(self._words("not-saved", name=name, why=error.strerror or str(error)))
        return Saved(self._words("saved-picture" if is_picture else "saved-file", path=str(path)), path)

    def _shown(self, reply: Reply, saved: Saved | None = None) -> str:
        """The text of a reply; its buttons become the ones the keys press.

        As in a chat, a new message without buttons leaves those of the message before it, an edit takes them away.
        """
        screen = self._lines.screen()
        match reply:
            case Notice(text):
                return render_text(text, screen)
            case Show(view):
                if view.rows:
                    self._standing = view
                return render(view, screen, self._words, saved=saved)
            case Replace(view):
                above, self._standing = self._standing, view
                return render(view, screen, self._words, above, saved)
            case _:
                assert_never(reply)

    async def _write(self, text: str) -> None:
        await self._lines.write(f"{text}\n\n")

    async def _suggest(self, begun: str) -> list[tuple[str, str]]:
        """Lines that a begun command may become, and what each is about."""
        head, blank, rest = begun.partition(" ")
        if not head.startswith("/"):
            return []
        if not blank:
            menu = self._desk.menu(self._locale)
            return [(f"/{entry.name}", entry.about) for entry in menu if f"/{entry.name}".startswith(head.lower())]
        command = BY_NAME.get(head[1:].lower())
        parameters = command.parameters if command else ()
        wanted = [parameter.suggest for parameter in parameters if parameter.suggest]
        values = [value for parameter in parameters for value in parameter.values if value.startswith(rest.lower())]
        found = [await self._desk.suggest(self._person, what, rest) for what in wanted]
        completed = [(f"{head} {scope}", title) for each in found for title, scope in each]
        return [*((f"{head} {value}", "") for value in values), *completed]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that no user has
        return "you"


def _locale(environ: Mapping[str, str]) -> str:
    """The language of the environment, as BCP 47."""
    said = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    locale = said.partition(".")[0].partition("@")[0].replace("_", "-")
    return "en" if locale in ("", "C", "POSIX") else locale


def _hush() -> None:
    """Nobody reads what we print any more: let the interpreter's last flush go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
