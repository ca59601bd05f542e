"""Lanes: when the next message may go, by the generic cell rate algorithm (ITU-T I.371), one row a lane.

A lane's row holds when it would be free if every slot had waited its turn. A slot may go so much earlier as a burst of
the lane allows.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.store.statements import insert
from bot.store.tables import pace

Run = Callable[..., Any]
ROUNDING_S = 0.001  # a sum of spacings may be less than a microsecond more than their product


def reserve(run: Run, dialect: str, lane: str, now: datetime, spacing_s: float, burst: int) -> datetime:
    """Takes the next slot of a lane, at `now` or later."""
    free_at = run(
        _reserve(dialect),
        {"lane": lane, "now": now.timestamp(), "spacing": spacing_s, "after_first": now.timestamp() + spacing_s},
    ).scalar_one()
    slot = datetime.fromtimestamp(free_at - spacing_s * burst, UTC)
    return max(slot, now)


def take(run: Run, dialect: str, lane: str, now: datetime, spacing_s: float, burst: int) -> bool:
    """Takes a slot of a lane if one is free now; takes none otherwise."""
    at = now.timestamp()
    latest = at + spacing_s * (burst - 1) + ROUNDING_S
    taken = run(
        _take(dialect), {"lane": lane, "now": at, "spacing": spacing_s, "after_first": at + spacing_s, "latest": latest}
    )
    return taken.first() is not None


def hold(run: Run, dialect: str, lane: str, until: datetime) -> None:
    """No slot of a lane before `until`."""
    run(_hold(dialect), {"lane": lane, "until": until.timestamp()})


@cache
def _reserve(dialect: str) -> sa.Insert:
    return _next_slot(dialect, None)


@cache
def _take(dialect: str) -> sa.Insert:
    return _next_slot(dialect, pace.c.free_at <= sa.bindparam("latest"))


def _next_slot(dialect: str, where: sa.ColumnElement[bool] | None) -> sa.Insert:
    statement = insert(dialect, pace).values(lane=sa.bindparam("lane"), free_at=sa.bindparam("after_first"))
    free = sa.case((pace.c.free_at > sa.bindparam("now"), pace.c.free_at), else_=sa.bindparam("now"))
    return statement.on_conflict_do_update(
        index_elements=["lane"], set_={"free_at": free + sa.bindparam("spacing")}, where=where
    ).returning(pace.c.free_at)


@cache
def _hold(dialect: str) -> sa.Insert:
    statement = insert(dialect, pace).values(lane=sa.bindparam("lane"), free_at=sa.bindparam("until"))
    later = sa.case((pace.c.free_at > statement.excluded.free_at, pace.c.free_at), else_=statement.excluded.free_at)
    return statement.on_conflict_do_update(index_elements=["lane"], set_={"free_at": later})
