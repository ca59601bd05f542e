"""People on the test server: what they do with the bot, and what they see of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tests.platform.discord_checks import ROW, SELECTS, Json, Refused, walk
from tests.platform.discord_commands import Option, filled
from tests.platform.discord_limits import limit
from tests.platform.discord_seen import Control, Seen, seen
from tests.platform.discord_world import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Account,
    Channel,
    Guild,
    Interaction,
    Message,
    World,
)

Found = TypeVar("Found")
PATIENCE_S = 2.0
TOO_LATE = "The application did not respond in time"


class Server(Protocol):
    """What people need of the server they are on."""

    world: World

    async def sends(
        self, kind: int, account: Account, channel: Channel, data: Json, source: Message | None
    ) -> Interaction:
        """Sends the bot an interaction; returns when it answered or its time is up."""


class Person:
    """Someone who uses the bot."""

    def __init__(self, server: Server, account: Account) -> None:
        self._server = server
        self._world = server.world
        self.account = account
        self.modal: Json | None = None  # the modal open before them
        self._modal_source: Message | None = None
        self._mark = 0

    @property
    def id(self) -> int:
        """The user id."""
        return self.account.id

    @property
    def name(self) -> str:
        """The shown name."""
        return self.account.name

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self._world.dm(self.account)

    @property
    def mention(self) -> str:
        """The text that mentions this person."""
        return f"<@{self.id}>"

    def sees_in(self, where: Channel | Guild | None = None) -> list[Seen]:
        """What the bot wrote and this person can see, oldest first."""
        return [seen(message) for message in self._visible(where)]

    @property
    def messages(self) -> list[Seen]:
        """What the bot wrote and this person can see anywhere, oldest first."""
        return self.sees_in()

    @property
    def last(self) -> Seen:
        """The newest of the messages."""
        visible = self._visible(None)
        assert visible, f"{self.name} sees nothing of the bot"
        return seen(visible[-1])

    @property
    def chat(self) -> str:
        """All that this person sees, as text."""
        lines = []
        for message in self._world.messages.values():
            if message.visible_to(self.account):
                shown = seen(message)
                mine = message.author is not self._world.bot
                lines.append(f"{shown.where} {message.author.name}: {shown.text}" if mine else str(shown))
        if self.modal is not None:
            fields = [part.get("label") for part in walk(self.modal["components"]) if part.get("label")]
            lines.append(f"(modal) {self.modal['title']}: {fields}")
        return "\n".join(lines) or "(nothing)"

    def _visible(self, where: Channel | Guild | None, *, since: int = 0) -> list[Message]:
        channel = where.channel if isinstance(where, Guild) else where
        found = [
            message
            for place in ([channel] if channel else self._world.channels_of(self.account))
            for message in place.messages
            if message.revision > since and message.author is self._world.bot and message.visible_to(self.account)
        ]
        return sorted(found, key=lambda message: message.id)

    async def _until(self, look: Callable[[], Found | None], what: str, timeout_s: float) -> Found:
        try:
            async with asyncio.timeout(timeout_s):
                while (found := look()) is None:
                    await self._world.change()
                return found
        except TimeoutError:
            raise AssertionError(f"{self.name} waited {timeout_s} s for {what}. The chat:\n{self.chat}") from None

    async def sees(
        self,
        text: str,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - seconds, as a test reads best
        where: Channel | Guild | None = None,
        ever: bool = False,
    ) -> Seen:
        """Waits for a message with that text, new or changed since this person's last act (`ever`: however old)."""

        def look() -> Seen | None:
            for message in reversed(self._visible(where, since=0 if ever else self._mark)):
                shown = seen(message)
                if text in shown.text:
                    return shown
            return None

        return await self._until(look, f"{text!r}", timeout)

    async def runs(self, name: str, *, where: Channel | Guild | None = None, **options: Option) -> Interaction:
        """Runs a slash command ("quiz", or "exam set" with a subcommand), in direct messages unless told where."""
        channel = self._at(where)
        data = filled(self._world, self.account, channel, name, options)
        return await self._acts(COMMAND, channel, data)

    async def types_option(
        self, name: str, option: str, text: str, *, where: Channel | Guild | None = None, **options: Option
    ) -> list[tuple[str, Any]]:
        """Types into an option with autocomplete; returns the choices as names and values."""
        channel = self._at(where)
        data = filled(self._world, self.account, channel, name, {**options, option: text}, focused=option)
        made = await self._acts(AUTOCOMPLETE, channel, data)
        return [(choice["name"], choice["value"]) for choice in made.choices]

    def _at(self, where: Channel | Guild | None) -> Channel:
        channel = where.channel if isinstance(where, Guild) else where or self.dm
        assert channel.has(self.account), f"{self.name} is not in {channel.name}"
        return channel

    async def _acts(self, kind: int, channel: Channel, data: Json, source: Message | None = None) -> Interaction:
        self._mark = self._world.revision
        made = await self._server.sends(kind, self.account, channel, data, source)
        if made.modal is not None:
            self.modal, self._modal_source = made.modal, source
        return made

    def _control(
        self, fits: Callable[[Control], bool], on: Seen | None, where: Channel | Guild | None
    ) -> "_Place | None":
        """The newest message with controls (or the given one) and its control that fits."""
        for message in reversed(self._visible(where)):
            shown = seen(message)
            if (shown.id == on.id) if on is not None else shown.rows:
                found = next((control for row in shown.rows for control in row if fits(control)), None)
                return None if found is None else _Place(message, found)
        return None

    async def presses(
        self,
        label: str,
        *,
        message: Seen | None = None,
        where: Channel | Guild | None = None,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - seconds, as a test reads best
    ) -> Interaction:
        """Presses a button by its label or its beginning, on the newest message with controls or the given one."""

        def exactly(control: Control) -> bool:
            return control.kind == 2 and control.label == label

        def about(control: Control) -> bool:
            return control.kind == 2 and control.label.startswith(label)

        def look() -> _Place | None:
            return self._control(exactly, message, where) or self._control(about, message, where)

        place = await self._until(look, f"a button {label!r}", timeout)
        assert not place.control.disabled, f"The button {label!r} is disabled. The chat:\n{self.chat}"
        assert place.control.custom_id, f"The button {label!r} is a link"
        return await self._taps(place)

    async def selects(
        self,
        select: str,
        *labels: str,
        message: Seen | None = None,
        where: Channel | Guild | None = None,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - seconds, as a test reads best
    ) -> Interaction:
        """Picks options by their labels in the select with that placeholder or custom id."""

        def look() -> _Place | None:
            def fits(control: Control) -> bool:
                return control.kind in SELECTS and (control.label.startswith(select) or control.custom_id == select)

            return self._control(fits, message, where)

        place = await self._until(look, f"a select {select!r}", timeout)
        assert not place.control.disabled, f"The select {select!r} is disabled"
        part = next(
            part for part in walk(place.message.body["components"]) if part.get("custom_id") == place.control.custom_id
        )
        return await self._taps(place, _picked(part, labels))

    async def _taps(self, place: "_Place", values: list[str] | None = None) -> Interaction:
        data: Json = {"custom_id": place.control.custom_id, "component_type": place.control.kind}
        if values is not None:
            data["values"] = values
        return await self._acts(COMPONENT, place.message.channel, data, place.message)

    async def presses_id(
        self, message: Seen | int, custom_id: str, *, component_type: int = 2, values: list[str] | None = None
    ) -> Interaction:
        """Sends a tap with any custom id on any message, as a modified client can."""
        source = self._world.messages[message if isinstance(message, int) else message.id]
        data: Json = {"custom_id": custom_id, "component_type": component_type}
        if values is not None:
            data["values"] = values
        return await self._acts(COMPONENT, source.channel, data, source)

    async def fills(self, title: str | None, values: dict[str, str | list[str]]) -> Interaction:
        """Fills the open modal, whose title has that text, by the labels of its fields, and submits it."""
        modal, source = self.modal, self._modal_source
        assert modal is not None, f"No modal is open before {self.name}. The chat:\n{self.chat}"
        assert not title or title in modal["title"], f"The open modal is {modal['title']!r}, not {title!r}"
        left = dict(values)
        components = [_submitted(part, left) for part in modal["components"]]
        assert not left, f"The modal has no field {list(left)}"
        channel = source.channel if source is not None else self._modal_channel(modal)
        self.modal = None
        data: Json = {"custom_id": modal["custom_id"], "components": components}
        return await self._acts(MODAL_SUBMIT, channel, data, source)

    def _modal_channel(self, modal: Json) -> Channel:
        return next(made.channel for made in self._world.interactions.values() if made.modal is modal)

    async def says(self, text: str, *, where: Channel | Guild | None = None) -> Message:
        """Writes a message, in direct messages unless told where."""
        channel = self._at(where)
        self._mark = self._world.revision
        return self._world.post(channel, self.account, {"content": text})

    def closes_dms(self, code: int = 50007) -> None:
        """Makes direct messages to this person fail with 50007, 50278 or 40003."""
        words = {50007: "Cannot send messages to this user", 50278: "Cannot send messages to this user"}
        words[40003] = "You are opening direct messages too fast"
        self.account.closed = Refused(403, code, words[code])

    def opens_dms(self) -> None:
        """Lets direct messages through again."""
        self.account.closed = None

    def uninstalls(self) -> None:
        """Takes the app off the own account: commands then need a shared server."""
        self.account.installed = False


@dataclass(frozen=True)
class _Place:
    message: Message
    control: Control


def _picked(part: Json, labels: tuple[str, ...] | list[str]) -> list[str]:
    values = {option["label"]: option["value"] for option in part.get("options") or []}
    if part["type"] == 3:
        unknown = [label for label in labels if label not in values]
        assert not unknown, f"No option {unknown} among {list(values)}"
    least, most = part.get("min_values"), part.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    assert least <= len(labels) <= most, f"{len(labels)} options picked, the select takes {least} to {most}"
    return [values.get(label, label) for label in labels]


def _submitted(part: Json, left: dict[str, str | list[str]]) -> Json:
    """A component of a modal as the client sends it back, taking its value from `left`."""
    if part["type"] == ROW:
        inner = part["components"][0]
        value = left.pop(inner["label"], inner.get("value") or "")
        return {"type": ROW, "components": [_field(inner, inner["label"], value)]}
    if part["type"] == 18:
        inner = part["component"]
        value = left.pop(part["label"], inner.get("value") or "")
        return {"type": 18, "component": _field(inner, part["label"], value)}
    return {"type": part["type"], "content": part.get("content")}


def _field(part: Json, label: str, value: str | list[str]) -> Json:
    shown: Json = {"type": part["type"], "custom_id": part["custom_id"], "id": part.get("id", 0)}
    required = part.get("required", True) is not False
    if part["type"] in SELECTS:
        picked = [value] if isinstance(value, str) and value else list(value)
        return shown | {"values": _picked(part, picked) if picked or required else []}
    assert isinstance(value, str), f"The field {label!r} takes text"
    least, most = max(part.get("min_length") or 0, int(required)), part.get("max_length") or limit("input_value")
    fits = least <= len(value) <= most or not (value or required)
    assert fits, f"The field {label!r} takes {least} to {most} characters, not {len(value)}"
    return shown | {"value": value}
