"""The slots of the last 72 hours: study by the waking hours, then a day of rest, then the way to the exam."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from bot.domain.allotment import LEAST, MOST_LIGHT, MOST_MISSED, WEAK_RANGE, allot, grown_set
from bot.domain.exam_day import DAY, HOUR, MINUTE, TO_READ, WINDOW, Exam, Hours, hours_of
from bot.domain.localtime import day_of, instant
from bot.domain.sleep import Stretch, awake, bedtime, span

PASS = 36 * HOUR  # before the exam: the one pass of each missed concept begins
MUTED = 12 * HOUR  # before the exam: that pass has ended, and everything but the countdown is silent
TO_GET_READY = 45 * MINUTE  # between the morning's message and the time to leave, at least
STEP = 5  # minutes that the clock is rounded down to

MIDDAY, EVENING = 0.35, 0.75  # of the waking hours: 12:35 and 19:00 from 7:00 to 23:00
LIGHT_AT, CHECK_AT, TACTICS_AT = 0.25, 0.6, 0.8  # likewise


class SlotKind(StrEnum):
    """What a slot of the last 72 hours is for."""

    WEAK = "weak"  # morning: weak-topic review, 60-90 minutes (S200)
    SET = "set"  # midday: a full or partial mock (S201)
    MISSED = "missed"  # evening: missed concepts, then rest and light reading (S202)
    LIGHT = "light"  # the rest day: each missed concept once, cards
    CHECK = "check"  # the rest day: bag, route, travel; for a remote exam the system check (S216)
    TACTICS = "tactics"  # the evening before: the five tactics, sleep, water (S214-S220)
    MORNING = "morning"  # exam day: meal, water, papers, when to leave (S215)
    LUCK = "luck"  # time to leave, or to check in: good luck, once


STUDY = (SlotKind.WEAK, SlotKind.SET, SlotKind.MISSED)  # of the days before the rest day, in a day's order


@dataclass(frozen=True, slots=True)
class Slot:
    """One appointment of the last 72 hours."""

    name: str  # unique within a countdown, the same when it is compiled again: "weak-2" is two days before the exam day
    kind: SlotKind
    at: datetime  # UTC, when the message goes
    until: datetime  # UTC, when it has lost its use
    minutes: int  # of study; 0 for a word


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the days a slot may stand."""

    kind: SlotKind
    day: date
    at: datetime
    end: datetime  # where the next place, the night or the rest day begins


def compile_slots(
    exam: Exam,
    now: datetime,
    quiet: tuple[time, time],
    minutes_on: Callable[[date], int],
    done: Collection[str] = (),
    missed: Collection[str] = (),
) -> tuple[Slot, ...]:
    """What is still ahead in the last 72 hours, in order.

    `minutes_on` gives a person's minutes on a local date of the exam's zone. Compiled later it is the rest of what it
    was, but for what `done` and `missed` name: neither comes again, and the minutes of a missed study slot go to the
    later ones of its day, as do those of a slot that would lie before the window.
    """
    hours = hours_of(exam, quiet)
    found: list[Slot] = []
    for day, places in groupby(_places(hours, quiet), key=lambda place: place.day):
        study = _study_slots(exam, hours, max(0, minutes_on(day)), places, missed)
        found += [slot for slot in study if slot.minutes and slot.name not in done]
    rest = _rest_slots(exam, hours, min(minutes_on(exam.day - DAY), MOST_LIGHT))
    found += [slot for slot in rest if slot.name not in done and slot.name not in missed]
    return tuple(slot for slot in found if slot.at >= now)


def _study_slots(
    exam: Exam, hours: Hours, minutes: int, places: Iterable[_Place], missed: Collection[str]
) -> Iterator[Slot]:
    """The slots of one day before the rest day, each with what earlier ones left."""
    shares = allot(minutes, exam.minutes)
    own = {SlotKind.WEAK: shares.weak, SlotKind.SET: shares.set, SlotKind.MISSED: shares.missed}
    spare = 0
    for place in places:
        name = f"{place.kind}-{(exam.day - place.day).days}"
        at = max(place.at, hours.opening + TO_READ)
        if place.at < hours.at - WINDOW or day_of(at, hours.zone) != place.day or name in missed:
            spare += own[place.kind]
            continue
        given = _given(place.kind, own[place.kind], spare, exam.minutes, (place.end - at) // MINUTE)
        spare += own[place.kind] - given
        yield Slot(name, place.kind, at, place.end, given)


def _given(kind: SlotKind, own: int, spare: int, paper: int, room: int) -> int:
    """Minutes of a study slot: its own share and of what was left behind as much as it can use."""
    if kind is SlotKind.SET:
        return grown_set(own, spare, paper, room)
    given = min(own + spare, WEAK_RANGE[1] if kind is SlotKind.WEAK else MOST_MISSED, room)
    return given if given >= LEAST else 0


def _places(hours: Hours, quiet: tuple[time, time]) -> Iterator[_Place]:
    """Morning, midday and evening of each waking stretch, up to the rest day, earlier ones than the window too.

    They go by the wall clock, so that they keep their times when the clocks change.
    """
    bed, wake = bedtime(quiet)
    length = span((wake, bed)) * MINUTE
    for before, after in pairwise(hours.sleep):
        if after.start <= hours.at - WINDOW - DAY:
            continue
        up = datetime.combine(day_of(before.end, hours.zone), wake)
        walls = (up + HOUR, *(_rounded(up + length * part) for part in (MIDDAY, EVENING)))
        times = [instant(wall.date(), wall.time(), hours.zone) for wall in walls]
        last = min(hours.rest, after.start)
        for kind, at, end in zip(STUDY, times, (*times[1:], last), strict=True):
            if at < last:
                yield _Place(kind, day_of(at, hours.zone), at, min(end, last))


def _rest_slots(exam: Exam, hours: Hours, light: int) -> Iterator[Slot]:
    """The day before the exam, which is for rest, and the way to the exam."""
    up, leave, first = hours.sleep[-1].end, hours.leave, max(hours.rest, hours.at - PASS)
    evening = _last(awake(hours.sleep, first, hours.over), lambda begin: 4 * HOUR if begin >= up else HOUR)
    tactics = min(_along(evening, TACTICS_AT), leave - 2 * HOUR)
    easy = _last(awake(hours.sleep, first, min(hours.at - MUTED, tactics)), lambda _: HOUR)
    morning = min(up + HOUR / 2 if tactics < up else leave - 2 * TO_GET_READY, leave - TO_GET_READY)
    for kind, at, until, minutes in (
        (SlotKind.LIGHT, _along(easy, LIGHT_AT), tactics, light),
        (SlotKind.CHECK, _along(easy, CHECK_AT), tactics, 0),
        (SlotKind.TACTICS, tactics, morning, 0),
        (SlotKind.MORNING, morning, leave, 0),
        (SlotKind.LUCK, leave, hours.at, 0),
    ):
        if kind is not SlotKind.LIGHT or light >= LEAST:
            name = f"{kind}-{(exam.day - day_of(at, hours.zone)).days}"
            yield Slot(name, kind, at, min(until, hours.bedtime(at)), minutes)


def _last(stretches: Sequence[Stretch], enough: Callable[[datetime], timedelta]) -> Stretch:
    """The last stretch that is long enough for where it begins, else the longest."""
    long = [(begin, end) for begin, end in stretches if end - begin >= enough(begin)]
    return long[-1] if long else max(stretches, key=lambda stretch: stretch[1] - stretch[0])


def _along(stretch: Stretch, part: float) -> datetime:
    """The instant at a part of a stretch, rounded down."""
    start, end = stretch
    return _rounded(start + (end - start) * part)


def _rounded(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % STEP, seconds=at.second, microseconds=at.microsecond)
