"""Answering one interaction: directly while it is early, by a deferral and an edit when the turn takes longer."""

import asyncio
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import discord

from adapters.discord import render
from adapters.discord.parse import Event
from adapters.discord.render import Attachment, Json, Message
from bot.chat.view import Notice, Replace, Reply, Show

DEFERRED = discord.InteractionResponseType.deferred_channel_message  # "is thinking" until its first edit

# What Discord says of an answer that came too late, twice, or to a message that is gone: nothing is left to do.
OVER = frozenset({10008, 10015, 10062, 40060, 50027})


class Rows(discord.ui.View):
    """Components as the API takes them; nothing listens for them here, and the library forgets them at once."""

    def __init__(self, rows: list[Json]) -> None:
        super().__init__(timeout=None)
        self._rows_as_sent = rows
        self.stop()

    def to_components(self) -> list[Json]:
        """The components."""
        return self._rows_as_sent


class Answer:
    """The answer to one interaction; among others only the one who acted sees it, unless it is for all of them.

    `is_public` says so before there is an answer: a deferral has to be of one kind or the other.
    """

    def __init__(self, event: Event, defer_after_s: float, *, is_public: bool = False) -> None:
        self._event = event
        self._is_among_others = not event.context.dm_channel
        self._is_public = is_public
        self._has_shown = False
        self._deferral: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(defer_after_s, self._begin_deferral)

    @property
    def _can_edit(self) -> bool:
        """Whether what this tap brings may be seen by all who see the message that was tapped."""
        message = self._event.message
        return message is not None and (not self._is_among_others or message.flags.ephemeral or self._is_public)

    async def give(self, replies: Iterable[Reply]) -> None:
        """Shows the replies; of a tap no receipt, as the message that was tapped shows what came of it."""
        await self._settle()
        for reply in replies:
            if isinstance(reply, Notice) and reply.is_receipt and self._event.message is not None:
                continue
            await self._show(reply)
            self._has_shown = True
        if not self._has_shown:
            await self.give_nothing()

    async def give_nothing(self) -> None:
        """Acknowledges it, with nothing to see."""
        await self._settle()
        if self._event.response.type is None:
            await self._event.response.defer(ephemeral=True)
        if self._event.response.type is DEFERRED:
            await self._event.delete_original_response()

    async def open_modal(self, modal: discord.ui.Modal) -> None:
        """Opens a form."""
        await self._settle()
        modal.stop()  # what is typed comes back as an event like any other: the library need not remember the form
        await self._event.response.send_modal(modal)

    async def complete(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offers titles and what each stands for."""
        self._timer.cancel()
        named = [discord.app_commands.Choice(name=render.cut(title, 100), value=value) for title, value in choices]
        await self._event.response.autocomplete(named)

    def close(self) -> None:
        """No deferral from here on."""
        self._timer.cancel()

    async def _settle(self) -> None:
        self._timer.cancel()
        if self._deferral is not None:
            await self._deferral

    def _begin_deferral(self) -> None:
        self._deferral = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
        is_for_one = self._is_among_others and not self._is_public
        await self._event.response.defer(thinking=self._event.message is None, ephemeral=is_for_one)

    async def _show(self, reply: Reply) -> None:
        event, done = self._event, self._event.response.type
        message = content_of(reply)
        replaces = isinstance(reply, Replace) and self._can_edit
        is_for_one = self._is_for_one(reply)
        if done is DEFERRED and not self._has_shown and self._is_among_others and self._is_public and is_for_one:
            await event.delete_original_response()  # "is thinking" stands there for all, and so would what replaced it
            self._has_shown = True
        if done is None and replaces:
            await event.response.edit_message(**edited(message))
        elif done is None:
            await event.response.send_message(**sent(message), ephemeral=is_for_one)
        elif not self._has_shown and (replaces or done is DEFERRED):
            await event.edit_original_response(**edited(message))
        else:
            await event.followup.send(**sent(message), ephemeral=is_for_one)

    def _is_for_one(self, reply: Reply) -> bool:
        if isinstance(reply, Notice):
            return True
        return self._is_among_others and not (isinstance(reply, Show) and reply.is_public)


def content_of(reply: Reply) -> Message:
    """A reply as a message."""
    return render.notice(reply) if isinstance(reply, Notice) else render.message(reply.view)


def is_over(error: BaseException) -> bool:
    """True if Discord no longer takes an answer to this interaction."""
    if isinstance(error, discord.InteractionResponded):
        return True
    return isinstance(error, discord.HTTPException) and error.code in OVER


def sent(message: Message) -> dict[str, Any]:
    """A message as the library's sending takes it."""
    shown = _words(message)
    return shown if message.attached is None else shown | {"file": _file(message.attached)}


def edited(message: Message) -> dict[str, Any]:
    """A message as the library's editing takes it; what hung on it before comes off.

    Always, for a message does not tell: a picture that its embed shows is not among its attachments.
    """
    return _words(message) | {"attachments": [_file(message.attached)] if message.attached else []}


def _words(message: Message) -> dict[str, Any]:
    shown: dict[str, Any] = {"embeds": message.embeds, "view": Rows(message.rows)}
    return shown if message.content is None else shown | {"content": message.content}


def _file(attached: Attachment) -> discord.File:
    """A file for one sending: the library reads it only once."""
    return discord.File(BytesIO(attached.content), attached.name, spoiler=False, description=attached.about)
