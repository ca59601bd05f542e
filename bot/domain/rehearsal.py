"""Rehearsals: on which days the mock exams fall, how long they can be, and when they are gone over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.allotment import LEAST, LEAST_SET, half_of

APART = 3  # days between two sets, at least
REVIEW_PART = 3  # going over a set takes a third of its minutes
WEEK = 7  # days
ALIKE = 30  # minutes; a set longer by less is no reason for another day


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A set on a day, and the day on which it is gone over."""

    day: int  # ordinal
    minutes: int
    size: str  # "full", "half", "short"
    review_day: int  # the same, or the next day of study
    review_minutes: int


def size_of(minutes: int, paper: int) -> str:
    """What a set of so many minutes is, beside the whole paper."""
    return "full" if minutes >= paper else "half" if minutes >= half_of(paper) else "short"


def fitting(room: int, paper: int) -> int:
    """The minutes of the set that fits in a day: the whole paper, half of it, or what there is; 0 for none."""
    if room >= paper:
        return paper
    return min(room, half_of(paper)) if room >= LEAST_SET else 0


def review_of(minutes: int) -> int:
    """Minutes that going over a set takes."""
    return max(LEAST, -(-minutes // REVIEW_PART))


def choose_days(
    held: Mapping[int, int], count: int, gap: int, done: Collection[int], favorite: int | None = None
) -> list[int]:
    """Up to `count` of the days that could hold a set of so many minutes, in order, at least three days apart.

    They are counted back from the last day, about `gap` days apart or closer if that gives too few, so that a plan made
    anew on a later day keeps them. A day that holds a longer set goes first, then the `favorite`.
    """
    found: list[int] = []
    near = range(1 - APART, APART)
    free = set(held).difference(*({day + step for step in near} for day in done))
    for step in sorted({gap, WEEK, APART}, reverse=True):
        ideal = max(held, default=0)
        while held and ideal >= min(held) and len(found) < count:
            week = range(ideal, ideal - step, -1)
            best = next((day for day in week if day in found), None)
            if best is None and (possible := [day for day in week if day in free]):
                best = max(possible, key=lambda day: (held[day] // ALIKE, day == favorite, day))
                found.append(best)
                free.difference_update(best + step for step in near)
            ideal = (best or ideal) - step
    return sorted(found)


def rehearse(day: int, room: Mapping[int, int], paper: int) -> Rehearsal | None:
    """The set on a day, gone over on the same day or else on the next day of study; None if neither has room.

    A day of study that is more than two days away is too late: then both have to fit on the day itself.
    """
    minutes = fitting(room[day], paper)
    if minutes and room[day] - minutes < review_of(minutes):
        after = day + 1 if room.get(day + 1, 0) >= LEAST else day + 2
        if (left := room.get(after, 0)) >= LEAST:
            return Rehearsal(day, minutes, size_of(minutes, paper), after, min(review_of(minutes), left))
        minutes = fitting(room[day] * REVIEW_PART // (REVIEW_PART + 1), paper)
    return Rehearsal(day, minutes, size_of(minutes, paper), day, review_of(minutes)) if minutes else None


def taken_on(day: int, week: Sequence[int], paper: int) -> Rehearsal:
    """The set that was taken on a day, as long as its usual minutes allow, or half a paper on a day off."""
    half = half_of(paper)
    room = {number: week[(number - 1) % 7] for number in (day, day + 1, day + 2)}
    return rehearse(day, room, paper) or Rehearsal(day, half, "half", day + 1, review_of(half))
