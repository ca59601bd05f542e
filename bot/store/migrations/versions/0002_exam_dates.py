"""Exam dates: bookings, ticks, rosters; due work and messages of a booking; whether a concept was missed last."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Clock, Day, Indices, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.String(length=40)
NEW_FIELDS = ("exam", "exam_zone", "travel", "score", "holiday")


def upgrade() -> None:
    """Forward, keeping what is there."""
    _make_tables()
    for column in (
        sa.Column("draft", sa.String(length=64), nullable=True),
        sa.Column("week", Indices(length=40), nullable=True),
        sa.Column("paused_until", Day(length=10), nullable=True),
        sa.Column("energy", NAME, nullable=True),
        sa.Column("energy_on", Day(length=10), nullable=True),
    ):
        op.add_column("learner", column)
    _key_due_by_subject()
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("subject", ID, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("what", NAME, nullable=False, server_default=""))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.alter_column("subject", server_default=None)
        batch_op.alter_column("what", server_default=None)
    with op.batch_alter_table("memory") as batch_op:
        batch_op.add_column(sa.Column("last_right", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "UPDATE memory SET last_right = COALESCE(("
        "SELECT attempt.is_right FROM attempt WHERE attempt.learner_id = memory.learner_id "
        "AND attempt.pack = memory.pack AND attempt.concept = memory.concept "
        "ORDER BY attempt.answered_at DESC, attempt.ask_id DESC LIMIT 1), memory.last_right)"
    )
    with op.batch_alter_table("memory") as batch_op:
        batch_op.alter_column("last_right", server_default=None)


def _make_tables() -> None:
    op.create_table(
        "booking",
        sa.Column("id", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("day", Day(length=10), nullable=False),
        sa.Column("clock", Clock(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=True),
        sa.Column("travel_minutes", sa.Integer(), nullable=True),
        sa.Column("state", NAME, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("verdict", NAME, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("weak", sa.String(length=400), nullable=False),
        sa.Column("booked_at", Instant(timezone=True), nullable=False),
        sa.Column("terms", sa.Text(), nullable=True),
        sa.Column("planned_on", Day(length=10), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_learner_id"), "booking", ["learner_id"])
    op.create_index(
        "uq_booking_ahead",
        "booking",
        ["learner_id", "pack"],
        unique=True,
        sqlite_where=sa.text("state = 'booked'"),
        postgresql_where=sa.text("state = 'booked'"),
    )
    op.create_table(
        "tick",
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "name", name=op.f("pk_tick")),
    )
    op.create_table(
        "roster",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("platform", "chat", "learner_id", name=op.f("pk_roster")),
    )
    op.create_index(op.f("ix_roster_learner_id"), "roster", ["learner_id"])


def _key_due_by_subject() -> None:
    """A new table instead of a new key: SQLite can't change one, and neither engine needs to lock the old for long."""
    op.create_table(
        "due_",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("subject", ID, autoincrement=False, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "learner_id", "subject", name="pk_due_"),
    )
    op.execute("INSERT INTO due_ (kind, learner_id, subject, at) SELECT kind, learner_id, 0, at FROM due")
    op.drop_table("due")
    op.rename_table("due_", "due")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE due RENAME CONSTRAINT pk_due_ TO pk_due")
    op.create_index("ix_due_kind_at", "due", ["kind", "at"])


def downgrade() -> None:
    """Back to the version before; what only this one knows is lost."""
    op.execute("DELETE FROM outbox WHERE kind <> 'daily'")
    op.execute("DELETE FROM memory WHERE domain = ''")  # cards: they would be taken for concepts
    op.execute("UPDATE session SET kind = 'quiz' WHERE kind NOT IN ('quiz', 'review', 'daily')")
    learner = sa.table("learner", sa.column("step", NAME), sa.column("awaits", NAME))
    for field in learner.c:  # the version before can't read what it does not know
        op.execute(sa.update(learner).where(field.in_(NEW_FIELDS)).values({field: None}))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("what")
        batch_op.drop_column("subject")
    with op.batch_alter_table("memory") as batch_op:
        batch_op.drop_column("last_right")
    with op.batch_alter_table("learner") as batch_op:
        for column in ("energy_on", "energy", "paused_until", "week", "draft"):
            batch_op.drop_column(column)
    op.create_table(
        "due_",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "learner_id", name="pk_due_"),
    )
    op.execute("INSERT INTO due_ (kind, learner_id, at) SELECT kind, learner_id, at FROM due WHERE kind = 'daily'")
    op.drop_table("due")
    op.rename_table("due_", "due")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE due RENAME CONSTRAINT pk_due_ TO pk_due")
    op.create_index("ix_due_kind_at", "due", ["kind", "at"])
    for table in ("roster", "tick", "booking"):
        op.drop_table(table)
