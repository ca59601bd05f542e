"""What every store promises to delivery: bot.ports.Outbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from itertools import count, pairwise
from threading import Barrier

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.battle import Ending, Rules, end
from bot.domain.booking import Room
from bot.domain.bulletin import What
from bot.domain.ids import LearnerId
from bot.domain.remind import DAILY, URGENT, Push
from bot.ports import Errand, Parcel, RoomChoice
from bot.store.database import Database
from tests.store.engines import on_postgres
from tests.store.fights import OTHER_ROOM, ROOM, battle, edit, hall, opened, post
from tests.store.samples import NOW, PACK, enrolled, push

TELEGRAM = ["telegram"]
LEASE_S = 30.0


def book(database: Database, *pushes: Push) -> None:
    with database.outbox() as outbox:
        outbox.book(pushes, {})


def claim(database: Database, now: datetime = NOW, most: int = 10, *, urgent: bool = False) -> list[Parcel]:
    with database.outbox() as outbox:
        return list(outbox.claim(TELEGRAM, now, LEASE_S, most, urgent=urgent))


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


# What is urgent, and messages that are made into others.


def test_what_is_urgent_and_what_is_not_are_claimed_apart(database: Database) -> None:
    book(
        database,
        *(push(LearnerId(1), f"{priority}", priority=priority) for priority in (0, URGENT, URGENT + 1, 50, 1_000)),
    )
    assert keys(claim(database, urgent=True)) == ["daily:1:0", "daily:1:1"]
    assert keys(claim(database)) == ["daily:1:2", "daily:1:50", "daily:1:1000"]
    assert claim(database, urgent=True) == claim(database) == []


def urgent(database: Database, seconds: float = 0) -> list[Parcel]:
    return claim(database, NOW + timedelta(seconds=seconds), urgent=True)


def test_an_edit_waits_until_its_message_was_sent(database: Database) -> None:
    made = opened(database)
    book(database, edit(made), post(made))
    (message,) = urgent(database)
    assert (message.push, message.target, message.is_poll) == (post(made), None, False)
    assert urgent(database, 1) == []  # on its way
    with database.outbox() as outbox:
        outbox.delivered(message, "42", NOW)
    (change,) = urgent(database, 2)
    assert (change.push, change.target, change.is_poll, change.tries) == (edit(made), "42", False, 1)


def test_an_edit_of_a_poll_knows_that_it_is_one(database: Database) -> None:
    made = opened(database)
    book(database, post(made, What.ROUND, 1), edit(made, What.ROUND, 1))
    (message,) = urgent(database)
    with database.outbox() as outbox:
        outbox.delivered(message, "42", NOW, "poll-7")
    (change,) = urgent(database, 1)
    assert (change.target, change.is_poll) == ("42", True)


@pytest.mark.parametrize("is_booked", [True, False])
def test_an_edit_is_dropped_with_its_message(database: Database, is_booked: bool) -> None:
    made = opened(database)
    if is_booked:
        book(database, post(made))
        (message,) = urgent(database)
        with database.outbox() as outbox:
            outbox.dropped(message, "expired", NOW)
    book(database, edit(made))
    assert urgent(database) == []
    with database.begin() as work:
        posted = work.posted([edit(made).key])[edit(made).key]
        assert (posted.is_dropped, posted.is_sent, posted.at) == (True, False, NOW)


def test_edits_that_wait_keep_no_other_message(database: Database) -> None:
    rooms = [Room("telegram", f"-{n}") for n in range(5)]
    made = [opened(database, one.chat, battle(halls=[hall(room=one)])) for one in rooms]
    book(database, *map(post, made))
    assert len(urgent(database)) == 5
    book(database, *map(edit, made))
    book(database, post(made[0], What.FINAL))
    first = claim(database, NOW + timedelta(seconds=1), most=5, urgent=True)
    second = claim(database, NOW + timedelta(seconds=1), most=5, urgent=True)
    assert keys([*first, *second]) == [post(made[0], What.FINAL).key]


def test_an_edit_that_changed_on_its_way_waits_again(database: Database) -> None:
    made = opened(database)
    book(database, post(made))
    (message,) = urgent(database)
    with database.outbox() as outbox:
        outbox.delivered(message, "42", NOW)
    book(database, edit(made))
    (change,) = urgent(database)
    with database.begin() as work:
        work.refresh(edit(made), NOW, 0)
    with database.outbox() as outbox:
        outbox.delivered(change, "42", NOW)
    (again,) = urgent(database)
    assert (again.id, again.push, again.tries, again.target) == (change.id, edit(made), 1, "42")
    with database.outbox() as outbox:
        outbox.delivered(again, "42", NOW)
    assert urgent(database, 3600) == []


def test_edits_follow_a_message_that_was_sent_anew(database: Database) -> None:
    made = opened(database)
    book(database, post(made))
    (message,) = urgent(database)
    with database.outbox() as outbox:
        outbox.delivered(message, "42", NOW)
    book(database, edit(made))
    (change,) = urgent(database)
    with database.outbox() as outbox:
        outbox.delivered(change, "57", NOW)  # somebody had deleted it
    with database.begin() as work:
        assert work.posted([post(made).key])[post(made).key].message == "57"
        work.refresh(edit(made), NOW, 0)
    assert [parcel.target for parcel in urgent(database)] == ["57"]


# The pace of a lane that bears a few at once.

_lanes = count()
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(0, 15)), min_size=1, max_size=60)


@given(gaps=GAPS, spacing_s=st.sampled_from([0.25, 1.0, 4.3]), burst=st.integers(1, 6))
@example(gaps=[0.0] * 60, spacing_s=4.3, burst=5)
@example(gaps=[0.0] * 6 + [30.0] + [0.0] * 30, spacing_s=4.3, burst=5)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_minute_of_a_lane_has_more_than_its_pace(
    database: Database, gaps: list[float], spacing_s: float, burst: int
) -> None:
    lane, now, slots, arrivals = f"telegram:{next(_lanes)}", NOW, [], []
    with database.outbox() as outbox:
        for gap_s in gaps:
            now += timedelta(seconds=gap_s)
            arrivals.append(now)
            slots.append(outbox.reserve(lane, now, spacing_s, burst))
    assert all(slot >= now for slot, now in zip(slots, arrivals, strict=True))
    assert slots == sorted(slots)  # first come, first served
    nearly = timedelta(seconds=59.99)  # what is kept are floats
    for place, slot in enumerate(slots):
        within = sum(slot <= other <= slot + nearly for other in slots[place:])
        assert within <= 60 / spacing_s + burst
    for place, (slot, now) in enumerate(zip(slots, arrivals, strict=True)):  # and none is later than it has to be
        if slot > now:
            span = (slot - slots[max(0, place - burst)]).total_seconds()
            assert span <= spacing_s * burst + 0.001


def test_after_a_rest_a_few_go_at_once(database: Database) -> None:
    with database.outbox() as outbox:
        slots = [outbox.reserve("telegram:-100", NOW, 4, 3) for _ in range(5)]
        later = NOW + timedelta(minutes=5)
        again = [outbox.reserve("telegram:-100", later, 4, 3) for _ in range(4)]
    close = timedelta(microseconds=5)
    assert slots == pytest.approx([NOW + timedelta(seconds=wait) for wait in (0, 0, 0, 4, 8)], abs=close)
    assert again == pytest.approx([later + timedelta(seconds=wait) for wait in (0, 0, 0, 4)], abs=close)


def test_a_lane_with_a_burst_is_held_with_it(database: Database) -> None:
    """Who holds a lane says when its burst would be used up: after a pause that a platform wants, one goes by one."""
    until = NOW + timedelta(seconds=30)
    with database.outbox() as outbox:
        outbox.hold("telegram:-100", until + timedelta(seconds=4 * (3 - 1)))
        slots = [outbox.reserve("telegram:-100", NOW, 4, 3) for _ in range(3)]
    expected = [until + timedelta(seconds=wait) for wait in (0, 4, 8)]
    assert slots == pytest.approx(expected, abs=timedelta(microseconds=5))


# Rooms that are gone or have moved.

CHOICE = RoomChoice(ROOM, Rules(), PACK, "en", "-100", "UTC", time(18), time(21), NOW)


def halls_after(database: Database, *spots: str, gone: str) -> list[bool]:
    """Which of these spots of the same room's battles are gone when that one is; one battle after another."""
    found = []
    for spot in spots:
        made = opened(database, f"{spot} {gone}", battle(halls=[hall(spot=spot), hall(1, OTHER_ROOM)]))
        with database.outbox() as outbox:
            outbox.unreachable("telegram", gone)
        with database.begin() as work:
            one = work.battle(made.id)
            assert one is not None
            assert not one.halls[1].is_gone
            found.append(one.halls[0].is_gone)
            work.free_halls(made.id, NOW, counts=False)
    return found


def test_a_room_that_is_gone_leaves_its_battle_wherever_in_it_that_is(database: Database) -> None:
    spots = ("-100", "-100/45", "-100/t9", "-100/45/t9")
    assert halls_after(database, *spots, gone="-100") == [True, True, True, True]
    assert halls_after(database, *spots, gone="-1000") == [False] * 4
    assert halls_after(database, *spots, gone="-10") == [False] * 4


def test_a_spot_that_is_gone_takes_no_battle_elsewhere_in_the_room_with_it(database: Database) -> None:
    spots = ("-100", "-100/45", "-100/4", "-100/45/t9")
    assert halls_after(database, *spots, gone="-100/45") == [False, True, False, True]


def test_a_spot_with_a_name_of_its_own_is_gone_alone_too(database: Database) -> None:
    assert halls_after(database, "c8", "-100", gone="c8") == [True, False]  # a thread, as Discord names it


def test_a_battle_that_is_over_is_left_as_it_was(database: Database) -> None:
    made = opened(database)
    with database.begin() as work:
        over = end(made, Ending.PLAYED, NOW)
        work.keep_battle(over, None)
        work.free_halls(made.id, NOW, counts=False)
    with database.outbox() as outbox:
        outbox.unreachable("telegram", "-100")
    with database.begin() as work:
        assert work.battle(made.id) == over


@pytest.mark.parametrize(
    ("spot", "gone", "ends"),
    [
        ("-100", "-100", True),
        ("-100/45", "-100", True),
        ("-100/45", "-100/45", True),
        ("-100", "-100/45", False),
        ("-100/45", "-100/46", False),
        ("-100/45", "-200", False),
    ],
)
def test_the_daily_question_ends_with_the_place_it_goes_to(
    database: Database, spot: str, gone: str, ends: bool
) -> None:
    with database.begin() as work:
        work.keep_room_choice(RoomChoice(ROOM, Rules(), PACK, "en", spot, "UTC", time(18), time(21), NOW))
    with database.outbox() as outbox:
        outbox.unreachable("telegram", gone)
    with database.begin() as work:
        choice = work.room_choice(ROOM)
        assert choice is not None
        assert (choice.daily_at, choice.daily_next) == ((None, None) if ends else (time(18), NOW))
        assert choice.spot == spot


def test_a_spot_that_is_gone_leaves_the_rooms_calendar(database: Database) -> None:
    ana = enrolled(database)
    with database.begin() as work:
        work.seat(ana.id, ROOM, "Ana")
    for gone, left in (("-100/45", 1), ("-100", 0)):
        with database.outbox() as outbox:
            outbox.unreachable("telegram", gone)
        with database.begin() as work:
            assert len(work.seats(ROOM)) == left


NEW = Room("telegram", "-100999")


@pytest.mark.parametrize("seen_as", ["-100", "-100/45"])
def test_a_room_that_moves_takes_its_battle_its_messages_and_its_choices_along(
    database: Database, seen_as: str
) -> None:
    made = opened(database, new=battle(halls=[hall(spot="-100/45"), hall(1, OTHER_ROOM)]))
    book(database, post(made), edit(made))
    with database.begin() as work:
        work.keep_room_choice(CHOICE)
    with database.outbox() as outbox:
        outbox.moved("telegram", seen_as, NEW.chat)
    with database.begin() as work:
        one = work.battle(made.id)
        assert one is not None
        assert one.halls == (hall(room=NEW), made.halls[1])
        assert work.battle_in(NEW) == made.id
        assert work.battle_in(ROOM) is None
        choice = work.room_choice(NEW)
        assert choice is not None
        assert (choice.spot, choice.daily_next) == (NEW.chat, NOW)
        assert work.room_choice(ROOM) is None
    assert [parcel.push.chat for parcel in urgent(database)] == [NEW.chat]


def test_a_room_that_moves_to_where_choices_were_made_already_keeps_those(database: Database) -> None:
    with database.begin() as work:
        work.keep_room_choice(CHOICE)
        work.keep_room_choice(RoomChoice(NEW, Rules(rounds=5), PACK, "de", NEW.chat))
    with database.outbox() as outbox:
        outbox.moved("telegram", "-100", NEW.chat)
    with database.begin() as work:
        choice = work.room_choice(NEW)
        assert choice is not None
        assert (choice.rules.rounds, choice.locale) == (5, "de")
        assert work.room_choice(ROOM) is None


def test_a_room_that_moves_to_where_another_battle_is_on_leaves_its_own(database: Database) -> None:
    old, new = opened(database), opened(database, "new", battle(halls=[hall(room=NEW)]))
    with database.outbox() as outbox:
        outbox.moved("telegram", "-100", NEW.chat)
    with database.begin() as work:
        left = work.battle(old.id)
        assert left is not None
        assert [one.is_gone for one in left.halls] == [True]
        assert work.battle(new.id) == new
        assert work.battle_in(NEW) == new.id
