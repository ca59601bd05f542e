"""Filling the days of a plan: mocks and quizzes first, then what is due, what is new and what is gone over."""

import math
from collections.abc import Sequence

from bot.domain.allotment import LEAST
from bot.domain.block import Block, BlockKind, Day, Phase
from bot.domain.learner import Energy
from bot.domain.rehearsal import APART, choose_days, fitting, rehearse, taken_on
from bot.domain.rotation import Rotation, shares
from bot.domain.terms import Terms
from bot.domain.timeline import Spans

NEW_S = 75  # seconds for a new concept
MOCKS = 3  # S207
ONE_MORE_FROM = 45  # days; a plan that long has a fourth
GAP, LONG_GAP = 7, 14  # days between mocks
CHECKPOINT_MINUTES = 13  # ten questions
CHECKPOINT_DAYS = 3  # days of study that a week must have for it
# The share of a day's free minutes that goes to new concepts: usually, and where they would not be met otherwise.
NEW_SHARE, MOST_NEW_SHARE = 0.55, 0.75
NEW_SHARE_LATER, MOST_NEW_SHARE_LATER = 0.22, 0.5  # while consolidating, on average; it falls by and by
MOST_NEW_SHARE_LAST = 0.5  # in the revision, only where they would never be met
NEW_SHARE_HIGH = 0.8  # on a day of high energy
REVIEW_SHARE = 0.4  # of a day's free minutes


def place_sets(terms: Terms, phases: Spans, days: Sequence[Day], final: Sequence[Block]) -> None:
    """Places the mocks before the last 72 hours, and goes over them and over the last one that was taken."""
    paper, by_number = terms.exam.minutes, {day.number: day for day in days}
    done = sorted(day.toordinal() for day in terms.sets_done)
    reviewed = _go_over_last(terms, days)
    room = {day.number: day.free for day in days if day.phase is not Phase.FINAL and day is not reviewed}
    lengths = {phase: (last - first).days + 1 for phase, first, last in phases}
    earliest = terms.start.toordinal() + math.ceil(lengths.get(Phase.LEARN, 0) * 2 / 3)
    mock = next((block for block in final if block.kind is BlockKind.SET), None)
    latest = mock.day.toordinal() - APART if mock else phases[-1][1].toordinal() - 1
    possible = {day: one for day in room if earliest <= day <= latest and (one := rehearse(day, room, paper))}
    longest = max((terms.week[(number - 1) % 7] for number in range(earliest, latest + 1)), default=0)
    count = MOCKS + ((terms.exam.day - terms.start).days >= ONE_MORE_FROM) - terms.mocks
    if mock and mock.minutes >= fitting(longest, paper):
        count -= 1  # it is as good as any
    if count < 1 and done and latest - done[-1] >= LONG_GAP:
        count = 1
    chosen = choose_days(
        {day: one.minutes for day, one in possible.items()},
        count,
        LONG_GAP if lengths.get(Phase.CONSOLIDATE, 0) >= 2 * LONG_GAP else GAP,
        done,
        terms.today.toordinal() if terms.energy is Energy.HIGH else None,
    )
    for one in (possible[number] for number in chosen):
        by_number[one.day].fix(BlockKind.SET, one.minutes, one.size)
        by_number[one.review_day].fix(BlockKind.SET_REVIEW, one.review_minutes)


def _go_over_last(terms: Terms, days: Sequence[Day]) -> Day | None:
    """Goes over the last set that was taken, if that falls on today or later; the day it falls on."""
    last = max((day for day in terms.sets_done if day <= terms.today), default=None)
    if last is None:
        return None
    taken, number = taken_on(last.toordinal(), terms.week, terms.exam.minutes), last.toordinal()
    day = next((day for day in days if day.free >= LEAST), None)
    is_missed = any(terms.week[(n - 1) % 7] >= LEAST for n in range(number + 1, terms.today.toordinal()))
    if day is None or is_missed or (taken.review_day == number and last < terms.today):
        return None
    day.fix(BlockKind.SET_REVIEW, min(day.free, taken.review_minutes))
    return day


def place_checkpoints(terms: Terms, phases: Spans, days: Sequence[Day]) -> None:
    """Places the weekly quiz on the last day of each week that has no set, in weeks with days enough (S35)."""
    until = max((last for phase, _, last in phases if phase in (Phase.LEARN, Phase.CONSOLIDATE)), default=None)
    if until is None:
        return
    weeks: dict[int, Day] = {}
    for day in days:
        if day.day <= until and day.free >= LEAST and not day.blocks:
            weeks[(day.number - 1) // 7] = day
    for week, day in weeks.items():
        numbers = range(max(7 * week + 1, terms.start.toordinal()), min(7 * week + 7, until.toordinal()) + 1)
        if sum(terms.week[(number - 1) % 7] >= LEAST for number in numbers) >= CHECKPOINT_DAYS:
            day.fix(BlockKind.CHECKPOINT, _whole(CHECKPOINT_MINUTES, day.free))


def set_aside_for_new(terms: Terms, phases: Spans, days: Sequence[Day]) -> None:
    """Says which part of each day's free minutes goes to new concepts.

    It falls while consolidating and is nothing in the revision (S195), but rises where they would not be met otherwise.
    """
    free = dict.fromkeys(Phase, 0)
    for day in days:
        free[day.phase] += day.free
    need = terms.new * NEW_S / 60
    usual = NEW_SHARE * free[Phase.LEARN] + NEW_SHARE_LATER * free[Phase.CONSOLIDATE]
    most = MOST_NEW_SHARE * free[Phase.LEARN] + MOST_NEW_SHARE_LATER * free[Phase.CONSOLIDATE]
    strain = min(1.0, max(0.0, (need - usual) / (most - usual))) if most > usual else 1.0
    later = NEW_SHARE_LATER + strain * (MOST_NEW_SHARE_LATER - NEW_SHARE_LATER)
    last = min(MOST_NEW_SHARE_LAST, max(0.0, need - most) / free[Phase.REVISION]) if free[Phase.REVISION] else 0.0
    spans = {phase: (first, (last - first).days + 1) for phase, first, last in phases}
    for day in days:
        match day.phase:
            case Phase.LEARN:
                day.new = NEW_SHARE + strain * (MOST_NEW_SHARE - NEW_SHARE)
            case Phase.CONSOLIDATE:
                first, length = spans[Phase.CONSOLIDATE]
                day.new = later * (1.5 - ((day.day - first).days + 0.5) / length)
            case Phase.REVISION:
                day.new = last
            case Phase.FINAL:
                day.new = 0.0
        if day.new and day.day == terms.today and terms.energy is Energy.HIGH:
            day.new = max(day.new, NEW_SHARE_HIGH)


def rotate(terms: Terms, days: Sequence[Day]) -> None:
    """Divides each day's free minutes into what is due, of all domains, and what belongs to single ones.

    From the last day back, so that no day depends on the days before it.
    """
    rotation = Rotation(shares(terms.weights, terms.weakness))
    owed = 0.0
    for day in reversed(days):
        if day.free < LEAST:
            continue
        part = min(REVIEW_SHARE, 1 - day.new)
        if day.free >= 2 * LEAST:
            day.review = min(max(LEAST, round(day.free * part)), day.free - LEAST)
        else:  # one block fills the day: what is due has its turn by and by
            owed += day.free * part
            day.review = day.free if owed * 2 >= day.free else 0
            owed -= day.review
        if day.free > day.review:
            day.own = rotation.spread(day.number, day.free - day.review)


def fill(terms: Terms, days: Sequence[Day]) -> None:
    """Turns the minutes of each day into blocks, new concepts as long as there are any."""
    left, owed, is_first = math.ceil(terms.new * NEW_S / 60), 0.0, terms.due == 0
    for day in days:
        if day.free < LEAST:
            continue
        if is_first and day.new and left >= day.free:  # nothing to review yet: a first look at all domains (S33)
            day.blocks.append(Block(day.day, BlockKind.LEARN, day.free))
            left -= day.free
        else:
            if day.review:
                day.blocks.append(Block(day.day, BlockKind.REVIEW, day.review))
            owed += day.free * day.new
            revised = []
            for domain, minutes in day.own:
                taken = _taken(minutes, min(owed, left and max(left, LEAST))) if day.new else 0
                owed, left = owed - taken, max(0, left - taken)
                if taken:
                    day.blocks.append(Block(day.day, BlockKind.LEARN, taken, domain))
                if minutes > taken:
                    revised.append(Block(day.day, BlockKind.REVISE, minutes - taken, domain))
            day.blocks += revised
        is_first = False


def _taken(minutes: int, wanted: float) -> int:
    """How much of a block is for new concepts, so that neither part is too small for a block."""
    if wanted < LEAST:
        return 0
    return int(wanted) if minutes - wanted >= LEAST else minutes


def _whole(wanted: int, free: int) -> int:
    """The wanted minutes, or all if too few for a block would be left."""
    return free if free - wanted < LEAST else wanted
