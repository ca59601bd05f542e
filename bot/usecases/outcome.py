"""What happened, without words: `bot.present` chooses those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.booking import Booking
from bot.domain.deck import TURNED
from bot.domain.guide import Guide, GuidePart
from bot.domain.guide import Lab as LabSheet
from bot.domain.ids import BattleId, DomainId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.learner import Field, Learner
from bot.domain.pack import CardEntry, Domain, Entry, Pack
from bot.domain.plan import Block, Plan
from bot.domain.practice import Ask, Session
from bot.ports import Attempt, Tally, Town
from bot.usecases.dated import DatedOutcome, Stint
from bot.usecases.fought import FoughtOutcome


class Refusal(StrEnum):
    """Why a typed value was not taken."""

    UNKNOWN_ZONE = "unknown-zone"
    SEVERAL_TOWNS = "several-towns"
    NO_TIME = "no-time"
    IN_QUIET_HOURS = "in-quiet-hours"
    NO_MINUTES = "no-minutes"
    NO_HOURS = "no-hours"
    HOURS_HOLD_PUSH = "hours-hold-push"
    NO_SUCH_PACK = "no-such-pack"
    NO_SUCH_CHOICE = "no-such-choice"


@dataclass(frozen=True, slots=True)
class Picker:
    """A choice is to be made, as a step of the onboarding or on its own."""

    field: Field
    learner: Learner
    packs: tuple[Pack, ...]
    now: datetime
    refusal: Refusal | None = None
    given: str = ""  # what was refused
    towns: tuple[Town, ...] = ()  # what it may have meant


@dataclass(frozen=True, slots=True)
class Ready:
    """The onboarding is through."""

    learner: Learner
    pack: Pack
    now: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """All that was chosen, with what has just changed."""

    learner: Learner
    pack: Pack
    now: datetime
    changed: Field | None = None


@dataclass(frozen=True, slots=True)
class Posed:
    """One asking of an item and where it stands."""

    ask: Ask
    session: Session
    entry: Entry
    item: SingleChoice | MultipleResponse
    minutes_left: int | None = None  # of a timed set


@dataclass(frozen=True, slots=True)
class Asked:
    """A question waits for its answer."""

    posed: Posed


@dataclass(frozen=True, slots=True)
class Locked:
    """The answer is in; how sure is asked."""

    posed: Posed


@dataclass(frozen=True, slots=True)
class Graded:
    """The verdict."""

    posed: Posed
    attempt: Attempt
    due_at: datetime | None  # when the concept comes again; None if it was forgotten meanwhile
    now: datetime

    @property
    def is_last(self) -> bool:
        """No further question belongs to the session."""
        return self.posed.ask.number >= self.posed.session.size


@dataclass(frozen=True, slots=True)
class Finished:
    """A session is through."""

    session: Session
    tally: Tally
    due_now: int
    next_due: datetime | None
    now: datetime
    has_reminder: bool  # a daily push is on


@dataclass(frozen=True, slots=True)
class NothingDue:
    """A review was asked for and there is nothing to review."""

    next_due: datetime | None
    now: datetime


class Offer(StrEnum):
    """What somebody wanted of a part of the exam."""

    QUESTIONS = "questions"
    CARDS = "cards"
    GUIDE = "guide"
    LAB = "lab"


@dataclass(frozen=True, slots=True)
class NoSuchScope:
    """A domain or topic was asked for that the pack does not have."""

    given: str
    near: tuple[tuple[str, str], ...]  # id, title
    offer: Offer = Offer.QUESTIONS  # of what was wanted of it


@dataclass(frozen=True, slots=True)
class EmptyScope:
    """The pack has the topic but nothing of what was wanted of it."""

    title: str  # "" = the pack as a whole
    offer: Offer = Offer.QUESTIONS


@dataclass(frozen=True, slots=True)
class Dealt:
    """A card on the table, its back shown or not yet."""

    ask: Ask
    session: Session
    entry: CardEntry

    @property
    def is_turned(self) -> bool:
        """The back is shown."""
        return TURNED in self.ask.marked


@dataclass(frozen=True, slots=True)
class HandPlayed:
    """A session of cards is through."""

    session: Session
    known: int
    cards: int
    due_now: int
    next_due: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Guided:
    """A part of a domain's guide, a page of it."""

    domain: Domain
    guide: Guide
    part: GuidePart
    page: int  # from 0; one that is not there means the last
    done: frozenset[str] = frozenset()  # labs


@dataclass(frozen=True, slots=True)
class AskDomain:
    """Which domain's guide is wanted."""

    domains: tuple[Domain, ...]  # those that have one


@dataclass(frozen=True, slots=True)
class LabShown:
    """Something to do by hand."""

    lab: LabSheet
    domain: Domain
    is_done: bool
    following: LabSheet | None  # the one to do after it


@dataclass(frozen=True, slots=True)
class Day:
    """What is next today, and why."""

    learner: Learner
    pack: Pack
    due: int
    new: int
    done: int
    goal: int
    booking: Booking | None = None
    plan: Plan | None = None
    stints: Sequence[Stint] = ()  # the blocks of today
    paused_until: date | None = None
    now: datetime | None = None
    ghost: BattleId | None = None  # a battle of their group that they missed lately


@dataclass(frozen=True, slots=True)
class Standings:
    """How a learner stands, by domain."""

    pack: Pack
    answers: Mapping[DomainId, Tally]
    met: Mapping[DomainId, int]  # concepts
    concepts: Mapping[DomainId, int]
    due: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """The daily message, with its first question."""

    posed: Posed
    pack: Pack
    due: int
    is_slow: bool  # it comes every third day now
    key: str = ""  # of the push
    booking: Booking | None = None
    days: int | None = None  # to the exam
    block: Block | None = None  # of the plan, what the first question begins


class Hitch(StrEnum):
    """A small thing in the way that changes nothing and is said kindly."""

    ANSWERED = "answered"  # a second tap on an answered question
    BEHIND = "behind"  # a button of a step that is over
    NOT_YOURS = "not-yours"
    GONE = "gone"  # no such ask, or its item has changed since
    NOT_ENOUGH = "not-enough"  # fewer marked than asked for
    TOO_LATE = "too-late"  # it would have lost its use by then


@dataclass(frozen=True, slots=True)
class Hitched:
    """Nothing changed, and why."""

    hitch: Hitch
    wanted: int = 0  # options to choose, where that is the matter
    # What the tapped message ought to show: an earlier answer to it may have been lost on its way.
    stands: "Asked | Locked | Graded | Dealt | HandPlayed | None" = field(default=None, compare=False)


class Word(StrEnum):
    """Outcomes that carry nothing but themselves."""

    HELP = "help"
    ASK_FORGET = "ask-forget"
    FORGOTTEN = "forgotten"
    KEPT = "kept"
    NOTHING_TO_FORGET = "nothing-to-forget"
    IN_PRIVATE = "in-private"
    EMPTY_PACK = "empty-pack"
    RESUMED = "resumed"
    NOTED = "noted"
    NO_EXAM_TO_SHOW = "no-exam-to-show"
    IN_A_GROUP = "in-a-group"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words or a command that mean nothing here."""

    given: str
    is_command: bool
    near: str | None = None  # the command it may have meant


Outcome = (
    Picker | Ready | Choices | Asked | Locked | Graded | Finished | NothingDue | NoSuchScope | EmptyScope
    | Day | Standings | Pushed | Hitched | Word | Unclear | DatedOutcome
    | Dealt | HandPlayed | Guided | AskDomain | LabShown | FoughtOutcome
)  # fmt: skip
