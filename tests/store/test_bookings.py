"""Bookings, plans, ticks and groups' calendars, kept by both databases alike."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.booking import Booking, BookingState, KeptPlan, Room, Verdict, When
from bot.domain.ids import BookingId, DomainId, LearnerId, PackId
from bot.domain.learner import Energy
from bot.domain.practice import SessionKind
from bot.domain.remind import EXAM, PLAN, Push
from bot.ports import Answer, Errand, Stretch, Tally
from bot.store.database import Database
from tests.store.samples import CONCEPT, DOMAIN, NOW, PACK, attempt, enrolled, new_ask, opened, person, push

WHEN = When(date(2026, 12, 15), time(9, 30), "Europe/Berlin")
ROOM = Room("telegram", "-100123")


def booked(database: Database, learner: LearnerId, pack: PackId = PACK, when: When = WHEN) -> Booking:
    with database.begin() as work:
        return work.book(learner, pack, when, NOW)


def exam_push(learner: LearnerId, booking: Booking, at: datetime = NOW, chat: str = "chat-1") -> Push:
    return Push(
        key=f"{EXAM}:{booking.id}:t-30:{at.date()}:{chat}",
        kind=EXAM,
        learner=learner,
        platform="telegram",
        chat=chat,
        priority=20,
        due_at=at,
        expires_at=at + timedelta(hours=4),
        subject=booking.id,
        what="t-30",
    )


def test_a_booking_comes_back_as_it_was_kept(database: Database) -> None:
    made = enrolled(database)
    new = booked(database, made.id)
    full = Booking(
        id=new.id,
        learner=made.id,
        pack=PACK,
        when=When(date(2027, 3, 28), time(3, 30), "America/St_Johns"),
        is_remote=False,
        travel_minutes=40,
        changes=2,
        verdict=Verdict.WAITING,
        score=812,
        weak=(DomainId("modeling"), DomainId("data-engineering")),
    )
    with database.begin() as work:
        assert list(work.bookings(made.id)) == [new]
        work.keep(full)
    with database.begin() as work:
        assert work.booking(new.id) == full
        assert work.booking(BookingId(new.id + 1)) is None
        assert list(work.bookings(LearnerId(made.id + 1))) == []


def test_bookings_ahead_come_by_date_and_those_over_not_at_all(database: Database) -> None:
    made = enrolled(database)
    late = booked(database, made.id, PackId("b"), When(date(2027, 1, 5), time(9), "UTC"))
    early = booked(database, made.id, PackId("a"), When(date(2026, 12, 5), time(9), "UTC"))
    gone = booked(database, made.id, PackId("c"))
    with database.begin() as work:
        work.keep(Booking(gone.id, made.id, gone.pack, WHEN, state=BookingState.CANCELED))
        assert [one.id for one in work.bookings(made.id)] == [early.id, late.id]


def test_one_exam_has_one_date_ahead(database: Database) -> None:
    made = enrolled(database)
    first = booked(database, made.id)
    with pytest.raises(sa.exc.IntegrityError):
        booked(database, made.id)
    with database.begin() as work:
        work.keep(Booking(first.id, made.id, PACK, WHEN, state=BookingState.OVER))
    assert booked(database, made.id).id != first.id


def test_a_plan_is_kept_beside_its_booking(database: Database) -> None:
    booking = booked(database, enrolled(database).id)
    kept = KeptPlan('{"v":1}', date(2026, 11, 23), 3)
    with database.begin() as work:
        assert work.plan_of(booking.id) is None
        work.keep_plan(booking.id, kept)
    with database.begin() as work:
        assert work.plan_of(booking.id) == kept


def test_due_work_wakes_once_its_instant_has_come(database: Database) -> None:
    made = enrolled(database)
    booking = booked(database, made.id)
    errand = Errand(PLAN, made.id, booking.id)
    with database.begin() as work:
        work.wake_at(errand, NOW)
        work.wake_at(Errand(EXAM, made.id, booking.id), NOW)
        work.wake_at(errand, NOW + timedelta(minutes=1))  # another instant, no second row
    with database.begin() as work:
        assert list(work.wakes(PLAN, NOW, 10)) == []
        assert list(work.wakes(PLAN, NOW + timedelta(minutes=1), 10)) == [errand]
        work.wake_at(errand, None)
        assert list(work.wakes(PLAN, NOW + timedelta(days=9), 10)) == []


def test_a_due_booking_comes_with_all_that_a_decision_needs(database: Database) -> None:
    made, other = enrolled(database), enrolled(database, "2")
    booking, theirs = booked(database, made.id), booked(database, other.id)
    with database.begin() as work:
        work.seat(made.id, ROOM, "Ana")
        work.wake_at(Errand(EXAM, made.id, booking.id), NOW)
        work.wake_at(Errand(EXAM, other.id, theirs.id), NOW - timedelta(minutes=1))
    with database.outbox() as outbox:
        outbox.unreachable("telegram", "chat-2")
        assert list(outbox.due_bookings(NOW - timedelta(hours=1), 10)) == []
        second, first = outbox.due_bookings(NOW, 10)
    assert (first.at, first.booking, first.learner, first.chat) == (NOW, booking, made, "chat-1")
    assert list(first.rooms) == [ROOM]
    assert (second.booking, second.chat, list(second.rooms)) == (theirs, None, [])


def test_due_work_of_a_booking_that_is_gone_is_cleared(database: Database) -> None:
    made = enrolled(database)
    booking = booked(database, made.id)
    with database.begin() as work:
        work.wake_at(Errand(EXAM, made.id, booking.id), NOW)
        work.keep(Booking(booking.id, made.id, PACK, WHEN, state=BookingState.CANCELED))
    with database.outbox() as outbox:
        assert list(outbox.due_bookings(NOW, 10)) == []
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM due")).scalar() == 0


def test_booking_a_push_sets_or_clears_what_follows(database: Database) -> None:
    made = enrolled(database)
    booking = booked(database, made.id)
    errand = Errand(EXAM, made.id, booking.id)
    with database.begin() as work:
        work.wake_at(errand, NOW)
    with database.outbox() as outbox:
        outbox.book([exam_push(made.id, booking), exam_push(made.id, booking)], {errand: NOW + timedelta(days=1)})
    with database.outbox() as outbox:
        assert list(outbox.due_bookings(NOW, 10)) == []
        (parcel,) = outbox.claim(["telegram"], NOW, 60, 10)
        assert (parcel.push.subject, parcel.push.what) == (booking.id, "t-30")
        outbox.book([], {errand: None})
        assert list(outbox.due_bookings(NOW + timedelta(days=2), 10)) == []


def test_a_sent_push_is_found_by_its_own_learner_alone_and_counts_for_the_day(database: Database) -> None:
    made = enrolled(database)
    booking = booked(database, made.id)
    one = exam_push(made.id, booking)
    with database.begin() as work:
        work.post(one)
        work.post(one)  # its key once ever
        assert work.sent(made.id, one.key) is None  # not yet
        assert work.pushes_since(made.id, NOW) == 1  # on its way
        assert work.pushes_since(made.id, NOW, but=one.key) == 0
    with database.outbox() as outbox:
        (parcel,) = outbox.claim(["telegram"], NOW, 60, 10)
        outbox.delivered(parcel, "m1", NOW)
    with database.begin() as work:
        assert work.sent(made.id, one.key) == one
        assert work.sent(LearnerId(made.id + 1), one.key) is None
        assert work.pushes_since(made.id, NOW) == 1
        assert work.pushes_since(made.id, NOW + timedelta(seconds=1)) == 0


def test_a_tick_stays_and_is_found_by_how_its_name_begins(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        work.tick(made.id, "exam:7:weak-2:2026-12-13", NOW)
        work.tick(made.id, "exam:7:weak-2:2026-12-13", NOW + timedelta(hours=1))
        work.tick(made.id, "exam:77:weak-2:2026-12-13", NOW)
    with database.begin() as work:
        assert work.ticks(made.id, "exam:7:") == {"exam:7:weak-2:2026-12-13": NOW}
        assert work.ticks(made.id, "exam:%") == {}
        assert work.ticks(LearnerId(made.id + 1), "exam:") == {}


def test_answers_and_sets_are_told_oldest_first(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        session = opened(work, made, "set", SessionKind.SET)
        ask = work.pose(new_ask(made, session))
        assert ask is not None
        opened(work, made, "unanswered", SessionKind.SET)
        quiz = opened(work, made, "quiz")
        other = work.pose(new_ask(made, quiz))
        assert other is not None
        work.record(attempt(other, is_right=False, at=NOW - timedelta(days=1)))
        work.record(attempt(ask))
    with database.begin() as work:
        first, second = work.answers(made.id, PACK)
        assert first == Answer(CONCEPT, DOMAIN, is_right=False, at=NOW - timedelta(days=1))
        assert (second.is_right, second.at) == (True, NOW)
        assert list(work.stretches(made.id, PACK, SessionKind.SET)) == [Stretch(NOW, 10, Tally(1, 1))]
        assert list(work.answers(made.id, PackId("other"))) == []


def test_a_calendar_holds_who_asked_to_be_in_it(database: Database) -> None:
    ana, ben = enrolled(database), enrolled(database, "2")
    booking = booked(database, ana.id)
    with database.begin() as work:
        work.seat(ana.id, ROOM, "Ana")
        work.seat(ana.id, ROOM, "Ana B.")  # another name, no second seat
        work.seat(ben.id, Room("telegram", "-1"), "Ben")
        (seat,) = work.seats(ROOM)
        assert (seat.learner, seat.name, seat.bookings) == (ana.id, "Ana B.", (booking,))
        assert work.unseat(ana.id, ROOM)
        assert not work.unseat(ana.id, ROOM)
        assert list(work.seats(ROOM)) == []


def test_a_group_that_moved_or_is_gone_takes_its_calendar_along(database: Database) -> None:
    ana = enrolled(database)
    with database.begin() as work:
        work.seat(ana.id, ROOM, "Ana")
    with database.outbox() as outbox:
        outbox.moved("telegram", ROOM.chat, "-100999")
    with database.begin() as work:
        assert len(work.seats(Room("telegram", "-100999"))) == 1
    with database.outbox() as outbox:
        outbox.unreachable("telegram", "-100999")
    with database.begin() as work:
        assert list(work.seats(Room("telegram", "-100999"))) == []


def test_choices_around_an_exam_are_kept_with_the_learner(database: Database) -> None:
    made = replace(
        enrolled(database),
        week=(45, 45, 45, 45, 45, 180, 0),
        draft="2026-12-15T09:30@America/Argentina/ComodRivadavia",
        paused_until=date(2027, 1, 3),
        energy=Energy.LOW,
        energy_on=date(2026, 11, 23),
    )
    with database.begin() as work:
        work.save(made)
    with database.begin() as work:
        assert work.learner_of(person()) == made


def test_the_daily_push_still_counts_as_before(database: Database) -> None:
    made = enrolled(database)
    with database.outbox() as outbox:
        outbox.book([push(made.id)], {})
        (parcel,) = outbox.claim(["telegram"], NOW, 60, 10)
        outbox.delivered(parcel, "m1", NOW)
    with database.begin() as work:
        assert work.activity(made.id, NOW).ignored == 1
