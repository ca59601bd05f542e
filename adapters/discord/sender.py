"""Sending and editing messages of the bot's own accord: in direct messages, channels and threads."""

from collections.abc import Awaitable, Callable
from hashlib import blake2s
from typing import Final

import discord

from adapters.discord import render
from adapters.discord.address import Address
from adapters.discord.answer import edited, sent
from adapters.discord.receipts import GONE, NO_CHANNEL, ROOM_GONE, TRANSIENT, VANISHED, receipt_of
from bot.chat.view import View
from bot.ports import Delivered, Receipt, Vanished

ARCHIVE_AFTER_MIN: Final = 60  # a thread where nothing happens leaves the list of those that are open
HAS_THREAD = 160004
MOST_REMEMBERED = 1000  # addresses
ELSEWHERE = ROOM_GONE | VANISHED  # what a thread answers that is not there, closed to us, or without this message

Place = discord.DMChannel | discord.PartialMessageable
Act = Callable[[Place], Awaitable[discord.abc.Snowflake]]  # gives the message


class Sender:
    """Sends as one connected client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._threadless: dict[Address, None] = {}  # found to have no thread; their messages stand in the channel

    async def send(self, to: Address, view: View) -> Receipt:
        """Sends a message.

        The nonce makes Discord give back the first message if the same one is sent twice within minutes: what a
        process sent and did not live to record is not seen twice.
        """
        message = render.message(view)
        nonce = _nonce(to, message)

        async def post(place: Place) -> discord.Message:
            return await place.send(**sent(message), nonce=nonce)

        return await self._do(to, post, render.title(view))

    async def edit(self, to: Address, number: int, view: View) -> Receipt:
        """Edits a message."""
        message = render.message(view)

        async def change(place: Place) -> discord.Message:
            return await place.get_partial_message(number).edit(**edited(message))

        return await self._do(to, change)

    async def _do(self, to: Address, act: Act, title: str | None = None) -> Receipt:
        """Acts where the address leads; a thread that is not there is started if it has a title."""
        try:
            place = await self._place(to)
        except TRANSIENT as error:
            return receipt_of(error, everyone=True)
        try:
            message = await self._act_in_thread(to, act, title) or await act(place)
        except TRANSIENT as error:
            if title is None and isinstance(error, discord.HTTPException) and error.code in VANISHED:
                return Vanished()
            return receipt_of(error, everyone=False, gone=ROOM_GONE if to.is_room else GONE)
        return Delivered(str(message.id))

    async def _place(self, to: Address) -> Place:
        """The direct messages or the channel."""
        if to.is_room:
            return self._client.get_partial_messageable(to.number)
        return await self._client.create_dm(discord.Object(to.number))

    async def _act_in_thread(self, to: Address, act: Act, title: str | None) -> discord.abc.Snowflake | None:
        """The message, None if it has to stand in the channel, or does."""
        if to.thread is None or to in self._threadless:
            return None
        thread = self._client.get_partial_messageable(to.thread)
        code, message = await _tried(act, thread)
        if code == NO_CHANNEL and title and await self._branch(to, to.thread, title):
            _, message = await _tried(act, thread)
        if message is None and title:
            self._remember_threadless(to)
        return message

    async def _branch(self, to: Address, message: int, title: str) -> bool:
        """Starts the thread off a message; False if there can be none."""
        start = self._client.http.start_thread_with_message
        try:
            await start(to.number, message, name=title, auto_archive_duration=ARCHIVE_AFTER_MIN)
        except discord.HTTPException as error:
            if error.status == 429 or isinstance(error, discord.DiscordServerError):
                raise
            return error.code == HAS_THREAD
        return True

    def _remember_threadless(self, to: Address) -> None:
        """Saves every later message the requests that are refused; the oldest is forgotten."""
        while len(self._threadless) >= MOST_REMEMBERED:
            del self._threadless[next(iter(self._threadless))]
        self._threadless[to] = None


async def _tried(act: Act, thread: Place) -> tuple[int, discord.abc.Snowflake | None]:
    """The message, or the code of why it is not in the thread."""
    try:
        return 0, await act(thread)
    except discord.HTTPException as error:
        if error.code not in ELSEWHERE:
            raise
        return error.code, None


def _nonce(to: Address, message: render.Message) -> str:
    """The same for the same message to the same person, at most 25 characters."""
    told = blake2s(digest_size=12)
    told.update(repr((str(to), [embed.description for embed in message.embeds], message.rows)).encode(errors="replace"))
    if message.attached:
        told.update(message.attached.content)
    return told.hexdigest()
