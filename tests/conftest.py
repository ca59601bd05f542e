"""Databases for every test that wants one: real SQLite files and a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.library import Library, load_library
from bot.settings import CHECKOUT
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.dialogues.chat import World
from tests.store.postgres import Postgres, new_run

_RUN = pytest.StashKey[Postgres]()
DATABASES = ("sqlite", "postgresql")
# A slow machine is no failure, and a change is judged by its own examples, the same in every run: `make fuzz` looks
# for new ones, and what it finds becomes an @example.
settings.register_profile("test", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=4_000)
settings.load_profile("test")


def pytest_configure(config: pytest.Config) -> None:
    """Names the folder in which the workers find their PostgreSQL; nothing is started yet."""
    given = getattr(config, "workerinput", {}).get("postgres")
    config.stash[_RUN] = Postgres(Path(given)) if given else new_run()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tells a worker of pytest-xdist the folder."""
    node.workerinput["postgres"] = str(node.config.stash[_RUN].folder)  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says which databases the tests ran on."""
    import sqlite3

    terminalreporter.write_line(f"databases: SQLite {sqlite3.sqlite_version}, {config.stash[_RUN].described()}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the server with the run."""
    if hasattr(config, "workerinput"):
        config.stash[_RUN].close()
    elif _RUN in config.stash:
        config.stash[_RUN].stop()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    """The PostgreSQL of this run."""
    return pytestconfig.stash[_RUN]


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tminus.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the newest tables, all empty, on each engine; tests.store.engines has marks to choose one."""
    if request.param == "sqlite":
        path = tmp_path / "tminus.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    run: Postgres = request.getfixturevalue("postgres")
    url = run.lend()
    yield url
    run.give_back(url)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    run: Postgres = request.getfixturevalue("postgres")
    url = run.create()
    yield url
    run.drop(url)


@pytest.fixture
def world(database_url: str) -> World:
    """What a scenario runs in: a fresh database, a clock that only tests move, dice with a seed."""
    return World(database_url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The fresh database, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """The same database, as another process opens it."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped packs."""
    return load_library(CHECKOUT / "content")
