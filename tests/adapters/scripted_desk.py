"""A desk that says what a test wants, when it wants."""

import asyncio
import itertools
from collections.abc import Sequence
from weakref import WeakValueDictionary

from adapters.desk import Desk
from bot.chat.incoming import Incoming
from bot.chat.view import Notice, Reply
from bot.present.words import words_for
from bot.tutor import MenuEntry

SORRY = words_for("en")("sorry")


class Scripted(Desk):
    """Gives one reply after another, the last one for ever; an exception is raised; waits while `open` is not set."""

    def __init__(self, *replies: Sequence[Reply] | Exception) -> None:
        self._replies = itertools.chain(replies, itertools.repeat(replies[-1]))
        self._queues = WeakValueDictionary()
        self.open = asyncio.Event()
        self.open.set()
        self.taken: list[Incoming] = []

    async def handle(self, incoming: Incoming) -> list[Reply]:
        self.taken.append(incoming)
        await self.open.wait()
        reply = next(self._replies)
        if isinstance(reply, Exception):
            raise reply
        return list(reply)

    def menu(self, locale: str) -> list[MenuEntry]:  # noqa: ARG002
        return []

    def sorry(self, locale: str) -> Notice:  # noqa: ARG002
        return Notice(SORRY)
