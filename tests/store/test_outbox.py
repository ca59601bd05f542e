"""What every store promises to delivery: bot.ports.Outbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest

from bot.domain.ids import LearnerId
from bot.domain.remind import DAILY, Push
from bot.ports import Errand, Parcel
from bot.store.database import Database
from tests.store.engines import on_postgres
from tests.store.samples import NOW, enrolled, push

TELEGRAM = ["telegram"]
LEASE_S = 30.0


def book(database: Database, *pushes: Push) -> None:
    with database.outbox() as outbox:
        outbox.book(pushes, {})


def claim(database: Database, now: datetime = NOW, most: int = 10) -> list[Parcel]:
    with database.outbox() as outbox:
        return list(outbox.claim(TELEGRAM, now, LEASE_S, most))


def keys(parcels: list[Parcel]) -> list[str]:
    return [parcel.push.key for parcel in parcels]


def test_due_reminders_come_oldest_first_and_only_when_their_instant_has_come(database: Database) -> None:
    made = [enrolled(database, str(n)) for n in range(3)]
    with database.begin() as work:
        for one, minutes in zip(made, (0, -5, 1), strict=True):
            work.remind_at(one.id, NOW + timedelta(minutes=minutes))
    with database.outbox() as outbox:
        assert [one.learner for one in outbox.due(NOW, 10)] == [made[1].id, made[0].id]
        assert [one.learner for one in outbox.due(NOW, 1)] == [made[1].id]
    with database.outbox() as outbox:
        (first, *_) = outbox.due(NOW, 10)
        assert (first.zone, first.push_time, first.quiet) == (made[1].zone, made[1].push_time, made[1].quiet)
        assert (first.pushes_on, first.platform, first.chat) == (False, "telegram", "chat-1")


def test_booking_sets_the_next_instant_and_takes_each_key_once(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        work.remind_at(made.id, NOW)
    for _ in range(2):
        with database.outbox() as outbox:
            outbox.book([push(made.id)], {Errand(DAILY, made.id): NOW + timedelta(days=1)})
    with database.outbox() as outbox:
        assert outbox.due(NOW, 10) == []
        assert [one.at for one in outbox.due(NOW + timedelta(days=1), 10)] == [NOW + timedelta(days=1)]
    assert len(claim(database)) == 1


def test_a_key_is_delivered_once_ever(database: Database) -> None:
    made = enrolled(database)
    book(database, push(made.id))
    (parcel,) = claim(database)
    with database.outbox() as outbox:
        outbox.delivered(parcel, "42", NOW)
    book(database, push(made.id))
    assert claim(database, NOW + timedelta(days=9)) == []


def test_the_most_urgent_goes_first_then_the_longest_due(database: Database) -> None:
    book(
        database,
        push(LearnerId(1), "a", at=NOW),
        push(LearnerId(1), "b", at=NOW - timedelta(hours=1)),
        push(LearnerId(1), "c", priority=10),
        push(LearnerId(1), "d", at=NOW + timedelta(seconds=1)),
    )
    assert keys(claim(database)) == ["daily:1:c", "daily:1:b", "daily:1:a"]


def test_a_claim_comes_back_whole_and_only_for_the_platforms_asked_for(database: Database) -> None:
    book(database, push(LearnerId(1)))
    with database.outbox() as outbox:
        assert outbox.claim(["discord"], NOW, LEASE_S, 10) == []
        assert outbox.claim([], NOW, LEASE_S, 10) == []
        (parcel,) = outbox.claim(["discord", "telegram"], NOW, LEASE_S, 10)
    assert parcel.push == push(LearnerId(1))
    assert parcel.tries == 1


def test_a_claim_keeps_others_away_until_its_lease_ends(database: Database) -> None:
    book(database, push(LearnerId(1)))
    (first,) = claim(database)
    assert claim(database, NOW + timedelta(seconds=LEASE_S - 1)) == []
    (again,) = claim(database, NOW + timedelta(seconds=LEASE_S))
    assert (again.id, again.tries) == (first.id, 2)


def test_what_is_done_with_is_not_claimed_again(database: Database) -> None:
    book(database, push(LearnerId(1), "a"), push(LearnerId(1), "b"))
    sent, dropped = claim(database)
    with database.outbox() as outbox:
        outbox.delivered(sent, "42", NOW)
        outbox.dropped(dropped, "x" * 5000, NOW)
        outbox.dropped(sent, "too late to drop what was sent", NOW)
    assert claim(database, NOW + timedelta(days=1)) == []
    with database.begin() as work:
        assert work.activity(LearnerId(1), NOW).ignored == 1


def test_a_wait_does_not_count_as_a_try_and_a_failure_does(database: Database) -> None:
    book(database, push(LearnerId(1)))
    (parcel,) = claim(database)
    later = NOW + timedelta(hours=1)
    with database.outbox() as outbox:
        outbox.postponed(parcel, later)
    assert claim(database, later - timedelta(microseconds=1)) == []
    (parcel,) = claim(database, later)
    assert parcel.tries == 1
    with database.outbox() as outbox:
        outbox.postponed(parcel, later, failed=True)
    (parcel,) = claim(database, later)
    assert parcel.tries == 2


def test_who_lost_a_claim_does_not_end_the_next_ones(database: Database) -> None:
    book(database, push(LearnerId(1)))
    (late,) = claim(database)
    after = NOW + timedelta(seconds=LEASE_S)
    assert len(claim(database, after)) == 1
    with database.outbox() as outbox:
        outbox.postponed(late, after)
    assert claim(database, after) == []


def test_what_waits_for_a_chat_that_moved_goes_to_its_new_id(database: Database) -> None:
    made = enrolled(database)
    book(database, push(made.id))
    with database.begin() as work:
        work.remind_at(made.id, NOW)
    with database.outbox() as outbox:
        outbox.moved("telegram", "chat-1", "-100200300")
        assert outbox.due(NOW, 1)[0].chat == "-100200300"
    assert claim(database)[0].push.chat == "-100200300"


def test_slots_of_a_lane_are_spaced(database: Database) -> None:
    with database.outbox() as outbox:
        slots = [outbox.reserve("telegram", NOW, 0.5) for _ in range(4)]
        assert outbox.reserve("telegram:chat", NOW, 1.0) == pytest.approx(NOW, abs=timedelta(microseconds=5))
    expected = [NOW + timedelta(seconds=n / 2) for n in range(4)]
    assert slots == pytest.approx(expected, abs=timedelta(microseconds=5))
    later = NOW + timedelta(hours=1)
    with database.outbox() as outbox:
        assert outbox.reserve("telegram", later, 0.5) == pytest.approx(later, abs=timedelta(microseconds=5))


def test_a_lane_that_is_held_gives_no_earlier_slot(database: Database) -> None:
    until = NOW + timedelta(seconds=17)
    with database.outbox() as outbox:
        outbox.hold("telegram", until)
        outbox.hold("telegram", NOW)  # a shorter pause does not end the longer one
        assert outbox.reserve("telegram", NOW, 1) == pytest.approx(until, abs=timedelta(microseconds=5))


def test_sweeping_deletes_what_was_done_with_long_ago(database: Database) -> None:
    book(database, *(push(LearnerId(1), day) for day in ("a", "b", "c")))
    sent, dropped, _waiting = claim(database)
    with database.outbox() as outbox:
        outbox.delivered(sent, "1", NOW)
        outbox.dropped(dropped, "expired", NOW + timedelta(days=1))
        outbox.reserve("telegram:1", NOW, 1)
    with database.outbox() as outbox:
        assert outbox.sweep(NOW) == 0
        assert outbox.sweep(NOW + timedelta(hours=1)) == 1
        assert outbox.sweep(NOW + timedelta(days=9)) == 1
    assert len(claim(database, NOW + timedelta(days=9))) == 1


def test_many_threads_never_exceed_the_rate(database: Database) -> None:
    def reserve(_: int) -> datetime:
        with database.outbox() as outbox:
            return outbox.reserve("telegram", NOW, 1 / 28)

    with ThreadPoolExecutor(6) as pool:
        slots = sorted(pool.map(reserve, range(60)))
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(slots)]
    assert min(gaps) > 1 / 28 - 0.0001
    assert slots[-1] - NOW < timedelta(seconds=60 / 28)  # and none is wasted


def test_many_threads_claim_each_message_once(database: Database) -> None:
    book(database, *(push(LearnerId(n)) for n in range(60)))

    def take(_: int) -> list[str]:
        taken: list[str] = []
        while parcels := claim(database, most=4):
            taken += keys(parcels)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for batch in pool.map(take, range(4)) for key in batch]
    assert len(taken) == len(set(taken)) == 60


@on_postgres
def test_two_open_claims_are_disjoint(database: Database, another: Database) -> None:
    book(database, *(push(LearnerId(n)) for n in range(8)))
    with database.outbox() as one, another.outbox() as two:
        first = one.claim(TELEGRAM, NOW, LEASE_S, 5)
        second = two.claim(TELEGRAM, NOW, LEASE_S, 5)
    assert len(first) == 5
    assert len(second) == 3
    assert not {parcel.id for parcel in first} & {parcel.id for parcel in second}


@on_postgres
def test_two_open_bookings_are_disjoint(database: Database, another: Database) -> None:
    made = [enrolled(database, str(n)) for n in range(6)]
    with database.begin() as work:
        for learner in made:
            work.remind_at(learner.id, NOW)
    with database.outbox() as one, another.outbox() as two:
        first = {reminder.learner for reminder in one.due(NOW, 4)}
        second = {reminder.learner for reminder in two.due(NOW, 4)}
    assert (len(first), len(second)) == (4, 2)
    assert not first & second


def test_bookings_of_the_same_key_at_once_make_one_message(database: Database) -> None:
    together = Barrier(4, timeout=10)

    def attempt(_: int) -> None:
        together.wait()
        book(database, push(LearnerId(1)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(4)))
    assert len(claim(database, datetime(2030, 1, 1, tzinfo=UTC))) == 1
