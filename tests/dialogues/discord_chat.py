"""A person's chat with the tutor on a local Discord: the real adapter, discord.py, and sockets."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters.desk import Desk
from adapters.discord.app import DiscordApp
from bot.bootstrap import Core
from bot.delivery.rounds import Rounds
from tests.adapters.scripted_desk import HURRY
from tests.dialogues.chat import World
from tests.platform.discord_checks import SELECTS
from tests.platform.discord_people import Person
from tests.platform.discord_seen import Control, Seen, seen
from tests.platform.discord_server import DiscordServer

TIMEOUT_S = 5.0
_MARKS = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])"
    r"|(?P<fence>`+)(?P<pad> ?)(?P<code>.+?)(?P=pad)(?P=fence)(?!`)"
    r"|\[(?P<link>(?:\\.|[^\]\\])*)\]\(\S+?\)"
    r"|\*\*|\|\||^> ",
    re.MULTILINE,
)


def plain(markdown: str) -> str:
    """What a reader sees of Discord's markdown."""

    def shown(found: re.Match[str]) -> str:
        if found["link"] is not None:
            return plain(found["link"])
        return found["escaped"] or found["code"] or ""

    return _MARKS.sub(shown, markdown)


class DiscordChat:
    """One person's direct messages with the tutor."""

    platform = "discord"

    def __init__(self, person: Person, server: DiscordServer, core: Core, app: DiscordApp, rounds: Rounds) -> None:
        self.person = person
        self.server = server
        self.core = core
        self.app = app
        self.rounds = rounds
        self.account = str(person.id)

    async def runs(self, command: str, **given: str | int) -> None:
        """Runs a slash command."""
        options: dict[str, Any] = {**given}
        await self.person.runs(command, **options)

    async def says(self, text: str) -> None:
        """Writes a direct message."""
        await self.person.says(text)

    async def taps(self, label: str) -> None:
        """Presses the button, or picks the option of a select."""
        labels = self.labels
        found = next((each for each in labels if each == label), None)
        found = found or next((each for each in labels if each.startswith(label)), None)
        assert found, f"No button {label!r} among {list(labels)}. The chat:\n{self.person.chat}"
        for control in self._controls():
            if control.kind not in SELECTS and control.label == found:
                await self.person.presses(found)
                return
            if found in [option for option, _ in control.options]:
                await self.person.selects(control.custom_id or "", found)
                return

    async def types(self, field: str, text: str) -> None:
        """Fills the form behind the button, or writes where there is none."""
        if not any(label.startswith(field) for label in self.labels):
            await self.says(text)
            return
        await self.taps(field)
        assert self.person.modal is not None, f"{field!r} opened no form"
        labels = [part["label"] for part in self.person.modal["components"]]
        await self.person.fills(None, {labels[0]: text})

    async def sees(self, text: str, *, timeout: float = TIMEOUT_S) -> str:  # noqa: ASYNC109 - the protocol's
        """Waits for the text in what is new since the last act."""

        def look() -> str | None:
            for message in reversed(self.person._visible(None, since=self.person._mark)):
                shown = plain(seen(message).text)
                if text in shown:
                    return shown
            return None

        return await self.person._until(look, f"{text!r}", timeout)

    @property
    def shown(self) -> str:
        """The newest message's words."""
        return plain(self.person.last.text)

    @property
    def labels(self) -> Sequence[str]:
        """The newest labels, an option of a select like a button."""
        return [
            label
            for control in self._controls()
            for label in ([option for option, _ in control.options] if control.kind in SELECTS else [control.label])
        ]

    @property
    def files(self) -> Mapping[str, bytes]:
        """What hangs on the newest message."""
        return {name: self.server.world.files[number] for name, number in self.person.last.files}

    @property
    def alt(self) -> str:
        """The alternative text of the newest message's picture."""
        return self.person.last.alt

    def _controls(self) -> list[Control]:
        newest: Seen | None = next((message for message in reversed(self.person.messages) if message.rows), None)
        return [control for row in newest.rows for control in row] if newest else []


@asynccontextmanager
async def open_discord(world: World) -> AsyncIterator[DiscordChat]:
    """The tutor on a Discord of its own, and Anna's chat with it."""
    core = world.core()
    try:
        async with DiscordServer() as server:
            app = DiscordApp(Desk(core.tutor, core.workers, HURRY), server.token, server.api_url, server.gateway_url)
            rounds = core.rounds({"discord": app})
            await app.start()
            rounds.start()
            try:
                yield DiscordChat(server.person("Anna"), server, core, app, rounds)
            finally:
                await rounds.stop()
                await app.stop()
    finally:
        core.close()
