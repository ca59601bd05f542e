"""What the core asks of the world: a unit of work, an atlas, a channel to each platform.

Each docstring is the contract; tests/store holds every store to `Work`, tests/adapters every adapter to `Channel`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Protocol

from bot.chat.incoming import Person, Place
from bot.chat.view import View
from bot.domain.answer import Cause, Confidence
from bot.domain.battle import Battle, Hall, Player, Round, Rules, Struck
from bot.domain.booking import Booking, KeptPlan, Room, Seat, When
from bot.domain.draw import Known
from bot.domain.ids import (
    AskId,
    BattleId,
    BookingId,
    CardId,
    ConceptId,
    DomainId,
    ItemId,
    LearnerId,
    MessageId,
    PackId,
    SessionId,
)
from bot.domain.learner import Learner
from bot.domain.memory import Memory
from bot.domain.pace import Pace
from bot.domain.pack import Pack
from bot.domain.practice import Ask, AskState, NewAsk, Session, SessionKind
from bot.domain.remind import Activity, Push, Reminder
from bot.domain.score import Mark
from bot.domain.selection import Seen, Standing


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer as it is kept."""

    ask: AskId
    learner: LearnerId
    pack: PackId
    item: ItemId
    concept: ConceptId
    domain: DomainId
    chosen: frozenset[int]  # option indices
    is_right: bool
    confidence: Confidence | None
    took_s: float  # from asking to locking
    answered_at: datetime
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers counted, of one domain or of one session."""

    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A booked push on its way."""

    id: MessageId
    push: Push
    tries: int  # this one included
    target: str | None = None  # the platform's id of the message that it edits
    is_poll: bool = False  # that message is a quiz poll


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a booked push."""

    key: str
    is_sent: bool
    is_dropped: bool
    at: datetime | None  # when the platform took it, or it was dropped
    message: str | None  # the platform's id of it
    is_poll: bool


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """What a group chose for its battles and its daily question."""

    room: Room
    rules: Rules
    pack: PackId
    locale: str
    spot: str  # where its daily question goes
    zone: str = "UTC"  # IANA name
    daily_at: time | None = None  # local
    daily_until: time | None = None  # when its result comes
    daily_next: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unkept:
    """A graded answer of a battle that is not in its player's own memory yet."""

    battle: BattleId
    number: int
    learner: LearnerId


@dataclass(frozen=True, slots=True)
class Tallied:
    """One person's answers in a group's battles."""

    learner: LearnerId
    name: str  # as the group knew them last
    right: int
    answers: int
    took_s: float  # mean over the right answers
    points: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An attempt, as far as readiness looks at it."""

    concept: ConceptId
    domain: DomainId
    is_right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session that was answered, and how it went."""

    opened_at: datetime
    size: int  # asks it was opened for
    tally: Tally


@dataclass(frozen=True, slots=True)
class Errand:
    """Due work by its key: what for whom, about which booking."""

    kind: str
    learner: LearnerId
    subject: BookingId | None = None


@dataclass(frozen=True, slots=True)
class DueBooking:
    """A booking of which some message is due, with all that the decision needs."""

    at: datetime  # when it was due
    booking: Booking
    learner: Learner
    platform: str | None  # where the learner can be reached; None = nowhere
    chat: str | None
    rooms: Sequence[Room]  # the groups whose calendar they are in


class Bookings(Protocol):
    """The part of a unit of work that is about exam dates."""

    def bookings(self, learner: LearnerId) -> Sequence[Booking]:
        """Exams that are ahead, or were sat and not closed yet; the earliest first."""

    def booking(self, booking: BookingId) -> Booking | None:
        """One booking, whoever's and in whatever state."""

    def book(self, learner: LearnerId, pack: PackId, when: When, now: datetime) -> Booking:
        """A new booking; there must be none ahead of the same learner and pack."""

    def keep(self, booking: Booking) -> None:
        """Keeps a booking's changes."""

    def plan_of(self, booking: BookingId) -> KeptPlan | None:
        """What is kept of its plan; None before the first."""

    def keep_plan(self, booking: BookingId, plan: KeptPlan) -> None:
        """Keeps what its plan is made from."""

    def wake_at(self, errand: Errand, at: datetime | None) -> None:
        """Sets or clears the instant of due work."""

    def wakes(self, kind: str, now: datetime, most: int) -> Sequence[Errand]:
        """Due work of a kind whose instant has come, oldest first; nothing is held: lock the learner and look again."""

    def is_due(self, errand: Errand, now: datetime) -> bool:
        """Whether the instant of due work has come and nobody has moved it since."""

    def tick(self, learner: LearnerId, name: str, now: datetime) -> None:
        """Notes that something was done; twice is once."""

    def ticks(self, learner: LearnerId, begins: str) -> Mapping[str, datetime]:
        """What was noted under names that begin so, and when."""

    def post(self, push: Push) -> bool:
        """Puts one push into the outbox; False, and nothing is put there, if its key ever was."""

    def sent(self, learner: LearnerId, key: str) -> Push | None:
        """The push of that key, if it was sent to this learner."""

    def pushes_since(self, learner: LearnerId, since: datetime, but: str = "") -> int:
        """Pushes to the learner that fell due at or after an instant, sent or on their way before that key's.

        What was put off and comes once more, or goes to a group, is not counted.
        """

    def answers(self, learner: LearnerId, pack: PackId) -> Sequence[Answer]:
        """All answers of a pack, oldest first."""

    def stretches(self, learner: LearnerId, pack: PackId, kind: SessionKind) -> Sequence[Stretch]:
        """The sessions of a kind in which something was answered, oldest first."""

    def seat(self, learner: LearnerId, room: Room, name: str) -> None:
        """Puts somebody into a group's calendar, or under another name."""

    def unseat(self, learner: LearnerId, room: Room) -> bool:
        """Takes them out again; False if they were not in it."""

    def seats(self, room: Room) -> Sequence[Seat]:
        """Who is in a group's calendar."""


class Battles(Protocol):
    """The part of a unit of work that is about battles.

    A battle that was looked up for a change is locked until the transaction ends; for an answer it is held against
    changes, while other answers go on.
    """

    def open_battle(self, battle: Battle, key: str, now: datetime, wake_at: datetime) -> Battle | None:
        """A new battle in its rooms; None if the event `key` opened one, or one of its rooms has a battle.

        A daily question stands beside other battles.
        """

    def opened_by(self, key: str) -> Battle | None:
        """The battle that an event opened."""

    def battle(self, battle: BattleId) -> Battle | None:
        """The battle, locked for a change."""

    def battle_as_is(self, battle: BattleId) -> Battle | None:
        """The battle, held against changes."""

    def battle_in(self, room: Room) -> BattleId | None:
        """The battle that a room has now."""

    def last_battles(self, room: Room, most: int) -> Sequence[tuple[BattleId, datetime]]:
        """Group battles of a room that are over, newest first, and when they ended."""

    def missed_battles(self, learner: LearnerId, since: datetime, most: int) -> Sequence[BattleId]:
        """Group battles in the rooms somebody has played in that ended since then without them, newest first."""

    def battle_of_code(self, code: str) -> BattleId | None:
        """The battle that waits for another room under a code."""

    def opened_since(self, host: LearnerId, since: datetime) -> int:
        """Battles that somebody opened at or after an instant."""

    def keep_battle(self, battle: Battle, wake_at: datetime | None) -> None:
        """Keeps a battle's changes, its rooms too, and when it goes on by itself."""

    def join_hall(self, battle: BattleId, new: Hall, free_at: datetime | None = None) -> bool:
        """Takes a room in, which can have another battle from `free_at` on; False if it has one already."""

    def free_hall(self, battle: BattleId, place: int, now: datetime) -> None:
        """One room has left the battle and can have the next one."""

    def played_battles(self, learner: LearnerId, most: int) -> Sequence[BattleId]:
        """Group battles that somebody played in and that were played to the end, newest first."""

    def private_chat(self, learner: LearnerId, platform: str) -> str | None:
        """Where somebody can be written to on a platform; None = nowhere."""

    def free_halls(self, battle: BattleId, now: datetime, *, counts: bool) -> None:
        """The battle is over: its rooms can have the next one; whether it counts on boards."""

    def due_battle(self, now: datetime) -> Battle | None:
        """A battle whose instant has come, locked; one that nobody else is about."""

    def put_off(self, battle: BattleId, until: datetime) -> None:
        """A battle goes on by itself no earlier than that."""

    def next_wake(self) -> datetime | None:
        """When the next battle goes on by itself."""

    def player(self, battle: BattleId, learner: LearnerId) -> Player | None:
        """One player."""

    def players(self, battle: BattleId) -> Sequence[Player]:
        """All players, in the order they came."""

    def keep_players(self, battle: BattleId, players: Sequence[Player]) -> None:
        """Keeps players, new ones too."""

    def update_players(self, battle: BattleId, players: Sequence[Player]) -> None:
        """Keeps what changed of players; one who was forgotten meanwhile stays forgotten."""

    def has_newcomers(self, battle: BattleId) -> bool:
        """Whether somebody plays who can't be written to in private."""

    def round(self, battle: BattleId, number: int) -> Round | None:
        """One round."""

    def rounds(self, battle: BattleId) -> Sequence[Round]:
        """All rounds, in order."""

    def keep_round(self, battle: BattleId, round_: Round) -> None:
        """Keeps a round, a new one too."""

    def struck(self, battle: BattleId, number: int, learner: LearnerId) -> Struck | None:
        """One player's answer in a round."""

    def strikes(self, battle: BattleId, number: int) -> Sequence[Struck]:
        """All answers of a round, begun ones too."""

    def locked(self, battle: BattleId, number: int) -> frozenset[LearnerId]:
        """Who has answered in a round."""

    def keep_struck(self, battle: BattleId, number: int, struck: Struck) -> None:
        """Keeps an answer."""

    def keep_marks(self, battle: BattleId, number: int, marks: Mapping[LearnerId, Mark]) -> None:
        """Keeps what became of the answers of a round."""

    def marks(self, battle: BattleId, number: int) -> Mapping[LearnerId, Mark]:
        """The same, as kept."""

    def missed(self, battle: BattleId) -> Sequence[tuple[ConceptId, int, int]]:
        """Concepts of a battle with how many missed them, of how many answers; the most missed first."""

    def points_through(self, battle: BattleId, number: int) -> Mapping[LearnerId, Tallied]:
        """How the players of a battle stood after a round: right answers, answers, mean time."""

    def unkept(self, most: int) -> Sequence[Unkept]:
        """Graded answers that are not in their players' memory yet; nothing is held."""

    def take_unkept(self, one: Unkept) -> tuple[Struck, Mark] | None:
        """The answer, marked as kept in this transaction; None if it is kept already."""

    def known(self, battle: BattleId, pack: PackId, now: datetime) -> Mapping[ConceptId, Known]:
        """How those present in a battle know the concepts of a pack."""

    def fought(self, rooms: Sequence[Room]) -> Mapping[ItemId, int]:
        """How often each item came in battles of these rooms."""

    def room_choice(self, room: Room) -> RoomChoice | None:
        """What a group chose."""

    def keep_room_choice(self, choice: RoomChoice) -> None:
        """Keeps it."""

    def due_room(self, now: datetime) -> RoomChoice | None:
        """A group whose daily question is due, locked; one that nobody else is about."""

    def board(
        self, room: Room, pack: PackId, since: datetime | None, domain: DomainId | None, most: int
    ) -> Sequence[Tallied]:
        """A group's answers by person, of battles that count and people who want to be shown; the most right first."""

    def posted(self, keys: Sequence[str]) -> Mapping[str, Posted]:
        """What became of booked pushes."""

    def post_of_poll(self, platform: str, poll: str) -> Push | None:
        """The push that became this quiz poll."""

    def refresh(self, push: Push, now: datetime, spacing_s: float) -> None:
        """Books the edit of a message: once more if it was sent already, so long after that; at most one waits."""

    def take_slot(self, lane: str, now: datetime, spacing_s: float, burst: int) -> bool:
        """Takes a slot of a lane if one is free now."""


class Work(Bookings, Battles, Protocol):
    """One transaction: what it reads is consistent, what it writes happens whole or not at all."""

    # people
    def learner_of(self, person: Person) -> Learner | None:
        """Whose account it is; locks the learner until the transaction ends, so that turns never overlap."""

    def learner(self, learner: LearnerId) -> Learner | None:
        """The learner of that id, locked likewise; None if they were forgotten."""

    def enroll(self, person: Person, place: Place, pack: PackId, locale: str, now: datetime) -> Learner:
        """A new learner for an account that has none, or the one it got this very moment; no pushes until chosen."""

    def save(self, learner: Learner) -> None:
        """Keeps a learner's choices."""

    def found_at(self, person: Person, place: Place) -> bool:
        """The account just looked up writes from this private chat: pushes go there, again if they had stopped.

        Whether it writes in private for the first time.
        """

    def forget(self, learner: LearnerId) -> None:
        """Deletes the learner and everything kept of them, on all accounts."""

    # sessions and asks
    def open_session(
        self, learner: Learner, kind: SessionKind, scope: str, size: int, key: str, now: datetime
    ) -> tuple[Session, bool]:
        """A session for the event `key`, and whether it is new; the same event twice gives the same session."""

    def pose(self, ask: NewAsk) -> Ask | None:
        """Keeps a new ask; None if the one it follows has a follower already."""

    def find_ask(self, ask: AskId) -> tuple[Ask, Session] | None:
        """The ask and its session, whoever's they are; None if there is none."""

    def last_ask(self, learner: LearnerId, session: SessionId | None = None) -> tuple[Ask, Session] | None:
        """The newest ask of one session, or of all whose push, where one opened them, was sent."""

    def asks(self, session: SessionId) -> Sequence[Ask]:
        """All asks of a session, oldest first."""

    def change(self, ask: Ask, state: AskState, marked: frozenset[int], picked_at: datetime | None = None) -> Ask:
        """The ask after its state or its marks changed."""

    def unsettled(self, learner: LearnerId) -> Sequence[tuple[Ask, Session]]:
        """Asks whose answer is locked but not graded, oldest first."""

    # answers and memory
    def record(self, attempt: Attempt) -> bool:
        """Keeps an attempt; False, and nothing is kept, if the ask has one."""

    def attempt(self, ask: AskId) -> Attempt | None:
        """The attempt of an ask."""

    def blame(self, ask: AskId, cause: Cause) -> None:
        """Notes why an ask was missed."""

    def memory(self, learner: LearnerId, pack: PackId, concept: ConceptId) -> Memory | None:
        """The memory of one concept."""

    def remember(self, learner: LearnerId, pack: PackId, concept: ConceptId, domain: DomainId, memory: Memory) -> None:
        """Keeps the memory of one concept."""

    def first_answers(self, learner: LearnerId, pack: PackId, domain: DomainId) -> Tally:
        """First answers to the concepts of a domain."""

    def met(self, learner: LearnerId, pack: PackId) -> Mapping[ConceptId, Standing]:
        """Every concept that has a memory; cards, whose memories have the domain `DECK`, are none."""

    def cards(self, learner: LearnerId, pack: PackId) -> Mapping[CardId, Standing]:
        """Every card that has a memory."""

    def seen(self, learner: LearnerId, items: Sequence[ItemId]) -> Mapping[ItemId, Seen]:
        """How often and when each of these items was asked; those never asked are left out.

        An exercise stands for all of its family, whatever the numbers were.
        """

    def tally(self, session: SessionId) -> Tally:
        """The answers of a session."""

    def tallies(self, learner: LearnerId, pack: PackId) -> Mapping[DomainId, Tally]:
        """All answers by domain."""

    def answered_since(self, learner: LearnerId, since: datetime) -> int:
        """Answers given at or after an instant."""

    # pushes
    def remind_at(self, learner: LearnerId, at: datetime | None) -> None:
        """Sets or clears the instant of the next daily push."""

    def reminded_on(self, learner: LearnerId) -> date | None:
        """The latest local date whose push was booked."""

    def activity(self, learner: LearnerId, since: datetime) -> Activity:
        """What a learner did lately; answers are counted from `since`."""


class Outbox(Protocol):
    """One transaction of delivery: due work in, messages out."""

    def due(self, now: datetime, most: int) -> Sequence[Reminder]:
        """Daily pushes whose instant has come, oldest first; held for this transaction alone."""

    def due_bookings(self, now: datetime, most: int) -> Sequence[DueBooking]:
        """Bookings of which a message is due, oldest first; held for this transaction alone."""

    def book(self, pushes: Sequence[Push], following: Mapping[Errand, datetime | None]) -> None:
        """Puts pushes into the outbox, each key once ever, and sets or clears the next instant of each errand."""

    def claim(
        self, platforms: Sequence[str], now: datetime, lease_s: float, most: int, *, urgent: bool = False
    ) -> Sequence[Parcel]:
        """Waiting pushes, urgent ones or all others, that nobody else gets until the lease ends.

        An edit waits for the message that it edits, and is dropped with it.
        """

    def delivered(self, parcel: Parcel, message: str, now: datetime, poll: str | None = None) -> None:
        """The platform took it; an edit that changed on its way waits again."""

    def dropped(self, parcel: Parcel, reason: str, now: datetime) -> None:
        """It will not be sent; the reason is counted."""

    def postponed(self, parcel: Parcel, until: datetime, *, failed: bool = False) -> None:
        """It will be tried again, not before `until`; a wait that is no failure does not count as a try.

        Changes nothing if the claim has ended and somebody has claimed it since.
        """

    def unreachable(self, platform: str, chat: str) -> None:
        """The person can't be written to until they write again; a group's calendar ends."""

    def moved(self, platform: str, chat: str, to: str) -> None:
        """The chat has another id now; what waits for it goes there."""

    def reserve(self, lane: str, now: datetime, spacing_s: float, burst: int = 1) -> datetime:
        """Takes the next free slot of a lane, at `now` or later.

        One slot each `spacing_s`, and after a rest so many at once as `burst` says: the generic cell rate algorithm
        (ITU-T I.371), by which no minute has more than 60 / spacing_s + burst.
        """

    def hold(self, lane: str, until: datetime) -> None:
        """No slot of the lane before `until`."""

    def sweep(self, before: datetime) -> int:
        """Deletes what was done with before that instant; how many."""


class Store(Protocol):
    """Where work is kept."""

    def begin(self) -> AbstractContextManager[Work]:
        """A transaction of a turn: commits if its block ends, rolls back if it raises."""

    def outbox(self) -> AbstractContextManager[Outbox]:
        """A transaction of delivery, likewise."""


@dataclass(frozen=True, slots=True)
class Town:
    """A place that people name when asked where they are."""

    name: str
    country: str
    zone: str  # IANA name


class Atlas(Protocol):
    """Knows the time zones of towns."""

    def zones(self, text: str) -> Sequence[Town]:
        """The towns or zones that a text may mean, likeliest first; an exact match stands alone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """All that a use case may touch."""

    now: datetime  # UTC
    work: Work
    packs: Mapping[PackId, Pack]
    atlas: Atlas
    rng: Random

    def pack(self, learner: Learner) -> Pack:
        """The learner's pack; the first one if theirs is no longer there."""
        return self.pack_by(learner.pack)

    def pack_by(self, pack: PackId) -> Pack:
        """The pack of that id; the first one if it is no longer there."""
        return self.packs.get(pack) or next(iter(self.packs.values()))

    def pack_of(self, pack: PackId, learner: Learner) -> Pack:
        """The pack of a booking or a session; the learner's own if that one is no longer there."""
        return self.packs.get(pack) or self.pack(learner)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform took the message."""

    message: str  # the platform's id of it
    poll: str | None = None  # the platform's id of the quiz poll that it became; None = words and buttons


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform says that this chat won't take messages from us until its person writes again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat lives on under another id."""

    chat: str


@dataclass(frozen=True, slots=True)
class TooFast:
    """The platform wants a pause."""

    wait_s: float
    everyone: bool  # for the whole token, not this chat alone


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not work this time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """The message that was to be edited is no longer there, or never could be."""


Receipt = Delivered | Vanished | Gone | Moved | TooFast | Failed


class Channel(Protocol):
    """A platform, as delivery sees it."""

    platform: str

    def pace(self, chat: str) -> Pace:
        """How many messages and edits a chat bears."""

    async def send(self, chat: str, view: View) -> Receipt:
        """Sends a message to a person's private chat, or to a room or a spot of it.

        Never raises for what the platform answers; nor do the others.
        """

    async def edit(self, chat: str, message: str, view: View) -> Receipt:
        """Makes a message that was sent into another; one that says this already is delivered."""

    async def close(self, chat: str, message: str) -> Receipt:
        """Ends a quiz poll that was sent; one that has ended is delivered."""
