"""A learner: one person's choices, whatever platform they write from."""

from dataclasses import dataclass
from datetime import time
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


ONBOARDING = (Field.PACK, Field.ZONE, Field.PUSH_TIME, Field.MINUTES)


@dataclass(frozen=True, slots=True)
class Learner:
    """One person who studies one pack."""

    id: LearnerId
    pack: PackId
    locale: str  # BCP 47, as the platform says it, e.g. "en-US"
    zone: str = DEFAULT_ZONE  # IANA name
    push_time: time = DEFAULT_PUSH_TIME  # local
    minutes: int = DEFAULT_MINUTES  # a day
    quiet: tuple[time, time] = DEFAULT_QUIET  # local; from, to; the same twice = none
    pushes_on: bool = True
    confidence_on: bool = True
    step: Field | None = None  # where in onboarding; None = through
    awaits: Field | None = None  # what a typed text is taken for

    @property
    def tz(self) -> ZoneInfo:
        """The zone, loaded."""
        return ZoneInfo(self.zone)

    @property
    def daily_goal(self) -> int:
        """Items that fill the minutes of a day."""
        return max(1, self.minutes * 60 // SECONDS_AN_ITEM)
