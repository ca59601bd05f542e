"""The plan: from a booking and what is known of the learner to dated blocks."""

from dataclasses import dataclass
from datetime import date

from bot.domain.block import Block, BlockKind, Phase
from bot.domain.filling import fill, place_checkpoints, place_sets, rotate, set_aside_for_new
from bot.domain.terms import Terms
from bot.domain.timeline import days_of, final_blocks, opening_of, phases_of
from bot.domain.verdict import Fits, Short, judge

__all__ = ["Block", "BlockKind", "Fits", "Phase", "Plan", "Short", "Terms", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Dated blocks from today to the exam."""

    terms: Terms
    blocks: tuple[Block, ...]  # by day, in the order of the day
    phases: tuple[tuple[Phase, date, date], ...]  # first and last day of each that is ahead

    @property
    def verdict(self) -> Fits | Short:
        """Whether the days give what is needed; worked out when asked, for a night's hundred thousand plans are not."""
        return judge(self.terms, self.blocks)

    def on(self, day: date) -> tuple[Block, ...]:
        """The blocks of a day."""
        return tuple(block for block in self.blocks if block.day == day)

    def phase_on(self, day: date) -> Phase | None:
        """The phase that a day is in, None outside the plan."""
        return next((phase for phase, first, last in self.phases if first <= day <= last), None)


def make_plan(terms: Terms) -> Plan:
    """The plan that follows from the terms.

    What a day holds follows from its distance to the exam, so that a plan made anew the next night is the rest of this
    one as long as nothing else has changed.
    """
    opening = opening_of(terms)
    phases = phases_of(terms, opening)
    final = final_blocks(terms)
    days = days_of(terms, phases, opening, final)
    place_sets(terms, phases, days, final)
    place_checkpoints(terms, phases, days)
    set_aside_for_new(terms, phases, days)
    rotate(terms, days)
    fill(terms, days)
    blocks = tuple(block for day in days for block in day.blocks)
    ahead = tuple((phase, max(first, terms.today), last) for phase, first, last in phases if last >= terms.today)
    return Plan(terms, blocks + final, ahead)
