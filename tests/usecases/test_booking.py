"""The date of an exam: typed, tapped, confirmed, moved, canceled."""

from dataclasses import replace
from datetime import date, time

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.domain.booking import Verdict, When
from bot.domain.ids import BookingId, PackId
from bot.domain.learner import Field
from bot.domain.pack import ExamStatus, Pack
from bot.store.tables import booking, due
from bot.usecases.dated import (
    AskCancel,
    AskTravel,
    AskWhen,
    AskZone,
    Canceled,
    Confirm,
    ExamShown,
    Snag,
)
from bot.usecases.outcome import Hitch, Hitched, Outcome
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room

WHEN = When(date(2026, 12, 15), time(9, 30), "Europe/Berlin")


def books(guest: Guest, text: str = "15 December 9:30 Berlin") -> ExamShown:
    assert isinstance(guest.says(f"/exam {text}"), Confirm), guest.outcome
    outcome = guest.taps(wants.Book)
    assert isinstance(outcome, ExamShown)
    return outcome


def snag(outcome: Outcome) -> Snag | None:
    assert isinstance(outcome, AskWhen), outcome
    return outcome.snag


def errands(room: Room) -> dict[str, int]:
    rows = room.select(sa.select(due.c.kind, sa.func.count()).group_by(due.c.kind))
    return dict(map(tuple, rows))


def test_a_typed_date_is_shown_and_booked_once(guest: Guest, room: Room) -> None:
    outcome = guest.says("/exam 15 December 9:30 Berlin")
    assert isinstance(outcome, Confirm)
    assert outcome.when == WHEN
    assert "Tuesday, December 15, 2026, 9:30" in guest.view.text
    assert "22 days to go" in guest.view.text
    shown = guest.taps(wants.Book)
    assert isinstance(shown, ExamShown)
    assert (shown.booking.when, shown.news) == (WHEN, "booked")
    assert errands(room) == {"exam": 1, "plan": 1}
    again = guest.does(wants.Book("2026-12-15T09:30@Europe/Berlin"), is_tap=True)
    assert isinstance(again, ExamShown)
    assert (again.news, again.booking.changes) == ("", 0)
    assert len(room.select(sa.select(booking.c.id))) == 1


def test_a_date_is_tapped_from_month_to_hour(guest: Guest) -> None:
    guest.does(wants.Open(Field.ZONE), is_tap=True)
    guest.says("Berlin")
    assert isinstance(guest.says("/exam"), AskWhen)
    assert isinstance(guest.taps(wants.Schedule("2026-12")), AskWhen)
    assert isinstance(guest.taps(wants.Schedule("2026-12-14..")), AskWhen)
    assert isinstance(guest.taps(wants.Schedule("2026-12-15")), AskWhen)
    outcome = guest.taps(wants.Schedule("2026-12-15T10:00"))
    assert isinstance(outcome, Confirm)
    assert outcome.when == When(date(2026, 12, 15), time(10), "Europe/Berlin")
    assert isinstance(guest.taps(wants.Book), ExamShown)


@on_sqlite
def test_every_day_of_every_month_on_offer_can_be_reached(guest: Guest) -> None:
    guest.says("/exam")
    months = [one for one in guest.view.buttons if isinstance(one.intent, wants.Schedule)]
    assert len(months) == 12
    reached: set[str] = set()
    for month in months:
        guest.does(month.intent, is_tap=True)
        weeks = [one.intent for one in guest.view.buttons if getattr(one.intent, "value", "").endswith("..")]
        for week in weeks:
            guest.does(week, is_tap=True)
            reached |= {one.intent.value for one in guest.view.buttons if len(getattr(one.intent, "value", "")) == 10}  # type: ignore[union-attr]
    first, last = date(2026, 11, 23), date(2027, 10, 31)
    days = {date.fromordinal(n).isoformat() for n in range(first.toordinal(), last.toordinal() + 1)}
    assert reached == days


@on_sqlite
def test_what_a_date_lacks_is_asked_for_and_put_together(guest: Guest) -> None:
    guest.says("/exam")
    assert snag(guest.says("15 December")) is Snag.NO_CLOCK
    outcome = guest.says("9:30")
    assert isinstance(outcome, Confirm)
    assert (outcome.when.day, outcome.when.clock, outcome.when.zone) == (WHEN.day, WHEN.clock, "UTC")
    assert isinstance(guest.taps(wants.Open(Field.EXAM_ZONE)), AskZone)
    outcome = guest.says("Berlin")
    assert isinstance(outcome, Confirm)
    assert outcome.when == WHEN


@on_sqlite
def test_a_place_with_namesakes_is_asked_about(guest: Guest) -> None:
    outcome = guest.says("/exam 15 December 9:30 Springfield")
    assert isinstance(outcome, AskZone)
    assert outcome.snag is Snag.SEVERAL_TOWNS
    outcome = guest.taps(lambda intent: isinstance(intent, wants.Schedule) and intent.value.endswith("America/Chicago"))
    assert isinstance(outcome, Confirm)
    assert outcome.when == replace(WHEN, zone="America/Chicago")


@on_sqlite
@pytest.mark.parametrize("place", ["Springfield", "Chicago"])
def test_a_place_given_before_the_hour_is_kept(guest: Guest, place: str) -> None:
    guest.says(f"/exam 15 December {place}")
    if place == "Springfield":
        guest.taps(lambda intent: isinstance(intent, wants.Schedule) and intent.value.endswith("America/Chicago"))
    tapped = guest.taps(wants.Schedule("2026-12-15T10:00"))
    assert isinstance(tapped, Confirm)
    assert tapped.when == When(date(2026, 12, 15), time(10), "America/Chicago")
    guest.says("/exam")
    guest.says(f"15 December {place}")
    if place == "Springfield":
        assert isinstance(guest.says("Chicago"), AskWhen)
    typed = guest.says("9:30")
    assert isinstance(typed, Confirm)
    assert typed.when == replace(WHEN, zone="America/Chicago")


@on_sqlite
def test_a_move_by_taps_stays_in_the_zone_of_the_test(guest: Guest) -> None:
    books(guest, "15 December 9:30 New York")
    guest.taps(wants.Schedule)
    for value in ("2026-12", "2026-12-21..", "2026-12-22", "2026-12-22T10:00"):
        outcome = guest.taps(wants.Schedule(value))
    assert isinstance(outcome, Confirm)
    assert outcome.when == When(date(2026, 12, 22), time(10), "America/New_York")


@on_sqlite
def test_on_the_day_itself_its_date_is_no_date_of_next_year(guest: Guest, room: Room) -> None:
    guest.says("/help")
    room.clock.now = room.clock.now.replace(month=12, day=15, hour=6)
    outcome = guest.says("/exam 15 December 9:30 Berlin")
    assert isinstance(outcome, Confirm)
    assert outcome.when == WHEN


@on_sqlite
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 November 2026 9:00", Snag.PAST),
        ("2020-01-01 09:00", Snag.PAST),
        ("today at 9:20", Snag.TOO_SOON),
        ("15 December 2031 9:00", Snag.TOO_FAR),
        ("28 March 2027 2:30 Berlin", Snag.NO_SUCH_TIME),
        ("nonsense", Snag.UNREADABLE),
        ("31 February 9:00", Snag.UNREADABLE),
        ("🎂", Snag.UNREADABLE),
        ("9:30", Snag.NO_DAY),
        ("x" * 5000, Snag.UNREADABLE),
    ],
)
def test_a_date_that_can_not_be_says_why_and_asks_again(guest: Guest, room: Room, text: str, why: Snag) -> None:
    assert snag(guest.says(f"/exam {text}")) is why
    assert room.select(sa.select(booking.c.id)) == []
    assert isinstance(guest.says("15 December 9:30"), Confirm)  # what is typed next is a date


@on_sqlite
def test_a_retired_exam_says_so_and_lets_one_study_towards_the_day(guest: Guest) -> None:
    outcome = guest.says("/exam 15 December 9:30")
    assert isinstance(outcome, Confirm)
    assert outcome.caution is not None
    assert "its last day was March 31, 2026" in guest.view.text
    assert "MLA-C02" in guest.view.text
    assert isinstance(guest.taps(wants.Book), ExamShown)


@on_sqlite
def test_an_exam_that_is_not_there_yet_can_not_be_booked_before_its_first_day(guest: Guest, room: Room) -> None:
    _edit(room, first_day=date(2027, 1, 14), status=ExamStatus.BETA, last_day=None)
    assert snag(guest.says("/exam 15 December 9:30")) is Snag.NOT_YET
    assert "January 14, 2027" in guest.view.text
    assert isinstance(guest.says("14 January 9:30"), Confirm)


@on_sqlite
def test_a_day_after_the_last_one_is_no_appointment_but_a_target(guest: Guest, room: Room) -> None:
    _edit(room, status=ExamStatus.RETIRING, last_day=date(2026, 12, 14))
    outcome = guest.says("/exam 15 December 9:30")
    assert isinstance(outcome, Confirm)
    assert outcome.caution is not None
    outcome = guest.says("/exam 14 December 9:30")
    assert isinstance(outcome, Confirm)
    assert outcome.caution is None


def test_moving_keeps_the_booking_and_says_from_where(guest: Guest, room: Room) -> None:
    first = books(guest).booking
    guest.taps(wants.Schedule)
    outcome = guest.says("22 December 14:00")
    assert isinstance(outcome, Confirm)
    assert outcome.ahead is not None
    assert outcome.when.zone == "Europe/Berlin"  # where the old date is
    moved = guest.taps(wants.Book)
    assert isinstance(moved, ExamShown)
    assert (moved.booking.id, moved.news, moved.booking.changes) == (first.id, "moved", 1)
    assert errands(room) == {"exam": 1, "plan": 1}


def test_canceling_asks_back_and_stops_everything(guest: Guest, room: Room) -> None:
    made = books(guest).booking
    assert isinstance(guest.taps(wants.Unbook), AskCancel)
    assert isinstance(guest.taps(wants.Cancel), Canceled)
    assert errands(room) == {}
    assert isinstance(guest.says("/exam"), AskWhen)
    assert isinstance(guest.does(wants.Unbook(made.id), is_tap=True), Hitched)
    assert books(guest, "20 December 9:00 Berlin").booking.id != made.id


@on_sqlite
def test_two_packs_have_two_dates(guest: Guest, room: Room) -> None:
    books(guest)
    original = next(iter(room.packs.values()))
    other = PackId("other")
    room.packs[other] = replace(original, outline=original.outline.model_copy(update={"id": other}))
    guest.does(wants.Choose(Field.PACK, other), is_tap=True)
    shown = books(guest, "10 January 9:00 Berlin")
    assert [one.when for one, _ in shown.others] == [WHEN]
    assert len(room.select(sa.select(booking.c.id))) == 2


@on_sqlite
def test_where_it_is_sat_decides_when_to_leave(guest: Guest) -> None:
    books(guest)
    assert isinstance(guest.taps(lambda one: isinstance(one, wants.Sit) and not one.is_remote), AskTravel)
    assert isinstance(guest.says("an eternity"), AskTravel)
    shown = guest.says("40 min")
    assert isinstance(shown, ExamShown)
    assert "leave at 8:20" in guest.view.text
    guest.taps(lambda one: isinstance(one, wants.Sit) and one.is_remote)
    assert "check in at 9:00" in guest.view.text


@on_sqlite
@pytest.mark.parametrize(
    "value",
    [
        *(
            "2026-13",
            "2026-00",
            "0000-12",
            "9999-12",
            "2026-02-31",
            "2026-02-31..",
            "9999-12-31..",
            "2026-12-15..T09:30",
        ),
        *("\uff12\uff10\uff12\uff16-12", "2026-12@UTC", "2026-12T09:30", "2026-12-15@Europe/Berlin", "2020-01-06.."),
        *("2026-12-15T09:30@Not/A_Zone", "2026-12-15T09:30@../../etc", "9999-12-31T23:59@UTC", "0001-01-01T00:00@UTC"),
        *("2026-12-32T09:30@UTC", "2026-12-15T25:00@UTC", "2026-12-15", "", "@", "2026-12-15T09:30", "💥"),
    ],
)
def test_a_forged_date_books_nothing(guest: Guest, room: Room, value: str) -> None:
    guest.says("/help")
    outcome = guest.does(wants.Book(value), is_tap=True)
    assert isinstance(outcome, Hitched | AskWhen)
    assert room.select(sa.select(booking.c.id)) == []
    assert isinstance(guest.does(wants.Schedule(value), is_tap=True), Hitched | AskWhen | Confirm)
    assert isinstance(guest.says("/exam 15 December 9:30 Berlin"), Confirm)


def test_nobody_touches_anothers_booking(guest: Guest, room: Room) -> None:
    theirs = books(guest).booking
    mallory = room.person("2")
    mallory.says("/help")
    for intent in (
        wants.Cancel(theirs.id),
        wants.Unbook(theirs.id),
        wants.Sit(theirs.id, is_remote=True),
        wants.Log(theirs.id, Verdict.PASSED),
        wants.Needs(theirs.id, "modeling", on=True),
        wants.Cancel(BookingId(2**62)),
    ):
        assert mallory.does(intent, is_tap=True) == Hitched(Hitch.BEHIND)
    assert isinstance(guest.says("/exam"), ExamShown)


def _edit(room: Room, **changes: object) -> None:
    key, pack = next(iter(room.packs.items()))
    exam = pack.exam.model_copy(update=changes)
    room.packs[key] = Pack(pack.outline.model_copy(update={"exam": exam}), pack.topics)
