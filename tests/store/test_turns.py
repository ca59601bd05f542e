"""Turns of one learner come one after another; those of two learners side by side where the database allows it."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from bot.domain.learner import Learner
from bot.store.database import POOL, Database
from tests.store.engines import on_postgres
from tests.store.samples import NOW, enrolled, person


def test_two_turns_of_one_learner_never_overlap(database: Database) -> None:
    before = enrolled(database).minutes

    def turn(_: int) -> None:
        with database.begin() as work:
            learner = work.learner_of(person())
            assert learner is not None
            work.save(replace(learner, minutes=learner.minutes + 1))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(turn, range(60)))
    with database.begin() as work:
        after = work.learner_of(person())
    assert after is not None
    assert after.minutes == before + 60  # overlapping turns would lose some


def test_a_push_being_written_and_a_turn_of_its_learner_never_overlap(database: Database) -> None:
    made = enrolled(database)

    def turn(number: int) -> None:
        with database.begin() as work:
            learner = work.learner(made.id) if number % 2 else work.learner_of(person())
            assert learner is not None
            work.save(replace(learner, minutes=learner.minutes + 1))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(turn, range(30)))
    with database.begin() as work:
        assert work.learner(made.id) == replace(made, minutes=made.minutes + 30)


@on_postgres
def test_turns_of_two_learners_run_side_by_side(database: Database, another: Database) -> None:
    enrolled(database)
    enrolled(database, "2")
    with database.begin() as one, another.begin() as two:  # were they one after another, this would never end
        assert one.learner_of(person()) is not None
        assert two.learner_of(person("2")) is not None


def cut(url: str) -> None:
    """Ends every other connection to a database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@on_postgres
def test_a_connection_that_was_cut_between_turns_costs_one_turn(database: Database, database_url: str) -> None:
    made = enrolled(database)
    cut(database_url)
    with contextlib.suppress(DBAPIError, psycopg.Error), database.begin() as work:
        work.learner_of(person())
    with database.begin() as work:
        assert work.learner_of(person()) == made
    cut(database_url)
    with contextlib.suppress(DBAPIError, psycopg.Error), database.outbox() as outbox:
        outbox.claim(["telegram"], NOW, 30, 1)
    with database.outbox() as outbox:
        assert outbox.claim(["telegram"], NOW, 30, 1) == []


@on_postgres
def test_a_connection_that_is_cut_within_a_turn_costs_that_turn(database: Database, database_url: str) -> None:
    made = enrolled(database)

    def turn() -> None:
        with database.begin() as work:
            work.save(replace(made, minutes=77))
            cut(database_url)
            work.learner_of(person())

    with pytest.raises((DBAPIError, psycopg.Error)):
        turn()
    with database.begin() as work:
        assert work.learner_of(person()) == made


def _found(database: Database) -> Learner | None:
    with database.begin() as work:
        return work.learner_of(person())


@on_postgres
def test_a_worker_whose_connection_was_cut_fails_once_at_most(database: Database, database_url: str) -> None:
    made = enrolled(database)
    assert database.workers.submit(_found, database).result() == made
    for _ in range(2):
        cut(database_url)
        lost = 0
        for _ in range(4 * POOL):
            try:
                assert database.workers.submit(_found, database).result() == made
            except (DBAPIError, psycopg.Error):
                lost += 1
        assert lost <= POOL


@on_postgres
def test_a_worker_whose_connection_is_cut_within_a_turn_works_on(database: Database, database_url: str) -> None:
    made = enrolled(database)

    def fails() -> None:
        with contextlib.suppress(DBAPIError, psycopg.Error), database.begin() as work:
            work.save(replace(made, minutes=77))
            cut(database_url)
            work.learner_of(person())

    def claims() -> int:
        with database.outbox() as outbox:
            return len(outbox.claim(["telegram"], NOW, 30, 1))

    database.workers.submit(fails).result()
    assert database.workers.submit(_found, database).result() == made
    assert database.workers.submit(claims).result() == 0


def test_a_turn_that_fails_leaves_the_next_one_untouched(database: Database) -> None:
    made = enrolled(database)

    def fail() -> None:
        with database.begin() as work:
            work.save(replace(made, minutes=77))
            raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            fail()
    with database.begin() as work:
        assert work.learner_of(person()) == made
