"""Sleep: when a person is in bed, as far as their quiet hours tell, and what is left of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.localtime import instant

USUAL = (time(23), time(7))
LONGEST, SHORTEST, ENOUGH = 600, 360, 420  # minutes of a night
MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Night:
    """Hours of sleep, kept free."""

    start: datetime  # UTC
    end: datetime  # UTC


Stretch = tuple[datetime, datetime]  # from, to; UTC


def span(hours: tuple[time, time]) -> int:
    """Minutes from the first time of day to the second, round midnight if need be; the same twice is none."""
    start, end = (at.hour * 60 + at.minute for at in hours)
    return (end - start) % MINUTES_A_DAY


def bedtime(quiet: tuple[time, time]) -> tuple[time, time]:
    """Local bedtime and waking, from the quiet hours; who chose too long or too short ones wakes when they end."""
    end = quiet[1].hour * 60 + quiet[1].minute
    length = span(quiet)
    if length == 0:
        return USUAL
    length = LONGEST if length > LONGEST else ENOUGH if length < SHORTEST else length
    start = (end - length) % MINUTES_A_DAY
    return time(start // 60, start % 60), time(end // 60, end % 60)


def usual_nights(first: date, last: date, quiet: tuple[time, time], zone: ZoneInfo) -> list[Night]:
    """The nights that begin on the local dates from `first` to `last`."""
    bed, wake = bedtime(quiet)
    found: list[Night] = []
    day = first
    while day <= last:
        morning = day if bed < wake else day + timedelta(days=1)
        night = Night(instant(day, bed, zone), instant(morning, wake, zone))
        # A zone that leaves out a whole date (Apia, 2011) has a night without hours.
        if night.start < night.end and (not found or found[-1].end <= night.start):
            found.append(night)
        day += timedelta(days=1)
    return found


def awake(nights: Sequence[Night], start: datetime, end: datetime) -> list[Stretch]:
    """What is left between two instants when the nights are taken out."""
    found: list[Stretch] = []
    for night in nights:
        if night.end <= start:
            continue
        if night.start >= end:
            break
        if start < night.start:
            found.append((start, night.start))
        start = night.end
    if start < end:
        found.append((start, end))
    return found
