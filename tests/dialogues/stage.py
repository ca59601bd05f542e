"""A stage for battles: one core with the real adapters on our own platforms, led by a clock that is moved.

The servers' clocks move with it, so that what Telegram allows in a minute, and how far two edits on Discord lie apart,
hold as in a real hour.
"""

import textwrap
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.desk import Desk
from adapters.discord.app import DiscordApp
from adapters.telegram.app import TelegramApp
from bot.bootstrap import Core
from bot.delivery.rounds import Rounds
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pack import Pack
from bot.library import load_library
from bot.settings import CHECKOUT
from tests.adapters.scripted_desk import HURRY
from tests.dialogues.chat import World
from tests.dialogues.discord_chat import plain
from tests.platform.discord_people import Person as Member
from tests.platform.discord_seen import Seen, seen
from tests.platform.discord_server import DiscordServer
from tests.platform.discord_world import Guild
from tests.platform.discord_world import Message as Posted
from tests.platform.telegram_people import Person
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Chat, Message

ARENA = Path(__file__).parent / "arena"  # a pack of ten questions
WIDTH = 40  # of a phone, in characters
STEP_S = 0.5
PATIENCE_S = 20.0  # of real time, on a machine that is busy


@dataclass
class Stage:
    """What runs, and time that passes."""

    world: World
    core: Core
    rounds: Rounds
    pack: Pack
    telegram_app: TelegramApp | None = None
    discord_app: DiscordApp | None = None
    onlookers: list[Callable[[], None]] = field(default_factory=list)  # called after every step and act
    _telegram: TelegramServer | None = None
    _discord: DiscordServer | None = None

    @property
    def telegram(self) -> TelegramServer:
        """The local Telegram."""
        assert self._telegram is not None
        return self._telegram

    @property
    def discord(self) -> DiscordServer:
        """The local Discord."""
        assert self._discord is not None
        return self._discord

    async def passes(self, seconds: float, step_s: float = STEP_S) -> None:
        """Lets so much time pass, and delivery do what falls due in it."""
        left = seconds
        while left > 0:
            self.leaps(min(step_s, left))
            left -= step_s
            await self.delivers()

    async def until(self, claim: Callable[[], bool], most_s: float = 240, step_s: float = STEP_S) -> None:
        """Lets time pass until a claim holds.

        Raises:
            AssertionError: it does not, however long it takes.
        """
        passed = 0.0
        while not claim():
            assert passed < most_s, f"not within {most_s} s"
            await self.passes(step_s, step_s)
            passed += step_s

    async def delivers(self) -> None:
        """One look of delivery at what is due, and the messages that came of it on their way."""
        await self.rounds.fight()
        await self.rounds.courier.settled()
        self.looks()

    async def restarts(self) -> None:
        """The process ends and another one starts on the same database."""
        for app in (self.telegram_app, self.discord_app):
            if app:
                await app.stop()
        self.core.close()
        self.core = self.world.core()
        desk = Desk(self.core.tutor, self.core.workers, HURRY)
        if self._telegram:
            self.telegram_app = await _on_telegram(desk, self._telegram)
        if self._discord:
            self.discord_app = await _on_discord(desk, self._discord)
        self.rounds = self.core.rounds({app.platform: app for app in (self.telegram_app, self.discord_app) if app})

    async def ends(self) -> None:
        """Stops what runs."""
        for app in (self.telegram_app, self.discord_app):
            if app:
                await app.stop()
        self.core.close()

    def looks(self) -> None:
        """Lets the onlookers see what is new."""
        for onlooker in self.onlookers:
            onlooker()

    async def settles(self) -> None:
        """Waits until all that was done on Telegram is taken and answered."""
        if self._telegram and self.telegram_app:
            updates = self._telegram.updates
            assert await updates.bell.until(lambda: not updates.pending, PATIENCE_S), "the bot does not poll"
            await self.telegram_app.settled()
        self.looks()

    def keys(self, text: str) -> list[str]:
        """The letters of the right options of the question that this text asks."""
        item = next(
            one.item
            for entries in self.pack.served.values()
            for one in entries
            if isinstance(one.item, SingleChoice | MultipleResponse) and one.item.stem in text
        )
        right = {item.options[index].text for index in item.keys}
        return [line[0] for line in _options(text) if line[3:] in right]

    def misses(self, text: str, n: int = 0) -> list[str]:
        """As many wrong letters as the question has right ones, beginning with the n-th wrong one."""
        right = self.keys(text)
        wrong = [line[0] for line in _options(text) if line[0] not in right]
        return sorted(wrong[(n + place) % len(wrong)] for place in range(len(right)))

    def leaps(self, seconds: float) -> None:
        """Moves the clock, and nothing else."""
        self.world.clock.waits(seconds=seconds)
        if self._discord:
            self._discord.waits(seconds)


def _options(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[1:3] == ". "]


class Room:
    """A group as the phones in it show it: what stands there, and what people do with it."""

    def __init__(self, stage: Stage, title: str) -> None:
        self.stage = stage
        self.title = title
        self.lines: list[str] = []  # all that was shown, in order
        self._known: dict[int, str] = {}  # by message: how it looked
        self._began = stage.world.clock()
        stage.onlookers.append(self.look)

    @property
    def shown(self) -> Sequence["Shown"]:
        """The bot's messages as they stand, oldest first."""
        raise NotImplementedError

    async def does(self, who: "Person | Member", label: str, on: "Shown | None" = None) -> str:
        """Taps a button of the newest message that has it, or of the one given; gives what is told of it."""
        raise NotImplementedError

    @property
    def last(self) -> "Shown":
        """The newest message."""
        return self.shown[-1]

    def find(self, text: str) -> "Shown":
        """The newest message that has this text."""
        found = next((one for one in reversed(self.shown) if text in one.text), None)
        assert found, f"{text!r} is nowhere in\n\n" + "\n\n".join(one.text for one in self.shown)
        return found

    def has(self, text: str) -> bool:
        """Whether a message has this text."""
        return any(text in one.text for one in self.shown)

    def _with(self, label: str) -> "Shown":
        """The newest message with such a button."""
        for one in reversed(self.shown):
            if any(each.startswith(label) for row in one.labels for each in row):
                return one
        raise AssertionError(f"no button {label!r} in\n{self.transcript()}")

    @property
    def question(self) -> "Shown | None":
        """The question that takes answers."""
        return next((one for one in reversed(self.shown) if one.is_open), None)

    async def asks(self, number: int) -> "Shown":
        """Waits for a round's question."""

        def is_there() -> bool:
            return self.question is not None and f"Round {number} of" in self.question.text.partition("\n")[0]

        await self.stage.until(is_there)
        assert self.question
        return self.question

    async def answers(self, who: "Person | Member", letters: Iterable[str], on: "Shown | None" = None) -> str:
        """Chooses options, one after another; gives the newest word about it."""
        told = ""
        for letter in letters:
            told = await self.does(who, letter, on or self.question)
        return told

    def look(self) -> None:
        """Notes what is new or has changed."""
        for one in self.shown:
            before = self._known.get(one.id)
            if before != (now := one.drawn()):
                self._known[one.id] = now
                self._note(f"#{list(self._known).index(one.id) + 1}{' edited' if before else ''}", now)

    def act(self, who: str, what: str, told: str) -> None:
        """Notes what somebody did, and was told."""
        self._note(f"{who}: {what}", *(f"→ {line}" for line in told.splitlines()))
        self.look()

    def transcript(self) -> str:
        """All that was shown, as narrow as a phone."""
        return "\n".join([self.title, *self.lines, ""])

    def _note(self, head: str, *bodies: str) -> None:
        at = int((self.stage.world.clock() - self._began).total_seconds())
        self.lines += ["", f"{at // 60}:{at % 60:02} {head}"]
        for body in bodies:
            for line in body.splitlines():
                self.lines += textwrap.wrap(line, WIDTH, drop_whitespace=True) or [""]


@dataclass(frozen=True)
class Shown:
    """A message as people see it."""

    id: int
    text: str
    labels: tuple[tuple[str, ...], ...]
    is_open: bool  # takes answers
    options: tuple[str, ...] = ()  # of a poll
    source: "Message | Seen | None" = None
    data: Mapping[str, str] = field(default_factory=dict)  # what each button sends, by its label

    def sends(self, label: str) -> str:
        """What the button with this label, or the beginning of it, sends; of a message that has changed, too."""
        found = [data for each, data in self.data.items() if each.startswith(label)]
        assert found, f"no button {label!r} among {list(self.data)} under\n{self.text}"
        return self.data.get(label, found[0])

    def drawn(self) -> str:
        """The message with its buttons."""
        rows = [" ".join(f"[{label}]" for label in row) for row in self.labels]
        return "\n".join([self.text, *rows])


class TelegramRoom(Room):
    """A Telegram group."""

    def __init__(self, stage: Stage, group: Chat) -> None:
        self.group = group
        super().__init__(stage, "Telegram")

    @property
    def shown(self) -> Sequence[Shown]:
        return [_shown_message(message, self.stage.telegram) for message in self.group.messages]

    async def says(self, who: Person, text: str, *, thread: int | None = None) -> None:
        """Writes into the group."""
        await who.says(text, where=self.group, thread=thread)
        self.act(who.account.first_name, text, "")
        await self.stage.settles()

    async def does(self, who: "Person | Member", label: str, on: Shown | None = None) -> str:
        assert isinstance(who, Person)
        on = on or self._with(label)
        assert isinstance(on.source, Message)
        known = len(who.toasts)
        if on.options:
            await who.votes(on.source, on.options["ABCDEF".index(label)])
        else:
            await who.taps_data(on.source, on.sends(label))
        self.act(who.account.first_name, f"[{label}]", "")
        await self.stage.settles()
        told = "\n".join(toast for toast in who.toasts[known:] if toast)
        if told:
            self.lines += textwrap.wrap(f"→ {told}", WIDTH)
        return told

    async def votes(self, who: Person, letters: Iterable[str], on: Shown) -> None:
        """Votes in a poll for all of these options at once."""
        assert isinstance(on.source, Message)
        await who.votes(on.source, *(on.options["ABCDEF".index(letter)] for letter in letters))
        self.act(who.account.first_name, f"votes {''.join(letters)}", "")
        await self.stage.settles()

    async def answers(self, who: "Person | Member", letters: Iterable[str], on: Shown | None = None) -> str:
        on = on or self.question
        if on and on.options:
            assert isinstance(who, Person)
            await self.votes(who, letters, on)
            return ""
        return await super().answers(who, letters, on)


def _shown_message(message: Message, server: TelegramServer) -> Shown:
    poll = message.extra.get("poll")
    labels = tuple(tuple(button.label for button in row) for row in message.buttons)
    data = {button.label: button.data for row in message.buttons for button in row if button.data is not None}
    if poll is None:
        return Shown(message.id, message.text, labels, any(row[:1] == ("A",) for row in labels), (), message, data)
    options = tuple(option["text"] for option in poll["options"])
    is_closed = poll["is_closed"] or server.boxes[poll["id"]].is_over(server.clock())
    lines = [message.text, *(f"{letter}. {option}" for letter, option in zip("ABCDEF", options, strict=False))]
    lines = [f"📊 {'Final results' if is_closed else 'Quiz'}", *lines]
    return Shown(message.id, "\n".join(lines[1:]), ((lines[0],),), not is_closed, options, message)


class DiscordRoom(Room):
    """A channel of a Discord server, with the threads in it."""

    def __init__(self, stage: Stage, guild: Guild) -> None:
        self.guild = guild
        super().__init__(stage, "Discord")

    @property
    def shown(self) -> Sequence[Shown]:
        messages = [
            message
            for channel in (self.guild.channel, *self.guild.threads)
            for message in channel.messages
            if message.author is self.guild.bot and message.only_for is None and not message.deleted
        ]
        return [self._shown(message) for message in sorted(messages, key=lambda one: one.id)]

    async def runs(self, who: Member, command: str, **options: str) -> str:
        """Runs a command in the channel."""
        typed = " ".join([f"/{command}", *(f"{name}:{value}" for name, value in options.items())])
        known = self._private(who)
        given: dict[str, str] = dict(options)
        made = await who.runs(command, where=self.guild, **given)
        assert not made.failed, f"{typed} was not answered"
        told = "\n".join(self._private(who)[len(known) :])
        self.act(who.name, typed, told)
        return told

    async def does(self, who: "Person | Member", label: str, on: Shown | None = None) -> str:
        assert isinstance(who, Member)
        on = on or self._with(label)
        assert isinstance(on.source, Seen)
        known = self._private(who)
        made = await who.presses_id(on.id, on.sends(label))
        assert not made.failed, f"{who.name} tapped {label!r} on {on.text!r}"
        told = "\n".join(self._private(who)[len(known) :])
        self.act(who.name, f"[{label}]", told)
        return told

    def _private(self, who: Member) -> list[str]:
        """What only this person sees here."""
        return [
            plain(seen(message).text)
            for channel in (self.guild.channel, *self.guild.threads)
            for message in channel.messages
            if message.only_for is who.account
        ]

    def _shown(self, message: Posted) -> Shown:
        one = seen(message)
        labels = tuple(tuple(control.label for control in row) for row in one.rows)
        data = {control.label: control.custom_id or "" for row in one.rows for control in row}
        return Shown(one.id, plain(one.text), labels, any(row[:1] == ("A",) for row in labels), (), one, data)


async def _on_telegram(desk: Desk, server: TelegramServer) -> TelegramApp:
    app = TelegramApp(desk, server.token, server.url)
    await app.start()
    return app


async def _on_discord(desk: Desk, server: DiscordServer) -> DiscordApp:
    server.deadline_s = PATIENCE_S
    app = DiscordApp(desk, server.token, server.api_url, server.gateway_url)
    app.defer_after_s = PATIENCE_S / 2
    await app.start()
    return app


@asynccontextmanager
async def open_stage(world: World, *, telegram: bool = False, discord: bool = False) -> AsyncIterator[Stage]:
    """Starts the platforms, a core on the world's database, and the adapters; time stands until it is moved."""
    async with AsyncExitStack() as stack:
        core = world.core()
        desk = Desk(core.tutor, core.workers, HURRY)
        pack = load_library(world.content or CHECKOUT / "content").default
        stage = Stage(world, core, core.rounds({}), pack)
        if telegram:
            there = TelegramServer(clock=lambda: world.clock().timestamp(), enforce_rates=True)
            stage._telegram = await stack.enter_async_context(there)
            stage.telegram_app = await _on_telegram(desk, there)
        if discord:
            stage._discord = await stack.enter_async_context(DiscordServer())
            stage.discord_app = await _on_discord(desk, stage._discord)
        apps = (stage.telegram_app, stage.discord_app)
        stage.rounds = core.rounds({app.platform: app for app in apps if app})
        try:
            yield stage
        finally:
            await stage.ends()
