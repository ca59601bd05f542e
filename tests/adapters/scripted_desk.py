"""A desk that says what a test wants, when it wants."""

import asyncio
import itertools
from collections.abc import Sequence
from weakref import WeakValueDictionary

from adapters.desk import Allowance, Desk
from bot.chat.incoming import Incoming
from bot.chat.view import Notice, Reply
from bot.present.words import words_for
from bot.tutor import MenuEntry

HURRY = 1_000_000  # events: tests act faster than people
SORRY = words_for("en")("sorry")


class Scripted(Desk):
    """Gives one reply after another, the last one for ever; an exception is raised; waits while `open` is not set."""

    def __init__(self, *replies: Sequence[Reply] | Exception, most_events: int = HURRY) -> None:
        self._replies = itertools.chain(replies, itertools.repeat(replies[-1]))
        self._queues = WeakValueDictionary()
        self._allowance = Allowance(most_events)
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

    async def moved(self, platform: str, chat: str, to: str) -> None:
        self.moves = (platform, chat, to)

    def menu(self, locale: str) -> list[MenuEntry]:  # noqa: ARG002
        return []

    def sorry(self, locale: str) -> Notice:  # noqa: ARG002
        return Notice(SORRY)
