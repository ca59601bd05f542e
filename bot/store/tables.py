"""The tables, one definition for both databases."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WAITING, SENT, DROPPED = "waiting", "sent", "dropped"  # states of a message in the outbox


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: `timestamptz` on PostgreSQL, microseconds since 1970 on SQLite, which has no such type."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return sa.BigInteger() if dialect.name == "sqlite" else sa.DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = EPOCH + value * MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)
        return at


class Clock(TypeDecorator[time]):
    """A wall-clock time, as HH:MM."""

    impl = sa.String(5)
    cache_ok = True

    def process_bind_param(self, value: time | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else f"{value:%H:%M}"

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> time | None:
        return None if value is None else time(int(value[:2]), int(value[3:]))


class Day(TypeDecorator[date]):
    """A local date, as YYYY-MM-DD: it belongs to no instant, so no database shall shift it."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Indices(TypeDecorator[tuple[int, ...]]):
    """A few small numbers in order, as "2,0,3"."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: sa.Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(map(int, value.split(","))) if value else ()


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers rows only in an INTEGER key
Name = sa.String(40)  # an id that an author or the code made

learner = sa.Table(
    "learner",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("pack", Name, nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("push_time", Clock, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("quiet_from", Clock, nullable=False),
    sa.Column("quiet_to", Clock, nullable=False),
    sa.Column("pushes_on", sa.Boolean, nullable=False),
    sa.Column("confidence_on", sa.Boolean, nullable=False),
    sa.Column("step", Name),  # of the onboarding; null = through
    sa.Column("awaits", Name),  # the field that a typed text is for
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("draft", sa.String(64)),  # an exam date that is not whole yet
    sa.Column("week", Indices),  # minutes from Monday to Sunday; null = the same every day
    sa.Column("paused_until", Day),
    sa.Column("energy", Name),
    sa.Column("energy_on", Day),
    sa.Column("on_boards", sa.Boolean, nullable=False),
)
account = sa.Table(
    "account",
    metadata,
    sa.Column("platform", sa.String(20), primary_key=True),
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("learner_id", Id, nullable=False, index=True),
    sa.Column("chat", sa.String(64)),  # private, where pushes go; null = not written in private yet
    sa.Column("is_reachable", sa.Boolean, nullable=False),  # false: blocked, gone, or closed to us
)
session = sa.Table(
    "session",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("learner_id", Id, nullable=False),
    sa.Column("pack", Name, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("scope", Name, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("opened_by", sa.String(100), nullable=False),  # key of the event or push
    sa.Column("opened_at", Instant, nullable=False),
    sa.UniqueConstraint("learner_id", "opened_by"),
)
ask = sa.Table(
    "ask",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session_id", Id, nullable=False, index=True),
    sa.Column("learner_id", Id, nullable=False),
    sa.Column("item", Name, nullable=False),
    sa.Column("concept", Name, nullable=False),
    sa.Column("version", sa.String(12), nullable=False),
    sa.Column("option_order", Indices, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("marked", Indices, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("picked_at", Instant),
    sa.Column("follows", Id, unique=True),  # the ask whose Next brought it
    sa.Index("ix_ask_learner_id_item", "learner_id", "item"),
    sa.Index("ix_ask_learner_id_id", "learner_id", "id"),  # the newest
    sa.Index(  # those whose answer is locked and not graded: few at any time
        "ix_ask_picked",
        "learner_id",
        sqlite_where=sa.text("state = 'picked'"),
        postgresql_where=sa.text("state = 'picked'"),
    ),
)
attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("ask_id", Id, primary_key=True, autoincrement=False),
    sa.Column("learner_id", Id, nullable=False),
    sa.Column("pack", Name, nullable=False),
    sa.Column("item", Name, nullable=False),
    sa.Column("concept", Name, nullable=False),
    sa.Column("domain", Name, nullable=False),
    sa.Column("chosen", Indices, nullable=False),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("confidence", sa.String(10)),
    sa.Column("cause", sa.String(10)),
    sa.Column("took_s", sa.Float, nullable=False),
    sa.Column("answered_at", Instant, nullable=False),
    sa.Index("ix_attempt_learner_id_answered_at", "learner_id", "answered_at"),
)
memory = sa.Table(
    "memory",
    metadata,
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False),
    sa.Column("pack", Name, primary_key=True),
    sa.Column("concept", Name, primary_key=True),  # or a card: they share one list of ids
    sa.Column("domain", Name, nullable=False),  # "" = a card's
    sa.Column("stability", sa.Double, nullable=False),  # days
    sa.Column("difficulty", sa.Double, nullable=False),  # 1-10
    sa.Column("reviewed_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("right_answers", sa.Integer, nullable=False),
    sa.Column("first_right", sa.Boolean, nullable=False),
    sa.Column("last_right", sa.Boolean, nullable=False),
)
booking = sa.Table(
    "booking",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("learner_id", Id, nullable=False, index=True),
    sa.Column("pack", Name, nullable=False),
    sa.Column("day", Day, nullable=False),  # as on the wall of the test center
    sa.Column("clock", Clock, nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("is_remote", sa.Boolean),
    sa.Column("travel_minutes", sa.Integer),
    sa.Column("state", Name, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Column("verdict", Name),
    sa.Column("score", sa.Integer),
    sa.Column("weak", sa.String(400), nullable=False),  # domain ids
    sa.Column("booked_at", Instant, nullable=False),
    sa.Column("terms", sa.Text),  # what the plan is made from, JSON
    sa.Column("planned_on", Day),  # the learner's day on which it was made
    sa.Column("sequence", sa.Integer, nullable=False),  # of the calendar file: grows when the plan does change
    sa.Index(  # one ahead for each exam
        "uq_booking_ahead",
        "learner_id",
        "pack",
        unique=True,
        sqlite_where=sa.text("state = 'booked'"),
        postgresql_where=sa.text("state = 'booked'"),
    ),
)
tick = sa.Table(
    "tick",
    metadata,
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(100), primary_key=True),  # a push's key, or "ready:routine"
    sa.Column("at", Instant, nullable=False),
)
roster = sa.Table(
    "roster",
    metadata,
    sa.Column("platform", sa.String(20), primary_key=True),
    sa.Column("chat", sa.String(64), primary_key=True),  # a group's
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False, index=True),
    sa.Column("name", sa.String(64), nullable=False),  # as the group knows them
)
due = sa.Table(
    "due",
    metadata,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False),
    sa.Column("subject", Id, primary_key=True, autoincrement=False),  # the booking it is about; 0 = none
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_due_kind_at", "kind", "at"),
)
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.String(100), nullable=False, unique=True),  # kind:subject:local date
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("learner_id", Id, nullable=False),
    sa.Column("subject", Id, nullable=False),  # the booking it is about; 0 = none
    sa.Column("what", Name, nullable=False),  # which of the booking's messages
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("chat", sa.String(64), nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),  # lower goes first
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # waiting, sent, dropped
    sa.Column("not_before", Instant, nullable=False),  # end of a lease or of a pause
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("message", sa.String(64)),  # the platform's id, once sent
    sa.Column("reason", sa.String(200)),  # of a drop
    sa.Column("done_at", Instant),
    sa.Column("edits", sa.String(100)),  # the key of the message that this one makes into another; null = a new one
    sa.Column("again", sa.Boolean, nullable=False),  # it changed while it was on its way
    sa.Column("poll", sa.String(64)),  # the platform's id of the quiz poll that it became
    sa.Index(
        "ix_outbox_waiting",
        "platform",
        "priority",
        "due_at",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index("ix_outbox_learner_id_kind_done_at", "learner_id", "kind", "done_at"),
    sa.Index(
        "ix_outbox_poll",
        "platform",
        "poll",
        sqlite_where=sa.text("poll IS NOT NULL"),
        postgresql_where=sa.text("poll IS NOT NULL"),
    ),
)
battle = sa.Table(
    "battle",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("pack", Name, nullable=False),
    sa.Column("kind", Name, nullable=False),
    sa.Column("host", Id, nullable=False),  # a learner; 0 = forgotten since
    sa.Column("rules", sa.Text, nullable=False),  # JSON
    sa.Column("phase", Name, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("silent", sa.Integer, nullable=False),
    sa.Column("code", sa.String(8), unique=True),
    sa.Column("ghost", Id),
    sa.Column("totals", sa.Text, nullable=False),  # of the teams, JSON
    sa.Column("share", sa.Double, nullable=False),
    sa.Column("ending", Name),
    sa.Column("open_s", sa.Integer),
    sa.Column("panel", Name, nullable=False),
    sa.Column("counts", sa.Boolean, nullable=False),  # on boards: it was played by two or more
    sa.Column("opened_by", sa.String(100), nullable=False, unique=True),  # key of the event
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("wake_at", Instant),  # when it goes on by itself
    sa.Index(
        "ix_battle_wake_at",
        "wake_at",
        sqlite_where=sa.text("wake_at IS NOT NULL"),
        postgresql_where=sa.text("wake_at IS NOT NULL"),
    ),
    sa.Index("ix_battle_host_opened_at", "host", "opened_at"),
)
hall = sa.Table(
    "hall",
    metadata,
    sa.Column("battle_id", Id, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("chat", sa.String(64), nullable=False),  # the room
    sa.Column("spot", sa.String(64), nullable=False),  # where in it the messages go
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("has_threads", sa.Boolean, nullable=False),
    sa.Column("is_gone", sa.Boolean, nullable=False),
    sa.Column("over_at", Instant),  # since when the room can have another battle; beside a daily question always
    sa.Index("ix_hall_platform_chat_over_at", "platform", "chat", "over_at"),
    sa.Index(  # one battle in a room
        "uq_hall_running",
        "platform",
        "chat",
        unique=True,
        sqlite_where=sa.text("over_at IS NULL"),
        postgresql_where=sa.text("over_at IS NULL"),
    ),
)
player = sa.Table(
    "player",
    metadata,
    sa.Column("battle_id", Id, primary_key=True, autoincrement=False),
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False, index=True),
    sa.Column("name", sa.String(64), nullable=False),  # as the group knows them
    sa.Column("hall", sa.Integer, nullable=False),
    sa.Column("team", sa.Integer, nullable=False),
    sa.Column("joined", sa.Integer, nullable=False),
    sa.Column("gone", sa.Integer),
    sa.Column("out", sa.Integer),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("right_answers", sa.Integer, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("streak", sa.Integer, nullable=False),
    sa.Column("took_s", sa.Double, nullable=False),
    sa.Column("idle", sa.Integer, nullable=False),
    sa.Column("came", sa.Integer, nullable=False),  # their place in the order in which they came
)
round_ = sa.Table(
    "round",
    metadata,
    sa.Column("battle_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", Name, nullable=False),
    sa.Column("concept", Name, nullable=False),
    sa.Column("domain", Name, nullable=False),
    sa.Column("version", sa.String(12), nullable=False),
    sa.Column("option_order", Indices, nullable=False),
    sa.Column("reading_s", sa.Integer, nullable=False),
    sa.Column("answer_s", sa.Integer, nullable=False),
    sa.Column("posed_at", Instant, nullable=False),
    sa.Column("opened", sa.Text, nullable=False),  # JSON: hall -> Unix seconds
    sa.Column("source", sa.Integer, nullable=False),
)
strike = sa.Table(
    "strike",
    metadata,
    sa.Column("battle_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("learner_id", Id, primary_key=True, autoincrement=False, index=True),
    sa.Column("chosen", Indices, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("is_locked", sa.Boolean, nullable=False),
    sa.Column("taps", sa.Integer, nullable=False),
    sa.Column("key", sa.String(100), nullable=False),  # of the event of the newest tap
    sa.Column("is_right", sa.Boolean),  # null = not graded
    sa.Column("is_rash", sa.Boolean),
    sa.Column("took_s", sa.Double),
    sa.Column("points", sa.Integer),
    sa.Column("is_kept", sa.Boolean, nullable=False),  # in the learner's own memory
    sa.Index(  # few at any time
        "ix_strike_unkept",
        "learner_id",
        "battle_id",
        "number",
        sqlite_where=sa.text("is_right IS NOT NULL AND NOT is_kept"),
        postgresql_where=sa.text("is_right IS NOT NULL AND NOT is_kept"),
    ),
)
room = sa.Table(
    "room",
    metadata,
    sa.Column("platform", sa.String(20), primary_key=True),
    sa.Column("chat", sa.String(64), primary_key=True),
    sa.Column("rules", sa.Text, nullable=False),  # of its battles, JSON
    sa.Column("pack", Name, nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("spot", sa.String(64), nullable=False),  # where its daily question goes
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("daily_at", Clock),  # local; null = no daily question
    sa.Column("daily_until", Clock),  # when its result comes
    sa.Column("daily_next", Instant, index=True),
)
pace = sa.Table(
    "pace",
    metadata,
    sa.Column("lane", sa.String(100), primary_key=True),  # "telegram" or "telegram:CHAT"
    sa.Column("free_at", sa.Double, nullable=False),  # Unix seconds
)
