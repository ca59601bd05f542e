"""Brings a database's tables to this version."""

import logging
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from bot.errors import StoreError
from bot.store.database import Database

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "migrations"
HEAD = "0003"  # the newest revision; a test compares it with the folder
_LOCK = 7_364_687  # any number that nobody else locks on this PostgreSQL


def migrate(database: Database) -> None:
    """Upgrades the tables if they are older; starts fast if they are not.

    Raises:
        StoreError: the database was written by a newer Tminus.
    """
    found = revision(database)
    if found == HEAD:
        return
    if found is not None and found not in _known():
        raise StoreError(
            f"This database was written by a newer Tminus (its tables are at {found}, this one knows up to {HEAD}). "
            "Start the newer Tminus, or restore a backup made before the upgrade. Nothing was changed."
        )
    log.info("bringing the tables from %s to %s", found or "nothing", HEAD)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of each of its plugins
    from alembic import command  # noqa: PLC0415 - costs 0.2 s, and is needed once an upgrade
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    try:
        with database.engine.begin() as connection:
            if not database.is_sqlite:  # on SQLite the transaction itself is the lock
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        raise StoreError(
            f"The tables can't be brought to this version: {_first_line(error)}. Nothing was changed. "
            "The database's user needs the right to create and change tables, in a database of Tminus's own."
        ) from error


def revision(database: Database) -> str | None:
    """The revision that the tables are at, None for an empty database."""
    try:
        with database.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError as error:
        raise StoreError(f"The database can't be read: {_first_line(error)}.") from None


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().partition("\n")[0]


@cache
def _known() -> frozenset[str]:
    return frozenset(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))
