"""The countdown: everything that is timed from the exam's instant, the last 72 hours above all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.exam_day import DAY, HOUR, MINUTE, WINDOW, Exam, hours_of, leave_at, nights
from bot.domain.localtime import instant, is_quiet, next_instant
from bot.domain.sleep import LONGEST, Night, bedtime, span
from bot.domain.slots import MUTED, PASS, STUDY, Slot, SlotKind, compile_slots

__all__ = [
    "DEBRIEF",
    "MUTED",
    "OPENING",
    "PASS",
    "STUDY",
    "WINDOW",
    "Exam",
    "Milestone",
    "Night",
    "Slot",
    "SlotKind",
    "compile_slots",
    "in_window",
    "is_muted",
    "leave_at",
    "milestones",
    "missed_pass",
    "nights",
    "order_missed",
]

Id = TypeVar("Id", bound=str)

TO_SETTLE = 2 * HOUR  # between the end of the exam and asking how it was
DEBRIEF_USE = 3 * DAY
OPENING, DEBRIEF = "t-3", "debrief"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A message at a fixed distance from the exam: T-30, T-14, T-7, the start of the last 72 hours, the debrief."""

    name: str  # "t-30", "t-14", "t-7", "t-3", "debrief"
    at: datetime  # UTC
    until: datetime  # UTC


def milestones(exam: Exam, push_time: time, home: ZoneInfo, quiet: tuple[time, time]) -> tuple[Milestone, ...]:
    """The milestones of a booking, in order, past ones too."""
    found = []
    for days in (30, 14, 7):
        day = exam.day - days * DAY
        at = instant(day, push_time, home)
        ends = [instant(day + DAY, time(0), home)]
        if quiet[0] != quiet[1] and not is_quiet(at, quiet, home):
            ends.append(instant(day, quiet[0], home))
        found.append(Milestone(f"t-{days}", at, min(end for end in ends if end > at)))
    hours = hours_of(exam, quiet)
    return (*found, Milestone(OPENING, hours.opening, hours.bedtime(hours.opening)), _debrief(exam, quiet))


def is_muted(exam: Exam, now: datetime) -> bool:
    """Whether everything but the countdown is silent: from T-12 h to the debrief."""
    at = exam.at
    return at - MUTED <= now < at + exam.minutes * MINUTE + TO_SETTLE


def in_window(exam: Exam, now: datetime) -> bool:
    """Whether the last 72 hours run, in which nothing new is begun (S203)."""
    at = exam.at
    return at - WINDOW <= now < at


def missed_pass(exam: Exam) -> tuple[datetime, datetime]:
    """The span in which each missed concept gets its one pass: T-36 h to T-12 h.

    Source: FSRS-6 recall at the exam of a concept missed at T-72 h is .66 if left, .95 if right once near T-24 h
    (learning.md, "The last 72 hours").
    """
    at = exam.at
    return at - PASS, at - MUTED


def order_missed(missed: Mapping[Id, tuple[float, datetime | None]], exam: Exam | None, now: datetime) -> list[Id]:
    """Missed concepts, given with weakness and last answer, as they should come.

    Those without an answer since T-36 h, or before that since T-72 h, come first, the weakest at the front; then those
    that had one, the longest ago at the front, so that none comes twice before all came once. Where no exam is ahead
    the weakest come first.
    """
    since = _pass_since(exam, now) if exam else None

    def rank(concept: Id) -> tuple[bool, datetime, float, Id]:
        weakness, last = missed[concept]
        passed_at = last if since and last and last >= since else None
        return (passed_at is not None, passed_at or now, -weakness, concept)

    return sorted(missed, key=rank)


def _pass_since(exam: Exam, now: datetime) -> datetime:
    """From when on an answer to a missed concept is its pass: T-36 h, and before that T-72 h."""
    begins, _ = missed_pass(exam)
    return begins if now >= begins else exam.at - WINDOW


def _debrief(exam: Exam, quiet: tuple[time, time]) -> Milestone:
    zone = ZoneInfo(exam.zone)
    silence = quiet if span(quiet) > LONGEST else bedtime(quiet)
    at = exam.at + exam.minutes * MINUTE + TO_SETTLE
    if is_quiet(at, silence, zone):
        at = next_instant(at, silence[1], zone) + HOUR
    return Milestone(DEBRIEF, at, at + DEBRIEF_USE)
