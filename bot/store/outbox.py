"""Delivery's side of the store: due work, the outbox, the pace."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.domain.ids import LearnerId, MessageId
from bot.domain.remind import DAILY, Push, Reminder
from bot.ports import Parcel
from bot.store.tables import DROPPED, SENT, WAITING, account, due, learner, outbox, pace
from bot.store.work import insert

_DUE = (
    sa.select(
        due.c.learner_id,
        due.c.at,
        learner.c.zone,
        learner.c.push_time,
        learner.c.quiet_from,
        learner.c.quiet_to,
        learner.c.pushes_on,
        account.c.platform,
        account.c.chat,
    )
    .join(learner, learner.c.id == due.c.learner_id)
    .outerjoin(
        account,
        (account.c.learner_id == due.c.learner_id) & account.c.is_reachable & account.c.chat.is_not(None),
    )
    .where(due.c.kind == DAILY, due.c.at <= sa.bindparam("now"))
    .order_by(due.c.at)
    .limit(sa.bindparam("most"))
    .with_for_update(of=due, skip_locked=True)
)
_FOLLOWING = (
    sa.update(due)
    .where(due.c.kind == DAILY, due.c.learner_id == sa.bindparam("learner_id_"))
    .values(at=sa.bindparam("at_"))
)
_CLAIM = (
    sa.select(outbox)
    .where(
        outbox.c.state == sa.literal_column(f"'{WAITING}'"),  # a literal, so that the partial index serves it
        outbox.c.platform.in_(sa.bindparam("platforms", expanding=True)),
        outbox.c.not_before <= sa.bindparam("now"),
    )
    .order_by(outbox.c.priority, outbox.c.due_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(not_before=sa.bindparam("until"), tries=outbox.c.tries + 1)
)
_DONE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("id_"), outbox.c.state == WAITING)
    .values(
        state=sa.bindparam("state_"),
        message=sa.bindparam("message_"),
        reason=sa.bindparam("reason_"),
        done_at=sa.bindparam("done_at_"),
    )
)


@cache
def _reserve(dialect: str) -> sa.Insert:
    statement = insert(dialect, pace).values(lane=sa.bindparam("lane"), free_at=sa.bindparam("after_first"))
    free = sa.case((pace.c.free_at > sa.bindparam("now"), pace.c.free_at), else_=sa.bindparam("now"))
    return statement.on_conflict_do_update(
        index_elements=["lane"], set_={"free_at": free + sa.bindparam("spacing")}
    ).returning(pace.c.free_at)


@cache
def _hold(dialect: str) -> sa.Insert:
    statement = insert(dialect, pace).values(lane=sa.bindparam("lane"), free_at=sa.bindparam("until"))
    later = sa.case((pace.c.free_at > statement.excluded.free_at, pace.c.free_at), else_=statement.excluded.free_at)
    return statement.on_conflict_do_update(index_elements=["lane"], set_={"free_at": later})


@cache
def _book(dialect: str) -> sa.Insert:
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])


class SqlOutbox:
    """`bot.ports.Outbox` on one open transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._run = connection.execute
        self._dialect = connection.dialect.name

    def due(self, now: datetime, most: int) -> Sequence[Reminder]:
        found: dict[int, Reminder] = {}
        for row in self._run(_DUE, {"now": now, "most": most}):
            found.setdefault(row.learner_id, _reminder(row))  # one account is enough
        return list(found.values())

    def book(self, pushes: Sequence[Push], following: Mapping[LearnerId, datetime]) -> None:
        if pushes:
            self._run(_book(self._dialect), [_columns(push) for push in pushes])
        if following:
            self._run(_FOLLOWING, [{"learner_id_": who, "at_": at} for who, at in following.items()])

    def claim(self, platforms: Sequence[str], now: datetime, lease_s: float, most: int) -> Sequence[Parcel]:
        rows = self._run(_CLAIM, {"platforms": list(platforms), "now": now, "most": most}).all()
        if rows:
            self._run(_LEASE, {"ids": [row.id for row in rows], "until": now + timedelta(seconds=lease_s)})
        return [_parcel(row) for row in rows]

    def delivered(self, parcel: Parcel, message: str, now: datetime) -> None:
        self._done(parcel, SENT, now, message=message)

    def dropped(self, parcel: Parcel, reason: str, now: datetime) -> None:
        self._done(parcel, DROPPED, now, reason=reason[:200])

    def _done(
        self, parcel: Parcel, state: str, now: datetime, message: str | None = None, reason: str | None = None
    ) -> None:
        self._run(_DONE, {"id_": parcel.id, "state_": state, "message_": message, "reason_": reason, "done_at_": now})

    def postponed(self, parcel: Parcel, until: datetime, *, failed: bool = False) -> None:
        tries = parcel.tries if failed else parcel.tries - 1
        self._run(
            sa.update(outbox)
            .where(outbox.c.id == parcel.id, outbox.c.tries == parcel.tries)  # else another has claimed it since
            .values(not_before=until, tries=tries)
        )

    def unreachable(self, platform: str, chat: str) -> None:
        self._run(
            sa.update(account).where(account.c.platform == platform, account.c.chat == chat).values(is_reachable=False)
        )

    def moved(self, platform: str, chat: str, to: str) -> None:
        self._run(sa.update(account).where(account.c.platform == platform, account.c.chat == chat).values(chat=to))
        self._run(
            sa.update(outbox)
            .where(outbox.c.platform == platform, outbox.c.chat == chat, outbox.c.state == WAITING)
            .values(chat=to)
        )

    def reserve(self, lane: str, now: datetime, spacing_s: float) -> datetime:
        free_at = self._run(
            _reserve(self._dialect),
            {
                "lane": lane,
                "now": now.timestamp(),
                "spacing": spacing_s,
                "after_first": now.timestamp() + spacing_s,
            },
        ).scalar_one()
        return datetime.fromtimestamp(free_at - spacing_s, UTC)

    def hold(self, lane: str, until: datetime) -> None:
        self._run(_hold(self._dialect), {"lane": lane, "until": until.timestamp()})

    def sweep(self, before: datetime) -> int:
        self._run(sa.delete(pace).where(pace.c.free_at < before.timestamp()))  # the pace first, as forgetting does
        return self._run(sa.delete(outbox).where(outbox.c.state != WAITING, outbox.c.done_at < before)).rowcount


def _columns(push: Push) -> dict[str, Any]:
    return {
        "key": push.key,
        "kind": push.kind,
        "learner_id": push.learner,
        "platform": push.platform,
        "chat": push.chat,
        "priority": push.priority,
        "due_at": push.due_at,
        "expires_at": push.expires_at,
        "state": WAITING,
        "not_before": push.due_at,
        "tries": 0,
    }


def _reminder(row: Any) -> Reminder:
    return Reminder(
        learner=LearnerId(row.learner_id),
        at=row.at,
        zone=row.zone,
        push_time=row.push_time,
        quiet=(row.quiet_from, row.quiet_to),
        pushes_on=row.pushes_on,
        platform=row.platform,
        chat=row.chat,
    )


def _parcel(row: Any) -> Parcel:
    push = Push(
        key=row.key,
        kind=row.kind,
        learner=LearnerId(row.learner_id),
        platform=row.platform,
        chat=row.chat,
        priority=row.priority,
        due_at=row.due_at,
        expires_at=row.expires_at,
    )
    return Parcel(MessageId(row.id), push, row.tries + 1)
