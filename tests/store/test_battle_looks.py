"""What is looked for all the time, battle or no battle, reads nothing of battles that are over."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.store import battles
from bot.store.database import Database
from tests.store.engines import on_sqlite

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@on_sqlite
def test_every_look_is_served_by_an_index_of_what_is_on(database: Database) -> None:
    plans = {
        "battles that are due": _plan(database, battles._DUE, now=NOW),
        "the next battle that is due": _plan(database, battles._NEXT_WAKE),
        "answers to be kept": _plan(database, battles._UNKEPT, most=10),
    }
    for what, plan in plans.items():
        assert "ix_battle_wake_at" in plan or "ix_strike_unkept" in plan, (what, plan)


def _plan(database: Database, statement: sa.Select[tuple[object, ...]], **given: object) -> str:
    compiled = statement.params(**given).compile(database.engine, compile_kwargs={"literal_binds": False})
    values = [1 if isinstance(value, datetime) else value for value in compiled.params.values()]
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(values)).all()
    return "; ".join(row[3] for row in rows)
