"""What a person did on Discord, as the core takes it. All of it is hostile input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord

from adapters.desk import name_of
from adapters.discord.address import Address
from adapters.discord.render import ENTRY, SELECT
from bot.chat import codec
from bot.chat.commands import BY_NAME, LONGEST_SAID, Parameter, Suggest, read_line
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Choose, Intent, Open, Unknown

Event = discord.Interaction[discord.Client]
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A tap that opens a line to type in."""

    carries: str  # the intent as the button carries it
    caption: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A parameter that somebody is typing."""

    what: Suggest
    text: str


def person_of(user: discord.abc.User) -> Person:
    """Whose account it is."""
    return Person("discord", str(user.id))


def data_of(event: Event) -> Data:
    """What the event carries, whatever its kind."""
    return cast("Data", event.data or {})


def heard(event: Event) -> Incoming:
    """A command, a tap or a filled form."""
    data = data_of(event)
    match event.type:
        case discord.InteractionType.component:
            intent = tapped(data)
        case discord.InteractionType.modal_submit:
            intent = filled(data)
        case _:
            intent = command(data)
    is_tap = event.type is not discord.InteractionType.application_command
    return Incoming(
        key=f"discord:{event.id}",
        person=person_of(event.user),
        place=place_of(event),
        locale=event.locale.value,
        intent=intent,
        is_tap=is_tap,
        name=name_of(event.user.display_name),
        is_admin=is_admin(event.permissions),
    )


def place_of(event: Event) -> Place:
    """Where it happened. A person's chat is their user id: pushes go there by direct message.

    A channel of a server is a room where the bot itself is in the server, and not on the person's account alone.
    """
    chat, channel = str(event.user.id), event.channel
    if channel is None or not event.is_guild_integration():
        return Place(chat)
    if isinstance(channel, discord.Thread):
        return Place(chat, room=str(Address(channel.parent_id)), spot=str(Address(channel.id)))
    may = event.app_permissions
    has_threads = channel.type is discord.ChannelType.text and may.create_public_threads
    return Place(chat, room=str(Address(channel.id)), has_threads=has_threads and may.send_messages_in_threads)


def is_admin(permissions: discord.Permissions) -> bool:
    """Somebody who keeps order where these permissions hold."""
    return permissions.administrator or permissions.manage_guild or permissions.manage_messages


def said(message: discord.Message) -> Incoming:
    """A direct message; Discord does not tell its writer's language."""
    author = message.author
    return Incoming(
        key=f"discord:{message.id}",
        person=person_of(author),
        place=Place(str(author.id)),
        locale="",
        intent=read_line(message.content),
        name=name_of(author.display_name),
    )


def command(data: Data) -> Intent:
    """The intent of a slash command."""
    known = BY_NAME.get(str(data.get("name")))
    if known is None:
        return Unknown(str(data.get("name", "")))
    options = {option.get("name"): option.get("value") for option in _dicts(data.get("options"))}
    given = {
        parameter.name: value
        for parameter in known.parameters
        if (value := _given(parameter, options.get(parameter.name))) is not None
    }
    return known.build(given)


def tapped(data: Data) -> Intent:
    """The intent of a button or of a select's option."""
    carried = _carried(data)
    return codec.decode(carried) or Unknown(carried)


def entry(data: Data) -> Entry | None:
    """What a tap opens to type in, None if it opens nothing."""
    kind, _, rest = _carried(data).partition("|")
    carries, _, caption = rest.partition("|")
    if kind != ENTRY or not caption.strip() or not isinstance(codec.decode(carries), Open):
        return None
    return Entry(carries, caption)


def filled(data: Data) -> Intent:
    """The intent of what was typed into the line that a tap opened."""
    carried = str(data.get("custom_id", ""))
    text = next((part["value"] for part in _parts(data) if isinstance(part.get("value"), str)), None)
    match codec.decode(carried):
        case Open(field) if text is not None:
            return Choose(field, text[:LONGEST_SAID])
        case _:
            return Unknown(carried)


def completion(data: Data) -> Completion | None:
    """The parameter that is being typed, None if it is not one that we complete."""
    known = BY_NAME.get(str(data.get("name")))
    typed = next((option for option in _dicts(data.get("options")) if option.get("focused")), None)
    if known is None or typed is None:
        return None
    for parameter in known.parameters:
        if parameter.name == typed.get("name") and parameter.suggest:
            return Completion(parameter.suggest, str(typed.get("value", ""))[:LONGEST_SAID])
    return None


def _given(parameter: Parameter, value: object) -> str | None:
    if not parameter.is_number:
        return value[:LONGEST_SAID] if isinstance(value, str) else None
    if not isinstance(value, int):
        return None
    low = value if parameter.low is None else parameter.low
    high = value if parameter.high is None else parameter.high
    return str(min(max(value, low), high))


def _carried(data: Data) -> str:
    custom_id = str(data.get("custom_id", ""))
    if custom_id.partition("|")[0] != SELECT:
        return custom_id
    values = data.get("values")
    return str(values[0]) if isinstance(values, list) and values else ""


def _dicts(values: object) -> list[Data]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _parts(data: Data) -> Iterator[Data]:
    """Every component of a filled form."""
    inner = [*_dicts(data.get("components")), *_dicts([data.get("component")])]
    for part in inner:
        yield part
        yield from _parts(part)
