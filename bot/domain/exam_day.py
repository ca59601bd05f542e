"""The exam's day: when it starts, when to leave for it, and the sleep before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.localtime import instant
from bot.domain.sleep import Night, awake, usual_nights

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

WINDOW = 72 * HOUR
EARLY = 30 * MINUTE  # be in your seat that long before the start (S214)
TRAVEL = 60  # minutes, while nobody has said
MOST_TRAVEL = 600  # minutes; who comes from farther away travels the day before
UP = HOUR  # between the last sleep and the time to leave, at least
LATE_TO_BED = HOUR  # an exam that starts later than this after bedtime has its sleep before it
BETWEEN_NIGHTS = 4 * HOUR  # awake, at least, for a night that is brought forward
TO_READ = 15 * MINUTE  # for the plan of the 72 hours, before bed or before the first slot


@dataclass(frozen=True, slots=True)
class Exam:
    """All that the countdown needs to know of a booking."""

    day: date  # local date of the exam in its zone
    clock: time  # local start
    zone: str  # IANA name
    minutes: int  # duration
    is_remote: bool = False
    travel_minutes: int | None = None  # door to door; None = not said

    @property
    def at(self) -> datetime:
        """The UTC instant of the start."""
        return instant(self.day, self.clock.replace(second=0, microsecond=0), ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Hours:
    """The instants that follow from an exam and the sleep before it, all UTC."""

    zone: ZoneInfo
    at: datetime  # the exam starts
    leave: datetime
    sleep: tuple[Night, ...]
    rest: datetime  # the rest day, the local date before the exam, begins
    over: datetime  # it ends, or it is time to leave
    opening: datetime  # the plan of the 72 hours is shown: at T-72 h, but not in sleep nor with the light already out

    def bedtime(self, moment: datetime) -> datetime:
        """When the waking stretch of an instant before the exam ends, with sleep or with the exam."""
        return awake(self.sleep, moment, self.at)[0][1]


def leave_at(exam: Exam) -> datetime:
    """When to leave home to be in the seat half an hour early; for a remote exam, when to check in."""
    return exam.at - _way(exam)


def nights(exam: Exam, quiet: tuple[time, time]) -> tuple[Night, ...]:
    """The sleep of each night from before the last 72 hours to the exam, in the exam's zone.

    It follows the quiet hours, but the last one ends an hour before the time to leave at the latest: it moves earlier
    as a whole. An exam that starts within an hour of bedtime has no sleep before it but that of the night before.
    """
    return hours_of(exam, quiet).sleep


def hours_of(exam: Exam, quiet: tuple[time, time]) -> Hours:
    """The instants of an exam for a person with these quiet hours."""
    zone, at = ZoneInfo(exam.zone), exam.at
    leave = at - _way(exam)
    usual = usual_nights(exam.day - 5 * DAY, exam.day, quiet, zone)
    rest, over = (instant(day, time(0), zone) for day in (exam.day - DAY, exam.day))
    sleep = _brought_forward(usual, at, leave - UP)
    opening, bed = awake(sleep, at - WINDOW, at)[0]
    if bed - opening < TO_READ:
        opening = awake(sleep, bed, at)[0][0]
    return Hours(zone, at, leave, sleep, rest, min(over, leave), opening)


def _way(exam: Exam) -> timedelta:
    travel = 0 if exam.is_remote else TRAVEL if exam.travel_minutes is None else exam.travel_minutes
    return EARLY + min(max(travel, 0), MOST_TRAVEL) * MINUTE


def _brought_forward(usual: Sequence[Night], at: datetime, latest: datetime) -> tuple[Night, ...]:
    """The nights that end by `latest`, and the one that would not, moved."""
    kept = [night for night in usual if night.end <= latest]
    for night in usual[len(kept) :]:
        start = latest - (night.end - night.start)
        if night.start + LATE_TO_BED < at and start >= kept[-1].end + BETWEEN_NIGHTS:
            return (*kept, Night(start, latest))
    return tuple(kept)
