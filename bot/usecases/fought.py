"""What happened in and around a battle, without words: `bot.present` chooses those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.battle import Battle, Hall, No, Player, Round, Struck
from bot.domain.ids import LearnerId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pack import Concept, Domain, Entry, Pack, Place
from bot.domain.score import Mark, Standing

# What the buttons of a lobby's rules say where it is no rule's own value.
ALL, AUTO, ANY = "all", "auto", "any"  # the whole pack; seconds by the question's length; any difficulty
PANEL, CLOSED = "rules", "-"  # all rules; back to the lobby


class Told(StrEnum):
    """What a tap or a command did, as a word to the one who acted."""

    OPENED = "opened"  # a lobby; it comes by itself
    JOINED = "joined"
    JOINED_ASIDE = "joined-aside"  # too late for a sudden death: plays for their own memory
    LEFT = "left"
    BEGUN = "begun"
    STOPPED = "stopped"
    ARRANGED = "arranged"  # a rule was set, or is shown for choosing
    MARKED = "marked"  # of several options one was chosen; more are wanted
    CLEARED = "cleared"  # it was taken back
    LOCKED = "locked"  # the answer stands
    LINKED = "linked"  # another group was joined by its code
    REPLAYING = "replaying"  # a replay begins in private
    SHOWN = "shown"  # on boards again
    HIDDEN = "hidden"  # from boards
    DAILY_OFF = "daily-off"


class Bar(StrEnum):
    """Why a battle can't be had here and now."""

    RUNNING = "running"  # one runs in this chat
    COOLING = "cooling"  # one has just ended
    TOO_MANY = "too-many"  # this person opened several lately
    NO_CODE = "no-code"  # no battle waits under this code
    OWN_CODE = "own-code"  # it is this group's own
    NO_GHOST = "no-ghost"  # nothing to replay
    NO_BATTLE = "no-battle"  # none runs here
    PRIVATE = "private"  # battles are for groups
    UNREACHABLE = "unreachable"  # has not written to us in private
    UNCLEAR = "unclear"  # words that are no rule
    UNCLEAR_TIME = "unclear-time"  # of a daily question
    SEVERAL_TOWNS = "several-towns"
    ADMIN = "admin"  # only an admin may
    EMPTY = "empty"  # the pack has nothing to ask there
    LIVELY = "lively"  # this group has had many messages lately


@dataclass(frozen=True, slots=True)
class Noted:
    """Something was done."""

    told: Told
    places: tuple[int, ...] = ()  # of the options chosen, as shown
    wanted: int = 0  # options still to choose
    team: int | None = None
    comes_by_itself: bool = False  # a message in the room shows it


@dataclass(frozen=True, slots=True)
class Refused:
    """A tap changed nothing."""

    no: No
    places: tuple[int, ...] = ()  # of the answer that stands


@dataclass(frozen=True, slots=True)
class Barred:
    """A battle can't be had."""

    bar: Bar
    given: str = ""  # what was not understood
    near: Sequence[str] = ()  # what it may have meant
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Lobby:
    """A battle that waits for its players, and its board once it runs: one message, edited."""

    battle: Battle
    hall: Hall  # whose message it is
    pack: Pack
    players: Sequence[Player]
    scope: str  # the title of its scope; "" = the whole pack
    leader: str  # the host's name
    standings: Sequence[Standing] = ()
    scopes: Sequence[tuple[str, str]] = ()  # ids and titles that its scope can be, where that is chosen


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A question that takes answers."""

    battle: Battle
    hall: Hall
    round: Round
    entry: Entry
    item: SingleChoice | MultipleResponse
    answered: int
    players: int
    code: str = ""  # of the exam


@dataclass(frozen=True, slots=True)
class ResultShown:
    """A question closed: who was right, what was chosen how often, and why the key is the key."""

    battle: Battle
    hall: Hall
    round: Round
    entry: Entry
    item: SingleChoice | MultipleResponse
    struck: Sequence[Struck]  # locked answers of all rooms
    marks: Mapping[LearnerId, Mark]
    players: Sequence[Player]
    ghosts: Mapping[LearnerId, Mark]  # of a replay: the marks of back then
    as_reply: bool = False  # a message of its own, after a quiz poll: the question stands there already


@dataclass(frozen=True, slots=True)
class Waiting:
    """A room can't be reached; the battle waits for it."""

    battle: Battle
    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A concept of a battle, and how many missed it."""

    concept: Concept
    place: Place
    missed: int
    of: int


@dataclass(frozen=True, slots=True)
class FinalShown:
    """A battle that is over: places, and what the group should drill."""

    battle: Battle
    hall: Hall
    pack: Pack
    standings: Sequence[Standing]
    missed: Sequence[Missed]  # most missed first
    rounds: int  # played
    has_newcomers: bool  # somebody here has not written to us in private
    counts: bool  # on the boards: two or more people played


class Span(StrEnum):
    """Which stretch of time a board is about."""

    WEEK = "week"  # since Monday, UTC
    SEASON = "season"  # since the first of the month, UTC
    ALL = "all"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person's line on a board."""

    rank: int  # from 1; who is equal in all that counts shares it
    name: str
    right: int
    answers: int
    took_s: float  # mean over the right answers


@dataclass(frozen=True, slots=True)
class BoardShown:
    """A group's board."""

    span: Span
    domain: Domain | None  # None = all
    rows: Sequence[BoardRow]
    pack: Pack | None  # for the names of its domains; None = this group has not fought yet


@dataclass(frozen=True, slots=True)
class DailyShown:
    """When a group's daily question comes."""

    at: time | None  # local; None = there is none
    until: time | None  # when the result comes
    zone: str
    next_at: datetime | None = None


FoughtOutcome = (
    Noted | Refused | Barred | Lobby | RoundShown | ResultShown | Waiting | FinalShown | BoardShown | DailyShown
)
