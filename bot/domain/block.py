"""Blocks: the pieces of a day's plan, and a day while it is filled with them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """A stretch of the plan with one purpose."""

    LEARN = "learn"
    CONSOLIDATE = "consolidate"
    REVISION = "revision"
    FINAL = "final"  # the last 72 hours


class BlockKind(StrEnum):
    """What a block is for."""

    LEARN = "learn"  # new concepts of a domain
    REVIEW = "review"  # what is due
    CHECKPOINT = "checkpoint"  # the weekly quiz over all domains (S35)
    SET = "set"  # a mock; until sittings exist a timed set drawn by the blueprint
    SET_REVIEW = "set-review"  # every item of it again (S179)
    RECAP = "recap"  # low energy: cards and short recap (S41)
    REVISE = "revise"  # a domain that was met, its weak topics first (S188, S196)
    WEAK = "weak"  # the last 72 hours: see countdown.SlotKind
    MISSED = "missed"
    LIGHT = "light"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a day's plan; a day has at most one of each kind and domain."""

    day: date  # the learner's; of the last 72 hours the exam's
    kind: BlockKind
    minutes: int
    domain: str | None = None  # None = all of them, mixed
    size: str | None = None  # of a SET: "full", "half", "short"


@dataclass(slots=True)
class Day:
    """A day while it is filled."""

    day: date
    number: int  # ordinal
    phase: Phase
    minutes: int
    free: int  # minutes that no block has yet
    new: float = 0.0  # the part of the free minutes that goes to new concepts
    review: int = 0
    own: list[tuple[str, int]] = field(default_factory=list)  # domains and minutes
    blocks: list[Block] = field(default_factory=list)

    def fix(self, kind: BlockKind, minutes: int, size: str | None = None) -> None:
        """Gives minutes to a block over all domains."""
        self.blocks.append(Block(self.day, kind, minutes, None, size))
        self.free -= minutes
