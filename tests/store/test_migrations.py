"""Tables come from migrations alone, are what the code says they are, and a database that can't be used says why."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.domain.battle import Rules
from bot.domain.ids import LearnerId, PackId
from bot.domain.practice import SessionKind
from bot.errors import SettingError, StoreError
from bot.ports import RoomChoice
from bot.settings import CHECKOUT
from bot.store.database import Database
from bot.store.migrate import FOLDER, HEAD, migrate, revision
from bot.store.tables import metadata
from tests.store.engines import on_postgres, on_sqlite
from tests.store.fights import ROOM, answers, edit, played, player, post
from tests.store.postgres import Postgres

WRONG = "hush"
AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def run(database: Database, how: str, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, how)(config, to)


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))


def stamp(database: Database, version: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :it"), {"it": version})


def insert_old(database: Database, rows: dict[str, list[dict[str, object]]]) -> None:
    """Puts rows into the tables as they are now, whatever the code says of them."""
    old = sa.MetaData()
    with database.engine.begin() as connection:
        old.reflect(connection)
        for name, told in rows.items():
            values = [
                {
                    key: int(value.timestamp() * 1e6) if isinstance(value, datetime) and database.is_sqlite else value
                    for key, value in row.items()
                }  # where an instant is a number
                for row in told
            ]
            connection.execute(sa.insert(old.tables[name]), values)


OLD_LEARNER: dict[str, object] = {
    "id": 1,
    "pack": "mls-c01",
    "locale": "en",
    "zone": "Europe/Berlin",
    "push_time": "18:00",
    "minutes": 20,
    "quiet_from": "22:00",
    "quiet_to": "07:00",
    "pushes_on": True,
    "confidence_on": True,
    "created_at": AT,
}
OLD_PUSH: dict[str, object] = {
    "kind": "daily",
    "learner_id": 1,
    "subject": 0,
    "what": "",
    "platform": "telegram",
    "chat": "7",
    "priority": 50,
    "due_at": AT,
    "expires_at": LATER,
    "not_before": AT,
    "tries": 0,
}


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_make_exactly_the_tables_of_the_code(empty: Database) -> None:
    assert revision(empty) is None
    migrate(empty)
    assert revision(empty) == HEAD
    assert differences(empty) == []
    assert tables(empty) == {*metadata.tables, "alembic_version"}


def test_partial_and_unique_indices_are_there(database: Database) -> None:
    with database.engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            made = {index["name"] for index in inspector.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= made
        (waiting,) = [one for one in inspector.get_indexes("outbox") if one["name"] == "ix_outbox_waiting"]
        where = waiting["dialect_options"][f"{database.engine.dialect.name}_where"]
        assert "waiting" in str(where)


def test_it_goes_down_to_nothing_and_up_again(empty: Database) -> None:
    migrate(empty)
    run(empty, "downgrade", "base")
    assert tables(empty) == {"alembic_version"}
    migrate(empty)
    assert differences(empty) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert revision(database) == HEAD


def test_a_database_of_a_newer_version_is_left_alone(empty: Database) -> None:
    migrate(empty)
    stamp(empty, "9999")
    with pytest.raises(StoreError, match=rf"newer Tminus .*9999.*{HEAD}.*restore a backup"):
        migrate(empty)
    assert revision(empty) == "9999"
    assert differences(empty) == []


def test_the_step_to_exam_dates_keeps_what_is_there(empty: Database) -> None:
    run(empty, "upgrade", "0001")
    rows: dict[str, list[dict[str, object]]] = {
        "learner": [OLD_LEARNER],
        "due": [{"kind": "daily", "learner_id": 1, "at": AT}],
        "outbox": [
            {
                "id": 1,
                "key": "daily:1:2026-11-22",
                "kind": "daily",
                "learner_id": 1,
                "platform": "telegram",
                "chat": "7",
            }
            | {"priority": 50, "due_at": AT, "expires_at": AT, "state": "sent", "not_before": AT, "tries": 1}
        ],
        "memory": [
            {"learner_id": 1, "pack": "mls-c01", "concept": name, "domain": "modeling", "stability": 3.5}
            | {
                "difficulty": 5.0,
                "reviewed_at": AT,
                "due_at": AT,
                "seen": 2,
                "right_answers": 1,
                "first_right": True,
            }
            for name in ("missed-last", "right-last", "unknown")
        ],
        "attempt": [
            {"ask_id": n, "learner_id": 1, "pack": "mls-c01", "item": "i", "concept": concept, "domain": "modeling"}
            | {"chosen": "1", "is_right": is_right, "took_s": 3.0, "answered_at": at}
            for n, (concept, is_right, at) in enumerate(
                [
                    ("missed-last", True, AT),
                    ("missed-last", False, LATER),
                    ("right-last", False, AT),
                    ("right-last", True, LATER),
                ]
            )
        ],
    }
    insert_old(empty, rows)
    migrate(empty)
    with empty.outbox() as outbox:
        (due,) = outbox.due(AT, 10)
        assert (due.learner, due.at, due.zone) == (1, AT, "Europe/Berlin")
    with empty.begin() as work:
        made = work.learner(LearnerId(1))
        assert made is not None
        assert (made.minutes, made.week, made.paused_until, made.draft) == (20, None, None, None)
        missed = {name: one.is_missed for name, one in work.met(LearnerId(1), PackId("mls-c01")).items()}
        assert missed == {"missed-last": True, "right-last": False, "unknown": False}
        sent = work.sent(LearnerId(1), "daily:1:2026-11-22")
        assert sent is not None
        assert (sent.subject, sent.what) == (None, "")
    assert differences(empty) == []
    run(empty, "downgrade", "0001")
    with empty.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM due")).scalar() == 1
        assert connection.execute(sa.text("SELECT count(*) FROM outbox")).scalar() == 1


def test_the_step_to_battles_keeps_what_is_there(empty: Database) -> None:
    run(empty, "upgrade", "0002")
    account = {"platform": "telegram", "account": "7", "learner_id": 1, "chat": "7", "is_reachable": True}
    sent = {"key": "daily:1:2026-11-22", "state": "sent", "message": "42", "done_at": AT}
    waiting = {"key": "daily:1:2026-11-23", "state": "waiting", "message": None, "done_at": None}
    insert_old(empty, {"learner": [OLD_LEARNER], "account": [account], "outbox": [OLD_PUSH | sent, OLD_PUSH | waiting]})
    migrate(empty)
    assert differences(empty) == []
    with empty.outbox() as outbox:
        (parcel,) = outbox.claim(["telegram"], AT, 1, 10)
        assert (parcel.push.key, parcel.push.edits, parcel.push.expires_at) == ("daily:1:2026-11-23", "", LATER)
    with empty.begin() as work:
        learner = work.learner(LearnerId(1))
        assert learner is not None
        assert (learner.on_boards, learner.minutes, learner.zone) == (True, 20, "Europe/Berlin")
        assert work.sent(learner.id, "daily:1:2026-11-22") is not None
        posted = work.posted(["daily:1:2026-11-22"])["daily:1:2026-11-22"]
        assert (posted.message, posted.at, posted.is_poll) == ("42", AT, False)
    fought = played(empty, "key", player(learner, "Ana"))
    with empty.begin() as work:
        answers(work, fought.id, learner, True, False)
        work.post(post(fought))
        work.refresh(edit(fought), AT, 0)
        work.keep_room_choice(RoomChoice(ROOM, Rules(), learner.pack, "en", ROOM.chat))
        work.open_session(learner, SessionKind.BATTLE, "", 10, "battle:1", AT)
        work.save(replace(learner, on_boards=False))
    run(empty, "downgrade", "0002")
    assert {"battle", "hall", "player", "round", "strike", "room"}.isdisjoint(tables(empty))
    with empty.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT key, state FROM outbox ORDER BY id")).all()
        assert rows == [("daily:1:2026-11-22", "sent"), ("daily:1:2026-11-23", "waiting")]
        assert connection.execute(sa.text("SELECT kind FROM session")).scalars().all() == ["quiz"]
        assert connection.execute(sa.text("SELECT minutes FROM learner")).scalars().all() == [20]
    migrate(empty)
    assert differences(empty) == []
    with empty.begin() as work:
        assert work.learner(LearnerId(1)) == learner  # what only this version knew is as at first
        assert work.battle_in(ROOM) is None


def test_many_may_migrate_at_once(empty_database_url: str) -> None:
    databases = [Database(empty_database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, databases))
    assert [revision(one) for one in databases] == [HEAD] * 4
    for one in databases:
        one.close()


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    code = (
        "import sys; from bot.store.database import Database; from bot.store.migrate import migrate\n"
        "database = Database(sys.argv[1]); migrate(database); database.close()"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, empty_database_url], cwd=CHECKOUT, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told


@on_sqlite
def test_a_start_at_the_newest_tables_does_not_load_alembic(database_url: str) -> None:
    code = (
        "import sys; from bot.store.database import Database; from bot.store.migrate import migrate\n"
        "database = Database(sys.argv[1]); database.check(); migrate(database); database.close()\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, database_url], cwd=CHECKOUT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "False"


# What can't be opened says why and what to do.


def problem(url: str) -> str:
    def open_it() -> None:
        database = Database(url)
        try:
            database.check()
        finally:
            database.close()

    with pytest.raises((StoreError, SettingError)) as caught:
        open_it()
    return str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100, encoding="utf-8")
    told = problem(f"sqlite:///{path}")
    assert str(path) in told
    assert "not a database" in told
    assert "Name another file" in told
    assert path.read_text(encoding="utf-8").startswith("Dear")


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    told = problem(f"sqlite:///{tmp_path / 'nowhere' / 'tminus.db'}")
    assert f"The folder {tmp_path / 'nowhere'} of the database does not exist. Make it" in told
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    assert "Check that the folder exists and can be written to" in problem(f"sqlite:///{tmp_path}")


def test_a_file_that_another_program_writes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.database.BUSY_S", 0.01)
    url = f"sqlite:///{tmp_path / 'tminus.db'}"
    other = Database(url)
    with other.begin():
        assert "database is locked. Close whatever else has it open" in problem(url)
    other.close()


def test_a_home_folder_by_its_short_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    database = Database("sqlite:///~/tminus.db")
    database.check()
    database.close()
    assert (tmp_path / "tminus.db").exists()


@pytest.mark.parametrize(
    "url",
    ["", " ", "tminus.db", "mysql://me@localhost/tminus", "postgresql+asyncpg://localhost/x", "postgresql://h:port/x",
     "sqlite://", "sqlite:///", "sqlite:///:memory:", "http://example.com"],
)  # fmt: skip
def test_an_address_that_is_none(url: str) -> None:
    told = problem(url)
    assert told.startswith("TMINUS_DATABASE_URL is not a database address")
    assert "Write e.g. sqlite:////home/me/tminus.db or postgresql://" in told


def test_a_host_that_does_not_answer() -> None:
    told = problem("postgresql://me:hush@127.0.0.1:1/tminus")
    assert "postgresql+psycopg://me:***@127.0.0.1:1/tminus" in told
    assert "Check that the server runs" in told
    assert "hush" not in told


def test_a_name_that_is_no_host() -> None:
    assert "Check that the server runs" in problem("postgresql://me@no-such-host.invalid/tminus")


@on_postgres
def test_a_wrong_password_user_or_database_name(database_url: str) -> None:
    url = sa.make_url(database_url)
    for wrong in (url.set(password=WRONG), url.set(username="nobody-here"), url.set(database="not-there")):
        told = problem(wrong.render_as_string(hide_password=False))
        assert "user, password and database name" in told
        assert "hush" not in told
    query = url.set(username=None, password=None).update_query_dict({"user": str(url.username), "password": "hush"})
    assert "hush" not in problem(query.render_as_string(hide_password=False))


def test_a_user_who_may_not_create_tables(postgres: Postgres) -> None:
    url = postgres.create()
    owner = Database(url)
    with owner.engine.begin() as connection:
        connection.execute(sa.text("DROP ROLE IF EXISTS tminus_reader"))
        connection.execute(sa.text("CREATE ROLE tminus_reader LOGIN PASSWORD 'hush'"))
    reader = Database(
        sa.make_url(url).set(username="tminus_reader", password=WRONG).render_as_string(hide_password=False)
    )
    reader.check()
    with pytest.raises(StoreError, match=r"permission denied.*Nothing was changed.*right to create"):
        migrate(reader)
    reader.close()
    assert tables(owner) == set()
    with owner.engine.begin() as connection:
        connection.execute(sa.text("DROP ROLE tminus_reader"))
    owner.close()
    postgres.drop(url)


def test_postgres_and_the_schemes_it_goes_by(postgres: Postgres) -> None:
    url = postgres.create()
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        database = Database(scheme + url[url.index("://") :])
        database.check()
        database.close()
    postgres.drop(url)
