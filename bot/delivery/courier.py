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
from bot.domain.remind import Push, Unwelcome
from bot.ports import Channel, Delivered, Failed, Gone, Moved, Outbox, Parcel, Receipt, Store, TooFast
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
CHAT_SPACING_S = 1.0  # Telegram: one message a second to a chat; Discord allows five in five
# Messages a second by platform: Telegram allows about 30 over all (28 held it across 4 processes), Discord 50.
RATES: Mapping[str, float] = {"telegram": 28.0, "discord": 45.0}


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

    def stop(self) -> None:
        """Claims nothing more; what is claimed goes out."""
        self._is_stopping = True

    async def drain(self) -> int:
        """Delivers all that waits now; how many messages were handled."""
        handled = 0
        while not self._is_stopping:
            until = self._clock() + timedelta(seconds=LEASE_S)
            parcels = await self._hop(self._claim)
            if not parcels:
                break
            await asyncio.gather(*(self._deliver(parcel, until) for parcel in parcels))
            handled += len(parcels)
        return handled

    async def _deliver(self, parcel: Parcel, until: datetime) -> None:
        """Delivers one message, if it can be sent and recorded before its claim ends."""
        try:
            ready = await self._hop(lambda: self._prepare(parcel))
            if ready is None:
                return
            await asyncio.sleep(max(0.0, (ready.slot - self._clock()).total_seconds()))
            if self._clock() + timedelta(seconds=SENDING_S) > until:  # a machine that slept: others may have it by now
                return
            receipt = await self._channels[parcel.push.platform].send(parcel.push.chat, ready.view)
            await self._record(parcel, receipt, until)
        except Exception:
            log.exception("push %s was not delivered; it is tried again", parcel.push.key)

    async def _record(self, parcel: Parcel, receipt: Receipt, until: datetime) -> None:
        """Keeps what the platform said; a database that is away is asked again while the claim lasts."""
        while True:
            try:
                return await self._hop(lambda: self._settle(parcel, receipt))
            except Exception as error:
                if self._clock() + timedelta(seconds=RECORD_AGAIN_S) > until:
                    raise
                log.warning("the fate of push %s could not be kept yet: %s", parcel.push.key, type(error).__name__)
            await asyncio.sleep(RECORD_AGAIN_S)

    def _claim(self) -> list[Parcel]:
        with self._store.outbox() as outbox:
            return list(outbox.claim(list(self._channels), self._clock(), LEASE_S, BATCH))

    def _prepare(self, parcel: Parcel) -> Ready | None:
        """The message and its slot, None if it is not to be sent, or not now."""
        now, push = self._clock(), parcel.push
        view = self._tutor.compose(push) if now < push.expires_at else None
        if view is None or isinstance(view, Unwelcome):
            with self._store.outbox() as outbox:
                outbox.dropped(parcel, view.value if view else "expired", now)
            return None
        try:
            return Ready(view, self._slot(push, now))
        except _PausedError as paused:
            with self._store.outbox() as outbox:
                outbox.postponed(parcel, paused.until)
            return None

    def _slot(self, push: Push, now: datetime) -> datetime:
        """When this push may go.

        Raises:
            _PausedError: too late for its claim; then no slot is taken. Slots taken and not used would push the
                next free one further than the pause itself, again at each try, until every push has expired.
        """
        rate = RATES.get(push.platform)
        if rate is None:
            return now
        with self._store.outbox() as outbox:
            slot = max(
                outbox.reserve(push.platform, now, 1 / rate),
                outbox.reserve(f"{push.platform}:{push.chat}", now, CHAT_SPACING_S),
            )
            if slot - now > timedelta(seconds=LONGEST_WAIT_S):
                raise _PausedError(slot)
        return slot

    def _settle(self, parcel: Parcel, receipt: Receipt) -> None:
        now, push = self._clock(), parcel.push
        with self._store.outbox() as outbox:
            match receipt:
                case Delivered(message):
                    outbox.delivered(parcel, message, now)
                case Gone(reason):  # the account first: it is the order in which a learner is forgotten
                    outbox.unreachable(push.platform, push.chat)
                    outbox.dropped(parcel, reason, now)
                case Moved(chat):
                    outbox.moved(push.platform, push.chat, chat)
                    self._again(outbox, parcel, now, now, "moved too often")
                case TooFast(wait_s, everyone):
                    until = now + timedelta(seconds=wait_s)
                    outbox.hold(push.platform if everyone else f"{push.platform}:{push.chat}", until)
                    outbox.postponed(parcel, until)
                case Failed(reason):
                    log.warning("push %s failed at try %d: %s", push.key, parcel.tries, reason)
                    wait = timedelta(seconds=FIRST_RETRY_S * 2 ** (parcel.tries - 1))
                    self._again(outbox, parcel, now, now + wait, reason)
                case _:
                    assert_never(receipt)

    def _again(self, outbox: Outbox, parcel: Parcel, now: datetime, then: datetime, reason: str) -> None:
        if parcel.tries >= MOST_TRIES:
            outbox.dropped(parcel, reason, now)
        else:
            outbox.postponed(parcel, then, failed=True)

    async def _hop(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)
