"""Where every platform brings its events: a turn in one hop to a worker thread, a person's turns one after another."""

import asyncio
import unicodedata
from collections import OrderedDict, deque
from concurrent.futures import Executor
from weakref import WeakValueDictionary

from bot.chat.commands import Suggest
from bot.chat.incoming import Incoming, Person
from bot.chat.view import Notice, Reply
from bot.tutor import MenuEntry, Tutor

MOST_EVENTS = 30  # of one person in the span: more than anybody taps who reads
SPAN_S = 10.0
LONGEST_NAME = 64  # characters
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})  # not Cn: an emoji newer than this Python
_JOINERS = "\u200c\u200d"  # of scripts and emoji; every other invisible character only hides or turns something
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")  # letters to Unicode, nothing to the eye


class Desk:
    """The tutor, as an event loop may call it."""

    def __init__(self, tutor: Tutor, workers: Executor, most_events: int | None = None) -> None:
        self._tutor = tutor
        self._workers = workers
        self._queues: WeakValueDictionary[Person, asyncio.Lock] = WeakValueDictionary()
        self._allowance = Allowance(MOST_EVENTS if most_events is None else most_events)

    def allows(self, person: Person) -> bool:
        """Counts a person's event; False if it is one too many to do anything about."""
        return self._allowance.takes(person, asyncio.get_running_loop().time())

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

    async def moved(self, platform: str, chat: str, to: str) -> None:
        """A group has another id from now on."""
        await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.moved, platform, chat, to)

    def menu(self, locale: str) -> list[MenuEntry]:
        """The commands in a language."""
        return self._tutor.menu(locale)

    def sorry(self, locale: str) -> Notice:
        """What to say when a turn failed."""
        return self._tutor.sorry(locale)


class Allowance:
    """What everybody may do in a sliding span of time; who did nothing for as long is forgotten."""

    def __init__(self, most: int, span_s: float = SPAN_S) -> None:
        self._most = most
        self._span_s = span_s
        self._taken: OrderedDict[Person, deque[float]] = OrderedDict()  # by their newest event, oldest first

    def __len__(self) -> int:
        return len(self._taken)

    def takes(self, person: Person, now: float) -> bool:
        """Counts an event; False, and it is not counted, if it is one too many."""
        self._forget(now)
        taken = self._taken.setdefault(person, deque())
        while taken and taken[0] <= now - self._span_s:
            taken.popleft()
        if len(taken) >= self._most:
            return False
        taken.append(now)
        self._taken.move_to_end(person)
        return True

    def _forget(self, now: float) -> None:
        while self._taken:
            person, taken = next(iter(self._taken.items()))
            if taken[-1] > now - self._span_s:
                return
            del self._taken[person]


def name_of(said: str) -> str:
    """What a platform calls a person, as it can stand in anybody's message; "" where there is nothing to see.

    One line, without what controls a screen or turns the direction of the text around it.
    """
    if not said.isprintable():  # else nothing of it is unseen: most names
        said = "".join(" " if each.isspace() else each for each in said if each.isspace() or _is_kept(each))
    name = " ".join(said.translate(_BLANKS).split())[:LONGEST_NAME].rstrip(f" {_JOINERS}")
    return name if any(unicodedata.category(each)[0] in "LNPS" for each in name) else ""


def _is_kept(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _UNSEEN
