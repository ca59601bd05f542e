"""Opens the database: SQLite with one writer, or PostgreSQL with a pool."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from bot.errors import SettingError, StoreError
from bot.store.outbox import SqlOutbox
from bot.store.work import SqlWork

POOL = 8  # threads that run turns on PostgreSQL, each with a connection of its own
BUSY_S = 10  # how long SQLite waits for another process's write
EXAMPLES = "sqlite:////home/me/tminus.db or postgresql://user:password@localhost/tminus"


class Database:
    """One database, and the threads that its transactions run on.

    `workers` is where an adapter sends a turn: on SQLite exactly one thread, since a second writer would only wait
    for the first (four writers: p99 above 0.7 s); on PostgreSQL as many as there are connections.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._worker = threading.local()
        self._connections: list[sa.Connection] = []
        self.workers = ThreadPoolExecutor(
            1 if self.is_sqlite else POOL, thread_name_prefix="turn", initializer=self._begin_work
        )

    @contextmanager
    def begin(self) -> Iterator[SqlWork]:
        """A transaction for a turn: commits if its block ends, rolls back if it raises."""
        with self._transaction() as connection:
            yield SqlWork(connection)

    @contextmanager
    def outbox(self) -> Iterator[SqlOutbox]:
        """A transaction for delivery."""
        with self._transaction() as connection:
            yield SqlOutbox(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """A transaction; a worker has a connection of its own, since a pool's check-out and reset cost a turn more."""
        if not hasattr(self._worker, "connection") or self._worker.connection.in_transaction():
            with self.engine.begin() as connection:
                yield connection
        else:
            with self._worker.connection.begin():  # one that was cut is connected anew after its failed turn
                yield self._worker.connection

    def _begin_work(self) -> None:
        """Gives a new worker its connection; without one it takes the pool's until the database is back."""
        with suppress(sa.exc.DBAPIError):
            self._worker.connection = self.engine.connect()
            self._connections.append(self._worker.connection)

    def close(self) -> None:
        """Lets running transactions end, then closes every connection."""
        self.workers.shutdown()
        for connection in self._connections:
            connection.close()
        self.engine.dispose()

    def check(self) -> None:
        """Makes sure that the database answers.

        Raises:
            StoreError: it does not; says why and what to do.
        """
        shown = self.engine.url.difference_update_query(["password"]).render_as_string(hide_password=True)
        try:
            with self.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except sqlite3.OperationalError as error:  # from where a transaction begins, beside SQLAlchemy
            raise StoreError(
                f"Can't write to the database {shown}: {error}. Close whatever else has it open."
            ) from None
        except OperationalError as error:
            why = str(error.orig).strip().splitlines()[0]
            hint = (
                "Check that the folder exists and can be written to, and that the file is a SQLite database"
                if self.is_sqlite
                else "Check that the server runs, and that user, password and database name are right"
            )
            raise StoreError(f"Can't open the database {shown}: {why}. {hint}.") from None
        except sa.exc.DatabaseError as error:
            raise StoreError(
                f"{shown} is not a database that Tminus can read: {error.orig}. Name another file, or restore a backup."
            ) from None


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername == "sqlite":
            return _sqlite(parsed)
        if parsed.drivername != "postgresql+psycopg":
            raise _refused(f"{parsed.drivername} is not supported")
        return sa.create_engine(
            parsed,
            pool_size=POOL + 2,  # start-up, and whoever else looks in
            hide_parameters=True,  # an error's text must not carry what a learner wrote
            connect_args={"options": "-c timezone=UTC", "connect_timeout": 10, "application_name": "tminus"},
        )
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as error:
        raise _refused(error) from None


def _refused(why: object) -> SettingError:
    return SettingError(f"TMINUS_DATABASE_URL is not a database address: {why}. Write e.g. {EXAMPLES}")


def _sqlite(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise ArgumentError("it names no file")
    if not url.database.startswith("file:"):
        path = Path(url.database).expanduser()
        if not path.parent.is_dir():
            raise StoreError(
                f"The folder {path.parent} of the database does not exist. Make it, or name another place."
            )
        url = url.set(database=str(path))
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_S, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, as writers from the start
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # straight to the driver: half the cost of a statement, and it is paid in every turn
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]

    return engine
