"""Answering one interaction: directly while it is early, by a deferral and an edit when the turn takes longer."""

import asyncio
from collections.abc import Iterable
from typing import Any

import discord

from adapters.discord import render
from adapters.discord.parse import Event
from adapters.discord.render import Json, Message
from bot.chat.view import Notice, Replace, Reply

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
    """The answer to one interaction; in a server or a group only the one who acted sees it."""

    def __init__(self, event: Event, defer_after_s: float) -> None:
        self._event = event
        self._is_seen_by_all = not event.context.dm_channel
        self._has_shown = False
        self._deferral: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(defer_after_s, self._begin_deferral)

    @property
    def _can_edit(self) -> bool:
        """Whether the message that was tapped is the actor's alone."""
        message = self._event.message
        return message is not None and (not self._is_seen_by_all or message.flags.ephemeral)

    async def give(self, replies: Iterable[Reply]) -> None:
        """Shows the replies."""
        await self._settle()
        for reply in replies:
            await self._show(reply)
            self._has_shown = True

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
        await self._event.response.defer(thinking=self._event.message is None, ephemeral=self._is_seen_by_all)

    async def _show(self, reply: Reply) -> None:
        event, done = self._event, self._event.response.type
        message = content_of(reply)
        replaces = isinstance(reply, Replace) and self._can_edit
        if done is None and replaces:
            await event.response.edit_message(embeds=message.embeds, view=Rows(message.rows))
        elif done is None:
            await event.response.send_message(**sent(message), ephemeral=self._is_for_one(reply))
        elif not self._has_shown and (replaces or done is DEFERRED):
            await event.edit_original_response(**sent(message))
        else:
            await event.followup.send(**sent(message), ephemeral=self._is_for_one(reply))

    def _is_for_one(self, reply: Reply) -> bool:
        return self._is_seen_by_all or isinstance(reply, Notice)


def content_of(reply: Reply) -> Message:
    """A reply as a message."""
    return render.notice(reply) if isinstance(reply, Notice) else render.message(reply.view)


def is_over(error: BaseException) -> bool:
    """True if Discord no longer takes an answer to this interaction."""
    if isinstance(error, discord.InteractionResponded):
        return True
    return isinstance(error, discord.HTTPException) and error.code in OVER


def sent(message: Message) -> dict[str, Any]:
    """A message as the library's sending and editing take it."""
    shown: dict[str, Any] = {"embeds": message.embeds, "view": Rows(message.rows)}
    return shown if message.content is None else shown | {"content": message.content}
