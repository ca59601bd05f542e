"""Battles: their rooms, players, rounds and answers; messages that are edited; boards that one can stay off."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Clock, Indices, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.String(length=40)


def upgrade() -> None:
    """Forward, keeping what is there."""
    with op.batch_alter_table("learner") as batch_op:
        batch_op.add_column(sa.Column("on_boards", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("learner") as batch_op:
        batch_op.alter_column("on_boards", server_default=None)
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("edits", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("poll", sa.String(length=64), nullable=True))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.alter_column("again", server_default=None)
    _index("ix_outbox_poll", "outbox", ["platform", "poll"], where="poll IS NOT NULL")
    _make_battles()
    _make_players()
    _make_rooms()


def _make_battles() -> None:
    op.create_table(
        "battle",
        sa.Column("id", ID, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("host", ID, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("phase", NAME, nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("ghost", ID, nullable=True),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("ending", NAME, nullable=True),
        sa.Column("open_s", sa.Integer(), nullable=True),
        sa.Column("panel", NAME, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("wake_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_battle")),
        sa.UniqueConstraint("code", name=op.f("uq_battle_code")),
        sa.UniqueConstraint("opened_by", name=op.f("uq_battle_opened_by")),
    )
    _index("ix_battle_wake_at", "battle", ["wake_at"], where="wake_at IS NOT NULL")
    op.create_index(op.f("ix_battle_host_opened_at"), "battle", ["host", "opened_at"])
    op.create_table(
        "hall",
        sa.Column("battle_id", ID, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("spot", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("has_threads", sa.Boolean(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("over_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("battle_id", "place", name=op.f("pk_hall")),
    )
    op.create_index(op.f("ix_hall_platform_chat_over_at"), "hall", ["platform", "chat", "over_at"])
    _index("uq_hall_running", "hall", ["platform", "chat"], where="over_at IS NULL", unique=True)


def _make_players() -> None:
    op.create_table(
        "player",
        sa.Column("battle_id", ID, autoincrement=False, nullable=False),
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("hall", sa.Integer(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=True),
        sa.Column("out", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("right_answers", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("took_s", sa.Double(), nullable=False),
        sa.Column("idle", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("battle_id", "learner_id", name=op.f("pk_player")),
    )
    op.create_index(op.f("ix_player_learner_id"), "player", ["learner_id"])
    op.create_table(
        "round",
        sa.Column("battle_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", NAME, nullable=False),
        sa.Column("concept", NAME, nullable=False),
        sa.Column("domain", NAME, nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("option_order", Indices(length=40), nullable=False),
        sa.Column("reading_s", sa.Integer(), nullable=False),
        sa.Column("answer_s", sa.Integer(), nullable=False),
        sa.Column("posed_at", Instant(timezone=True), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("battle_id", "number", name=op.f("pk_round")),
    )
    op.create_table(
        "strike",
        sa.Column("battle_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learner_id", ID, autoincrement=False, nullable=False),
        sa.Column("chosen", Indices(length=40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("taps", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("is_rash", sa.Boolean(), nullable=True),
        sa.Column("took_s", sa.Double(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("battle_id", "number", "learner_id", name=op.f("pk_strike")),
    )
    op.create_index(op.f("ix_strike_learner_id"), "strike", ["learner_id"])
    _index(
        "ix_strike_unkept",
        "strike",
        ["learner_id", "battle_id", "number"],
        where="is_right IS NOT NULL AND NOT is_kept",
    )


def _make_rooms() -> None:
    op.create_table(
        "room",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("spot", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("daily_at", Clock(length=5), nullable=True),
        sa.Column("daily_until", Clock(length=5), nullable=True),
        sa.Column("daily_next", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "chat", name=op.f("pk_room")),
    )
    op.create_index(op.f("ix_room_daily_next"), "room", ["daily_next"])


def _index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    """An index over some of the rows."""
    some = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Back to the version before; what only this one knows is lost."""
    op.execute("DELETE FROM outbox WHERE kind = 'battle'")
    op.execute("UPDATE session SET kind = 'quiz' WHERE kind = 'battle'")
    for table in ("room", "strike", "round", "player", "hall", "battle"):
        op.drop_table(table)
    op.drop_index("ix_outbox_poll", "outbox")
    with op.batch_alter_table("outbox") as batch_op:
        for column in ("poll", "again", "edits"):
            batch_op.drop_column(column)
    with op.batch_alter_table("learner") as batch_op:
        batch_op.drop_column("on_boards")
