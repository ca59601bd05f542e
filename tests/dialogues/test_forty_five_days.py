"""A candidate's forty-five days, from the booking to what came of it, on every platform.

She books 40 days ahead in Berlin, answers for a while, misses days, moves the exam by a week, crosses the change of the
clocks, travels to New York and sits it there. The clock is moved from one due instant to the next.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.store.tables import due, outbox
from tests.dialogues.chat import Chat, World
from tests.store.engines import on_sqlite

BEGIN = datetime(2027, 2, 22, 9, 0, tzinfo=UTC)  # a Monday
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
EXPECTED = Path(__file__).with_name("forty_five_days.txt")
HEADS = {
    "daily": "Your question of the day",
    "t-30": "30 days to MLS-C01",
    "t-14": "Two weeks to MLS-C01",
    "t-7": "One week to MLS-C01",
    "t-3": "72 hours to MLS-C01",
    "weak": "Morning: weak topics",
    "set": "Midday: a mock",
    "missed": "Evening: what you missed",
    "light": "A day of rest",
    "check": "Lay out what you need",
    "tactics": "Five tactics, then sleep",
    "morning": "Good morning. Today is MLS-C01",
    "luck": "Time to leave. Good luck!",
    "debrief": "How was MLS-C01?",
}


class Candidate:
    """Anna, whose days pass from one due instant to the next."""

    def __init__(self, chat: Chat, world: World) -> None:
        self.chat = chat
        self.world = world
        self.zone = BERLIN
        self.heard: list[str] = []  # "local minute  kind" of every push that arrived

    async def lives_until(self, then: datetime, *, answers: bool = True) -> None:
        """Lets time pass; whatever comes is looked at and, if it asks a question, answered."""
        while True:
            wake = self._next_wake()
            if wake is None or wake > then:
                self.world.clock.now = max(self.world.clock.now, then)
                return
            self.world.clock.now = max(self.world.clock.now, wake)
            for kind in await self._hears():
                if answers and kind == "daily":
                    await self._answers(3)
                elif answers and kind in ("weak", "set", "missed", "light") and "Start" in self.chat.labels:
                    await self.chat.taps("Start")
                    await self._answers(6)

    async def _hears(self) -> list[str]:
        """One round of delivery; what it brought, checked against the chat's own window."""
        rounds = self.chat.rounds  # type: ignore[attr-defined]
        await rounds.book()
        await rounds.courier.drain()
        await rounds.replan()
        kinds = []
        for row in self._sent()[len(self.heard) :]:
            kind = _kind(row)
            await self.chat.sees(HEADS[kind])
            assert row.done_at == self.world.clock.now == row.due_at, row  # on the minute, not a moment later
            local = row.due_at.astimezone(self.zone)
            self.heard.append(f"{local:%a %Y-%m-%d %H:%M %Z}  {row.what or kind}")
            kinds.append(kind)
        return kinds

    async def _answers(self, most: int) -> None:
        for _ in range(most):
            labels = list(self.chat.labels)
            if "A" not in labels:
                return
            wanted = 1
            if "Submit" in labels:
                wanted = 3 if "Choose THREE" in self.chat.shown else 2
            for letter in "BCD"[:wanted]:
                await self.chat.taps(letter)
            if wanted > 1:
                await self.chat.taps("Submit")
            await self.chat.sees("How sure")
            await self.chat.taps("Sure")
            onward = next((label for label in self.chat.labels if label in ("Next", "Finish")), None)
            if onward is None:
                return
            await self.chat.taps(onward)

    def _next_wake(self) -> datetime | None:
        with self._engine().connect() as connection:
            return connection.execute(sa.select(sa.func.min(due.c.at))).scalar()

    def _sent(self) -> list[sa.Row[tuple[str, str, datetime, datetime]]]:
        columns = (outbox.c.kind, outbox.c.what, outbox.c.due_at, outbox.c.done_at)
        with self._engine().connect() as connection:
            return list(
                connection.execute(
                    sa.select(*columns).where(outbox.c.state == "sent").order_by(outbox.c.done_at, outbox.c.id)
                )
            )

    def _engine(self) -> sa.Engine:
        return self.chat.core.database.engine  # type: ignore[attr-defined, no-any-return]


def _kind(row: sa.Row[tuple[str, str, datetime, datetime]]) -> str:
    name = row.what or row.kind
    return name if name in HEADS else re.sub(r"-\d+$", "", name)


@on_sqlite
async def test_forty_five_days(chat: Chat, world: World) -> None:
    world.clock.now = BEGIN
    chat.rounds._scheduler.pause()  # type: ignore[attr-defined]  # no rounds but those of the moved clock
    anna = Candidate(chat, world)
    await chat.runs("start")
    await chat.sees("Which exam")
    await chat.taps("Skip")
    await chat.types("Type a city", "Berlin")
    await chat.sees("When do you sit")
    await chat.types("Type a date", "3 April 9:30")  # 40 days ahead; after the night in which the clocks change
    await chat.sees("40 days to go")
    await chat.taps("Book it")
    await chat.sees("Booked.")
    await chat.taps("Next step")
    await chat.taps("Skip")
    await chat.types("Another number", "45, sat 180, sun 90")
    await chat.sees("You are set")

    await anna.lives_until(datetime(2027, 3, 8, 8, 0, tzinfo=UTC))
    await anna.lives_until(datetime(2027, 3, 15, 8, 0, tzinfo=UTC), answers=False)  # a week away
    await chat.runs("exam")
    await chat.sees("MLS-C01")
    await chat.taps("Move")
    await chat.types("Type a date", "10 April 9:30")
    await chat.sees("This moves your exam from")
    await chat.taps("Book it")
    await chat.sees("Moved.")
    await anna.lives_until(datetime(2027, 4, 1, 8, 0, tzinfo=UTC))  # Berlin's clocks change on 28 March

    await chat.runs("settings")
    await chat.taps("Time zone")
    await chat.types("Type a city", "New York")
    await chat.sees("America/New_York")
    anna.zone = NEW_YORK
    await chat.runs("exam", when="10 April 9:30 New York")
    await chat.sees("America/New_York")
    await chat.taps("Book it")
    await chat.sees("Moved.")
    await chat.taps("Test center")
    await chat.types("Travel time", "40")
    await chat.sees("leave at 8:20")
    await anna.lives_until(datetime(2027, 4, 10, 23, 0, tzinfo=UTC))

    await chat.sees("How was MLS-C01?")
    await chat.taps("Passed")
    await chat.sees("Congratulations")
    await chat.types("Score", "812")
    await chat.sees("812")
    assert "\n".join(anna.heard) + "\n" == EXPECTED.read_text(encoding="utf-8")
    assert world.clock.now - BEGIN > timedelta(days=45)
