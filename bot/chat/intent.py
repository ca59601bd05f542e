"""What a person can want, as a closed union: a new member makes the type checker name every place that needs it."""

from dataclasses import dataclass

from bot.domain.answer import Cause, Confidence
from bot.domain.ids import AskId
from bot.domain.learner import Field


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
)  # fmt: skip
Intent = Tap | Say | Unknown
