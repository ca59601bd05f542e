"""A battle: one group game, from its lobby over its rounds to its end. Pure; time is an argument.

The phases follow each other so, and no other way:

    LOBBY -> POSED -> OPEN -> SHOWN -> POSED ... -> OVER

A question is POSED until the platform of every room has acknowledged it; from that moment on a room's own clock runs,
so that nobody loses time to a slow platform. It is OPEN until the last room's time is over, or all have answered. It is
SHOWN, with what came of it, until there was time to read. Every phase can end in OVER.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from bot.domain.booking import Room
from bot.domain.ids import BattleId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.item import Difficulty

ROUNDS_RANGE, SECONDS_RANGE, TEAMS_RANGE = (5, 30), (10, 90), (2, 4)
WEAK = "weak"  # the scope of what those present are weak at
# Silent reading of non-fiction: 238 words a minute (Brysbaert 2019, J. Mem. Lang. 109); many read a second language.
WORDS_A_MINUTE = 200
OWN_S, WORDS_A_SECOND = 10, 10  # seconds to answer: these, and one for so many words

LATE = timedelta(seconds=0.7)  # an answer that was on its way when time was up still counts
READING_PAUSE = timedelta(seconds=12)  # a result stands before the next question
FAST_PAUSE = timedelta(seconds=6)  # likewise, where speed is the game
LOBBY_FOR = timedelta(minutes=15)
OUTAGE = timedelta(seconds=10)  # a room that takes this long to get a message has an outage
GIVE_UP = timedelta(minutes=10)  # with it
PUT_OFF = timedelta(minutes=1)  # of a battle that can't go on, by a bug or as another version wrote it
MOST_SILENT = 3  # rounds without an answer, after which nobody is there
MOST_IDLE = 2  # rounds that a player let pass, after which nobody waits for them
MOST_HALLS = 4
MOST_TAPS = 12  # of one player in one round that change anything


class Mode(StrEnum):
    """What counts."""

    STUDY = "study"  # right answers; speed only breaks ties
    RACE = "race"  # right answers, the faster the better
    SUDDEN = "sudden"  # who misses is out
    TEAMS = "teams"  # as study, the mean of a team's members
    COOP = "coop"  # all together against the exam's pass mark


class Kind(StrEnum):
    """How a battle came to be."""

    GROUP = "group"
    GHOST = "ghost"  # a replay of another battle, with its real timings
    DAILY = "daily"  # a group's daily question: one round, open for hours


class Phase(StrEnum):
    """How far a battle is."""

    LOBBY = "lobby"
    POSED = "posed"
    OPEN = "open"
    SHOWN = "shown"
    OVER = "over"


class Ending(StrEnum):
    """Why a battle is over."""

    PLAYED = "played"
    STOPPED = "stopped"
    SILENT = "silent"  # nobody answered any more
    OUTAGE = "outage"  # a room could not be reached for too long
    EMPTY = "empty"  # nobody began it
    DRY = "dry"  # the pack has nothing more to ask


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host chose."""

    mode: Mode = Mode.STUDY
    rounds: int = 10
    seconds: int | None = None  # to answer, after reading; None = by the question's length
    scope: str = ""  # a domain or topic, `WEAK`, "" = the whole pack
    difficulty: Difficulty | None = None  # None = any
    teams: int = 2  # where teams play
    picks_team: bool = False  # everybody chooses a team; else they are balanced
    in_thread: bool = False  # rounds go into a thread of their own, where the platform has them


@dataclass(frozen=True, slots=True)
class Hall:
    """A room that takes part, numbered in the order they came."""

    place: int  # from 0
    room: Room
    chat: str  # where its messages go: the room, or a spot of it
    locale: str = ""
    has_threads: bool = False
    is_gone: bool = False  # left, or can't be written to any more


@dataclass(frozen=True, slots=True)
class Battle:
    """One group game as it stands, without its players."""

    id: BattleId
    pack: PackId
    host: LearnerId
    rules: Rules
    halls: tuple[Hall, ...]
    since: datetime  # when its phase began
    kind: Kind = Kind.GROUP
    phase: Phase = Phase.LOBBY
    number: int = 0  # of the round; 0 = none yet
    silent: int = 0  # rounds without an answer, in a row
    code: str | None = None  # by which another room joins
    ghost: BattleId | None = None  # what it is a replay of
    totals: tuple[float, ...] = ()  # of the teams
    share: float = 0.0  # right answers of all, summed over the rounds as a part of those present
    ending: Ending | None = None
    open_s: int | None = None  # of a daily question
    panel: str = ""  # what of its rules the lobby shows for choosing; "" = nothing, "rules" = all

    @property
    def present(self) -> tuple[Hall, ...]:
        """The rooms that still take part."""
        return tuple(hall for hall in self.halls if not hall.is_gone)

    @property
    def has_teams(self) -> bool:
        """Whether teams are ranked: chosen ones, or one for each room."""
        return self.rules.mode is Mode.TEAMS or len(self.halls) > 1

    @property
    def is_last(self) -> bool:
        """Whether no round follows the one that runs."""
        return self.number >= self.rules.rounds

    def has_been_in(self, room: Room) -> bool:
        """Whether the room takes part, or took part until it left."""
        return any(hall.room == room for hall in self.halls)

    def without(self, gone: Hall) -> "Battle":
        """The battle after a room has left it."""
        halls = tuple(replace(hall, is_gone=True) if hall.place == gone.place else hall for hall in self.halls)
        return replace(self, halls=halls)

    def hall_of(self, room: Room) -> Hall | None:
        """The room's part in it."""
        return next((hall for hall in self.present if hall.room == room), None)


@dataclass(frozen=True, slots=True)
class Round:
    """One question, with the clock of each room."""

    number: int  # from 1
    item: ItemId
    concept: ConceptId
    domain: DomainId
    version: str  # of the item
    order: tuple[int, ...]  # place shown -> option index
    reading_s: int
    answer_s: int
    posed_at: datetime
    opened: Mapping[int, datetime] = field(default_factory=dict)  # hall -> when its platform acknowledged the question
    source: int = 0  # of a replay: the round it repeats

    @property
    def seconds(self) -> int:
        """Time for a question, reading included."""
        return self.reading_s + self.answer_s

    def cutoff(self, hall: int) -> datetime | None:
        """When a room's time is over; None while it has not begun."""
        opened = self.opened.get(hall)
        return opened and opened + timedelta(seconds=self.seconds)

    def takes(self, hall: int, at: datetime) -> bool:
        """Whether an answer that arrives then is in time; one before the acknowledgement is kept is."""
        cutoff = self.cutoff(hall)
        return cutoff is None or at <= cutoff + LATE

    def took_s(self, hall: int, at: datetime) -> float:
        """How long an answer took by its room's clock; a late one that still counts took all the time there was.

        So did one in a room whose platform never acknowledged the question.
        """
        opened = self.opened.get(hall)
        return min(max(0.0, (at - opened).total_seconds()), self.seconds) if opened else float(self.seconds)

    def closes_at(self, halls: Sequence[Hall]) -> datetime | None:
        """When nothing more can arrive in time in any of these rooms; None while one's time has not begun."""
        cutoffs = [self.cutoff(hall.place) for hall in halls]
        known = [cutoff for cutoff in cutoffs if cutoff is not None]
        return max(known) + LATE if known and len(known) == len(cutoffs) else None


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who plays, and how they stand."""

    learner: LearnerId
    name: str
    hall: int = 0
    team: int = 0
    joined: int = 1  # the first round that counts for them
    gone: int | None = None  # the last one that counted; None = still here
    out: int | None = None  # of sudden death: the round that was their last, 0 = came too late for it
    points: int = 0
    right: int = 0
    answers: int = 0
    streak: int = 0  # right answers in a row
    took_s: float = 0.0  # over the right answers
    idle: int = 0  # rounds let pass, in a row
    is_ghost: bool = False  # played in the battle that is replayed

    def is_in(self, number: int) -> bool:
        """Whether a round counts for them."""
        return self.joined <= number and (self.gone is None or number <= self.gone)

    def is_present(self, number: int, *, has_answered: bool) -> bool:
        """Whether they are part of a round's mean: who let rounds pass is as good as gone until they answer again."""
        return self.is_in(number) and self.out is None and (has_answered or self.idle < MOST_IDLE)

    def is_awaited(self, number: int) -> bool:
        """Whether a round waits for their answer: not for who left, is out, or has let rounds pass."""
        return self.is_in(number) and self.gone is None and self.out is None and self.idle < MOST_IDLE


@dataclass(frozen=True, slots=True)
class Struck:
    """An answer, or the beginning of one."""

    learner: LearnerId
    chosen: frozenset[int]  # option indices
    at: datetime  # of the newest tap
    is_locked: bool
    taps: int = 1
    key: str = ""  # of the event of the newest tap, which the platform may bring again


class No(StrEnum):
    """Why a tap in a battle changes nothing."""

    GONE = "gone"  # no such battle or round
    LATE = "late"  # the round is closed
    LOCKED = "locked"  # answered already
    LAST = "last"  # nobody joins in the last round
    OVER = "over"
    HOST = "host"  # only the host or an admin may
    ALONE = "alone"  # nobody has joined yet
    IN = "in"  # is in already
    ELSEWHERE = "elsewhere"  # plays in another room of this battle
    NOT_IN = "not-in"
    FULL = "full"  # as many rooms as it can have
    STARTED = "started"
    TAPS = "taps"  # changed too often


def reading_s(words: int) -> int:
    """Seconds to read so many words, before speed counts."""
    return ceil(words * 60 / WORDS_A_MINUTE)


def answer_s(rules: Rules, words: int) -> int:
    """Seconds to answer after reading: the host's, or more for a longer question."""
    low, high = SECONDS_RANGE
    return rules.seconds or min(max(OWN_S + words // WORDS_A_SECOND, low), high)


def pause(rules: Rules) -> timedelta:
    """How long a result stands."""
    return FAST_PAUSE if rules.mode in (Mode.RACE, Mode.SUDDEN) else READING_PAUSE


def enter(
    battle: Battle,
    players: Sequence[Player],
    learner: LearnerId,
    name: str,
    hall: int,
    team: int | None = None,
    *,
    by_answer: bool = False,
) -> Player | No:
    """The player that somebody becomes, or becomes again: in the lobby, and until the last round.

    A round that runs counts for who comes into it by an answer, and for who left it a moment ago. Room and team stay
    what they were once the battle has begun. Who comes into a sudden death that has begun plays beside it: for their
    own memory.
    """
    if battle.phase is Phase.OVER:
        return No.OVER
    if battle.kind is not Kind.DAILY and battle.number and battle.is_last:
        return No.LAST
    known = next((player for player in players if player.learner == learner), None)
    chosen = team is not None and 0 <= team < battle.rules.teams and battle.rules.picks_team
    is_running = battle.phase in (Phase.POSED, Phase.OPEN)
    first = battle.number if is_running and by_answer else battle.number + 1
    if known and battle.number:
        if known.hall != hall:
            return No.ELSEWHERE
        if known.gone is None:
            return replace(known, joined=first) if known.joined > first else No.IN
        is_back = known.gone >= (battle.number - 1 if is_running else battle.number)
        return replace(known, name=name, joined=known.joined if is_back else first, gone=None, idle=0)
    if known and known.gone is None and (not chosen or known.team == team):
        return No.IN if known.hall == hall else No.ELSEWHERE
    side = team if chosen and team is not None else _smallest_team(battle, players, learner)
    if known:
        return replace(known, name=name, hall=hall, team=side, gone=None)
    too_late = battle.rules.mode is Mode.SUDDEN and first > 1
    return Player(learner, name, hall, side, joined=first, out=0 if too_late else None)


def _smallest_team(battle: Battle, players: Sequence[Player], learner: LearnerId) -> int:
    sizes = [0] * battle.rules.teams
    for player in players:
        if player.gone is None and player.learner != learner and player.team < len(sizes):
            sizes[player.team] += 1
    return sizes.index(min(sizes))


def leave(battle: Battle, player: Player, *, has_answered: bool = False) -> Player | No:
    """The player after leaving: what they have stays, an answer they gave counts, what comes does not."""
    if battle.phase is Phase.OVER:
        return No.OVER
    if player.gone is not None:
        return No.NOT_IN
    is_running = battle.phase in (Phase.POSED, Phase.OPEN)
    return replace(player, gone=battle.number - 1 if is_running and not has_answered else battle.number)


def begin(battle: Battle, players: Sequence[Player]) -> No | None:
    """Why a battle can't begin, None if it can."""
    if battle.phase is Phase.OVER:
        return No.OVER
    if battle.phase is not Phase.LOBBY:
        return No.STARTED
    return None if any(player.gone is None for player in players) else No.ALONE


def pose(battle: Battle, now: datetime) -> Battle:
    """The battle with its next question on its way."""
    assert battle.phase in (Phase.LOBBY, Phase.SHOWN)  # noqa: S101 - nothing else is followed by a question
    return replace(battle, phase=Phase.POSED, number=battle.number + 1, since=now, code=None)


def opens(battle: Battle, round_: Round, now: datetime) -> Battle:
    """The battle with its question open, once every room has it; itself until then."""
    if battle.phase is not Phase.POSED or round_.closes_at(battle.present) is None:
        return battle
    return replace(battle, phase=Phase.OPEN, since=now)


def strike(
    battle: Battle,
    round_: Round,
    player: Player,
    before: Struck | None,
    options: Sequence[int],
    at: datetime,
    *,
    wanted: int,
    is_vote: bool = False,
) -> Struck | No:
    """The answer after a tap on an option, locked once as many are chosen as are wanted; or after a poll's vote.

    An option tapped again is taken back, until the answer is locked. A vote is whole and final, with too few too.
    """
    if battle.phase is Phase.OVER:
        return No.OVER
    if round_.number != battle.number or battle.phase not in (Phase.POSED, Phase.OPEN):
        return No.LATE
    if not round_.takes(player.hall, at):
        return No.LATE
    if not player.is_in(round_.number):
        return No.NOT_IN
    if before and before.is_locked:
        return No.LOCKED
    if before and before.taps >= MOST_TAPS:
        return No.TAPS
    chosen = before.chosen if before else frozenset()
    chosen = frozenset(options) if is_vote else chosen ^ frozenset(options)
    is_locked = is_vote or len(chosen) >= wanted
    return Struck(player.learner, chosen, at, is_locked, before.taps + 1 if before else 1)


def is_answered(round_: Round, players: Sequence[Player], locked: frozenset[LearnerId]) -> bool:
    """Whether all whom a round waits for have answered."""
    awaited = [player.learner for player in players if player.is_awaited(round_.number)]
    return bool(awaited) and locked.issuperset(awaited)


def is_over(battle: Battle, players: Sequence[Player]) -> Ending | None:
    """Why a battle ends with the round that is shown, None if another follows."""
    if battle.silent >= MOST_SILENT and not battle.is_last:
        return Ending.SILENT
    if battle.is_last:
        return Ending.PLAYED
    if battle.rules.mode is Mode.SUDDEN:
        rivals = [player for player in players if player.out != 0 and player.gone != 0]
        alive = [player for player in rivals if player.out is None and player.gone is None]
        if len(rivals) > 1 and len(alive) <= 1:
            return Ending.PLAYED
    return None


def counts(battle: Battle, players: Sequence[Player]) -> bool:
    """Whether boards count it: two or more people answered, and it was no replay."""
    return battle.kind is not Kind.GHOST and sum(player.answers > 0 for player in players) > 1


def end(battle: Battle, why: Ending, now: datetime) -> Battle:
    """The battle, over; a round that was not graded is none of its rounds."""
    assert battle.phase is not Phase.OVER  # noqa: S101 - it ends once
    graded = battle.number - (battle.phase in (Phase.POSED, Phase.OPEN))
    return replace(battle, phase=Phase.OVER, number=graded, since=now, ending=why, code=None)
