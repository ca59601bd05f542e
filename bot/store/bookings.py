"""The part of the unit of work that is about exam dates: bookings, plans, ticks, groups' calendars."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.booking import Booking, BookingState, KeptPlan, Room, Seat, Verdict, When
from bot.domain.ids import BattleId, BookingId, ConceptId, DomainId, LearnerId, PackId
from bot.domain.practice import SessionKind
from bot.domain.remind import AGAIN, BATTLE, CHEER, Push
from bot.ports import Answer, Errand, Stretch, Tally
from bot.store.prepared import Transaction
from bot.store.statements import keep_last, keep_once
from bot.store.tables import DROPPED, SENT, WAITING, ask, attempt, booking, due, outbox, roster, session, tick

_BOOKINGS = sa.select(booking).where(
    booking.c.learner_id == sa.bindparam("learner_id"), booking.c.state == BookingState.BOOKED.value
)
_WAKES = (
    sa.select(due.c.kind, due.c.learner_id, due.c.subject)
    .where(due.c.kind == sa.bindparam("kind"), due.c.at <= sa.bindparam("now"))
    .order_by(due.c.at)
    .limit(sa.bindparam("most"))
)
_ANSWERS = (
    sa.select(attempt.c.concept, attempt.c.domain, attempt.c.is_right, attempt.c.answered_at)
    .where(attempt.c.learner_id == sa.bindparam("learner_id"), attempt.c.pack == sa.bindparam("pack"))
    .order_by(attempt.c.answered_at, attempt.c.ask_id)
)
_STRETCHES = (
    sa.select(
        session.c.opened_at,
        session.c.size,
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.cast(attempt.c.is_right, sa.Integer)), 0),
    )
    .join(ask, ask.c.session_id == session.c.id)
    .join(attempt, attempt.c.ask_id == ask.c.id)
    .where(
        session.c.learner_id == sa.bindparam("learner_id"),
        session.c.pack == sa.bindparam("pack"),
        session.c.kind == sa.bindparam("kind"),
    )
    .group_by(session.c.id, session.c.opened_at, session.c.size)
    .order_by(session.c.opened_at)
)


class SqlBookings(Transaction):
    """`bot.ports.Bookings` on one open transaction."""

    def bookings(self, learner_: LearnerId) -> Sequence[Booking]:
        found = [booking_of(row) for row in self._rows(_BOOKINGS, {"learner_id": learner_})]
        return sorted(found, key=lambda one: one.at)

    def booking(self, booking_: BookingId) -> Booking | None:
        row = self._run(sa.select(booking).where(booking.c.id == booking_)).first()
        return booking_of(row) if row else None

    def book(self, learner_: LearnerId, pack: PackId, when: When, now: datetime) -> Booking:
        new = Booking(BookingId(0), learner_, pack, when)
        values = {**_columns(new), "learner_id": learner_, "pack": pack, "booked_at": now, "sequence": 0}
        row = self._run(sa.insert(booking).returning(booking.c.id), values).one()
        return Booking(BookingId(row.id), learner_, pack, when)

    def keep(self, booking_: Booking) -> None:
        self._run(sa.update(booking).where(booking.c.id == booking_.id), _columns(booking_))

    def plan_of(self, booking_: BookingId) -> KeptPlan | None:
        columns = (booking.c.terms, booking.c.planned_on, booking.c.sequence)
        row = self._run(sa.select(*columns).where(booking.c.id == booking_)).first()
        return KeptPlan(row.terms, row.planned_on, row.sequence) if row and row.terms else None

    def keep_plan(self, booking_: BookingId, plan: KeptPlan) -> None:
        self._run(
            sa.update(booking)
            .where(booking.c.id == booking_)
            .values(terms=plan.terms, planned_on=plan.planned_on, sequence=plan.sequence)
        )

    def wake_at(self, errand: Errand, at: datetime | None) -> None:
        if at is None:
            self._run(sa.delete(due).where(*errand_is(errand)))
        else:
            values = {"kind": errand.kind, "learner_id": errand.learner, "subject": errand.subject or 0, "at": at}
            self._run(keep_last(self._dialect, due), values)

    def wakes(self, kind: str, now: datetime, most: int) -> Sequence[Errand]:
        rows = self._run(_WAKES, {"kind": kind, "now": now, "most": most})
        return [Errand(row.kind, LearnerId(row.learner_id), BookingId(row.subject) or None) for row in rows]

    def is_due(self, errand: Errand, now: datetime) -> bool:
        found = sa.select(due.c.at).where(*errand_is(errand), due.c.at <= now)
        return self._run(found).first() is not None

    def tick(self, learner_: LearnerId, name: str, now: datetime) -> None:
        self._run(keep_once(self._dialect, tick), {"learner_id": learner_, "name": name, "at": now})

    def ticks(self, learner_: LearnerId, begins: str) -> Mapping[str, datetime]:
        rows = self._run(
            sa.select(tick.c.name, tick.c.at).where(
                tick.c.learner_id == learner_, tick.c.name.startswith(begins, autoescape=True)
            )
        )
        return {row.name: row.at for row in rows}

    def post(self, push: Push) -> bool:
        return self._run(keep_once(self._dialect, outbox, "id"), push_columns(push)).first() is not None

    def sent(self, learner_: LearnerId, key: str) -> Push | None:
        found = sa.select(outbox).where(outbox.c.key == key, outbox.c.learner_id == learner_, outbox.c.state == SENT)
        row = self._run(found).first()
        return push_of(row) if row else None

    def pushes_since(self, learner_: LearnerId, since: datetime, but: str = "") -> int:
        mine = outbox.alias("mine")
        goes_first = sa.exists().where(
            mine.c.key == but,
            sa.or_(
                outbox.c.priority < mine.c.priority,
                sa.and_(outbox.c.priority == mine.c.priority, outbox.c.id < mine.c.id),
            ),
        )
        counted = sa.select(sa.func.count()).where(
            outbox.c.learner_id == learner_,
            outbox.c.state != DROPPED,
            outbox.c.due_at >= since,
            outbox.c.what != CHEER,  # goes to a group
            ~outbox.c.key.contains(AGAIN),
            outbox.c.key != but,
            sa.or_(outbox.c.state == SENT, sa.literal(not but), goes_first),
        )
        return int(self._run(counted).scalar_one())

    def answers(self, learner_: LearnerId, pack: PackId) -> Sequence[Answer]:
        rows = self._run(_ANSWERS, {"learner_id": learner_, "pack": pack})
        return [Answer(ConceptId(row.concept), DomainId(row.domain), row.is_right, row.answered_at) for row in rows]

    def stretches(self, learner_: LearnerId, pack: PackId, kind: SessionKind) -> Sequence[Stretch]:
        rows = self._run(_STRETCHES, {"learner_id": learner_, "pack": pack, "kind": kind.value})
        return [Stretch(opened_at, size, Tally(answers, right)) for opened_at, size, answers, right in rows]

    def seat(self, learner_: LearnerId, room: Room, name: str) -> None:
        values = {"platform": room.platform, "chat": room.chat, "learner_id": learner_, "name": name[:64]}
        self._run(keep_last(self._dialect, roster), values)

    def unseat(self, learner_: LearnerId, room: Room) -> bool:
        gone = self._run(
            sa.delete(roster).where(
                roster.c.platform == room.platform, roster.c.chat == room.chat, roster.c.learner_id == learner_
            )
        )
        return gone.rowcount > 0

    def seats(self, room: Room) -> Sequence[Seat]:
        here = sa.select(roster.c.learner_id, roster.c.name).where(
            roster.c.platform == room.platform, roster.c.chat == room.chat
        )
        names = {row.learner_id: row.name for row in self._run(here)}
        ahead = sa.select(booking).where(
            booking.c.learner_id.in_(list(names)), booking.c.state == BookingState.BOOKED.value
        )
        found: dict[int, list[Booking]] = {learner_: [] for learner_ in names}
        for row in self._run(ahead):
            found[row.learner_id].append(booking_of(row))
        return [Seat(LearnerId(who), names[who], tuple(found[who])) for who in names]


def errand_is(errand: Errand) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition that finds an errand's row."""
    return (
        due.c.kind == errand.kind,
        due.c.learner_id == errand.learner,
        due.c.subject == (errand.subject or 0),
    )


def push_columns(push: Push) -> dict[str, Any]:
    """A push as the outbox keeps it."""
    return {
        "key": push.key,
        "kind": push.kind,
        "learner_id": push.learner,
        "subject": push.battle or push.subject or 0,
        "what": push.what,
        "platform": push.platform,
        "chat": push.chat,
        "priority": push.priority,
        "due_at": push.due_at,
        "expires_at": push.expires_at,
        "state": WAITING,
        "not_before": push.due_at,
        "tries": 0,
        "edits": push.edits or None,
        "again": False,
    }


def push_of(row: Any) -> Push:
    """A push from its row."""
    return Push(
        key=row.key,
        kind=row.kind,
        learner=LearnerId(row.learner_id),
        platform=row.platform,
        chat=row.chat,
        priority=row.priority,
        due_at=row.due_at,
        expires_at=row.expires_at,
        subject=BookingId(row.subject) if row.subject and row.kind != BATTLE else None,
        what=row.what,
        battle=BattleId(row.subject) if row.kind == BATTLE else None,
        edits=row.edits or "",
    )


def booking_of(row: Any) -> Booking:
    """A booking from its row."""
    return Booking(
        id=BookingId(row.id),
        learner=LearnerId(row.learner_id),
        pack=PackId(row.pack),
        when=When(row.day, row.clock, row.zone),
        is_remote=row.is_remote,
        travel_minutes=row.travel_minutes,
        state=BookingState(row.state),
        changes=row.changes,
        verdict=row.verdict and Verdict(row.verdict),
        score=row.score,
        weak=tuple(DomainId(name) for name in row.weak.split(",") if name),
    )


def _columns(booking_: Booking) -> dict[str, Any]:
    return {
        "day": booking_.when.day,
        "clock": booking_.when.clock,
        "zone": booking_.when.zone,
        "is_remote": booking_.is_remote,
        "travel_minutes": booking_.travel_minutes,
        "state": booking_.state.value,
        "changes": booking_.changes,
        "verdict": booking_.verdict and booking_.verdict.value,
        "score": booking_.score,
        "weak": ",".join(booking_.weak),
    }
