"""Delivery's side of the store: due work, the outbox, the pace."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain.battle import Phase
from bot.domain.booking import BookingState, Room
from bot.domain.ids import LearnerId, MessageId
from bot.domain.remind import DAILY, EXAM, MOST_URGENT, URGENT, Push, Reminder
from bot.ports import DueBooking, Errand, Parcel
from bot.store import lanes
from bot.store.bookings import booking_of, errand_is, push_columns, push_of
from bot.store.statements import keep_once
from bot.store.tables import (
    DROPPED,
    SENT,
    WAITING,
    Instant,
    account,
    battle,
    booking,
    due,
    hall,
    learner,
    outbox,
    pace,
    room,
    roster,
)
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
        outbox.c.priority.between(sa.bindparam("most_urgent"), sa.bindparam("least_urgent")),
    )
    .order_by(outbox.c.priority, outbox.c.due_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(not_before=sa.bindparam("until"), tries=outbox.c.tries + 1, again=False)  # what changed so far is in it
)
_DONE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("id_"), outbox.c.state == WAITING)
    .values(
        state=sa.bindparam("state_"),
        message=sa.bindparam("message_"),
        reason=sa.bindparam("reason_"),
        done_at=sa.bindparam("done_at_"),
        poll=sa.bindparam("poll_"),
    )
)
_now: sa.BindParameter[datetime] = sa.bindparam("now_", type_=Instant)
_CHANGED_MEANWHILE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("id_"), outbox.c.state == WAITING, outbox.c.again)
    .values(again=False, tries=0, not_before=sa.case((outbox.c.due_at > _now, outbox.c.due_at), else_=_now))
)
_TARGETS = sa.select(outbox.c.key, outbox.c.state, outbox.c.message, outbox.c.poll).where(
    outbox.c.key.in_(sa.bindparam("keys", expanding=True))
)
LEAST_URGENT = 1_000  # priorities end here
WITH_ITS_TARGET_S = 0.2  # an edit looks again so soon whether there is something to edit


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

    def claim(
        self, platforms: Sequence[str], now: datetime, lease_s: float, most: int, *, urgent: bool = False
    ) -> Sequence[Parcel]:
        span = (MOST_URGENT, URGENT) if urgent else (URGENT + 1, LEAST_URGENT)
        wanted = {"platforms": list(platforms), "now": now, "most": most}
        rows = self._run(_CLAIM, {**wanted, "most_urgent": span[0], "least_urgent": span[1]}).all()
        if not rows:
            return []
        targets = self._targets([row.edits for row in rows if row.edits])
        ready = []
        for row in rows:
            if row.edits is None or ((target := targets.get(row.edits)) and target.state == SENT):
                ready.append(row)
            elif target is None or target.state == DROPPED:
                self.dropped(_parcel(row), "there is nothing to edit", now)
            else:
                later = now + timedelta(seconds=WITH_ITS_TARGET_S)
                self._run(sa.update(outbox).where(outbox.c.id == row.id).values(not_before=later))
        if ready:
            self._run(_LEASE, {"ids": [row.id for row in ready], "until": now + timedelta(seconds=lease_s)})
        return [_parcel(row, targets.get(row.edits)) for row in ready]

    def _targets(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The messages that are to be edited."""
        return {row.key: row for row in self._run(_TARGETS, {"keys": list(keys)})} if keys else {}

    def delivered(self, parcel: Parcel, message: str, now: datetime, poll: str | None = None) -> None:
        push = parcel.push
        if push.edits and message != parcel.target:  # it was gone, and was sent anew
            self._run(sa.update(outbox).where(outbox.c.key == push.edits).values(message=message))
        if not self._run(_CHANGED_MEANWHILE, {"id_": parcel.id, "now_": now}).rowcount:
            self._done(parcel, SENT, now, message=message, poll=poll)

    def dropped(self, parcel: Parcel, reason: str, now: datetime) -> None:
        self._done(parcel, DROPPED, now, reason=reason[:200])

    def _done(
        self,
        parcel: Parcel,
        state: str,
        now: datetime,
        message: str | None = None,
        reason: str | None = None,
        poll: str | None = None,
    ) -> None:
        told = {"state_": state, "message_": message, "reason_": reason, "done_at_": now, "poll_": poll}
        self._run(_DONE, {"id_": parcel.id, **told})

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
        is_on = sa.exists().where(battle.c.id == hall.c.battle_id, battle.c.phase != Phase.OVER.value)
        self._run(sa.update(hall).where(hall.c.platform == platform, _is_in(hall, chat), is_on).values(is_gone=True))
        self._run(
            sa.update(room)
            .where(room.c.platform == platform, _is_in(room, chat))
            .values(daily_next=None, daily_at=None)
        )

    def moved(self, platform: str, chat: str, to: str) -> None:
        chat = chat.partition("/")[0]  # with all its spots
        # account, outbox, roster, hall: the order in which a learner is forgotten
        self._run(sa.update(account).where(account.c.platform == platform, account.c.chat == chat).values(chat=to))
        spots = outbox.c.chat.startswith(f"{chat}/", autoescape=True)
        self._run(
            sa.update(outbox)
            .where(outbox.c.platform == platform, sa.or_(outbox.c.chat == chat, spots), outbox.c.state == WAITING)
            .values(chat=to)
        )
        here = (roster.c.platform == platform, roster.c.chat == chat)
        twice = roster.c.learner_id.in_(sa.select(roster.c.learner_id).where(*here))  # who put themselves in at both
        self._run(sa.delete(roster).where(roster.c.platform == platform, roster.c.chat == to, twice))
        self._run(sa.update(roster).where(*here).values(chat=to))
        there = hall.alias()
        is_taken = sa.exists().where(there.c.platform == platform, there.c.chat == to, there.c.over_at.is_(None))
        ours = sa.update(hall).where(hall.c.platform == platform, hall.c.chat == chat)
        self._run(ours.where(hall.c.over_at.is_(None), is_taken).values(is_gone=True))  # a room has one battle
        self._run(ours.where(sa.or_(hall.c.over_at.is_not(None), ~is_taken)).values(chat=to, spot=to))
        known = sa.select(room.c.chat).where(room.c.platform == platform, room.c.chat == to)
        self._run(
            sa.delete(room).where(room.c.platform == platform, room.c.chat == chat, sa.exists(known)),
        )
        self._run(sa.update(room).where(room.c.platform == platform, room.c.chat == chat).values(chat=to, spot=to))

    def reserve(self, lane: str, now: datetime, spacing_s: float, burst: int = 1) -> datetime:
        return lanes.reserve(self._run, self._dialect, lane, now, spacing_s, burst)

    def hold(self, lane: str, until: datetime) -> None:
        lanes.hold(self._run, self._dialect, lane, until)

    def sweep(self, before: datetime) -> int:
        self._run(sa.delete(pace).where(pace.c.free_at < before.timestamp()))  # the pace first, as forgetting does
        return self._run(sa.delete(outbox).where(outbox.c.state != WAITING, outbox.c.done_at < before)).rowcount


def _is_in(table: sa.Table, chat: str) -> sa.ColumnElement[bool]:
    """Whose messages go to a room or a spot: a spot is gone with its room, and may be gone alone."""
    within = table.c.spot.startswith(f"{chat}/", autoescape=True)
    return sa.or_(table.c.chat == chat, table.c.spot == chat, within)


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


def _parcel(row: Any, target: Any = None) -> Parcel:
    message = target.message if target else None
    return Parcel(MessageId(row.id), push_of(row), row.tries + 1, message, bool(target and target.poll))
