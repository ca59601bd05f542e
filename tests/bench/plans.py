"""The night: 100,000 plans renewed, and what a push that falls due meanwhile waits for them.

Renewed as the product does it: the terms are taken anew and kept; the blocks are made of them when somebody looks.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import sqlalchemy as sa

from bot.atlas import TownAtlas
from bot.delivery.rounds import Rounds
from bot.domain.pace import CHAT
from bot.library import load_library
from bot.settings import CHECKOUT
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import due, outbox
from bot.tutor import Clock, Tutor
from tests.bench.figures import Figure, middle
from tests.bench.sink import Sink

BOOKINGS = 100_000
MET = 40  # concepts that each of them has a memory of
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 3:00 in Berlin, where all of them live
SAMPLES = 60  # pushes that fall due, with and without plans being renewed
LONGEST_MIN = 10.0  # for all of them on one core


def measure(name: str, url: str) -> Iterator[Figure]:
    """Renews every plan once, and looks at pushes beside it."""
    database = Database(url)
    migrate(database)
    began_at = time.perf_counter()

    def clock() -> datetime:
        return NIGHT + timedelta(seconds=time.perf_counter() - began_at)

    packs = load_library(CHECKOUT / "content").packs
    tutor = Tutor(database, packs, TownAtlas(), clock, Random(1))
    rounds = Rounds(database, tutor, clock, database.workers, {Sink.platform: Sink(CHAT)})
    _fill(database, [str(concept) for concept in next(iter(packs.values())).served][:MET])
    idle = asyncio.run(_pushes(database, clock, rounds, first=1))
    began, cpu = time.perf_counter(), time.process_time()
    beside = asyncio.run(_pushes(database, clock, rounds, first=SAMPLES + 1, beside=True))
    took, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    with database.engine.connect() as connection:
        left = connection.execute(
            sa.select(sa.func.count()).select_from(due).where(due.c.kind == "plan", due.c.at <= NIGHT)
        ).scalar_one()
    assert left == 0, left
    note = f"{BOOKINGS / took:,.0f} plans/s, {cpu_s / 60:.1f} min CPU of this process"
    yield Figure(f"{name}: {BOOKINGS:,} plans renewed", took / 60, "min", LONGEST_MIN, note=note)
    worst = f"worst {1000 * max(beside):.0f} ms; alone {1000 * middle(idle):.0f} ms, worst {1000 * max(idle):.0f} ms"
    yield Figure(f"{name}: a due push, plans being renewed beside it", 1000 * middle(beside), "ms", 1000.0, note=worst)
    database.close()


async def _pushes(database: Database, clock: Clock, rounds: Rounds, *, first: int, beside: bool = False) -> list[float]:
    """Seconds from due to delivered, push after push; with `beside`, until all plans are renewed."""
    planning = asyncio.create_task(rounds.replan()) if beside else None
    took: list[float] = []
    for who in range(first, first + SAMPLES):
        if planning:
            await asyncio.sleep(0.2)  # spread over the work
        await asyncio.get_running_loop().run_in_executor(database.workers, _make_due, database, who, clock())
        began = time.perf_counter()
        await rounds.book()
        await rounds.courier.drain()
        took.append(time.perf_counter() - began)
        if planning and planning.done():
            break
    if planning:
        await planning
    with database.engine.begin() as connection:
        sent = connection.execute(sa.select(sa.func.count()).where(outbox.c.state == "sent")).scalar_one()
        dropped = connection.execute(sa.select(outbox.c.reason).where(outbox.c.state == "dropped")).scalars().all()
        assert sent == len(took), (sent, len(took), dropped)
        connection.execute(sa.delete(outbox))
    return took


def _make_due(database: Database, who: int, at: datetime) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.insert(due).values(kind="daily", learner_id=who, subject=0, at=at))


def _fill(database: Database, concepts: list[str]) -> None:
    """People with an account, a booking 40 to 84 days ahead (no milestone today) and memories; every plan is due."""
    lite = database.is_sqlite
    instant = str(int(NIGHT.timestamp() * 1e6)) if lite else f"timestamptz '{NIGHT.isoformat()}'"
    true = "1" if lite else "true"
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {BOOKINGS})"
        if lite
        else f"WITH n(i) AS (SELECT generate_series(1, {BOOKINGS}))"
    )
    day = (
        "date('2027-01-02', '+' || (i % 45) || ' days')"
        if lite
        else "to_char(date '2027-01-02' + mod(i, 45), 'YYYY-MM-DD')"
    )
    names = " UNION ALL ".join(f"SELECT '{concept}' AS c, {n} AS k" for n, concept in enumerate(concepts))
    # quiet hours off: it is the middle of the night for them, and pushes are what is measured
    for statement in (
        f"""INSERT INTO learner (id, pack, locale, zone, push_time, minutes, quiet_from, quiet_to, pushes_on,
            confidence_on, on_boards, created_at)
            {numbers} SELECT i, 'mls-c01', 'en', 'Europe/Berlin', '03:00', 45, '00:00', '00:00', {true}, {true}, {true},
            {instant} FROM n""",
        f"""INSERT INTO account (platform, account, learner_id, chat, is_reachable)
            {numbers} SELECT 'telegram', CAST(i AS VARCHAR(20)), i, CAST(i AS VARCHAR(20)), {true} FROM n""",
        f"""INSERT INTO booking (id, learner_id, pack, day, clock, zone, state, changes, weak, booked_at, sequence)
            {numbers} SELECT i, i, 'mls-c01', {day}, '09:30', 'Europe/Berlin', 'booked', 0, '', {instant}, 0 FROM n""",
        f"INSERT INTO due (kind, learner_id, subject, at) {numbers} SELECT 'plan', i, i, {instant} FROM n",
        f"""INSERT INTO memory (learner_id, pack, concept, domain, stability, difficulty, reviewed_at, due_at, seen,
            right_answers, first_right, last_right)
            {numbers} SELECT i, 'mls-c01', c, 'modeling', 3.0, 5.0, {instant}, {instant}, 3, 2, {true}, {true}
            FROM n CROSS JOIN ({names}) AS concept""",
    ):
        with database.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
