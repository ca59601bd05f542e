"""An arena: groups on several platforms that fight, and a courier that takes what is booked to them, but no platform.

Time is moved from one due instant to the next; what the groups see is what the outbox gave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.codec import decode, encode
from bot.chat.commands import read_line
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent
from bot.chat.view import Reply, View
from bot.domain.battle import Battle, Phase, Player, Rules
from bot.domain.booking import Room as Address
from bot.domain.bulletin import What, read
from bot.domain.ids import BattleId, LearnerId, PackId
from bot.domain.pack import Pack
from bot.domain.remind import BATTLE, Push, Unwelcome
from bot.ports import Parcel
from bot.store.tables import battle as battle_table
from bot.store.tables import outbox, room
from bot.usecases.fought import FinalShown, Lobby, ResultShown, RoundShown, Waiting
from bot.usecases.outcome import Outcome
from tests.usecases.room import Room

LEASE_S, RETRY_S = 12.0, 2.0
WHATS: dict[What, type[Outcome]] = {
    What.LOBBY: Lobby,
    What.ROUND: RoundShown,
    What.RESULT: ResultShown,
    What.WAIT: Waiting,
    What.FINAL: FinalShown,
}


@dataclass(frozen=True)
class Seen:
    """A message as it came into a group, new or edited."""

    push: Push
    outcome: Any
    view: View
    at: datetime
    poll: str | None = None

    @property
    def what(self) -> What:
        """Which message of a battle."""
        return read(self.push)[0]


@dataclass(eq=False)
class Group:
    """A group of one platform, with all that it has seen."""

    arena: "Arena"
    platform: str = "telegram"
    chat: str = "-100"
    has_threads: bool = False
    takes_polls: bool = False
    is_away: bool = False  # its platform answers nothing
    delay_s: float = 0.0  # how long its platform takes to acknowledge
    seen: list[Seen] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)  # key -> the platform's id of the message

    @property
    def address(self) -> Address:
        """The room, as use cases know it."""
        return Address(self.platform, self.chat)

    def __call__(self, name: str, account: str | None = None) -> "Fighter":
        """Somebody in it."""
        return Fighter(self, name, account or f"{name}@{self.platform}")

    def last(self, kind: type[Any]) -> Any:
        """The newest outcome of a kind that it has seen."""
        return next(one.outcome for one in reversed(self.seen) if isinstance(one.outcome, kind))

    def saw(self, kind: type[Any]) -> list[Any]:
        """All of a kind."""
        return [one.outcome for one in self.seen if isinstance(one.outcome, kind)]

    @property
    def question(self) -> RoundShown:
        """The question that stands."""
        shown = self.last(RoundShown)
        assert isinstance(shown, RoundShown)
        return shown

    @property
    def view(self) -> View:
        """The newest message."""
        return self.seen[-1].view

    @property
    def battle(self) -> Battle:
        """What runs here."""
        with self.arena.room.database.begin() as work:
            running = work.battle_in(self.address)
            found = work.battle(running) if running else None
        assert found is not None
        return found

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs here."""
        with self.arena.room.database.begin() as work:
            return work.battle_in(self.address) is None

    def keys(self, *, right: bool = True) -> list[int]:
        """The places of the right answer to the question that stands, or of one that is wrong."""
        asked, item = self.question.round, self.question.item
        keys = [place for place, index in enumerate(asked.order) if index in item.keys]
        if right:
            return keys
        wrong = next(place for place in range(len(asked.order)) if place not in keys)
        return sorted([*keys[1:], wrong])


@dataclass
class Fighter:
    """Somebody in a group."""

    group: Group
    name: str
    account: str
    is_admin: bool = False
    locale: str = "en"
    replies: list[Reply] = field(default_factory=list)

    @property
    def who(self) -> Person:
        """Their account."""
        return Person(self.group.platform, self.account)

    @property
    def learner(self) -> LearnerId:
        """What the tutor knows them as."""
        with self.group.arena.room.database.begin() as work:
            found = work.learner_of(self.who)
        assert found is not None
        return found.id

    @property
    def player(self) -> Player:
        """How they stand in the battle of their group that is the newest."""
        (found,) = [one for one in self.group.arena.players(self.group.arena.newest) if one.learner == self.learner]
        return found

    @property
    def place(self) -> Place:
        """Where they write, as their platform's adapter says it."""
        group = self.group
        if group.platform == "telegram":
            return Place(group.chat, is_private=False, room=group.chat)
        return Place(self.account, room=group.chat, has_threads=group.has_threads)

    def does(self, intent: Intent, *, key: str | None = None, place: Place | None = None) -> Any:
        """Brings an event and gives its outcome."""
        room = self.group.arena.room
        is_tap = not isinstance(intent, wants.Battle | wants.Daily | wants.Board | wants.Vote)
        before = len(room.outcomes)
        incoming = Incoming(
            key or room.key(),
            self.who,
            place or self.place,
            self.locale,
            intent,
            is_tap,
            self.name,
            self.is_admin,
        )
        self.replies = room.tutor.handle(incoming)
        return room.outcomes[before]

    def says(self, line: str, *, key: str | None = None, place: Place | None = None) -> Any:
        """Types a command."""
        return self.does(read_line(line), key=key, place=place)

    def alone(self, line: str | Intent, *, key: str | None = None) -> Any:
        """The same in private."""
        intent = read_line(line) if isinstance(line, str) else line
        return self.does(intent, key=key, place=Place(self.account))

    def taps(self, label: str, *, view: View | None = None) -> Any:
        """Taps the button of that label on the newest message of the group that has it."""
        views = [view] if view else [one.view for one in reversed(self.group.seen)]
        for button in (button for view in views for button in view.buttons):
            if button.label.startswith(label):
                intent = decode(encode(button.intent))
                assert intent == button.intent
                return self.does(intent)
        raise AssertionError(f"no button {label!r}")

    def strikes(self, *places: int, number: int | None = None) -> Any:
        """Taps options of the question that stands; the outcome of the last tap."""
        battle, outcome = self.group.question.battle.id, None
        for place in places:
            outcome = self.does(wants.Strike(battle, number or self.group.question.round.number, place))
        return outcome

    def answers(self, *, right: bool = True) -> Any:
        """Answers the question that stands."""
        return self.strikes(*self.group.keys(right=right))

    def votes(self, *places: int) -> Any:
        """Votes in the newest poll; Telegram does not say where it stands."""
        poll = next(one.poll for one in reversed(self.group.seen) if one.poll)
        return self.does(wants.Vote(poll, places), place=Place("", is_private=False))


class Arena:
    """The tutor, groups, and the courier."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.clock = room.clock
        self.groups: list[Group] = []
        self.dropped: dict[str, Unwelcome | str] = {}  # by key
        self.claimed: list[Parcel] = []
        self._messages = count(1)
        self._late: list[tuple[datetime, Group, Seen, Parcel]] = []

    def group(self, platform: str = "telegram", chat: str = "-100", **more: Any) -> Group:
        """One more group."""
        made = Group(self, platform, chat, **more)
        self.groups.append(made)
        return made

    @property
    def newest(self) -> BattleId:
        """The battle that was opened last."""
        with self.room.database.engine.connect() as connection:
            found = connection.execute(sa.select(sa.func.max(battle_table.c.id))).scalar_one()
        return BattleId(found)

    def battle(self, battle: BattleId | None = None) -> Battle:
        """A battle, the newest unless one is named."""
        battle = battle or self.newest
        with self.room.database.begin() as work:
            found = work.battle(battle)
        assert found is not None
        return found

    def players(self, battle: BattleId | None = None) -> Sequence[Player]:
        """Who plays in it."""
        battle = battle or self.newest
        with self.room.database.begin() as work:
            return work.players(battle)

    def delivers(self) -> None:
        """Leads battles on and delivers, until nothing more is due at this instant."""
        for _ in range(60):
            self.room.tutor.fight_due(50)
            self._acknowledges()
            now = self.clock.now
            with self.room.database.outbox() as work:
                parcels = work.claim(["telegram", "discord", "terminal"], now, LEASE_S, 500, urgent=True)
            for parcel in parcels:
                self._delivers(parcel)
            wake = self._wake()
            if not parcels and (wake is None or wake > now):
                return
        raise AssertionError("it never comes to rest")

    def _delivers(self, parcel: Parcel) -> None:
        now, push = self.clock.now, parcel.push
        self.claimed.append(parcel)
        group = self._group_of(push)
        if group.is_away:
            with self.room.database.outbox() as work:
                if now >= push.expires_at:
                    work.dropped(parcel, "expired", now)
                    self.dropped[push.key] = "expired"
                else:
                    work.postponed(parcel, now + timedelta(seconds=RETRY_S), failed=True)
            return
        before = len(self.room.outcomes)
        view = self.room.tutor.compose(push) if now < push.expires_at else Unwelcome.QUIET
        if isinstance(view, Unwelcome):
            with self.room.database.outbox() as work:
                work.dropped(parcel, view.value, now)
            self.dropped[push.key] = view
            return
        assert push.kind == BATTLE
        outcome = self.room.outcomes[before]
        if parcel.is_poll:  # it is closed, whatever is said
            assert push.edits
        poll = f"poll-{push.key}" if group.takes_polls and view.quiz and not push.edits else None
        seen = Seen(push, outcome, view, now, poll)
        if group.delay_s and not push.edits:
            self._late.append((now + timedelta(seconds=group.delay_s), group, seen, parcel))
        else:
            self._arrives(group, seen, parcel)

    def _acknowledges(self) -> None:
        due = [one for one in self._late if one[0] <= self.clock.now]
        self._late = [one for one in self._late if one[0] > self.clock.now]
        for _, group, seen, parcel in due:
            self._arrives(group, seen, parcel)

    def _arrives(self, group: Group, seen: Seen, parcel: Parcel) -> None:
        message = parcel.target or f"message-{next(self._messages)}"
        with self.room.database.outbox() as work:
            work.delivered(parcel, message, self.clock.now, seen.poll)
        group.receipts[seen.push.key] = message
        group.seen.append(seen)

    def _group_of(self, push: Push) -> Group:
        bare = push.chat.partition("/")[0]
        for group in self.groups:
            if (group.platform, group.chat) == (push.platform, bare):
                return group
        return self.group(push.platform, bare)

    def passes(self, seconds: float) -> None:
        """Goes from one due instant to the next, for so long."""
        self.until(self.clock.now + timedelta(seconds=seconds))

    def until(self, then: datetime) -> None:
        """The same, up to a moment."""
        self.delivers()
        while (wake := self._wake()) is not None and wake <= then:
            self.clock.now = max(wake, self.clock.now)
            self.delivers()
        self.clock.now = max(then, self.clock.now)
        self.delivers()

    def comes_to(self, phase: Phase, battle: BattleId | None = None, within_s: float = 1800) -> None:
        """Passes the time until a battle is in a phase."""
        battle = battle or self.newest
        end = self.clock.now + timedelta(seconds=within_s)
        self.delivers()
        while self.battle(battle).phase is not phase:
            wake = self._wake()
            assert wake is not None, self.battle(battle)
            assert wake <= end, self.battle(battle)
            self.clock.now = max(wake, self.clock.now)
            self.delivers()

    def _wake(self) -> datetime | None:
        waiting = sa.select(sa.func.min(outbox.c.not_before)).where(outbox.c.state == "waiting", outbox.c.priority <= 1)
        with self.room.database.engine.connect() as connection:
            rows = [connection.execute(sa.select(sa.func.min(room.c.daily_next))).scalar()]
            rows.append(connection.execute(waiting).scalar())
        with self.room.database.begin() as work:
            rows.append(work.next_wake())
        rows += [at for at, *_ in self._late]
        return min((one for one in rows if one is not None), default=None)

    def forces(self, push: str, reason: str = "gone") -> None:
        """Drops a message that waits, as a courier does whose platform will not have it."""
        with self.room.database.outbox() as work:
            parcels = work.claim(["telegram", "discord"], self.clock.now, LEASE_S, 500, urgent=True)
            for parcel in parcels:
                if parcel.push.key == push:
                    work.dropped(parcel, reason, self.clock.now)
                    self.dropped[push] = reason
                else:
                    work.postponed(parcel, self.clock.now)

    def plays(self, right: Iterable["Fighter"], wrong: Iterable["Fighter"] = (), after_s: float = 3.0) -> None:
        """One round, from its question to the next one or to the end."""
        self._reads_on()
        if self.battle().phase is Phase.OVER:
            return
        self.comes_to(Phase.OPEN)
        self.passes(after_s)
        for one in right:
            one.answers()
        for one in wrong:
            one.answers(right=False)
        self.comes_to(Phase.SHOWN)
        self._reads_on()

    def _reads_on(self) -> None:
        """Passes the time that a result stands, if one does."""
        self.delivers()
        while self.battle().phase is Phase.SHOWN:
            wake = self._wake()
            assert wake is not None
            self.clock.now = max(wake, self.clock.now)
            self.delivers()

    def plays_out(self, right: Sequence["Fighter"], wrong: Sequence["Fighter"] = ()) -> None:
        """All rounds that are left."""
        while self.battle().phase is not Phase.OVER:
            self.plays(right, wrong)
        self.delivers()


def only(room: Room, *packs: Pack) -> None:
    """Gives the tutor these packs instead, under the id of the one it begins people with."""
    first = next(iter(room.packs))
    for place, one in enumerate(packs):
        name = first if place == 0 else PackId(one.outline.id)
        room.packs[name] = Pack(one.outline.model_copy(update={"id": name}), one.topics)


def rules_of(room: Room, group: Group) -> Rules:
    """What a group's battles go by."""
    with room.database.begin() as work:
        choice = work.room_choice(group.address)
    assert choice is not None
    return choice.rules
