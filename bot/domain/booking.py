"""A booking: the exam that a learner has a date for, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.countdown import WINDOW, Exam
from bot.domain.ids import BookingId, DomainId, LearnerId, PackId
from bot.domain.localtime import day_of, instant
from bot.domain.pack import ExamStatus, Pack

FURTHEST = timedelta(days=730)  # a date beyond two years is a typing mistake, or a dream
SOONEST = timedelta(minutes=30)  # what starts before that can't be prepared for


class BookingState(StrEnum):
    """Whether an exam is still ahead."""

    BOOKED = "booked"
    OVER = "over"  # debriefed, or replaced by another date after it was sat
    CANCELED = "canceled"


class Verdict(StrEnum):
    """What came of an exam."""

    PASSED = "passed"
    FAILED = "failed"
    WAITING = "waiting"
    NOT_SAT = "not-sat"


@dataclass(frozen=True, slots=True)
class When:
    """A start as a person gives it: a wall-clock time on a day, in the zone of the test."""

    day: date
    clock: time
    zone: str  # IANA name


@dataclass(frozen=True, slots=True)
class Booking:
    """One exam of one learner."""

    id: BookingId
    learner: LearnerId
    pack: PackId
    when: When
    is_remote: bool | None = None  # sat at home; None = not said
    travel_minutes: int | None = None  # from door to door; None = not said
    state: BookingState = BookingState.BOOKED
    changes: int = 0  # moves so far
    verdict: Verdict | None = None
    score: int | None = None  # on the exam's scale
    weak: tuple[DomainId, ...] = ()  # domains that the result says need work

    @property
    def at(self) -> datetime:
        """The instant of the start, UTC."""
        return start_of(self.when)

    @property
    def tz(self) -> ZoneInfo:
        """The zone of the test, loaded."""
        return ZoneInfo(self.when.zone)

    def exam(self, minutes: int) -> Exam:
        """What the countdown needs to know of it; `minutes` is how long the exam lasts."""
        when = self.when
        return Exam(when.day, when.clock, when.zone, minutes, bool(self.is_remote), self.travel_minutes)


def opens_on(booking: Booking, home: ZoneInfo) -> date:
    """The day on which the last 72 hours begin, at home or at the test, whichever calendar is behind."""
    at = booking.at - WINDOW
    return min(day_of(at, home), day_of(at, booking.tz))


class Unbookable(StrEnum):
    """Why a date can't be booked as it is."""

    PAST = "past"
    TOO_SOON = "too-soon"
    TOO_FAR = "too-far"
    NO_SUCH_TIME = "no-such-time"  # the clock skips it that day
    NOT_YET = "not-yet"  # before the exam's first day


@dataclass(frozen=True, slots=True)
class Room:
    """A group that keeps a calendar of its exams."""

    platform: str
    chat: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in a group's calendar, under the name the group knows; nobody is in it who did not ask to be."""

    learner: LearnerId
    name: str
    bookings: tuple[Booking, ...]  # those ahead


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """What is kept of a booking's plan: what it is made from, and how often it has changed."""

    terms: str  # JSON
    planned_on: date  # the learner's day
    sequence: int  # of the calendar file


@dataclass(frozen=True, slots=True)
class Caution:
    """A date beyond the exam's last day: it can be a target to study for, not an appointment."""

    last_day: date
    successors: Sequence[str]


def start_of(when: When) -> datetime:
    """The instant of a start, UTC."""
    return instant(when.day, when.clock, ZoneInfo(when.zone))


def hindrance(pack: Pack, when: When, now: datetime) -> Unbookable | None:
    """Why a start can't be booked, None if it can."""
    exam_at = start_of(when)
    if exam_at <= now:
        return Unbookable.PAST
    if exam_at - now < SOONEST:
        return Unbookable.TOO_SOON
    if exam_at - now > FURTHEST:
        return Unbookable.TOO_FAR
    if pack.exam.first_day is not None and when.day < pack.exam.first_day:
        return Unbookable.NOT_YET
    local = exam_at.astimezone(ZoneInfo(when.zone))
    return Unbookable.NO_SUCH_TIME if (local.date(), local.time()) != (when.day, when.clock) else None


def caution(pack: Pack, day: date) -> Caution | None:
    """What to say of a day on which the exam can't be sat any more, None if it can."""
    exam = pack.exam
    if exam.status is ExamStatus.ACTIVE or exam.last_day is None or day <= exam.last_day:
        return None
    return Caution(exam.last_day, [successor.code for successor in exam.successors])


def retake_from(booking: Booking, pack: Pack) -> date:
    """The first day on which the exam may be sat again after a failed try."""
    return booking.when.day + timedelta(days=pack.exam.retake_wait_days)
