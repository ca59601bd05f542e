"""The rounds of one process: APScheduler is its clock, the database what it goes by."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery.courier import Courier
from bot.ports import Channel, Store
from bot.tutor import Clock, Tutor

log = logging.getLogger(__name__)
EVERY_S = 1.0
FIGHT_EVERY_S = 0.2  # while a battle is on, or was a moment ago
AWAKE = timedelta(seconds=60)  # a battle that goes on by itself within this time is on
GRACE_S = 5.0  # what a stop waits for messages on their way
BATCH = 1000  # due rows a transaction
MOST_BATTLES = 50  # led on at once
SOME = 10  # answers from battles kept at once, each in its player's own transaction
FEW = 5  # plans a transaction: some twenty milliseconds of SQLite's one writer
KEPT = timedelta(days=30)  # how long a delivered push is remembered
SWEEP_EVERY_S = 3600


class Rounds:
    """Books what is due and delivers what is booked, every second."""

    def __init__(
        self, store: Store, tutor: Tutor, clock: Clock, workers: Executor, channels: Mapping[str, Channel]
    ) -> None:
        self._store = store
        self._tutor = tutor
        self._clock = clock
        self._workers = workers
        self.courier = Courier(store, tutor, clock, workers, channels)
        self._asleep_until: datetime | None = None  # no battle before that
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # a round that outlasts its second makes APScheduler warn of each one that it rightly leaves out
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begins the rounds on the running loop."""
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        for job, every_s in (
            (self.fight, FIGHT_EVERY_S),
            (self.book, EVERY_S),
            (self.courier.drain, EVERY_S),
            (self.keep, EVERY_S),
            (self.replan, EVERY_S),
            (self.sweep, SWEEP_EVERY_S),
        ):
            self._scheduler.add_job(self._run, "interval", args=[job], id=job.__name__, seconds=every_s, **options)
        self._scheduler.start()

    async def stop(self) -> None:
        """Ends the rounds: what is being sent finishes, or is cut after a while and found again after its lease."""
        self._scheduler.pause()
        self.courier.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settled(), GRACE_S)
        self._scheduler.shutdown(wait=False)

    async def _settled(self) -> None:
        await asyncio.gather(*self._running, return_exceptions=True)  # first: one of them may set messages off yet
        await self.courier.settled()

    async def _run(self, job: Callable[[], Awaitable[int]]) -> None:
        """One round of a job; a database that is away for a while is logged and tried again next time."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._running.add(task)
        try:
            await job()
        except Exception:
            log.exception("a round of %s failed; the next one tries again", job.__name__)
        finally:
            self._running.discard(task)

    async def fight(self) -> int:
        """Leads battles on and sets off their messages; how many messages. Rests a second while no battle is on."""
        if self._asleep_until is not None and self._clock() < self._asleep_until:
            return 0
        loop = asyncio.get_running_loop()
        wake_at = await loop.run_in_executor(self._workers, self._tutor.fight_due, MOST_BATTLES)
        sent = await self.courier.dispatch()
        now = self._clock()
        is_awake = sent > 0 or (wake_at is not None and wake_at < now + AWAKE)
        self._asleep_until = None if is_awake else now + timedelta(seconds=EVERY_S)
        return sent

    async def keep(self) -> int:
        """Writes answers from battles into their players' own memory; how many. A few at a time, as `replan`."""
        total = 0
        while kept := await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.keep_answers, SOME):
            total += kept
            await asyncio.sleep(0)
        return total

    async def book(self) -> int:
        """Moves all due pushes into the outbox; how many were due."""
        total = 0
        while booked := await asyncio.get_running_loop().run_in_executor(self._workers, self._book):
            total += booked
        return total

    async def replan(self) -> int:
        """Renews the plans whose night has come; how many.

        A few at a time with a breath between, as they may all come at once and nothing waits for them: a push that
        falls due meanwhile goes first.
        """
        total = 0
        while planned := await asyncio.get_running_loop().run_in_executor(self._workers, self._tutor.replan_due, FEW):
            total += planned
            await asyncio.sleep(0)
        return total

    async def sweep(self) -> int:
        """Forgets pushes that were done with long ago; how many."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._sweep)

    def _book(self) -> int:
        return self._tutor.book_due(BATCH)

    def _sweep(self) -> int:
        with self._store.outbox() as outbox:
            return outbox.sweep(self._clock() - KEPT)
