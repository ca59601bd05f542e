"""A room with a tutor and people in it: events go in by the one door, outcomes and buttons are looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from bot.atlas import TownAtlas
from bot.chat.codec import decode, encode
from bot.chat.commands import read_line
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent, Mark, Pick, Submit, Tap
from bot.chat.view import Notice, Replace, Reply, Show, View
from bot.domain.answer import Confidence
from bot.domain.ids import PackId
from bot.domain.learner import Learner
from bot.domain.pack import Pack
from bot.ports import Attempt
from bot.present.message import message
from bot.present.words import Words
from bot.store.database import Database
from bot.store.tables import attempt, session
from bot.tutor import Tutor
from bot.usecases.outcome import Asked, Graded, Locked, Outcome, Posed, Pushed
from tests.dialogues.chat import MovedClock

Kind = TypeVar("Kind")


class Room:
    """One tutor on one database; `last` is the outcome of the latest event."""

    def __init__(
        self, database: Database, packs: dict[PackId, Pack], clock: MovedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.database = database
        self.packs = dict(packs)  # a test may edit them
        self.clock = clock
        self.tutor = Tutor(database, self.packs, TownAtlas(), clock, Random(7))
        self.outcomes: list[Outcome] = []
        self._keys = count(1)
        monkeypatch.setattr("bot.tutor.message", self._noted)  # outcomes are looked at on their way to the real words

    def _noted(self, outcome: Outcome, words: Words) -> View | Notice:
        self.outcomes.append(outcome)
        return message(outcome, words)

    def person(self, account: str = "1", platform: str = "telegram", locale: str = "en") -> "Guest":
        """Somebody who writes in private."""
        return Guest(self, Person(platform, account), Place(f"chat-{account}"), locale)

    def key(self) -> str:
        """The key of an event that never was before."""
        return f"event-{next(self._keys)}"

    def attempts(self) -> list[Attempt]:
        """Every answer that is kept, oldest first."""
        with self.database.begin() as work:
            ids = self.select(sa.select(attempt.c.ask_id).order_by(attempt.c.answered_at, attempt.c.ask_id))
            return [found for row in ids if (found := work.attempt(row.ask_id))]

    def sessions(self) -> int:
        """How many sessions were opened."""
        return int(self.select(sa.select(sa.func.count()).select_from(session))[0][0])

    def change(self, statement: sa.Update | sa.Delete) -> None:
        """Changes the database past the store."""
        engine = sa.create_engine(self.database.engine.url)
        with engine.begin() as connection:
            connection.execute(statement)
        engine.dispose()

    def select(self, statement: sa.Select[Any]) -> list[Any]:
        """What the database holds, read past the store."""
        engine = sa.create_engine(self.database.engine.url)
        with engine.connect() as connection:
            rows = list(connection.execute(statement))
        engine.dispose()
        return rows


@dataclass
class Guest:
    """One person; keeps the newest message with buttons, as a chat window does."""

    room: Room
    who: Person
    place: Place
    locale: str
    view: View = field(default_factory=lambda: View(()))
    notice: str | None = None  # of the latest event
    replies: list[Reply] = field(default_factory=list)
    outcome: Outcome | None = None  # of their latest event

    def does(self, intent: Intent, *, is_tap: bool = False, key: str | None = None) -> Outcome:
        """Brings an event and gives its outcome."""
        before = len(self.room.outcomes)
        incoming = Incoming(key or self.room.key(), self.who, self.place, self.locale, intent, is_tap)
        self.replies = self.room.tutor.handle(incoming)
        self.notice = None
        for reply in self.replies:
            match reply:
                case Notice(text):
                    self.notice = text
                case Show(view) | Replace(view):
                    self.view = view
        self.outcome = self.room.outcomes[before]  # what stands beside a hitch comes after it
        return self.outcome

    def says(self, line: str, *, key: str | None = None) -> Outcome:
        """Types a line, a command or words."""
        return self.does(read_line(line), key=key)

    def taps(self, wanted: type[Tap] | Tap | Callable[[Tap], bool], *, key: str | None = None) -> Outcome:
        """Taps the first button of the newest message that carries such an intent, as a platform gives it back."""
        for button in self.view.buttons:
            intent = decode(encode(button.intent))
            assert intent == button.intent
            is_it = isinstance(intent, wanted) if isinstance(wanted, type) else intent == wanted
            if is_it or (callable(wanted) and not isinstance(wanted, type) and wanted(intent)):
                return self.does(intent, is_tap=True, key=key)
        raise AssertionError(f"no button {wanted} among {[button.intent for button in self.view.buttons]}")

    @property
    def learner(self) -> Learner:
        """What the tutor knows of them."""
        with self.room.database.begin() as work:
            found = work.learner_of(self.who)
        assert found is not None
        return found

    def posed(self) -> Posed:
        """The question that the latest outcome shows."""
        assert isinstance(self.outcome, Asked | Locked | Graded | Pushed), self.outcome
        return self.outcome.posed

    def answers(self, *, right: bool = True, confidence: Confidence | None = Confidence.SURE) -> Outcome:
        """Answers the question that stands with taps, and says how sure; None leaves that open."""
        places = keys_of(self.posed()) if right else misses_of(self.posed())
        if len(places) == 1:
            outcome = self.taps(lambda intent: isinstance(intent, Pick) and intent.place == places[0])
        else:
            for place in places:
                self.taps(lambda intent, place=place: isinstance(intent, Mark) and intent.place == place)  # type: ignore[misc]
            outcome = self.taps(Submit)
        if isinstance(outcome, Locked) and confidence is not None:
            outcome = self.taps(lambda intent: getattr(intent, "confidence", None) is confidence)
        return outcome

    def asked(self, kind: type[Kind]) -> Posed:
        """A question whose item is of a type, from new sessions until one comes."""
        for _ in range(60):
            outcome = self.says("/quiz 50")
            assert isinstance(outcome, Asked)
            if isinstance(outcome.posed.item, kind):
                return outcome.posed
            self.answers(confidence=Confidence.SURE)
        raise AssertionError(f"no {kind.__name__} came")


def keys_of(posed: Posed) -> list[int]:
    """The places of the right options, as shown."""
    return [place for place, index in enumerate(posed.ask.order) if index in posed.item.keys]


def misses_of(posed: Posed) -> list[int]:
    """As many places as the answer has, one of them wrong."""
    keys = keys_of(posed)
    wrong = next(place for place in range(len(posed.ask.order)) if place not in keys)
    return sorted([*keys[1:], wrong])
