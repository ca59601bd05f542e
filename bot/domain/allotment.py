"""How the minutes of one of the last study days are shared by weak topics, a set and missed concepts."""

from dataclasses import dataclass

LEAST = 5  # minutes; a slot below is left out
LEAST_SET = 14  # five questions
WEAK_RANGE = (60, 90)  # S200
MOST_MISSED = 60
MOST_LIGHT = 30  # all that the rest day holds
SET_SHARE = 40  # per cent, where there is no room for half a paper; the rest is halved


@dataclass(frozen=True, slots=True)
class Allotment:
    """Minutes for each of the three."""

    weak: int
    set: int
    missed: int


def allot(minutes: int, paper: int) -> Allotment:
    """The shares of a day's minutes: a whole paper, given as its minutes, if it fits, else half a one, else less."""
    low, high = WEAK_RANGE
    paper = max(paper, LEAST_SET)
    if minutes >= paper + high:
        spare = minutes - paper
        weak = min(high, low + (spare - high) // 2)
        return Allotment(weak, paper, min(MOST_MISSED, spare - weak))
    half = half_of(paper)
    if minutes >= half + low:
        missed = min(MOST_MISSED, minutes - half - low)
        return Allotment(low, half, missed) if missed >= LEAST else Allotment(low + missed, half, 0)
    timed = min(half, minutes * SET_SHARE // 100)
    if timed < LEAST_SET:
        timed = 0
    missed = (minutes - timed) // 2
    if missed < LEAST:  # what was missed comes before what is weak
        return Allotment(0, timed, minutes - timed if minutes - timed >= LEAST else 0)
    return Allotment(min(high, minutes - timed - missed), timed, min(MOST_MISSED, missed))


def half_of(paper: int) -> int:
    """Minutes of half a paper, never fewer than five questions take."""
    return max(LEAST_SET, paper // 2)


def grown_set(own: int, spare: int, paper: int, room: int) -> int:
    """Minutes of a set that may also use what other slots left: the whole paper, half of it, or what there is."""
    total, half = own + spare, half_of(paper)
    if min(total, room) >= paper:
        return paper
    fitting = min(total, half, room)
    return fitting if fitting >= LEAST_SET else 0
