"""Takes what is due to people as the courier does, without a platform: book, claim, compose, record."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.chat.view import View
from bot.domain.remind import Push, Unwelcome
from bot.store.tables import due, outbox
from tests.usecases.room import Room

BERLIN = ZoneInfo("Europe/Berlin")
LEASE_S = 60.0
FORTNIGHT, FOUR_DAYS = timedelta(days=14), timedelta(days=4)


@dataclass(frozen=True)
class Letter:
    """A message that arrived, and what it was about."""

    push: Push
    view: View
    at: datetime

    @property
    def what(self) -> str:
        """The name of a slot or a milestone, "daily"."""
        return self.push.what or self.push.kind


class Postman:
    """Delivers to everybody in a room; remembers why something was not sent."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.sent: list[Letter] = []
        self.dropped: dict[str, Unwelcome] = {}  # by key

    def comes(self) -> list[Letter]:
        """One round at this instant; what it brought, the most urgent first."""
        before = len(self.sent)
        while self.room.tutor.book_due(1000):
            pass
        while self.room.tutor.replan_due(1000):
            pass
        now = self.room.clock.now
        with self.room.database.outbox() as work:
            parcels = work.claim(["telegram", "discord"], now, LEASE_S, 1000)
        for parcel in parcels:
            view = self.room.tutor.compose(parcel.push) if now < parcel.push.expires_at else Unwelcome.QUIET
            with self.room.database.outbox() as work:
                if isinstance(view, Unwelcome):
                    work.dropped(parcel, view.value, now)
                    self.dropped[parcel.push.key] = view
                else:
                    work.delivered(parcel, f"message-{parcel.id}", now)
                    self.sent.append(Letter(parcel.push, view, now))
        return self.sent[before:]

    def until(self, then: datetime) -> list[Letter]:
        """Goes from one due instant to the next; what came on the way."""
        before = len(self.sent)
        while (wake := self._wake()) is not None and wake <= then:
            self.room.clock.now = max(wake, self.room.clock.now)
            self.comes()
        self.room.clock.now = max(then, self.room.clock.now)
        return self.sent[before:]

    def till(self, month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = BERLIN) -> list[Letter]:
        """The same, up to a moment of 2026 on the wall; of more than a fortnight the last four days alone."""
        then = wall(month, day, hour, minute, zone)
        if then - self.room.clock.now > FORTNIGHT:
            self.room.clock.now = then - FOUR_DAYS
        return self.until(then)

    def _wake(self) -> datetime | None:
        rows: list[Any] = []
        with self.room.database.engine.connect() as connection:
            rows += connection.execute(sa.select(sa.func.min(due.c.at)))
            rows += connection.execute(sa.select(sa.func.min(outbox.c.not_before)).where(outbox.c.state == "waiting"))
        return min((row[0] for row in rows if row[0] is not None), default=None)


def wall(month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment of 2026 on the wall."""
    return datetime(2026, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def names(letters: list[Letter], zone: ZoneInfo = BERLIN) -> list[str]:
    """What came, with the minute on the wall."""
    return [f"{one.at.astimezone(zone):%m-%d %H:%M} {one.what}" for one in letters]
