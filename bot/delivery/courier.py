"""Takes booked pushes from the outbox to their platforms, at a pace these bear, each once.

The one window in which a push can be sent twice lies between the platform's acceptance and our record of it: a
process killed there leaves the push claimed, and its next holder, after the lease, can't know that it went out.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from bot.chat.view import View
from bot.domain.pace import KEPT_FREE, lane
from bot.domain.remind import MOST_URGENT, URGENT, Push, Unwelcome
from bot.ports import Channel, Delivered, Failed, Gone, Moved, Outbox, Parcel, Receipt, Store, TooFast, Vanished
from bot.tutor import Clock, Tutor

log = logging.getLogger(__name__)
Result = TypeVar("Result")

BATCH = 32  # messages claimed at once
LEASE_S = 60.0  # how long a claim keeps others away; a restart finds it again after that
LONGEST_WAIT_S = 15.0  # for a slot, while a claim lasts
SENDING_S = 30.0  # of a claim's time kept for the platform's answer: Telegram's may take that long
RECORD_AGAIN_S = 2.0  # after a database did not take what the platform said
FIRST_RETRY_S = 5.0  # doubled with every try
MOST_TRIES = 6
# What is urgent is sent or given up sooner, and tried again sooner: a battle's clock waits for it.
URGENT_LEASE_S, URGENT_SENDING_S, URGENT_WAIT_S, URGENT_RETRY_S = 12.0, 8.0, 3.0, 2.0
MOST_AT_ONCE = 64  # messages of battles on their way at once
# Messages a second by platform: Telegram allows about 30 over all (28 held it across 4 processes), Discord 50.
RATES: Mapping[str, float] = {"telegram": 28.0, "discord": 45.0}


@dataclass(frozen=True, slots=True)
class Hurry:
    """How long a claim lasts, what of it is kept for the platform's answer, how long a slot is waited for."""

    lease_s: float
    sending_s: float
    wait_s: float


ORDINARY = Hurry(LEASE_S, SENDING_S, LONGEST_WAIT_S)
AT_ONCE = Hurry(URGENT_LEASE_S, URGENT_SENDING_S, URGENT_WAIT_S)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message written and its slot taken."""

    view: View
    slot: datetime


class _PausedError(Exception):
    """The next free slot is too far away to wait for."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Courier:
    """Delivers to the platforms of this process, also to those that are added to `channels` later on.

    Any number of processes may do so at once.
    """

    def __init__(
        self, store: Store, tutor: Tutor, clock: Clock, workers: Executor, channels: Mapping[str, Channel]
    ) -> None:
        self._store = store
        self._tutor = tutor
        self._clock = clock
        self._workers = workers
        self._channels = channels
        self._is_stopping = False
        self._under_way: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Claims nothing more; what is claimed goes out."""
        self._is_stopping = True

    async def settled(self) -> None:
        """Waits until what is urgent and on its way has arrived or failed."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def dispatch(self) -> int:
        """Sets off what is urgent, and waits for none of it: a slow platform keeps no other battle; how many."""
        most = min(BATCH, MOST_AT_ONCE - len(self._under_way))
        if self._is_stopping or not self._channels or most <= 0:
            return 0
        until = self._clock() + timedelta(seconds=AT_ONCE.lease_s)
        parcels = await self._hop(lambda: self._claim(AT_ONCE, most, urgent=True))
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel, until, AT_ONCE))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(parcels)

    async def drain(self) -> int:
        """Delivers all that waits now; how many messages were handled."""
        handled = 0
        while not self._is_stopping:
            until = self._clock() + timedelta(seconds=LEASE_S)
            parcels = await self._hop(lambda: self._claim(ORDINARY, BATCH))
            if not parcels:
                break
            await asyncio.gather(*(self._deliver(parcel, until, ORDINARY) for parcel in parcels))
            handled += len(parcels)
        return handled

    async def _deliver(self, parcel: Parcel, until: datetime, hurry: Hurry) -> None:
        """Delivers one message, if it can be sent and recorded before its claim ends."""
        try:
            ready = await self._hop(lambda: self._prepare(parcel, hurry))
            if ready is None:
                return
            await asyncio.sleep(max(0.0, (ready.slot - self._clock()).total_seconds()))
            # a machine that slept: others may have it by now
            if self._clock() + timedelta(seconds=hurry.sending_s) > until:
                return
            receipt = await self._send(parcel, ready.view, hurry)
            await self._record(parcel, receipt, self._clock(), until)
        except Exception:
            log.exception("push %s was not delivered; it is tried again", parcel.push.key)

    async def _send(self, parcel: Parcel, view: View, hurry: Hurry) -> Receipt:
        """Sends a message, or makes the one it edits into it; one that is gone is sent anew."""
        channel, chat = self._channels[parcel.push.platform], parcel.push.chat
        try:
            async with asyncio.timeout(hurry.sending_s if hurry is AT_ONCE else None):
                if parcel.target is None:
                    return await channel.send(chat, view)
                if parcel.is_poll:
                    return await channel.close(chat, parcel.target)
                receipt = await channel.edit(chat, parcel.target, view)
                return await channel.send(chat, view) if isinstance(receipt, Vanished) else receipt
        except TimeoutError:
            return Failed("no answer in time")

    async def _record(self, parcel: Parcel, receipt: Receipt, at: datetime, until: datetime) -> None:
        """Keeps what the platform said; a database that is away is asked again while the claim lasts."""
        while True:
            try:
                return await self._hop(lambda: self._settle(parcel, receipt, at))
            except Exception as error:
                if self._clock() + timedelta(seconds=RECORD_AGAIN_S) > until:
                    raise
                log.warning("the fate of push %s could not be kept yet: %s", parcel.push.key, type(error).__name__)
            await asyncio.sleep(RECORD_AGAIN_S)

    def _claim(self, hurry: Hurry, most: int, *, urgent: bool = False) -> list[Parcel]:
        with self._store.outbox() as outbox:
            return list(outbox.claim(list(self._channels), self._clock(), hurry.lease_s, most, urgent=urgent))

    def _prepare(self, parcel: Parcel, hurry: Hurry) -> Ready | None:
        """The message and its slot, None if it is not to be sent, or not now."""
        now, push = self._clock(), parcel.push
        view = self._tutor.compose(push) if now < push.expires_at else None
        if view is None or isinstance(view, Unwelcome):
            with self._store.outbox() as outbox:
                outbox.dropped(parcel, view.value if view else "expired", now)
            return None
        try:
            return Ready(view, self._slot(push, now, hurry.wait_s))
        except _PausedError as paused:
            with self._store.outbox() as outbox:
                outbox.postponed(parcel, paused.until)
            return None

    def _slot(self, push: Push, now: datetime, wait_s: float) -> datetime:
        """When this push may go.

        Raises:
            _PausedError: too late for its claim; then no slot is taken. Slots taken and not used would push the
                next free one further than the pause itself, again at each try, until every push has expired.
        """
        rate = RATES.get(push.platform)
        if rate is None:
            return now
        chat = self._channels[push.platform].pace(push.chat)
        burst = chat.burst if push.priority <= MOST_URGENT else max(1, chat.burst - KEPT_FREE)
        with self._store.outbox() as outbox:
            slot = max(
                outbox.reserve(push.platform, now, 1 / rate),
                outbox.reserve(lane(push.platform, push.chat), now, chat.spacing_s, burst),
            )
            if slot - now > timedelta(seconds=wait_s):
                raise _PausedError(slot)
        return slot

    def _settle(self, parcel: Parcel, receipt: Receipt, at: datetime) -> None:
        now, push = self._clock(), parcel.push
        with self._store.outbox() as outbox:
            match receipt:
                case Delivered(message, poll):
                    outbox.delivered(parcel, message, at, poll)
                case Vanished():  # a quiz poll that somebody deleted: nothing is left to close
                    outbox.dropped(parcel, "deleted", now)
                case Gone(reason):  # the account first: it is the order in which a learner is forgotten
                    outbox.unreachable(push.platform, push.chat)
                    outbox.dropped(parcel, reason, now)
                case Moved(chat):
                    outbox.moved(push.platform, push.chat, chat)
                    self._again(outbox, parcel, now, now, "moved too often")
                case TooFast(wait_s, everyone):
                    until = now + timedelta(seconds=wait_s)
                    pace = self._channels[push.platform].pace(push.chat)
                    burst = timedelta(0) if everyone else timedelta(seconds=pace.spacing_s * (pace.burst - 1))
                    outbox.hold(push.platform if everyone else lane(push.platform, push.chat), until + burst)
                    outbox.postponed(parcel, until)
                case Failed(reason):
                    log.warning("push %s failed at try %d: %s", push.key, parcel.tries, reason)
                    is_urgent = push.priority <= URGENT
                    wait_s = URGENT_RETRY_S if is_urgent else FIRST_RETRY_S * 2 ** (parcel.tries - 1)
                    wait = timedelta(seconds=wait_s)
                    self._again(outbox, parcel, now, now + wait, reason)
                case _:
                    assert_never(receipt)

    def _again(self, outbox: Outbox, parcel: Parcel, now: datetime, then: datetime, reason: str) -> None:
        if parcel.tries >= MOST_TRIES and parcel.push.priority > URGENT:  # what is urgent is tried until it expires
            outbox.dropped(parcel, reason, now)
        else:
            outbox.postponed(parcel, then, failed=True)

    async def _hop(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)
