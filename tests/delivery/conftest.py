"""A room with delivery in it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat.intent import Choose, Skip
from bot.delivery.courier import Courier
from bot.delivery.rounds import Rounds
from bot.domain.learner import ONBOARDING, Field
from bot.library import Library
from bot.store.database import Database
from bot.store.tables import outbox
from tests.delivery.post import Post, Sent
from tests.dialogues.chat import MovedClock
from tests.usecases.room import Guest, Room


@dataclass
class Office:
    """People, the tutor, and one platform that pushes go to."""

    room: Room
    post: Post
    rounds: Rounds

    @property
    def clock(self) -> MovedClock:
        return self.room.clock

    def courier(self, database: Database | None = None) -> Courier:
        """Another process's courier."""
        store = database or self.room.database
        return Courier(store, self.room.tutor, self.clock, store.workers, {"telegram": self.post})

    async def ticks(self) -> list[Sent]:
        """A round of delivery at this instant; what it sent."""
        before = len(self.post.sent)
        await self.rounds.book()
        await self.rounds.courier.drain()
        return self.post.sent[before:]

    def joins(self, account: str = "1", **choices: str) -> Guest:
        """Somebody who went through the onboarding; the push comes at 18:00 UTC unless they chose otherwise."""
        guest = self.room.person(account)
        guest.says("/start")
        for field in ONBOARDING:
            guest.does(Skip(field), is_tap=True)
        for name, value in choices.items():
            guest.does(Choose(Field(name), value), is_tap=True)
        return guest

    def fates(self) -> list[tuple[str, str, str | None]]:
        """Day, state and reason of every booked push, in the order of booking."""
        rows: list[Any] = self.room.select(
            sa.select(outbox.c.key, outbox.c.state, outbox.c.reason).order_by(outbox.c.id)
        )
        return [(row.key.rpartition(":")[2], row.state, row.reason) for row in rows]


@pytest.fixture
def office(database: Database, library: Library, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The shipped packs on a fresh database, with a clock that moves on where delivery waits."""
    clock = MovedClock()
    room = Room(database, library.packs, clock, monkeypatch)
    post = Post(clock)
    real_sleep = asyncio.sleep

    async def sleep(delay: float) -> None:
        clock.waits(seconds=delay)
        await real_sleep(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return Office(room, post, Rounds(database, room.tutor, clock, database.workers, {"telegram": post}))
