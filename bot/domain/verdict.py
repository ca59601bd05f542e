"""The verdict on a plan: what is needed, what the days give, and what would be enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.allotment import LEAST
from bot.domain.block import Block, BlockKind, Day, Phase
from bot.domain.filling import MOCKS, NEW_S
from bot.domain.rehearsal import REVIEW_PART
from bot.domain.terms import Terms
from bot.domain.timeline import days_of, final_blocks, opening_of, phases_of

DUE_S, REVIEWS = 35, 2  # seconds for a review; reviews of each new concept until the exam
LONG_DAY = 300  # minutes; nobody is asked for more
LAST_DAYS = 2  # of the last 72 hours, after the one on which they begin


@dataclass(frozen=True, slots=True)
class Fits:
    """The days give what the plan needs."""

    needed_minutes: int
    have_minutes: int
    late_new: int = 0  # new concepts that only the revision has room for


@dataclass(frozen=True, slots=True)
class Short:
    """The days give less than the plan needs, and what would fit."""

    needed_minutes: int
    have_minutes: int
    needed_a_day: int | None  # minutes on each day of study that would do; None if nothing would
    concepts_that_fit: int  # new ones, of `Terms.new`
    long_day_needed: int | None  # minutes that one weekday needs for full mocks; None if there are such days
    late_new: int = 0  # new concepts that only the revision has room for


def judge(terms: Terms, blocks: Sequence[Block]) -> Fits | Short:
    """Whether the days give what is needed, and if not, what would; `blocks` are those of the plan."""
    opening, final = opening_of(terms), final_blocks(terms)
    phases = phases_of(terms, opening)
    days = days_of(terms, phases, opening, final)
    revision = next((first for phase, first, _ in phases if phase is Phase.REVISION), None)
    mocks = max(0, MOCKS - terms.mocks)
    seconds = terms.new * (NEW_S + REVIEWS * DUE_S) + terms.due * DUE_S
    needed = math.ceil(seconds / 60 + mocks * terms.exam.minutes * (1 + 1 / REVIEW_PART))
    have = sum(day.minutes for day in days) + sum(block.minutes for block in final)
    learned = [block for block in blocks if block.kind is BlockKind.LEARN]
    fitting = min(terms.new, sum(block.minutes for block in learned) * 60 // NEW_S)
    late = sum(block.minutes for block in learned if revision and block.day >= revision) * 60 // NEW_S
    is_too_short = mocks and any(day.minutes for day in days) and max(terms.week) < terms.exam.minutes
    long_day = terms.exam.minutes if is_too_short else None
    if needed <= have and fitting == terms.new and long_day is None:
        return Fits(needed, have, min(late, fitting))
    a_day = _minutes_a_day(terms, days, needed) if needed > have else None
    return Short(needed, have, a_day, fitting, long_day, min(late, fitting))


def _minutes_a_day(terms: Terms, days: Sequence[Day], needed: int) -> int | None:
    """The least minutes on each day of study that give what is needed, None if more than anybody has."""
    usual = [day.day for day in days if day.phase is not Phase.FINAL and terms.minutes_on(day.day) >= LEAST]
    shared = [day.day for day in days if day.phase is Phase.FINAL and terms.minutes_on(day.day) >= LEAST]

    def given(minutes: int) -> int:
        week = tuple(minutes if one >= LEAST else one for one in terms.week)
        final = final_blocks(replace(terms, week=week))
        spare = (minutes - sum(block.minutes for block in final if block.day == day) for day in shared)
        last = sum(block.minutes for block in final) + sum(one for one in spare if one >= LEAST)
        return len(usual) * minutes + last

    most = len(usual) + len(shared) + LAST_DAYS
    minutes = max(LEAST, -(-needed // most))
    while minutes <= LONG_DAY:
        if (have := given(minutes)) >= needed:
            while minutes > LEAST and given(minutes - 1) >= needed:  # a whole paper may have come in at a stroke
                minutes -= 1
            return minutes
        minutes += max(1, (needed - have) // most)
    return None
