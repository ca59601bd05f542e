"""Messages of battles on their way: at once, each at its room's pace, and what the platform may answer."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.incoming import Person, Place
from bot.chat.view import View
from bot.delivery.courier import MOST_TRIES, URGENT_RETRY_S, Courier, Hurry
from bot.delivery.rounds import Rounds
from bot.domain.battle import Phase
from bot.domain.booking import Room as Group
from bot.domain.bulletin import What, bulletin
from bot.domain.ids import BattleId
from bot.domain.pace import KEPT_FREE, ROOM, lane
from bot.domain.remind import DAILY_PRIORITY, Push
from bot.ports import Delivered, Failed, Gone, Receipt, TooFast, Vanished
from bot.store.tables import outbox
from bot.usecases.fought import Noted
from tests.delivery.conftest import Office
from tests.delivery.post import Post
from tests.delivery.test_delivery import push_time
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest

GROUP = "-100"
real_sleep = asyncio.sleep


@dataclass(frozen=True)
class Did:
    """What a platform was asked for."""

    how: str  # send, edit, close
    chat: str
    message: str | None
    at: datetime
    view: View | None = None


@dataclass
class Wall(Post):
    """A platform that tells edits from messages, and can make people wait."""

    did: list[Did] = field(default_factory=list)
    edits: list[Receipt] = field(default_factory=list)  # the answers to edits; when they are used up, all are taken
    closings: list[Receipt] = field(default_factory=list)  # the answers to closed polls, likewise
    makes_polls: bool = False
    slow: set[str] = field(default_factory=set)  # chats that wait until they are let go
    go: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    async def send(self, chat: str, view: View) -> Receipt:
        self.did.append(Did("send", chat, None, self.clock(), view))
        await self._waits(chat)
        receipt = await super().send(chat, view)
        is_poll = self.makes_polls and isinstance(receipt, Delivered) and view.quiz is not None
        return Delivered(receipt.message, f"poll-{receipt.message}") if is_poll else receipt  # type: ignore[union-attr]

    async def edit(self, chat: str, message: str, view: View) -> Receipt:
        self.did.append(Did("edit", chat, message, self.clock(), view))
        await self._waits(chat)
        return self.edits.pop(0) if self.edits else Delivered(message)

    async def close(self, chat: str, message: str) -> Receipt:
        self.did.append(Did("close", chat, message, self.clock()))
        return self.closings.pop(0) if self.closings else Delivered(message)

    async def _waits(self, chat: str) -> None:
        if chat in self.slow and not self.go.is_set():
            self.waiting += 1
            try:
                await self.go.wait()
            finally:
                self.waiting -= 1


@dataclass
class Arena:
    """People in groups, and delivery to them."""

    office: Office
    wall: Wall

    @property
    def courier(self) -> Courier:
        return self.office.rounds.courier

    def guest(self, account: str = "1", chat: str = GROUP) -> Guest:
        """Somebody who writes in a group."""
        place = Place(chat, is_private=False, room=chat)
        return Guest(self.office.room, Person("telegram", account), place, "en")

    def opens(self, guest: Guest) -> BattleId:
        """They open a lobby in their group."""
        assert isinstance(guest.does(wants.Battle()), Noted), guest.outcome
        with self.office.room.database.begin() as work:
            found = work.battle_in(Group("telegram", guest.place.chat))
        assert found is not None
        return found

    def more(self, battle: BattleId, *names: str, priority: int = 1) -> list[Push]:
        """Books messages that say what its lobby says, for its room."""
        with self.office.room.database.begin() as work:
            one = work.battle(battle)
            assert one is not None
            lobby = bulletin(one, one.halls[0], What.LOBBY, self.office.clock())
            pushes = [replace(lobby, key=f"battle:{battle}:{name}:0", priority=priority) for name in names]
            assert all(work.post(push) for push in pushes)
        return pushes

    async def dispatches(self) -> list[Did]:
        """Sets off what is urgent and waits for it; what the platform was asked for."""
        before = len(self.wall.did)
        await self.courier.dispatch()
        await self.courier.settled()
        return self.wall.did[before:]

    async def fights(self) -> list[Did]:
        """Leads battles on until nothing more happens at this instant."""
        before = len(self.wall.did)
        for _ in range(6):
            self.office.clock.waits(seconds=1.01)
            await self.office.rounds.fight()
            await self.courier.settled()
        return self.wall.did[before:]

    def fates(self) -> dict[str, tuple[str, str | None]]:
        """State and reason of every message of battles, by which one it is."""
        found: list[Any] = self.office.room.select(
            sa.select(outbox.c.key, outbox.c.state, outbox.c.reason).where(outbox.c.kind == "battle")
        )
        return {row.key.split(":")[2] + "~" * row.key.endswith("~"): (row.state, row.reason) for row in found}


@pytest.fixture
def arena(office: Office) -> Arena:
    wall = Wall(office.clock)
    database = office.room.database
    office.post = wall
    office.rounds = Rounds(database, office.room.tutor, office.clock, database.workers, {"telegram": wall})
    return Arena(office, wall)


async def until(is_so: Callable[[], bool]) -> None:
    """Gives way until something that is under way has come about."""
    async with asyncio.timeout(10):
        while not is_so():
            await real_sleep(0.001)


async def test_a_message_of_a_battle_goes_at_once_and_nothing_else_with_it(arena: Arena) -> None:
    arena.office.joins("7")
    push_time(arena.office)
    await arena.office.rounds.book()
    arena.opens(arena.guest())
    (did,) = await arena.dispatches()
    assert (did.how, did.chat) == ("send", GROUP)
    assert arena.fates() == {"lobby": ("sent", None)}
    assert await arena.dispatches() == []
    await arena.courier.drain()
    assert [one.chat for one in arena.wall.did] == [GROUP, "chat-7"]


@on_sqlite
async def test_drain_leaves_what_is_urgent_to_dispatch(arena: Arena) -> None:
    arena.opens(arena.guest())
    assert await arena.courier.drain() == 0
    assert arena.wall.did == []


async def test_a_slow_room_keeps_no_other_waiting(arena: Arena) -> None:
    for number in range(3):
        arena.opens(arena.guest(str(number), f"-{number}"))
    arena.wall.slow = {"-1"}
    assert await arena.courier.dispatch() == 3
    await until(lambda: len(arena.wall.did) == 3)
    await until(lambda: [one.chat for one in arena.wall.sent] in (["-0", "-2"], ["-2", "-0"]))
    arena.opens(arena.guest("4", "-4"))
    assert await arena.courier.dispatch() == 1
    await until(lambda: len(arena.wall.sent) == 3)
    assert arena.wall.waiting == 1
    arena.wall.go.set()
    await arena.courier.settled()
    assert sorted(one.chat for one in arena.wall.sent) == ["-0", "-1", "-2", "-4"]
    assert set(arena.fates().values()) == {("sent", None)}


@on_sqlite
async def test_only_so_many_are_under_way_at_once(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.courier.MOST_AT_ONCE", 5)
    for number in range(12):
        arena.opens(arena.guest(str(number), f"-{number}"))
    arena.wall.slow = {f"-{number}" for number in range(3)}
    assert await arena.courier.dispatch() == 5
    await until(lambda: arena.wall.waiting == 3 and len(arena.wall.sent) == 2)
    await until(lambda: len(arena.courier._under_way) == 3)
    assert await arena.courier.dispatch() == 2
    await until(lambda: len(arena.wall.sent) == 4)
    arena.wall.go.set()
    await arena.courier.settled()
    while await arena.dispatches():
        pass
    assert len(arena.wall.sent) == 12


# Messages that are made into others.


@on_sqlite
async def test_a_lobby_is_edited_in_place_as_people_join(arena: Arena) -> None:
    battle = arena.opens(arena.guest())
    (lobby,) = await arena.dispatches()
    arena.guest("2").does(wants.Enter(battle), is_tap=True)
    (did,) = await arena.dispatches()
    assert (did.how, did.chat, did.message) == ("edit", GROUP, "message-1")
    assert did.view != lobby.view
    assert arena.fates() == {"lobby": ("sent", None), "lobby~": ("sent", None)}


@on_sqlite
async def test_who_joins_while_the_lobby_is_edited_is_in_the_next_edit(arena: Arena) -> None:
    battle = arena.opens(arena.guest())
    await arena.dispatches()
    arena.guest("2").does(wants.Enter(battle), is_tap=True)
    arena.wall.slow = {GROUP}
    await arena.courier.dispatch()
    await until(lambda: arena.wall.waiting == 1)
    arena.guest("3").does(wants.Enter(battle), is_tap=True)
    assert await arena.courier.dispatch() == 0
    arena.wall.go.set()
    await arena.courier.settled()
    assert await arena.dispatches() == []  # not so soon
    arena.office.clock.waits(seconds=3)
    (did,) = await arena.dispatches()
    assert did.how == "edit"
    arena.office.clock.waits(seconds=30)
    assert await arena.dispatches() == []


@on_sqlite
async def test_a_lobby_that_was_deleted_is_sent_anew_and_edited_there(arena: Arena) -> None:
    battle = arena.opens(arena.guest())
    await arena.dispatches()
    arena.wall.edits = [Vanished()]
    arena.guest("2").does(wants.Enter(battle), is_tap=True)
    assert [did.how for did in await arena.dispatches()] == ["edit", "send"]
    arena.office.clock.waits(seconds=5)
    arena.guest("3").does(wants.Enter(battle), is_tap=True)
    (did,) = await arena.dispatches()
    assert (did.how, did.message) == ("edit", "message-2")


async def begun(arena: Arena) -> BattleId:
    """A battle of one whose first question is open."""
    host = arena.guest()
    battle = arena.opens(host)
    await arena.fights()
    host.does(wants.Begin(battle), is_tap=True)
    await arena.fights()
    with arena.office.room.database.begin() as work:
        one = work.battle(battle)
    assert one is not None
    assert one.phase is Phase.OPEN
    return battle


def times_up(arena: Arena, battle: BattleId) -> None:
    """Goes on to when the question that is open has to close."""
    with arena.office.room.database.begin() as work:
        one = work.battle(battle)
        assert one is not None
        asked = work.round(battle, one.number)
        assert asked is not None
        closes_at = asked.closes_at(one.present)
    assert closes_at is not None
    arena.office.clock.now = max(arena.office.clock.now, closes_at)


@on_sqlite
async def test_a_question_becomes_its_result(arena: Arena) -> None:
    battle = await begun(arena)
    asked = next(one for one in reversed(arena.wall.did) if one.how == "send")
    times_up(arena, battle)
    did = await arena.fights()
    assert [one.how for one in did if one.message == "message-2"] == ["edit"]
    assert asked.view not in [one.view for one in did]
    assert arena.fates()["round-1~"] == ("sent", None)


@on_sqlite
@pytest.mark.parametrize(("answer", "fate"), [(None, ("sent", None)), (Vanished(), ("dropped", "deleted"))])
async def test_a_poll_is_closed_and_its_result_is_a_message_of_its_own(
    arena: Arena, answer: Receipt | None, fate: tuple[str, str | None]
) -> None:
    arena.wall.makes_polls = True
    battle = await begun(arena)
    with arena.office.room.database.begin() as work:
        assert work.post_of_poll("telegram", "poll-message-2") is not None
    times_up(arena, battle)
    arena.wall.closings = [answer] if answer else []
    did = await arena.fights()
    assert [one.how for one in did if one.message == "message-2"] == ["close"]
    assert [one.how for one in did].count("send") == 1
    fates = arena.fates()
    assert (fates["round-1~"], fates["result-1"]) == (fate, ("sent", None))


# What the platform may answer.


@on_sqlite
async def test_a_message_without_an_answer_is_tried_again_soon(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.courier.AT_ONCE", Hurry(12.0, 0.05, 3.0))
    arena.opens(arena.guest())
    arena.wall.slow = {GROUP}
    assert len(await arena.dispatches()) == 1
    assert arena.fates() == {"lobby": ("waiting", None)}
    arena.office.clock.waits(seconds=URGENT_RETRY_S - 0.1)
    assert await arena.dispatches() == []
    arena.office.clock.waits(seconds=0.1)
    arena.wall.go.set()
    assert len(await arena.dispatches()) == 1
    assert arena.fates() == {"lobby": ("sent", None)}


@on_sqlite
async def test_a_failure_is_tried_again_until_the_message_has_lost_its_use(arena: Arena) -> None:
    arena.opens(arena.guest())
    arena.wall.always = lambda _: Failed("502")
    began = arena.office.clock.now
    for _ in range(3 * MOST_TRIES):
        assert len(await arena.dispatches()) == 1
        assert await arena.dispatches() == []
        arena.office.clock.waits(seconds=5)  # what the room bears: a try takes a slot, too
    arena.office.clock.now = began + timedelta(minutes=10)
    assert await arena.dispatches() == []
    assert arena.fates() == {"lobby": ("dropped", "expired")}


@on_sqlite
async def test_a_pause_holds_its_room_with_its_burst_and_no_other(arena: Arena) -> None:
    battle = arena.opens(arena.guest())
    arena.wall.answers = [TooFast(30, everyone=False)]
    (first,) = await arena.dispatches()
    arena.more(battle, *"abcdef")
    arena.opens(arena.guest("2", "-200"))
    assert [did.chat for did in await arena.dispatches()] == ["-200"]
    sent: list[Did] = []
    while arena.office.clock.now < first.at + timedelta(seconds=55):
        arena.office.clock.waits(seconds=0.2)
        sent += await arena.dispatches()
    gaps = [(did.at - first.at).total_seconds() for did in sent]
    assert gaps[0] >= 30
    assert len(gaps) <= 1 + 25 / ROOM.spacing_s
    kept_s = KEPT_FREE * ROOM.spacing_s  # a board leaves the first slots to questions and results
    assert gaps[0] <= 30 + kept_s + 1  # and it is not held longer than it has to be
    assert len(gaps) >= (25 - kept_s) // ROOM.spacing_s


@on_sqlite
async def test_a_pause_for_everyone_holds_every_room(arena: Arena) -> None:
    arena.opens(arena.guest())
    arena.wall.answers = [TooFast(20, everyone=True)]
    (first,) = await arena.dispatches()
    arena.opens(arena.guest("2", "-200"))
    while arena.office.clock.now < first.at + timedelta(seconds=16):
        arena.office.clock.waits(seconds=1)
        assert await arena.dispatches() == []
    arena.office.clock.now = first.at + timedelta(seconds=21)
    assert sorted(did.chat for did in await arena.dispatches()) == [GROUP, "-200"]


async def test_a_room_that_put_us_out_is_no_longer_part_of_the_battle(arena: Arena) -> None:
    battle = arena.opens(arena.guest())
    arena.wall.answers = [Gone("bot was kicked")]
    await arena.dispatches()
    with arena.office.room.database.begin() as work:
        one = work.battle(battle)
        assert one is not None
        assert one.present == ()
    assert arena.fates() == {"lobby": ("dropped", "bot was kicked")}


@on_sqlite
async def test_a_channel_that_breaks_its_promise_keeps_nothing_under_way(
    arena: Arena, caplog: pytest.LogCaptureFixture
) -> None:
    arena.opens(arena.guest())
    arena.wall.answers = [ZeroDivisionError("a bug")]
    await arena.dispatches()
    assert "was not delivered; it is tried again" in caplog.text
    assert arena.courier._under_way == set()
    arena.office.clock.waits(seconds=12)
    assert len(await arena.dispatches()) == 1


# The room's pace.


@dataclass
class Hours:
    """Time that goes on for all who wait at once, step by step."""

    arena: Arena
    asleep: int = 0

    async def sleep(self, delay: float) -> None:
        ends = self.arena.office.clock.now + timedelta(seconds=delay)
        self.asleep += 1
        try:
            while self.arena.office.clock.now < ends:
                await real_sleep(0.0005)
        finally:
            self.asleep -= 1

    async def go_on(self, seconds: float) -> None:
        """Lets everybody do what they can at this instant, then moves on."""
        await until(lambda: len(self.arena.courier._under_way) <= self.asleep)
        self.arena.office.clock.waits(seconds=seconds)
        await real_sleep(0.002)


def minutes(times: list[datetime]) -> Iterator[int]:
    """How many fall into the minute that begins with each."""
    for start in times:
        yield sum(start <= at < start + timedelta(seconds=60) for at in times)


@on_sqlite
async def test_a_room_gets_no_more_than_it_bears_whatever_is_thrown_at_it(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours, dice, clock = Hours(arena), Random(3), arena.office.clock
    monkeypatch.setattr(asyncio, "sleep", hours.sleep)
    battle = arena.opens(arena.guest())
    arena.wall.always = lambda _: Failed("502") if dice.random() < 0.1 else Delivered("42")
    began, replies, number = clock.now, list[datetime](), 0
    drains = set[asyncio.Task[int]]()
    while clock.now < began + timedelta(minutes=4):
        passed_s = (clock.now - began).total_seconds()
        if dice.random() < 0.1 and not 100 < passed_s < 140:  # a rest, after which some go at once
            names = [f"n{number + n}" for n in range(dice.choice([1, 1, 2, 12]))]
            number += len(names)
            arena.more(battle, *names, priority=dice.choice([1, 1, DAILY_PRIORITY]))  # a cheer is not urgent
        if dice.random() < 0.05:  # somebody asks for the board
            with arena.office.room.database.begin() as work:
                if work.take_slot(lane("telegram", f"{GROUP}/45"), clock.now, ROOM.spacing_s, ROOM.burst):
                    replies.append(clock.now)
        await arena.courier.dispatch()
        if not any(not task.done() for task in drains):
            drains = {asyncio.create_task(arena.courier.drain())}
        await hours.go_on(0.2)
    for task in drains:
        task.cancel()
    await asyncio.gather(*drains, return_exceptions=True)
    times = sorted([*replies, *(did.at for did in arena.wall.did)])
    assert len(times) > 4 * 12  # it was under pressure
    assert 15 <= max(minutes(times)) <= 20
    arena.courier.stop()
    for sending in list(arena.courier._under_way):
        sending.cancel()


# Rounds.


@on_sqlite
async def test_fighting_rests_while_no_battle_is_on_and_wakes_within_a_second(arena: Arena) -> None:
    rounds, clock = arena.office.rounds, arena.office.clock
    assert await rounds.fight() == 0
    battle = arena.opens(arena.guest())
    clock.waits(seconds=0.9)
    assert await rounds.fight() == 0
    clock.waits(seconds=0.1)
    assert await rounds.fight() == 1
    await arena.courier.settled()
    assert await rounds.fight() == 0  # a lobby alone is no hurry
    arena.guest().does(wants.Begin(battle), is_tap=True)
    clock.waits(seconds=1)
    assert await rounds.fight() > 0
    await arena.courier.settled()
    clock.waits(seconds=0.2)
    await rounds.fight()
    await arena.courier.settled()
    with arena.office.room.database.begin() as work:
        one = work.battle(battle)
        assert one is not None
        assert one.phase is Phase.OPEN  # awake: seen at the next look


@on_sqlite
async def test_answers_get_into_their_players_memory_once(arena: Arena) -> None:
    battle = await begun(arena)
    assert await arena.office.rounds.keep() == 0
    for account in ("1", "2", "3"):
        assert isinstance(arena.guest(account).does(wants.Strike(battle, 1, 0), is_tap=True), Noted)
    assert await arena.office.rounds.keep() == 0  # not graded yet
    times_up(arena, battle)
    await arena.fights()
    locked = await arena.office.rounds.keep()
    assert locked in (0, 3)  # none if the question wants several options
    assert len(arena.office.room.attempts()) == locked
    assert await arena.office.rounds.keep() == 0


@on_sqlite
async def test_a_stop_waits_for_what_is_under_way(arena: Arena) -> None:
    arena.opens(arena.guest())
    arena.wall.slow = {GROUP}
    arena.office.rounds.start()
    await until(lambda: arena.wall.waiting == 1)
    stop = asyncio.create_task(arena.office.rounds.stop())
    for _ in range(20):
        await real_sleep(0.001)
    assert not stop.done()
    arena.wall.go.set()
    await asyncio.wait_for(stop, 10)
    assert arena.fates() == {"lobby": ("sent", None)}
    assert await arena.courier.dispatch() == 0


@on_sqlite
async def test_a_stop_waits_for_what_is_set_off_during_it(arena: Arena) -> None:
    arena.opens(arena.guest())
    rounds, held = arena.office.rounds, threading.Event()
    arena.wall.slow = {GROUP}
    rounds.start()
    arena.office.room.database.workers.submit(held.wait, 10)  # the claim has to wait
    claiming = asyncio.create_task(rounds._run(arena.courier.dispatch))
    await real_sleep(0.01)
    stop = asyncio.create_task(rounds.stop())
    await real_sleep(0.01)
    held.set()
    await until(lambda: arena.wall.waiting == 1)
    await claiming
    for _ in range(20):
        await real_sleep(0.001)
    assert not stop.done()
    arena.wall.go.set()
    await asyncio.wait_for(stop, 10)
    assert arena.fates() == {"lobby": ("sent", None)}


@on_sqlite
async def test_a_stop_does_not_wait_for_ever(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.rounds.GRACE_S", 0.05)
    arena.opens(arena.guest())
    arena.wall.slow = {GROUP}
    arena.office.rounds.start()
    await until(lambda: arena.wall.waiting == 1)
    await asyncio.wait_for(arena.office.rounds.stop(), 5)
    arena.wall.go.set()
    await arena.courier.settled()
