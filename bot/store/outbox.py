"""Delivery's side of the store: due work, the outbox, the pace."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.domain.booking import BookingState, Room
from bot.domain.ids import LearnerId, MessageId
from bot.domain.remind import DAILY, EXAM, Push, Reminder
from bot.ports import DueBooking, Errand, Parcel
from bot.store.bookings import booking_of, errand_is, push_columns, push_of
from bot.store.statements import insert, keep_once
from bot.store.tables import DROPPED, SENT, WAITING, account, booking, due, learner, outbox, pace, roster
from bot.store.work import learner_of_row

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
_DUE_BOOKINGS = (
    sa.select(due.c.at, due.c.subject, due.c.learner_id)
    .where(due.c.kind == EXAM, due.c.at <= sa.bindparam("now"))
    .order_by(due.c.at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FOLLOWING = (
    sa.update(due)
    .where(
        due.c.kind == sa.bindparam("kind_"),
        due.c.learner_id == sa.bindparam("learner_id_"),
        due.c.subject == sa.bindparam("subject_"),
    )
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

    def due_bookings(self, now: datetime, most: int) -> Sequence[DueBooking]:
        rows = self._run(_DUE_BOOKINGS, {"now": now, "most": most}).all()
        if not rows:
            return []
        people = [row.learner_id for row in rows]
        learners = {
            row.id: learner_of_row(row) for row in self._run(sa.select(learner).where(learner.c.id.in_(people)))
        }
        bookings = {
            row.id: booking_of(row)
            for row in self._run(sa.select(booking).where(booking.c.id.in_([row.subject for row in rows])))
            if row.state == BookingState.BOOKED.value
        }
        chats = {row.learner_id: row for row in self._run(_reachable(people))}
        rooms: dict[int, list[Room]] = {}
        for row in self._run(sa.select(roster).where(roster.c.learner_id.in_(people))):
            rooms.setdefault(row.learner_id, []).append(Room(row.platform, row.chat))
        found = []
        for row in rows:
            if row.subject in bookings and row.learner_id in learners:
                chat = chats.get(row.learner_id)
                found.append(
                    DueBooking(
                        at=row.at,
                        booking=bookings[row.subject],
                        learner=learners[row.learner_id],
                        platform=chat.platform if chat else None,
                        chat=chat.chat if chat else None,
                        rooms=rooms.get(row.learner_id, ()),
                    )
                )
            else:  # canceled or forgotten a moment ago
                self._run(sa.delete(due).where(*errand_is(Errand(EXAM, row.learner_id, row.subject))))
        return found

    def book(self, pushes: Sequence[Push], following: Mapping[Errand, datetime | None]) -> None:
        if pushes:
            self._run(keep_once(self._dialect, outbox), [push_columns(push) for push in pushes])
        if later := [
            {"kind_": errand.kind, "learner_id_": errand.learner, "subject_": errand.subject or 0, "at_": at}
            for errand, at in following.items()
            if at is not None
        ]:
            self._run(_FOLLOWING, later)
        for errand, at in following.items():
            if at is None:
                self._run(sa.delete(due).where(*errand_is(errand)))

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
        self._run(sa.delete(roster).where(roster.c.platform == platform, roster.c.chat == chat))

    def moved(self, platform: str, chat: str, to: str) -> None:
        # account, outbox, roster: the order in which a learner is forgotten
        for table, which in ((account, sa.true()), (outbox, outbox.c.state == WAITING)):
            self._run(sa.update(table).where(table.c.platform == platform, table.c.chat == chat, which).values(chat=to))
        here = (roster.c.platform == platform, roster.c.chat == chat)
        twice = roster.c.learner_id.in_(sa.select(roster.c.learner_id).where(*here))  # who put themselves in at both
        self._run(sa.delete(roster).where(roster.c.platform == platform, roster.c.chat == to, twice))
        self._run(sa.update(roster).where(*here).values(chat=to))

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


def _reachable(people: Sequence[int]) -> sa.Select[tuple[int, str, str]]:
    """Where each of these people can be written to; one account is enough."""
    return (
        sa.select(account.c.learner_id, account.c.platform, account.c.chat)
        .where(account.c.learner_id.in_(people), account.c.is_reachable, account.c.chat.is_not(None))
        .order_by(account.c.learner_id, account.c.platform.desc())
    )


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
    return Parcel(MessageId(row.id), push_of(row), row.tries + 1)
