"""A Telegram group and a Discord server that fight a battle, with the process between them killed at will."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from random import Random
from typing import Any, Protocol, Self

import sqlalchemy as sa

from bot.domain import score
from bot.domain.battle import Battle, Ending, Phase, Player, Round
from bot.domain.bulletin import What
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.remind import BATTLE
from bot.library import Library
from bot.ports import Posted
from bot.store.battles import SqlBattles
from bot.store.database import Database
from bot.store.tables import DROPPED, SENT, WAITING, attempt, battle, outbox, strike
from tests.dialogues.discord_chat import plain
from tests.faults.process import Tminus
from tests.platform.discord_people import Person as DiscordPerson
from tests.platform.discord_seen import seen
from tests.platform.discord_server import DiscordServer
from tests.platform.discord_world import Guild
from tests.platform.discord_world import Message as DiscordMessage
from tests.platform.telegram_people import Group
from tests.platform.telegram_people import Person as TelegramPerson
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Message as TelegramMessage

PATIENCE_S = 60.0
ANSWER_S = 2.5  # without an answer to a tap for so long people tap again
STILL_S, STEP_S = 0.3, 2.0  # where nothing happens for so long, the processes' clock goes ahead by so much
LOOK_S = 0.01
LETTERS = "ABCDEF"
DISCORD_WAIT = ("discord", "wait")
MOST_TAPS = 25
_HEAD = re.compile(r"(?:👻 )?Round (\d+) of \d+ · ")
_WANTED = {"TWO": 2, "THREE": 3}


# what the database says


@dataclass(frozen=True)
class State:
    """How far a battle is, and what of it is still on its way."""

    battle: Battle
    is_answered: bool  # all have answered the newest round
    is_shown: bool  # every room has its result
    is_told: bool  # every room has the final

    @property
    def name(self) -> str:
        """The phase as these tests tell them apart."""
        match self.battle.phase:
            case Phase.OPEN:
                return "closing" if self.is_answered else "open"
            case Phase.SHOWN:
                return "between" if self.is_shown else "reveal"
            case Phase.OVER:
                return "over" if self.is_told else "finish"
            case phase:
                return phase.value


PHASES = ("lobby", "posed", "open", "closing", "reveal", "between", "finish")
ORDER = (*PHASES, "over")


class Ledger:
    """Reads the only battle there is past the store's transactions, which would wait for the process's."""

    def __init__(self, database_url: str) -> None:
        opened = Database(database_url)
        url = opened.engine.url  # with the driver
        opened.close()
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        self._connection = self._engine.connect()
        self.work = SqlBattles(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()

    def battle(self) -> Battle | None:
        """The battle, without its players."""
        return self.work._whole(self._connection.execute(sa.select(battle)).one_or_none())

    def state(self) -> State | None:
        """How far it is."""
        one = self.battle()
        if one is None:
            return None
        results = [f"battle:{one.id}:round-{one.number}:{hall.place}~" for hall in one.present]
        finals = [f"battle:{one.id}:final:{hall.place}" for hall in one.present]
        posts = self.work.posted([*results, *finals])
        awaited = {each.learner for each in self.work.players(one.id) if each.is_awaited(one.number)}
        locked = self.work.locked(one.id, one.number)
        return State(one, awaited <= locked, _are_done(posts, results), _are_done(posts, finals))

    def messages(self) -> list[Any]:
        """What was booked for the rooms and is no edit."""
        return list(
            self._connection.execute(sa.select(outbox).where(outbox.c.kind == BATTLE, outbox.c.edits.is_(None)))
        )

    def pending(self) -> int:
        """Messages and edits on their way, and answers that are not yet in their players' memory."""
        waiting = sa.select(sa.func.count()).where(outbox.c.kind == BATTLE, outbox.c.state == WAITING)
        unkept = sa.select(sa.func.count()).where(strike.c.is_right.is_not(None), ~strike.c.is_kept)
        return self._count(waiting) + self._count(unkept)

    def attempts(self) -> int:
        """Answers in the players' memory."""
        return self._count(sa.select(sa.func.count()).select_from(attempt))

    def _count(self, statement: sa.Select[Any]) -> int:
        return int(self._connection.execute(statement).scalar_one())


def _are_done(posts: Mapping[str, Posted], keys: Sequence[str]) -> bool:
    return all(key in posts and (posts[key].is_sent or posts[key].is_dropped) for key in keys)


# the people


@dataclass(frozen=True)
class Question:
    """A round's message as a person sees it."""

    text: str
    letters: Sequence[str]
    tap: Callable[[str], Awaitable[str | None]]  # gives the words that acknowledged it, None if nothing came
    is_poll: bool = False

    @property
    def wanted(self) -> int:
        """How many options are to be chosen."""
        found = re.search(r"\(Choose (TWO|THREE)\.\)", self.text)
        return _WANTED[found[1]] if found else 1


class Guest(Protocol):
    """Somebody in one of the rooms."""

    @property
    def name(self) -> str:
        """As the battle calls them."""

    def question(self, number: int) -> Question | None:
        """The newest message of that round, if it can be answered; None if it can't."""

    async def presses(self, label: str) -> str | None:
        """Taps a button of the lobby; gives what was said to it."""


@dataclass
class TelegramGuest:
    """Somebody in the Telegram group."""

    person: TelegramPerson
    group: Group

    @property
    def name(self) -> str:
        """As the battle calls them."""
        return self.person.account.first_name

    def question(self, number: int) -> Question | None:
        """The newest message of that round."""
        message = next((one for one in reversed(self.group.messages) if round_of(one.text) == number), None)
        if message is None:
            return None
        if poll := message.extra.get("poll"):
            options = [option["text"] for option in poll["options"]]
            letters = LETTERS[: len(options)]

            async def vote(chosen: str) -> str | None:
                with suppress(AssertionError):  # closed, or voted already
                    await self.person.votes(message, *(options[letters.index(letter)] for letter in chosen))
                return f"{', '.join(chosen)} are locked"

            return None if poll["is_closed"] else Question(message.text, letters, vote, is_poll=True)
        return (
            Question(message.text, message.labels, lambda letter: self._tap(letter, message))
            if message.labels
            else None
        )

    async def presses(self, label: str) -> str | None:
        """Taps a button of the lobby."""
        return await self._tap(label, next(one for one in reversed(self.group.messages) if label in one.labels))

    async def _tap(self, label: str, message: TelegramMessage) -> str | None:
        before = len(self.person.toasts)
        with suppress(AssertionError):  # the message was edited in this moment
            tap = await self.person.taps(label, message)
            for _ in range(MOST_TAPS):
                is_answered = await self.group.bell.until(lambda: len(self.person.toasts) > before, ANSWER_S)
                if is_answered or not self._is_kept(tap):
                    break
        return self.person.toasts[-1] if len(self.person.toasts) > before else None

    def _is_kept(self, tap: str) -> bool:
        """Whether Telegram will deliver the tap (again)."""
        pending = self.person.server.updates.pending
        return any(update.get("callback_query", {}).get("id") == tap for update in pending)


@dataclass
class DiscordGuest:
    """Somebody on the Discord server."""

    person: DiscordPerson
    guild: Guild

    @property
    def name(self) -> str:
        """As the battle calls them."""
        return self.person.name

    def question(self, number: int) -> Question | None:
        """The newest message of that round."""
        for message in reversed(shown_in(self.guild)):
            one = seen(message)
            if round_of(words_of(message)) == number:
                letters = [control.label for row in one.rows for control in row]
                tap = partial(self._tap, on=message)
                return Question(words_of(message), letters, tap) if letters else None
        return None

    async def presses(self, label: str) -> str | None:
        """Presses a button of the lobby."""
        there = [one for one in reversed(shown_in(self.guild)) if any(label in row for row in seen(one).labels)]
        return await self._tap(label, there[0])

    async def _tap(self, label: str, on: DiscordMessage) -> str | None:
        with suppress(AssertionError):  # the message was edited in this moment
            made = await self.person.presses(label, message=seen(on), where=self.guild)
            if not made.failed and made.original is not None and made.original is not on:
                return words_of(made.original)
        return None


def shown_in(guild: Guild) -> list[DiscordMessage]:
    """What the bot wrote for all on the server to see."""
    bot = guild.bot
    return [one for one in guild.channel.messages if one.author is bot and one.only_for is None and not one.deleted]


def words_of(message: DiscordMessage) -> str:
    """What a reader sees of it."""
    return plain(seen(message).text)


def round_of(text: str) -> int | None:
    """The round that a message is about, question or result; None for what is about no single one."""
    found = _HEAD.match(text)
    return int(found[1]) if found else None


# the battle


@dataclass(frozen=True)
class Kill:
    """One `kill -9`."""

    phase: str
    number: int  # of the round
    window: Counter[tuple[str, str]]  # messages that a platform had and we had not recorded


@dataclass
class Arena:
    """Both rooms and what happens in them."""

    ledger: Ledger
    library: Library
    telegram: TelegramServer
    discord: DiscordServer
    processes: Sequence[Tminus]
    dice: Random
    group: Group
    guild: Guild
    guests: Sequence[Guest]
    kills: list[Kill] = field(default_factory=list)
    said: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)  # letters that were acknowledged
    lost: int = 0  # taps without an answer
    late: int = 0  # players whose round closed before their answer was acknowledged
    votes: set[tuple[str, int]] = field(default_factory=set)
    ahead_s: float = 0.0

    def skips(self, seconds: float) -> None:
        """Sets the clock of all processes ahead, once more."""
        self.ahead_s += seconds
        for process in self.processes:
            process.moves_clock(self.ahead_s)

    @property
    def state(self) -> State:
        """How far the battle is."""
        state = self.ledger.state()
        assert state is not None
        return state

    async def opens(self, rounds: int, *, kills: bool = False) -> None:
        """A lobby in the group that the server joins, everybody in it."""
        host = self.guests[0]
        assert isinstance(host, TelegramGuest)
        await host.person.says(f"/battle open race {rounds} 10s", where=self.group)
        assert await self.group.bell.until(lambda: bool(self.group.messages), PATIENCE_S), "no lobby"
        code = re.search(r"/battle join (\w+)", self.group.last.text)
        assert code, self.group.last.text
        guest = next(one for one in self.guests if isinstance(one, DiscordGuest))
        for _ in range(MOST_TAPS):
            if len(self.state.battle.halls) > 1:
                break
            await guest.person.runs("battle", where=self.guild, **{"do": "join", "with": code[1]})
        async with asyncio.timeout(PATIENCE_S):
            while not shown_in(self.guild):  # noqa: ASYNC110 - another process writes there
                await asyncio.sleep(LOOK_S)
        entering = asyncio.gather(*(self._enters(one) for one in self.guests))
        if kills:
            await asyncio.sleep(self.dice.random() * 0.1)
            await self.kills_one()
        await entering

    async def _enters(self, guest: Guest) -> None:
        for _ in range(MOST_TAPS):
            if "You are in" in (await guest.presses("Join") or ""):
                return
        raise AssertionError(f"{guest.name} does not get in")

    async def plays(
        self, rounds: int, kills: Mapping[int, Sequence[str]], *, first: int = 1, most_wait_s: float = 1.0
    ) -> None:
        """All rounds from the first one on, with a kill in each phase that is named for one; "any" is any moment."""
        for number in range(first, rounds + 1):
            wanted = kills.get(number, ())
            for phase in ("posed", "window"):
                if phase in wanted and await self.reaches("posed", number):
                    await (self.kills_one() if phase == "posed" else self.kills_in_window(number))
            assert await self.reaches("open", number)
            is_killed = "open" in wanted
            slow = 2 if is_killed else 1  # some answer before the kill, some after it
            answering = asyncio.create_task(self.answers(number, most_wait_s=slow * most_wait_s))
            if is_killed:
                await asyncio.sleep(self.dice.random() * most_wait_s / 2)
                await self.kills_one()
            await answering
            for phase in ("closing", "reveal", "between"):
                if phase in wanted and await self.reaches(phase, number):
                    await self.kills_one()
            if "any" in wanted:
                await asyncio.sleep(self.dice.random() * 2)
                await self.kills_one()
        if await self.reaches("finish"):
            await self.kills_one()
        await self.reaches("over")
        await self.settles()

    async def begins(self) -> None:
        """The host starts it."""
        for _ in range(MOST_TAPS):
            if self.state.battle.phase is not Phase.LOBBY:
                return
            await self.guests[0].presses("Start")
        raise AssertionError("it does not begin")

    async def reaches(self, name: str, number: int = 0) -> bool:
        """Waits for a phase, of this round where it is one of a round; False where the battle has gone past it.

        Where nothing happens for a while and nobody is about to answer, the processes' clock is set ahead.
        """
        loop, wanted = asyncio.get_running_loop(), (number, ORDER.index(name))
        since, last = loop.time(), self.state
        async with asyncio.timeout(PATIENCE_S):
            while True:
                state = self.state
                at = (state.battle.number if number else 0, ORDER.index(state.name))
                if at >= wanted:
                    return at == wanted
                if state != last:
                    since, last = loop.time(), state
                elif loop.time() - since > STILL_S and state.name != "open":
                    self.skips(STEP_S)
                    since = loop.time()
                await asyncio.sleep(LOOK_S)

    async def settles(self) -> None:
        """Waits until nothing is on its way."""
        async with asyncio.timeout(PATIENCE_S):
            while self.ledger.pending():
                await asyncio.sleep(STILL_S)
                self.skips(STEP_S)

    async def kills_one(self, process: Tminus | None = None) -> str:
        """`kill -9` and a start; the phase that the database says it fell into."""
        process = process or self.processes[0]
        await process.kills()
        await asyncio.sleep(0.05)  # what was written to a socket before still arrives
        self.notes()
        await process.starts()
        return self.kills[-1].phase

    async def kills_in_window(self, number: int) -> None:
        """A kill between Telegram's acceptance of a question and our record of it."""
        self.telegram.delay(1.0, "sendMessage")
        self.telegram.delay(1.0, "sendPoll")
        there = ("telegram", f"{What.ROUND}-{number}")
        before = self.arrived()[there]
        async with asyncio.timeout(PATIENCE_S):
            while self.arrived()[there] == before:
                await asyncio.sleep(LOOK_S)
                if self.state.name != "posed":
                    break
        await self.kills_one()
        self.telegram.delay(0.0, "sendMessage")
        self.telegram.delay(0.0, "sendPoll")

    def notes(self) -> None:
        """Keeps what a kill fell into, while no process runs that could change it."""
        state, there = self.state, self.arrived()
        taken = Counter(_named(row) for row in self.ledger.messages() if row.state == SENT)
        before = Counter[tuple[str, str]]()
        for kill in self.kills:
            before += kill.window
        self.kills.append(Kill(state.name, state.battle.number, there - taken - before))

    async def answers(self, number: int, *, most_wait_s: float) -> None:
        """Everybody answers the round, each after a while of their own."""
        keys = self._keys(number)
        await asyncio.gather(*(self._answers(one, number, keys, most_wait_s) for one in self.guests))

    async def _answers(self, guest: Guest, number: int, keys: frozenset[str], most_wait_s: float) -> None:
        await asyncio.sleep(self.dice.random() * most_wait_s)
        question = guest.question(number)
        assert question, f"{guest.name} does not see round {number}"
        choices = ["".join(one) for one in combinations(question.letters, question.wanted)]
        chosen = "".join(sorted(keys)) if self.dice.random() < 0.5 else self.dice.choice(choices)
        if question.is_poll:
            await question.tap(chosen)
            self.said[guest.name, number] = frozenset(chosen)
            self.votes.add((guest.name, number))
            return
        marked: frozenset[str] = frozenset()
        for _ in range(MOST_TAPS):
            words = await question.tap(next(letter for letter in chosen if letter not in marked))
            if words is None:
                self.lost += 1
            elif "locked" in words or "stands" in words:
                named = words.partition(" locked")[0] if "locked" in words else words.partition("stands")[2]
                self.said[guest.name, number] = frozenset(re.findall(r"\b[A-F]\b", named))
                return
            elif "marked" in words:
                marked = frozenset(re.findall(r"\b[A-F]\b", words.partition(" marked")[0]))
            if (words and ("closed" in words or "too often" in words)) or (question := guest.question(number)) is None:
                self.late += 1
                return
        raise AssertionError(f"{guest.name} can't answer round {number}")

    def _keys(self, number: int) -> frozenset[str]:
        one = self.state.battle
        asked = self.ledger.work.round(one.id, number)
        assert asked
        return frozenset(LETTERS[asked.order.index(key)] for key in self._item(asked).keys)

    def _item(self, asked: Round) -> SingleChoice | MultipleResponse:
        entry = next(iter(self.library.packs.values())).find(asked.item)
        assert entry
        assert isinstance(entry.item, SingleChoice | MultipleResponse)
        return entry.item

    def arrived(self) -> Counter[tuple[str, str]]:
        """The messages in both rooms, by what they are, in the outbox's words."""
        counted = Counter[tuple[str, str]]()
        polls = {round_of(one.text) for one in self.group.messages if "poll" in one.extra}
        for one in self.group.messages:
            is_reply = "poll" not in one.extra and round_of(one.text) in polls
            counted["telegram", what_of(one.text, is_reply=is_reply)] += 1
        for other in shown_in(self.guild):
            counted["discord", what_of(words_of(other))] += 1
        return counted

    # what came of it

    def checks(self, rounds: int) -> str:
        """Holds the battle's end against what people tapped and saw; gives it in figures."""
        one = self.state.battle
        assert (one.phase, one.ending, one.number) == (Phase.OVER, Ending.PLAYED, rounds)
        assert len(self.said) + self.late == len(self.guests) * rounds
        self._checks_points(one)
        messages, doubled = self._checks_messages()
        answers = len(self.said)
        phases = Counter(kill.phase for kill in self.kills)
        where = ", ".join(f"{phases[name]} {name}" for name in (*PHASES, "over") if phases[name])
        return (
            f"{len(self.kills)} kills ({where}); {messages} messages, {doubled} doubled; "
            f"{answers} answers acknowledged, {len(self.votes)} votes among them; "
            f"{self.late} too late; {self.lost} taps unanswered"
        )

    def _checks_points(self, one: Battle) -> None:
        work = self.ledger.work
        players = list(work.players(one.id))
        assert {player.name for player in players} == {guest.name for guest in self.guests}
        now = [Player(each.learner, each.name, each.hall, each.team) for each in players]
        again = replace(one, totals=(), share=0.0, silent=0)
        means = [0.0] * len(one.halls)
        graded = 0
        for asked in work.rounds(one.id):
            strikes = {struck.learner: struck for struck in work.strikes(one.id, asked.number)}
            self._checks_taps(asked, players, strikes)
            again = replace(again, phase=Phase.OPEN, number=asked.number)
            got = score.close(again, asked, self._item(asked), now, strikes.values())
            assert work.marks(one.id, asked.number) == got.marks, asked
            again, now, graded = got.battle, list(got.players), graded + len(got.marks)
            for hall in one.halls:
                here = [
                    got.marks[each.learner].points if each.learner in got.marks else 0
                    for each in now
                    if each.hall == hall.place
                ]
                means[hall.place] += sum(here) / len(here)
        for before, after in zip(players, now, strict=True):
            assert before == replace(after, took_s=before.took_s), (before, after)
            assert abs(before.took_s - after.took_s) < 1e-6
        assert all(abs(has - due) < 1e-6 for has, due in zip(one.totals, means, strict=True)), (one.totals, means)
        assert abs(one.share - again.share) < 1e-6
        assert self.ledger.attempts() == graded  # in everybody's own memory, once

    def _checks_taps(self, asked: Round, players: Sequence[Player], strikes: Mapping[Any, Any]) -> None:
        """What was acknowledged is what is kept, and no answer is kept that nobody gave."""
        for player in players:
            said = self.said.get((player.name, asked.number))
            struck = strikes.get(player.learner)
            if said is not None:
                assert struck is not None, (player.name, asked.number, said)
                assert struck.is_locked
                assert {LETTERS[asked.order.index(option)] for option in struck.chosen} == said, (player.name, asked)

    def _checks_messages(self) -> tuple[int, int]:
        there, open_ = self.arrived(), Counter[tuple[str, str]]()
        for kill in self.kills:
            open_ += kill.window
        rows = self.ledger.messages()
        assert {row.state for row in rows} <= {SENT, DROPPED}
        sent = Counter(_named(row) for row in rows if row.state == SENT)
        if wait := sent[DISCORD_WAIT]:  # Discord takes the same words for the same message for some minutes
            sent[DISCORD_WAIT] = min(wait, max(1, there[DISCORD_WAIT]))
        for key in sent | there:
            assert sent[key] <= there[key] <= sent[key] + open_[key], (key, sent[key], there[key], open_[key])
        for platform in ("telegram", "discord"):
            wanted = ["lobby", "final", *(f"round-{number}" for number in range(1, self.state.battle.number + 1))]
            assert [what for what in wanted if not there[platform, what]] == []
        for process in self.processes:
            assert not [line for line in process.log if "Traceback" in line], "\n".join(process.log)
        return there.total(), (there - sent).total()


def meeting(
    ledger: Ledger,
    library: Library,
    telegram: TelegramServer,
    discord: DiscordServer,
    processes: Sequence[Tminus],
    dice: Random,
) -> Arena:
    """Three people in a Telegram group, and three on a Discord server."""
    here = [telegram.person(name) for name in ("Anna", "Ben", "Cleo")]
    there = [discord.person(name) for name in ("Dora", "Emil", "Fay")]
    group, guild = telegram.group("Study", here), discord.guild("Class", there)
    guests: list[Guest] = [*(TelegramGuest(one, group) for one in here), *(DiscordGuest(one, guild) for one in there)]
    return Arena(ledger, library, telegram, discord, processes, dice, group, guild, guests)


def _named(row: Any) -> tuple[str, str]:
    """A booked message as `what_of` calls it."""
    return row.platform, What.WAIT.value if row.what.startswith(What.WAIT) else row.what


def what_of(text: str, *, is_reply: bool = False) -> str:
    """Which message of a battle this is, in the outbox's words."""
    if number := round_of(text):
        return f"{What.RESULT if is_reply else What.ROUND}-{number}"
    if text.startswith("⏸"):
        return What.WAIT.value
    return What.FINAL.value if "Over after" in text else What.LOBBY.value
