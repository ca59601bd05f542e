"""The timeline of a plan: its phases, the days that are left in each, and what the last 72 hours hold."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.allotment import LEAST
from bot.domain.block import Block, BlockKind, Day, Phase
from bot.domain.exam_day import WINDOW
from bot.domain.learner import Energy
from bot.domain.localtime import day_of
from bot.domain.rehearsal import size_of, taken_on
from bot.domain.slots import SlotKind, compile_slots
from bot.domain.terms import Terms

REVISION_RANGE = (7, 10)  # days (S187): 7 up to a month, 10 from 60 days on
LEARN_PART = 0.6  # of the days before the revision

Spans = list[tuple[Phase, date, date]]  # first and last day of each phase, in order


def opening_of(terms: Terms) -> tuple[date, date]:
    """The date of T-72 h, in the zone from which it is sooner and in the exam's."""
    at = terms.exam.at - WINDOW
    there = day_of(at, ZoneInfo(terms.exam.zone))
    return min(there, day_of(at, ZoneInfo(terms.home))), there


def phases_of(terms: Terms, opening: tuple[date, date]) -> Spans:
    """First and last day of each phase from the start of the plan.

    Counted back from the last 72 hours: 7 to 10 days of revision; of what is before, three fifths to learn, the rest to
    consolidate. What is too short for all that leaves out learning and consolidating first.
    """
    least, most = REVISION_RANGE
    days = max(0, (opening[0] - terms.start).days)
    revision = min(days, max(least, min(most, least + ((terms.exam.day - terms.start).days - 30) // 10)))
    learn = math.ceil((days - revision) * LEARN_PART)
    lengths = ((Phase.LEARN, learn), (Phase.CONSOLIDATE, days - revision - learn), (Phase.REVISION, revision))
    found, first = [], terms.start
    for phase, length in lengths:
        if length:
            found.append((phase, first, first + timedelta(days=length - 1)))
            first += timedelta(days=length)
    return [*found, (Phase.FINAL, opening[0], terms.exam.day)]


def final_blocks(terms: Terms) -> tuple[Block, ...]:
    """The study slots of the last 72 hours as blocks, and the rest after them."""
    exam, zone = terms.exam, ZoneInfo(terms.exam.zone)
    found = []
    for slot in compile_slots(exam, exam.at - WINDOW, terms.quiet, terms.minutes_on):
        if slot.minutes and (day := day_of(slot.at, zone)) >= terms.today:
            size = size_of(slot.minutes, exam.minutes) if slot.kind is SlotKind.SET else None
            found.append(Block(day, BlockKind(slot.kind.value), slot.minutes, None, size))
    rest = exam.day - timedelta(days=1)
    return (*found, Block(rest, BlockKind.REST, 0)) if terms.today <= rest else tuple(found)


def days_of(terms: Terms, phases: Spans, opening: tuple[date, date], final: Sequence[Block]) -> list[Day]:
    """The days from today until the last 72 hours have the day to themselves, with their minutes."""
    found = []
    for phase, first, last in phases:
        day = max(first, terms.today)
        while day <= min(last, opening[1]):
            minutes = terms.minutes_on(day)
            if phase is Phase.FINAL:
                minutes -= sum(block.minutes for block in final if block.day == day)
            minutes = minutes if minutes >= LEAST else 0
            found.append(Day(day, day.toordinal(), phase, minutes, minutes))
            day += timedelta(days=1)
    if found and found[0].day == terms.today:
        today = found[0]
        if terms.today in terms.sets_done:
            today.free = max(0, today.free - taken_on(terms.today.toordinal(), terms.week, terms.exam.minutes).minutes)
        if terms.energy is Energy.LOW:
            if today.free:
                today.fix(BlockKind.RECAP, today.free // 2)
            today.free, today.minutes = 0, sum(block.minutes for block in today.blocks)
    return found
