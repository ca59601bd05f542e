"""After the exam: what came of it, by whom it can be said, and what comes next."""

from datetime import date

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.domain.booking import Booking, BookingState, Verdict, retake_from
from bot.domain.ids import BookingId
from bot.domain.learner import Field
from bot.store.tables import booking, due, learner
from bot.usecases.dated import AskResult, AskWhen, Canceled, Confirm, ExamShown, NoExam, ResultNoted, Snag
from bot.usecases.outcome import Hitch, Hitched, Outcome, Unclear
from tests.store.engines import on_sqlite
from tests.usecases.postman import Postman, names, wall
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books

BEHIND = Hitched(Hitch.BEHIND)


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@pytest.fixture
def candidate(room: Room, postman: Postman) -> Guest:
    """Somebody who sat the exam on 15 December and has just been asked how it was."""
    guest = room.person()
    guest.says("/help")
    guest.does(wants.Choose(Field.ZONE, "Europe/Berlin"), is_tap=True)
    books(guest)
    guest.view = postman.till(12, 15, 15)[-1].view
    assert isinstance(room.outcomes[-1], AskResult)
    return guest


def logs(guest: Guest, verdict: Verdict) -> ResultNoted:
    outcome = guest.taps(lambda intent: isinstance(intent, wants.Log) and intent.verdict is verdict)
    assert isinstance(outcome, ResultNoted)
    return outcome


def kept(room: Room) -> list[tuple[str, str | None, int | None, str]]:
    columns = (booking.c.state, booking.c.verdict, booking.c.score, booking.c.weak)
    return [tuple(row) for row in room.select(sa.select(*columns).order_by(booking.c.id))]


def newest(guest: Guest) -> Booking:
    made = guest.learner
    with guest.room.database.begin() as work:
        return work.bookings(made.id)[-1]


def test_passed_with_its_score(candidate: Guest, room: Room, postman: Postman) -> None:
    outcome = logs(candidate, Verdict.PASSED)
    assert outcome.asks_score
    noted = candidate.says("812")
    assert isinstance(noted, ResultNoted)
    assert (noted.booking.score, noted.asks_score) == (812, False)
    assert "812" in candidate.view.text
    assert kept(room) == [("over", "passed", 812, "")]
    assert isinstance(candidate.says("/exam"), AskWhen)
    assert isinstance(candidate.says("/plan"), NoExam)
    assert [one.what for one in postman.till(12, 28) if one.what != "daily"] == []


def test_failed_says_from_when_it_can_be_sat_again_and_takes_the_next_date(candidate: Guest, room: Room) -> None:
    outcome = logs(candidate, Verdict.FAILED)
    assert retake_from(outcome.booking, outcome.pack) == date(2026, 12, 29)
    assert "December 29, 2026" in candidate.view.text
    assert isinstance(candidate.taps(wants.Schedule), AskWhen)
    assert isinstance(candidate.says("30 December 9:30"), Confirm)
    shown = candidate.taps(wants.Book)
    assert isinstance(shown, ExamShown)
    assert shown.news == "booked"
    assert [state for state, *_ in kept(room)] == ["over", "booked"]


@on_sqlite
@pytest.mark.parametrize(("score", "verdict"), [("750", "passed"), ("749", "failed"), (" 1000 / 1000 ", "passed")])
def test_the_score_decides_what_it_was(candidate: Guest, room: Room, score: str, verdict: str) -> None:
    logs(candidate, Verdict.FAILED)
    candidate.says(score)
    assert kept(room)[0][1] == verdict


@on_sqlite
@pytest.mark.parametrize(
    "text",
    ["99", "1001", "0", "-5", "812.5", "eight hundred", "9" * 400, "²", "\u0667", "", " ", "💥", "\x00", "72 %", "1e3"],
)
def test_a_score_off_the_scale_is_asked_for_again(candidate: Guest, room: Room, text: str) -> None:
    logs(candidate, Verdict.PASSED)
    outcome = candidate.does(wants.Choose(Field.SCORE, text), is_tap=True)
    assert isinstance(outcome, ResultNoted)
    assert (outcome.snag, outcome.asks_score) == (Snag.NO_SCORE, True)
    assert kept(room) == [("over", "passed", None, "")]
    assert isinstance(candidate.says("812"), ResultNoted)  # what is typed next is taken for it
    assert kept(room)[0][2] == 812


def test_whoever_waits_is_asked_again_by_exam_until_the_result_is_there(
    candidate: Guest, room: Room, postman: Postman
) -> None:
    logs(candidate, Verdict.WAITING)
    assert kept(room) == [("booked", "waiting", None, "")]
    assert [one.what for one in postman.till(12, 20) if one.what != "daily"] == []
    assert isinstance(candidate.says("/exam"), AskResult)
    logs(candidate, Verdict.PASSED)
    assert kept(room) == [("over", "passed", None, "")]
    assert isinstance(candidate.says("/exam"), AskWhen)


@on_sqlite
def test_who_did_not_sit_it_takes_a_new_date(candidate: Guest, room: Room) -> None:
    logs(candidate, Verdict.NOT_SAT)
    assert kept(room) == [("over", "not-sat", None, "")]
    assert isinstance(candidate.says("812"), Unclear)  # no score is waited for
    assert isinstance(candidate.says("/exam"), AskWhen)
    books(candidate, "30 December 9:30 Berlin")
    assert [state for state, *_ in kept(room)] == ["over", "booked"]


@on_sqlite
def test_a_later_word_replaces_an_earlier_one(candidate: Guest, room: Room) -> None:
    asked = candidate.view
    logs(candidate, Verdict.PASSED)
    candidate.says("812")
    candidate.view = asked
    logs(candidate, Verdict.FAILED)
    assert kept(room) == [("over", "failed", None, "")]  # no score of another result
    candidate.view = asked
    logs(candidate, Verdict.WAITING)
    assert kept(room) == [("booked", "waiting", None, "")]
    assert isinstance(candidate.says("/exam"), AskResult)


def test_a_new_date_after_the_exam_closes_the_old_one(candidate: Guest, room: Room, postman: Postman) -> None:
    asked = candidate.view
    old = newest(candidate)
    shown = books(candidate, "5 January 9:30 Berlin")
    assert (shown.news, shown.booking.id != old.id) == ("booked", True)
    assert [state for state, *_ in kept(room)] == ["over", "booked"]
    for verdict in Verdict:  # the old message still has its buttons, and the result of the old date is welcome
        candidate.view = asked
        noted = logs(candidate, verdict)
        assert (noted.booking.id, noted.booking.state) == (old.id, BookingState.OVER)
        assert newest(candidate).id == shown.booking.id
    assert isinstance(candidate.says("/exam"), ExamShown)
    assert "12-22 18:00 t-14" in names(postman.till(12, 23))


@on_sqlite
def test_what_needs_work_is_noted_once_and_taken_back(candidate: Guest, room: Room) -> None:
    logs(candidate, Verdict.FAILED)
    made = newest_over(room)
    for domain, on, weak in (
        ("modeling", True, "modeling"),
        ("modeling", True, "modeling"),
        ("data-engineering", True, "data-engineering,modeling"),
        ("modeling", False, "data-engineering"),
        ("modeling", False, "data-engineering"),
    ):
        assert isinstance(candidate.does(wants.Needs(made, domain, on), is_tap=True), ResultNoted)
        assert kept(room)[0][3] == weak
    for domain in ("", "nowhere", "Modeling", "data-engineering,modeling", "\x00", "💥"):
        assert candidate.does(wants.Needs(made, domain, on=True), is_tap=True) == Hitched(Hitch.GONE)
    assert kept(room)[0][3] == "data-engineering"


def newest_over(room: Room) -> BookingId:
    return BookingId(room.select(sa.select(sa.func.max(booking.c.id)))[0][0])


@on_sqlite
def test_before_the_exam_a_forged_result_changes_nothing(room: Room) -> None:
    guest = room.person()
    guest.says("/help")
    made = books(guest).booking
    room.clock.now = wall(12, 15, 9, 29)
    before = kept(room)
    forged: list[tuple[wants.Tap, Outcome]] = [
        *((wants.Log(made.id, verdict), BEHIND) for verdict in Verdict),
        (wants.Needs(made.id, "modeling", on=True), BEHIND),
        (wants.Open(Field.SCORE), BEHIND),
        (wants.Choose(Field.SCORE, "812"), BEHIND),
        (wants.Log(BookingId(2**62), Verdict.PASSED), BEHIND),
        (wants.Log(BookingId(0), Verdict.PASSED), BEHIND),
    ]
    for intent, outcome in forged:
        assert guest.does(intent, is_tap=True) == outcome
    assert kept(room) == before
    assert isinstance(guest.says("/exam"), ExamShown)


@on_sqlite
def test_a_canceled_exam_has_no_result(room: Room) -> None:
    guest = room.person()
    guest.says("/help")
    made = books(guest).booking
    guest.does(wants.Cancel(made.id), is_tap=True)
    room.clock.now = wall(12, 16)
    for verdict in Verdict:
        assert guest.does(wants.Log(made.id, verdict), is_tap=True) == BEHIND
    assert kept(room) == [("canceled", None, None, "")]


def test_nobody_notes_anothers_result(candidate: Guest, room: Room) -> None:
    theirs = newest(candidate).id
    mallory = room.person("2")
    mallory.says("/help")
    for verdict in Verdict:
        assert mallory.does(wants.Log(theirs, verdict), is_tap=True) == BEHIND
    logs(candidate, Verdict.FAILED)
    assert mallory.does(wants.Needs(theirs, "modeling", on=True), is_tap=True) == BEHIND
    with room.database.engine.begin() as connection:  # a draft that only a broken client could have made
        connection.execute(
            sa.update(learner).where(learner.c.id == mallory_id(room)).values(draft=str(theirs), awaits="score")
        )
    assert mallory.says("999") == BEHIND
    assert kept(room) == [("over", "failed", None, "")]


def mallory_id(room: Room) -> int:
    return int(room.select(sa.select(sa.func.max(learner.c.id)))[0][0])


@on_sqlite
def test_after_the_exam_the_commands_ask_how_it_was(candidate: Guest, room: Room) -> None:
    for intent in (wants.Plan(), wants.PlanFile(), wants.PlanPicture(), wants.Exam()):
        assert isinstance(candidate.does(intent), AskResult)
    for line in ("/today", "/ready", "/energy low", "/pause 3 days", "/pause off", "/quiz 1", "/progress"):
        candidate.says(line)  # none of them trips over an exam that lies behind
    for field, value in ((Field.MINUTES, "60"), (Field.ZONE, "Asia/Tokyo"), (Field.QUIET, "23:00-6:00")):
        candidate.does(wants.Choose(field, value), is_tap=True)
    made = newest(candidate)
    for tap in (wants.Sit(made.id, is_remote=True), wants.Open(Field.TRAVEL), wants.Open(Field.EXAM_ZONE)):
        candidate.does(tap, is_tap=True)
    room.clock.waits(days=20)
    assert isinstance(candidate.says("/plan"), AskResult)


@on_sqlite
def test_a_sat_exam_can_be_canceled_and_leaves_nothing_due(candidate: Guest, room: Room) -> None:
    assert isinstance(candidate.does(wants.Cancel(newest(candidate).id), is_tap=True), Canceled)
    assert room.select(sa.select(due.c.kind).where(due.c.kind != "daily")) == []


@on_sqlite
def test_an_exam_late_in_the_evening_is_asked_about_in_the_morning(room: Room, postman: Postman) -> None:
    guest = room.person()
    guest.says("/help")
    books(guest, "15 December 18:30 Berlin")
    came = names(postman.till(12, 18))
    assert came[-1] == "12-16 08:00 debrief"
