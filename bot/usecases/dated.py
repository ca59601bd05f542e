"""What happened around an exam date, without words: `bot.present` chooses those."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.booking import Booking, Caution, Seat, When
from bot.domain.countdown import Slot
from bot.domain.guide import Lab
from bot.domain.ids import ConceptId
from bot.domain.learner import Energy, Learner
from bot.domain.pack import Domain, Pack
from bot.domain.plan import Block, Plan
from bot.ports import Town


class Snag(StrEnum):
    """Why a typed value about an exam was not taken."""

    UNREADABLE = "unreadable"
    NO_CLOCK = "no-clock"  # a day without a time of day
    NO_DAY = "no-day"  # a time of day without a day
    NO_PLACE = "no-place"  # a place that nobody knows
    SEVERAL_TOWNS = "several-towns"
    PAST = "past"
    TOO_SOON = "too-soon"
    TOO_FAR = "too-far"
    NO_SUCH_TIME = "no-such-time"
    NOT_YET = "not-yet"
    NO_TRAVEL = "no-travel"
    NO_SCORE = "no-score"


@dataclass(frozen=True, slots=True)
class AskWhen:
    """The date of the exam is wanted, typed or tapped."""

    learner: Learner
    pack: Pack
    now: datetime
    chosen: str = ""  # so far, as `chat.intent.Schedule` has it
    snag: Snag | None = None
    given: str = ""  # what was not taken
    ahead: Booking | None = None  # the booking that would move


@dataclass(frozen=True, slots=True)
class AskZone:
    """The place of the test is wanted."""

    learner: Learner
    chosen: str
    snag: Snag | None = None
    given: str = ""
    towns: Sequence[Town] = ()


@dataclass(frozen=True, slots=True)
class Confirm:
    """A whole date, to be said yes to."""

    learner: Learner
    pack: Pack
    when: When
    now: datetime
    caution: Caution | None
    ahead: Booking | None  # the booking that would move


@dataclass(frozen=True, slots=True)
class ExamShown:
    """A booking, whatever has just happened to it."""

    learner: Learner
    pack: Pack
    booking: Booking
    plan: Plan
    now: datetime
    news: str = ""  # "booked", "moved", "changed": what has just happened
    others: Sequence[tuple[Booking, Pack]] = ()  # of other packs


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Whether to cancel."""

    booking: Booking
    pack: Pack


@dataclass(frozen=True, slots=True)
class Canceled:
    """The booking is gone, and all that was timed from it."""

    pack: Pack


@dataclass(frozen=True, slots=True)
class AskTravel:
    """How long the way takes."""

    booking: Booking
    snag: Snag | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class NoExam:
    """A plan was asked for, and there is no date."""

    pack: Pack


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A week of the plan."""

    learner: Learner
    pack: Pack
    booking: Booking
    plan: Plan
    slots: Sequence[Slot]  # of the last 72 hours, those ahead
    now: datetime
    week: int  # from this one


@dataclass(frozen=True, slots=True)
class PlanSaved:
    """The plan as a calendar file."""

    learner: Learner
    pack: Pack
    booking: Booking
    plan: Plan
    slots: Sequence[Slot]
    sequence: int
    now: datetime


@dataclass(frozen=True, slots=True)
class PlanDrawn:
    """The plan as a picture of its weeks."""

    pack: Pack
    booking: Booking
    plan: Plan
    now: datetime


@dataclass(frozen=True, slots=True)
class Stint:
    """A block of today and how much of it is done."""

    block: Block
    items: int  # questions that fill it
    done: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """A message at a fixed distance from the exam."""

    name: str  # "t-30", "t-14", "t-7", "t-3"
    learner: Learner
    pack: Pack
    booking: Booking
    plan: Plan
    slots: Sequence[Slot]  # at "t-3": the appointments of the last 72 hours
    met: int  # concepts seen so far
    concepts: int
    missed: int
    now: datetime


@dataclass(frozen=True, slots=True)
class SlotReached:
    """An appointment of the last 72 hours."""

    slot: Slot
    key: str  # of the push
    learner: Learner
    pack: Pack
    booking: Booking
    missed: Sequence[ConceptId]  # without their pass yet
    items: int  # questions to do now
    carried: int  # questions of the midday set that were not done, done now instead
    ahead: Slot | None  # the next one today
    bed: datetime | None  # when to sleep
    now: datetime


@dataclass(frozen=True, slots=True)
class AskResult:
    """How the exam was."""

    booking: Booking
    pack: Pack


@dataclass(frozen=True, slots=True)
class ResultNoted:
    """What is known of the result, and what comes next."""

    booking: Booking
    pack: Pack
    now: datetime
    asks_score: bool = False
    snag: Snag | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class Cheer:
    """Somebody of a group sits an exam today."""

    name: str
    booking: Booking
    pack: Pack


@dataclass(frozen=True, slots=True)
class CalendarShown:
    """Who of a group sits when."""

    seats: Sequence[tuple[Seat, Sequence[tuple[Booking, Pack]]]]
    now: datetime


class CheckId(StrEnum):
    """The eight last checks (S205-S212)."""

    DOMAINS = "domains"
    WEAK = "weak"
    MOCKS = "mocks"
    CORE = "core"
    METRICS = "metrics"
    DEPLOYMENT = "deployment"
    STREAMING = "streaming"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Check:
    """One check, with its evidence and the shortest way to tick it."""

    id: CheckId
    is_ticked: bool
    have: int  # in the check's unit
    want: int
    scope: str = ""  # what to practice for it
    parts: Sequence[tuple[str, int, int]] = ()  # name, right answers, answers


@dataclass(frozen=True, slots=True)
class Readied:
    """The eight checks."""

    checks: Sequence[Check]
    pack: Pack
    booking: Booking | None
    domains: Sequence[Domain]
    now: datetime


@dataclass(frozen=True, slots=True)
class AskPause:
    """Until when."""

    learner: Learner
    today: date
    given: str = ""  # what could not be read


@dataclass(frozen=True, slots=True)
class Paused:
    """Quiet until then; cut short where the last 72 hours of an exam begin."""

    until: date
    exam: Booking | None  # whose last days end the pause early
    pack: Pack | None = None  # of that exam


@dataclass(frozen=True, slots=True)
class Energized:
    """What was said of today, None if it is asked."""

    energy: Energy | None
    minutes: int
    lab: Lab | None = None  # to do with much energy: of the weakest domain
    has_cards: bool = False  # to go through with little


@dataclass(frozen=True, slots=True)
class Snoozed:
    """It comes again then."""

    until: datetime
    zone: str


DatedOutcome = (
    AskWhen | AskZone | Confirm | ExamShown | AskCancel | Canceled | AskTravel | NoExam | PlanShown | PlanSaved
    | PlanDrawn | Milestone | SlotReached | AskResult | ResultNoted | Cheer | CalendarShown | Readied | AskPause
    | Paused | Energized | Snoozed
)  # fmt: skip
