"""An empty tick and one with 10,000 due, at three sizes of the table, on both databases."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import metadata
from bot.usecases.count_down import book_exams
from bot.usecases.remind import book_due
from tests.bench.figures import Figure, middle

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SIZES = (10_000, 100_000, 1_000_000)
DUE = 10_000
BATCH = 1000  # as bot.delivery.rounds
IDLE_TICKS = 50


def measure(name: str, url: str) -> Iterator[Figure]:
    """Ticks on one database, filled step by step."""
    database = Database(url)
    migrate(database)
    have = 0
    for size in SIZES:
        _fill(database, have, size)
        have = size
        idle = middle([_book_all(database)[1] for _ in range(IDLE_TICKS)])
        most = 2.0 if size == SIZES[-1] else None
        yield Figure(f"{name}: empty tick, {size:,} people", idle * 1000, "ms", most)
        _make_due(database, DUE)
        booked, took = _book_all(database)
        assert booked == DUE, booked
        yield Figure(
            f"{name}: tick with {DUE:,} due, {size:,} people", took, "s", note=f"{DUE / took:,.0f} rows/s, wall clock"
        )
        with database.engine.begin() as connection:
            connection.execute(sa.delete(metadata.tables["outbox"]))
    database.close()


def _book_all(database: Database) -> tuple[int, float]:
    total, began = 0, time.perf_counter()
    while True:
        with database.outbox() as outbox:
            booked = book_exams(outbox, {}, NOW, BATCH) + book_due(outbox, NOW, BATCH)
        total += booked
        if not booked:
            return total, time.perf_counter() - began


def _fill(database: Database, start: int, end: int) -> None:
    """People `start` + 1 to `end`, each with an account and a daily push tomorrow."""
    at = NOW + timedelta(days=1)
    instant = str(int(at.timestamp() * 1e6)) if database.is_sqlite else f"timestamptz '{at.isoformat()}'"
    true = "1" if database.is_sqlite else "true"
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT {start + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {end})"
        if database.is_sqlite
        else f"WITH n(i) AS (SELECT generate_series({start + 1}, {end}))"
    )
    with database.engine.begin() as connection:
        for statement in (
            f"""INSERT INTO learner (id, pack, locale, zone, push_time, minutes, quiet_from, quiet_to, pushes_on,
                confidence_on, on_boards, created_at)
                {numbers} SELECT i, 'mls-c01', 'en', 'Europe/Berlin', '19:00', 20, '22:00', '07:00', {true},
                {true}, {true}, {instant} FROM n""",
            f"""INSERT INTO account (platform, account, learner_id, chat, is_reachable)
                {numbers} SELECT 'telegram', CAST(i AS VARCHAR(20)), i, CAST(i AS VARCHAR(20)), {true} FROM n""",
            f"INSERT INTO due (kind, learner_id, subject, at) {numbers} SELECT 'daily', i, 0, {instant} FROM n",
        ):
            connection.exec_driver_sql(statement)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _make_due(database: Database, people: int) -> None:
    due = metadata.tables["due"]
    with database.engine.begin() as connection:
        connection.execute(sa.update(due).where(due.c.learner_id <= people).values(at=NOW))
