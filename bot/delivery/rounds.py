"""The rounds of one process: APScheduler is its clock, the database what it goes by."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery.courier import Courier
from bot.ports import Channel, Store
from bot.tutor import Clock, Tutor

log = logging.getLogger(__name__)
EVERY_S = 1.0
GRACE_S = 5.0  # what a stop waits for messages on their way
BATCH = 1000  # due rows a transaction
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
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # a round that outlasts its second makes APScheduler warn of each one that it rightly leaves out
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begins the rounds on the running loop."""
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        for job, every_s in (
            (self.book, EVERY_S),
            (self.courier.drain, EVERY_S),
            (self.replan, EVERY_S),
            (self.sweep, SWEEP_EVERY_S),
        ):
            self._scheduler.add_job(self._run, "interval", args=[job], id=job.__name__, seconds=every_s, **options)
        self._scheduler.start()

    async def stop(self) -> None:
        """Ends the rounds: what is being sent finishes, or is cut after a while and found again after its lease."""
        self._scheduler.pause()
        self.courier.stop()
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_S)
        self._scheduler.shutdown(wait=False)

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
