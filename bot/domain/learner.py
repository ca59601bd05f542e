"""A learner: one person's choices, whatever platform they write from."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import LearnerId, PackId

DEFAULT_ZONE = "UTC"
DEFAULT_PUSH_TIME = time(18, 0)
DEFAULT_MINUTES = 20
DEFAULT_QUIET = (time(22, 0), time(7, 0))
MINUTES_RANGE = (5, 300)
SECONDS_AN_ITEM = 75  # a new item with its rationales; learning.md, "Choosing what to study"


class Field(StrEnum):
    """A choice that a learner can make."""

    PACK = "pack"
    ZONE = "zone"
    PUSH_TIME = "push_time"
    MINUTES = "minutes"
    QUIET = "quiet"
    PUSHES = "pushes"
    CONFIDENCE = "confidence"
    EXAM = "exam"
    EXAM_ZONE = "exam_zone"
    TRAVEL = "travel"
    SCORE = "score"
    HOLIDAY = "holiday"


ONBOARDING = (Field.PACK, Field.ZONE, Field.EXAM, Field.PUSH_TIME, Field.MINUTES)
OF_AN_EXAM = frozenset({Field.EXAM, Field.EXAM_ZONE, Field.TRAVEL, Field.SCORE, Field.HOLIDAY})  # not in /settings


class Energy(StrEnum):
    """How much somebody has in them today (S41)."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Learner:
    """One person who studies one pack."""

    id: LearnerId
    pack: PackId
    locale: str  # BCP 47, as the platform says it, e.g. "en-US"
    zone: str = DEFAULT_ZONE  # IANA name
    push_time: time = DEFAULT_PUSH_TIME  # local
    minutes: int = DEFAULT_MINUTES  # a day
    week: tuple[int, ...] | None = None  # minutes from Monday to Sunday, where they differ by day
    quiet: tuple[time, time] = DEFAULT_QUIET  # local; from, to; the same twice = none
    pushes_on: bool = True
    confidence_on: bool = True
    step: Field | None = None  # where in onboarding; None = through
    awaits: Field | None = None  # what a typed text is taken for
    draft: str | None = None  # an exam date that is not whole yet, as `chat.intent.Schedule` has it
    paused_until: date | None = None  # the first day that is studied again, local
    energy: Energy | None = None
    energy_on: date | None = None  # the local day it was said of
    on_boards: bool = True  # shown on the boards of groups they play in

    @property
    def tz(self) -> ZoneInfo:
        """The zone, loaded."""
        return ZoneInfo(self.zone)

    @property
    def daily_goal(self) -> int:
        """Items that fill the minutes of a usual day."""
        return items_in(self.minutes)

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The minutes of each day from Monday to Sunday."""
        return self.week or (self.minutes,) * 7

    def minutes_on(self, day: date) -> int:
        """The minutes of a local day, none in a pause."""
        if self.paused_until is not None and day < self.paused_until:
            return 0
        return self.weekdays[day.weekday()]

    def is_paused(self, day: date) -> bool:
        """On holiday that day."""
        return self.paused_until is not None and day < self.paused_until

    def energy_of(self, day: date) -> Energy | None:
        """What was said of a day's energy, if anything was."""
        return self.energy if self.energy_on == day else None


def items_in(minutes: int) -> int:
    """How many new items fill so many minutes, one at least."""
    return max(1, minutes * 60 // SECONDS_AN_ITEM)
