"""What a person can want, as a closed union: a new member makes the type checker name every place that needs it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.answer import Cause, Confidence
from bot.domain.booking import Verdict
from bot.domain.guide import GuidePart
from bot.domain.ids import AskId, BattleId, BookingId
from bot.domain.learner import Energy, Field


class Later(StrEnum):
    """How long a message is put off."""

    HOUR = "hour"
    TONIGHT = "tonight"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Start:
    """Begin, or begin anew with the choices made so far."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what there is."""


@dataclass(frozen=True, slots=True)
class Today:
    """Say what is next today, and why."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Ask me questions."""

    scope: str = ""  # a domain, task or topic: an id on a button, anything a person types otherwise
    size: int | None = None  # questions; None = the usual number


@dataclass(frozen=True, slots=True)
class Review:
    """Ask me what is due."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Say how I stand."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Show what I chose."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete what you know of me: asks back first."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Yes, delete it."""


@dataclass(frozen=True, slots=True)
class Keep:
    """No, keep it."""


@dataclass(frozen=True, slots=True)
class Pick:
    """This one option is my answer."""

    ask: AskId
    place: int  # as shown, from 0


@dataclass(frozen=True, slots=True)
class Mark:
    """This option belongs to my answer, or does not; says the wanted state, so that twice is once."""

    ask: AskId
    place: int  # as shown, from 0
    on: bool


@dataclass(frozen=True, slots=True)
class Submit:
    """What is marked is my answer."""

    ask: AskId


@dataclass(frozen=True, slots=True)
class Rate:
    """How sure I am."""

    ask: AskId
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Blame:
    """Why I missed it."""

    ask: AskId
    cause: Cause


@dataclass(frozen=True, slots=True)
class Next:
    """The next question, please."""

    ask: AskId  # the one it follows


@dataclass(frozen=True, slots=True)
class Cards:
    """Deal me flashcards."""

    scope: str = ""  # as of `Practice`


@dataclass(frozen=True, slots=True)
class Flip:
    """Show me the back of this card."""

    ask: AskId


@dataclass(frozen=True, slots=True)
class Recall:
    """I knew what the back says, or not yet."""

    ask: AskId
    knew: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Show me what to do for a domain beside answering questions."""

    scope: str = ""  # as of `Practice`; "" asks which domain
    part: GuidePart = GuidePart.TIPS
    page: int = 0


@dataclass(frozen=True, slots=True)
class Lab:
    """Show me a lab."""

    name: str = ""  # its id on a button, a topic or domain as a person types it; "" = of the weakest domain


@dataclass(frozen=True, slots=True)
class LabDone:
    """I have done this lab."""

    name: str


@dataclass(frozen=True, slots=True)
class Open:
    """Let me choose this."""

    field: Field


@dataclass(frozen=True, slots=True)
class Choose:
    """I choose this value."""

    field: Field
    value: str  # as a person would type it


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave this step of the onboarding as it is."""

    field: Field


@dataclass(frozen=True, slots=True)
class Exam:
    """Show my exam date, or take this one."""

    text: str = ""  # as a person types a date


@dataclass(frozen=True, slots=True)
class Schedule:
    """Let me tap a date: what is chosen so far, as the beginning of an ISO date and time."""

    value: str  # "", "2026-12", "2026-12-14..", "2026-12-15", "2026-12-15T09:30", with "@Zone" once it is whole


@dataclass(frozen=True, slots=True)
class Book:
    """Yes, that is my exam date."""

    value: str  # "2026-12-15T09:30@Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Unbook:
    """I don't sit it: asks back first."""

    booking: BookingId


@dataclass(frozen=True, slots=True)
class Cancel:
    """Yes, cancel it."""

    booking: BookingId


@dataclass(frozen=True, slots=True)
class Sit:
    """Where I sit the exam."""

    booking: BookingId
    is_remote: bool


@dataclass(frozen=True, slots=True)
class Log:
    """How the exam went."""

    booking: BookingId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Needs:
    """My result says that this domain needs work, or does not; says the wanted state."""

    booking: BookingId
    domain: str
    on: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Show my plan."""

    week: int = 0  # from this one


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Give me my plan as a calendar file."""


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """Draw my plan."""


@dataclass(frozen=True, slots=True)
class Work:
    """Let me work on this block of my plan."""

    kind: str  # of the block
    domain: str  # "" = all
    size: int  # questions


@dataclass(frozen=True, slots=True)
class Readiness:
    """Am I ready: the eight last checks."""


@dataclass(frozen=True, slots=True)
class Tick:
    """I have done this."""

    name: str


@dataclass(frozen=True, slots=True)
class Energize:
    """How much I have in me today; None asks."""

    energy: Energy | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Leave me alone until then; "" asks, "off" ends it."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now: again later."""

    how: Later
    push: str  # the push's key


@dataclass(frozen=True, slots=True)
class Done:
    """I have done what this message asks for."""

    push: str  # the push's key


@dataclass(frozen=True, slots=True)
class Calendar:
    """Show who of this group sits when."""


@dataclass(frozen=True, slots=True)
class ShowMe:
    """Put my exams into this group's calendar, or take them out."""

    on: bool


@dataclass(frozen=True, slots=True)
class Battle:
    """A group's quiz battle: open a lobby, or what the words say ("open", "join K7MQ2X", "stop", "race 10 20s")."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Enter:
    """Let me play in this battle."""

    battle: BattleId
    team: int | None = None  # from 0; None = the one that needs me most


@dataclass(frozen=True, slots=True)
class Leave:
    """I play no more in this battle."""

    battle: BattleId


@dataclass(frozen=True, slots=True)
class Arrange:
    """Show what can be chosen for a rule of this battle, or choose it."""

    battle: BattleId
    rule: str  # "" = all rules; "-" = back to the lobby
    value: str = ""  # "" = show what there is


@dataclass(frozen=True, slots=True)
class Begin:
    """Start this battle."""

    battle: BattleId


@dataclass(frozen=True, slots=True)
class Stop:
    """End this battle."""

    battle: BattleId


@dataclass(frozen=True, slots=True)
class Strike:
    """This option is my answer in this round, or belongs to it; of several the same again takes it back."""

    battle: BattleId
    number: int  # of the round, from 1
    place: int  # as shown, from 0


@dataclass(frozen=True, slots=True)
class Vote:
    """These options are my answer in a platform's own quiz poll."""

    poll: str  # the platform's id of it
    places: tuple[int, ...]  # as shown, from 0; none = taken back


@dataclass(frozen=True, slots=True)
class Rematch:
    """Open the next lobby with the rules of this battle."""

    battle: BattleId
    scope: str = ""  # "" = the same


@dataclass(frozen=True, slots=True)
class Replay:
    """Let me play against this battle as it was."""

    battle: BattleId


@dataclass(frozen=True, slots=True)
class Board:
    """Show this group's board."""

    span: str = ""  # "week", "season", "all"; "" = the usual
    domain: str = ""  # as of `Practice`; "" = all


@dataclass(frozen=True, slots=True)
class Rank:
    """Show me on boards, or leave me out; I play all the same."""

    on: bool


@dataclass(frozen=True, slots=True)
class Daily:
    """This group's daily question: show it, set it ("18:00 Berlin"), or "off"."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Words that are no command."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that does not exist, or a button from nowhere."""

    text: str


# What a button can carry.
Tap = (
    Start | Help | Today | Practice | Review | Progress | Settings | Forget | Erase | Keep
    | Pick | Mark | Submit | Rate | Blame | Next | Open | Choose | Skip
    | Exam | Schedule | Book | Unbook | Cancel | Sit | Log | Needs | Plan | PlanFile | PlanPicture | Work
    | Readiness | Tick | Energize | Pause | Snooze | Done | Calendar | ShowMe
    | Cards | Flip | Recall | Guide | Lab | LabDone
    | Battle | Enter | Leave | Arrange | Begin | Stop | Strike | Rematch | Replay | Board | Rank | Daily
)  # fmt: skip
Intent = Tap | Vote | Say | Unknown
# What only a host or an admin may do in a group: a platform that has to ask who is one asks for these alone.
CONTROLS = (Battle, Arrange, Begin, Stop, Rematch, Daily)
# What a whole group may want, and not one person in private alone.
IN_A_GROUP = (
    Calendar, ShowMe, Battle, Enter, Leave, Arrange, Begin, Stop, Strike, Vote, Rematch, Replay, Board, Rank, Daily
)  # fmt: skip
# What is answered for all of a group to see; everything else there is for the one who acted.
FOR_ALL = (Calendar, ShowMe, Board)
