"""Runs the benchmark and prints its table, or the parts that are named: `python -m tests.bench ticks plans`."""

import asyncio
import os
import platform
import sys
import tempfile

import psutil

from tests.bench import answers, battles, plans, ticks
from tests.store.postgres import Postgres, new_run


def main(parts: list[str]) -> None:
    """Measures on a PostgreSQL and a SQLite of its own."""
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    postgres = new_run()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(parts, folder, postgres)
    finally:
        postgres.stop()


def _measure(parts: list[str], folder: str, postgres: Postgres) -> None:
    measures = {"ticks": ticks.measure, "plans": plans.measure, "battles": battles.measure}
    for part in [each for each in measures if each in parts]:
        for name, url in (("SQLite", f"sqlite:///{folder}/{part}.db"), ("PostgreSQL", postgres.create())):
            for figure in measures[part](name, url):
                print(figure.line, flush=True)
    for part, run in (("telegram", answers.telegram), ("discord", answers.discord)):
        if part in parts:
            for figure in asyncio.run(run(postgres.create(), _postmaster(postgres))):
                print(figure.line, flush=True)


def _postmaster(postgres: Postgres) -> psutil.Process:
    """The server's first process, whose children serve the connections."""
    return psutil.Process(int((postgres.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0]))


if __name__ == "__main__":
    main(sys.argv[1:] or ["ticks", "plans", "battles", "telegram", "discord"])
