"""A battle of 200 players and 30 rounds, beside one of 10: what a tap, a look, a close and a kept answer cost."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from statistics import median
from typing import TypeVar

import psutil

from bot.atlas import TownAtlas
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Battle, Begin, Enter, Intent, Strike
from bot.delivery.courier import Courier
from bot.delivery.rounds import SOME
from bot.domain.battle import Phase
from bot.domain.ids import BattleId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pace import AT_ONCE
from bot.library import load_library
from bot.settings import CHECKOUT
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.tutor import Tutor
from tests.bench.figures import Figure
from tests.bench.sink import Sink

Result = TypeVar("Result")
ROUNDS, SPAN = 30, 10  # of the first so many rounds, and of the last, the one that the machine disturbed least
MANY, FEW = 200, 10
START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LONGEST_CLOSE_MS = 150.0  # SQLite's one writer is held by it
FLAT = 1.25  # of the same work at the end and at the beginning


@dataclass
class Measured:
    """One battle's costs, a number for each round; CPU is of this process and of the database server, if any."""

    tap_ms: list[float] = field(default_factory=list)  # CPU of one tap
    look_ms: list[float] = field(default_factory=list)  # wall clock of one look at the open round, all but one locked
    close_ms: list[float] = field(default_factory=list)  # wall clock
    keep_ms: list[float] = field(default_factory=list)  # CPU of one answer
    resident_mb: list[float] = field(default_factory=list)
    join_ms: list[float] = field(default_factory=list)  # CPU of one, tenth by tenth


def measure(name: str, url: str, server: psutil.Process | None = None) -> Iterator[Figure]:
    """A battle of few and one of many, on one database."""
    database = Database(url)
    migrate(database)
    few = _Fight(database, server, FEW).plays(1)
    many = _Fight(database, server, MANY).plays(2)
    database.close()
    first, last = min(many.tap_ms[:SPAN]), min(many.tap_ms[-SPAN:])
    small = min(few.tap_ms[:SPAN] + few.tap_ms[-SPAN:])
    yield Figure(f"{name}: CPU per tap, {MANY} players, rounds 1-{SPAN}", first, "ms")
    yield Figure(f"{name}: CPU per tap, {MANY} players, rounds {ROUNDS - SPAN + 1}-{ROUNDS}", last, "ms")
    yield Figure(f"{name}:   the last rounds / the first", last / first, "x", FLAT)
    yield Figure(f"{name}:   {MANY} players / {FEW}", min(first, last) / small, "x", FLAT, f"{FEW}: {small:.2f} ms")
    note = f"{many.join_ms[0]:.2f} ms each for the first tenth"
    yield Figure(f"{name}: CPU per join, the last tenth of {MANY}", many.join_ms[-1], "ms", note=note)
    note = f"{FEW}: {median(few.look_ms):.1f} ms, wall clock, as twice a second"
    yield Figure(f"{name}: a look at an open round, {MANY} players", median(many.look_ms), "ms", note=note)
    note = f"worst {max(many.close_ms):.0f} ms, {FEW}: {median(few.close_ms):.0f} ms, wall clock"
    yield Figure(f"{name}: close of {MANY} answers", median(many.close_ms), "ms", LONGEST_CLOSE_MS, note)
    keeps = min(many.keep_ms[:SPAN]), min(many.keep_ms[-SPAN:])
    yield Figure(f"{name}: CPU per answer kept, rounds 1-{SPAN}", keeps[0], "ms")
    yield Figure(f"{name}:   the last rounds / the first", keeps[1] / keeps[0], "x", FLAT)
    resident = many.resident_mb
    note = f"{resident[0]:.1f} MB after round 1"
    yield Figure(f"{name}: memory grown from round 1 to round {ROUNDS}", resident[-1] - resident[0], "MB", 5.0, note)


class _Fight:
    """One battle in this process, by a clock of its own; the database has no other."""

    def __init__(self, database: Database, server: psutil.Process | None, players: int) -> None:
        self._now = START
        self._database = database
        self._server = server
        self._players = players
        self._packs = load_library(CHECKOUT / "content").packs
        self._tutor = Tutor(database, self._packs, TownAtlas(), lambda: self._now, Random(1))
        channels = {Sink.platform: Sink(AT_ONCE)}
        self._courier = Courier(database, self._tutor, lambda: self._now, database.workers, channels)
        self._measured = Measured()
        self._keys = count(1)

    def plays(self, number: int) -> Measured:
        """All rounds of the battle, which is the database's so many-th."""
        self._battle, self._room = BattleId(number), f"-100{number}"
        self._now += timedelta(days=number)
        asyncio.run(self._plays())
        return self._measured

    async def _plays(self) -> None:
        await self._hop(lambda: self._does(0, Battle(f"study {ROUNDS} 10s")))
        tenth = self._players // 10
        for first in range(0, self._players, tenth):
            joined = await self._cpu_ms(partial(self._join, range(first, first + tenth)))
            self._measured.join_ms.append(joined / tenth)
        await self._reaches(Phase.LOBBY, 0)
        await self._hop(lambda: self._does(0, Begin(self._battle)))
        for number in range(1, ROUNDS + 1):
            await self._reaches(Phase.OPEN, number)
            await self._answer(number)
            kept = await self._cpu_ms(self._keep)
            self._measured.keep_ms.append(kept / self._players)
            await self._deliver()
            gc.collect()
            self._measured.resident_mb.append(psutil.Process().memory_info().rss / 1e6)
        await self._reaches(Phase.OVER, ROUNDS)

    async def _answer(self, number: int) -> None:
        """All but one answer, the referee looks, the last one answers, and it closes."""
        measured = self._measured
        self._now += timedelta(seconds=4)
        places = await self._hop(lambda: self._places(number))
        taps = len(places) * (self._players - 1)
        spent = await self._cpu_ms(lambda: self._strike(range(self._players - 1), number, places))
        measured.tap_ms.append(spent / taps)
        self._now += timedelta(seconds=1)
        measured.look_ms.append(await self._wall_ms(lambda: self._tutor.fight_due(1)))
        await self._deliver()
        await self._hop(lambda: self._strike([self._players - 1], number, places))
        self._now += timedelta(seconds=3)  # nothing was edited a moment ago
        measured.close_ms.append(await self._wall_ms(lambda: self._tutor.fight_due(1)))
        assert await self._hop(self._phase) == (Phase.SHOWN, number)

    async def _reaches(self, phase: Phase, number: int) -> None:
        for _ in range(200):
            await self._deliver()
            if await self._hop(self._phase) == (phase, number):
                return
            self._now += timedelta(seconds=0.5)
            await self._hop(lambda: self._tutor.fight_due(1))
        raise AssertionError(f"no {phase} {number}")

    async def _deliver(self) -> None:
        while await self._courier.dispatch():
            await self._courier.settled()

    def _phase(self) -> tuple[Phase, int]:
        with self._database.begin() as work:
            one = work.battle_as_is(self._battle)
        assert one
        return one.phase, one.number

    def _places(self, number: int) -> list[int]:
        """As many options of the round as are to be chosen, as they are shown."""
        with self._database.begin() as work:
            asked = work.round(self._battle, number)
        assert asked
        found = next(iter(self._packs.values())).find(asked.item)
        assert found
        assert isinstance(found.item, SingleChoice | MultipleResponse)
        return list(range(len(found.item.keys)))

    def _join(self, people: Iterable[int]) -> None:
        for who in people:
            self._does(who, Enter(self._battle))

    def _strike(self, people: Iterable[int], number: int, places: Sequence[int]) -> None:
        for who in people:
            for place in places:
                self._does(who, Strike(self._battle, number, place))

    def _keep(self) -> None:
        while self._tutor.keep_answers(SOME):
            pass

    def _does(self, who: int, intent: Intent) -> None:
        person = Person(Sink.platform, f"{self._battle}{who:05}")
        place = Place(self._room, is_private=False, room=self._room)
        self._tutor.handle(
            Incoming(f"event-{self._battle}-{next(self._keys)}", person, place, "en", intent, True, f"Person {who}")
        )

    async def _hop(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._database.workers, work)

    async def _wall_ms(self, work: Callable[[], object]) -> float:
        def timed() -> float:
            began = time.perf_counter()
            work()
            return 1000 * (time.perf_counter() - began)

        return await self._hop(timed)

    async def _cpu_ms(self, work: Callable[[], object]) -> float:
        before = self._cpu_s()
        await self._hop(work)
        return 1000 * (self._cpu_s() - before)

    def _cpu_s(self) -> float:
        server = [self._server, *self._server.children(recursive=True)] if self._server else []
        return time.process_time() + sum(used.user + used.system for used in (each.cpu_times() for each in server))
