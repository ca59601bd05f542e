"""Where every platform brings its events: a turn in one hop to a worker thread, a person's turns one after another."""

import asyncio
from concurrent.futures import Executor
from weakref import WeakValueDictionary

from bot.chat.commands import Suggest
from bot.chat.incoming import Incoming, Person
from bot.chat.view import Notice, Reply
from bot.tutor import MenuEntry, Tutor


class Desk:
    """The tutor, as an event loop may call it."""

    def __init__(self, tutor: Tutor, workers: Executor) -> None:
        self._tutor = tutor
        self._workers = workers
        self._queues: WeakValueDictionary[Person, asyncio.Lock] = WeakValueDictionary()

    def queue(self, person: Person) -> asyncio.Lock:
        """The lock that keeps one person's events in order; hold it from the turn to the last edit."""
        return self._queues.setdefault(person, asyncio.Lock())

    async def handle(self, incoming: Incoming) -> list[Reply]:
        """What to show for an event."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.handle, incoming)

    async def knows(self, person: Person) -> bool:
        """Somebody who has been here before."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.knows, person)

    async def suggest(self, person: Person, what: Suggest, text: str) -> list[tuple[str, str]]:
        """Titles and ids that complete what a person has begun to type."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.suggest, person, what, text)

    def menu(self, locale: str) -> list[MenuEntry]:
        """The commands in a language."""
        return self._tutor.menu(locale)

    def sorry(self, locale: str) -> Notice:
        """What to say when a turn failed."""
        return self._tutor.sorry(locale)
