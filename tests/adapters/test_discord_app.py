"""The real Discord adapter, discord.py and core against a strict local Discord."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import discord
import pytest

from adapters.desk import Desk
from adapters.discord.app import DiscordApp, _refusal
from adapters.redact import BLANK, Redact
from bot.bootstrap import Core
from bot.chat.incoming import Incoming, Place
from bot.chat.intent import Battle, Board, Calendar, Daily, Help, ShowMe, Strike, Today
from bot.chat.view import Button, File, Notice, Picture, Quiz, Replace, Reply, Show, Span, View
from bot.domain.ids import BattleId
from bot.errors import PlatformError
from bot.ports import Delivered, Failed, Gone, Receipt, TooFast, Vanished
from bot.present.words import words_for
from tests.adapters.gallery import HOSTILE, gallery, png
from tests.adapters.scripted_desk import Scripted
from tests.dialogues.chat import World
from tests.dialogues.discord_chat import DiscordChat, open_discord, plain
from tests.platform.discord_limits import limit
from tests.platform.discord_people import Person
from tests.platform.discord_seen import Seen
from tests.platform.discord_server import DiscordServer
from tests.platform.discord_world import FORUM, VOICE, Guild, Interaction
from tests.platform.discord_world import NEWS as NEWS_CHANNEL

WORDS = words_for("en")
SURE = WORDS("picked", letters="B").partition("B")[2]  # how sure, asked once an answer is locked
NEWS = View((Span("News"),), ((Button("Help", Help()),),))
PICTURE = Picture(png(), f"Three weeks {HOSTILE}")
FILE = File("plan.ics", "text/calendar", b"BEGIN:VCALENDAR")
LOBBY = View((Span("Quiz battle\nWho plays?"),), ((Button("Join", Strike(BattleId(7), 1, 0)),),))
SHARED = View((Span("Who sits when"),), ((Button("Show mine", ShowMe(on=True)),),))
IN_THREADS = discord.Permissions(send_messages_in_threads=True)
THREADS = discord.Permissions(create_public_threads=True)
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(url=f"sqlite:///{tmp_path}/t.db")


@pytest.fixture
async def chat(world: World) -> AsyncIterator[DiscordChat]:
    async with open_discord(world) as made:
        yield made


class SlowDesk(Desk):
    """A desk whose turns wait until they are released."""

    def __init__(self, core: Core) -> None:
        super().__init__(core.tutor, core.workers)
        self.release = asyncio.Event()
        self.arrived = asyncio.Event()

    async def handle(self, incoming: Incoming) -> list[Reply]:
        self.arrived.set()
        await self.release.wait()
        return await super().handle(incoming)


class BrokenDesk(Desk):
    """A desk whose turns fail."""

    async def handle(self, incoming: Incoming) -> list[Reply]:
        raise RuntimeError(f"cannot cope with {incoming.intent}")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        yield made


@pytest.fixture
def anna(server: DiscordServer) -> Person:
    return server.person("Anna")


def files(server: DiscordServer, message: Seen) -> dict[str, bytes]:
    """What hangs on a message, by its name."""
    return {name: server.world.files[number] for name, number in message.files}


def content(view: View) -> list[bytes]:
    """What is attached to a view."""
    match view.attached:
        case None:
            return []
        case Picture(png=sent) | File(content=sent):
            return [sent]


@contextlib.asynccontextmanager
async def running(server: DiscordServer, desk: Desk, token: str = "") -> AsyncIterator[DiscordApp]:
    app = DiscordApp(desk, token or server.token, server.api_url, server.gateway_url)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def test_a_question_is_asked_and_answered_in_one_message(chat: DiscordChat) -> None:
    await chat.runs("quiz", n=2)
    asked = await chat.sees("Question 1 of 2")
    assert list(chat.labels[:4]) == ["A", "B", "C", "D"]
    await chat.taps("B")
    await chat.sees(SURE)
    await chat.taps("Sure")
    graded = await chat.sees(WORDS("source").partition(" {")[0])
    assert asked.split("\n")[2] in graded
    assert len(chat.person.messages) == 1
    await chat.taps("Next")
    await chat.sees("Question 2 of 2")
    answers = [made.answer for made in chat.server.interactions]
    assert answers == [MESSAGE, UPDATE, UPDATE, UPDATE]


async def test_a_topic_is_completed_while_it_is_typed(chat: DiscordChat) -> None:
    topics = await chat.person.types_option("quiz", "topic", "boost")
    assert "boost" in topics[0][0].lower()
    domains = dict(await chat.person.types_option("quiz", "domain", ""))
    await chat.runs("quiz", domain=domains["Modeling"])
    await chat.sees("· Modeling")


async def test_the_city_is_typed_into_a_form_during_the_onboarding(chat: DiscordChat) -> None:
    await chat.runs("start")
    await chat.taps("Skip")
    await chat.person.presses("Type a city")
    modal = chat.person.modal
    assert modal is not None
    assert modal["title"] == modal["components"][0]["label"] == "City or time zone"
    await chat.person.fills("City", {"City or time zone": "Lisbon"})
    await chat.sees("Europe/Lisbon")
    assert [made.answer for made in chat.server.interactions[-2:]] == [MODAL, UPDATE]
    assert len(chat.person.messages) == 1


async def test_a_form_filled_after_a_restart_is_taken(chat: DiscordChat) -> None:
    await chat.runs("settings")
    await chat.taps("Time zone")
    await chat.person.presses("Type a city")
    await chat.app.stop()
    async with running(chat.server, Desk(chat.core.tutor, chat.core.workers)):
        await chat.person.fills(None, {"City or time zone": "Lisbon"})
        await chat.sees("Europe/Lisbon")


async def test_many_towns_of_one_name_are_a_select(chat: DiscordChat) -> None:
    await chat.runs("settings")
    await chat.taps("Time zone")
    await chat.types("Type a city", "San José")
    await chat.sees(WORDS("pick-zone-several"))
    town = next(label for label in chat.labels if "(" in label)
    await chat.taps(town)
    assert town.partition("(")[2].rstrip(")") in await chat.sees(WORDS("settings-changed"))


async def test_words_in_direct_messages_are_heard(chat: DiscordChat) -> None:
    await chat.says("/quiz 1")
    await chat.sees("Question 1 of 1")
    await chat.says("a")
    await chat.sees(SURE)


async def test_words_in_a_server_are_none_of_ours(chat: DiscordChat) -> None:
    guild = chat.server.guild("Home", [chat.person])
    await chat.person.says("/quiz", where=guild)
    await chat.says("/help")
    await chat.sees("/review")
    assert len(chat.person.messages) == 1


async def test_in_a_server_only_the_one_who_asked_sees_it(chat: DiscordChat) -> None:
    ben = chat.server.person("Ben")
    guild = chat.server.guild("Home", [chat.person, ben])
    await chat.person.runs("quiz", where=guild)
    await chat.taps("A")
    await chat.sees(SURE)
    assert chat.person.last.ephemeral
    assert not ben.messages


async def test_what_someone_else_was_asked_stays_theirs(chat: DiscordChat) -> None:
    ben = chat.server.person("Ben")
    guild = chat.server.guild("Home", [chat.person, ben])
    await chat.person.runs("quiz", where=guild)
    before = chat.person.last
    made = await ben.presses_id(before, before.custom_ids[0][0] or "")
    assert plain(ben.last.text) == WORDS("hitch-not-yours")
    assert ben.last.ephemeral
    assert (made.answer, chat.person.last) == (MESSAGE, before)


@pytest.mark.parametrize("forged", ["nonsense", "p:zz:9", "e|he|x", "s|0", "v:zone:" + "x" * 93])
async def test_a_forged_button_is_answered_kindly(chat: DiscordChat, forged: str) -> None:
    await chat.runs("quiz")
    before = chat.person.last
    made = await chat.person.presses_id(before, forged, component_type=3 if forged == "s|0" else 2, values=None)
    assert not made.failed
    assert chat.person.last.text
    assert chat.server.failures == []


async def test_a_second_press_changes_nothing(chat: DiscordChat) -> None:
    await chat.runs("quiz")
    question = chat.person.last
    first, second = (question.custom_ids[0][place] or "" for place in (0, 1))
    await asyncio.gather(chat.person.presses_id(question, first), chat.person.presses_id(question, second))
    assert "Your answer: A" in plain(next(seen.text for seen in chat.person.messages if seen.id == question.id))
    assert chat.server.failures == []


@pytest.mark.parametrize("where", ["direct message", "server"])
async def test_a_slow_turn_is_deferred_and_shown_when_it_is_done(world: World, where: str) -> None:
    async with open_discord(world) as chat:
        guild = chat.server.guild("Home", [chat.person]) if where == "server" else None
        await chat.person.runs("quiz", where=guild)
        await chat.app.stop()
        desk = SlowDesk(chat.core)
        async with running(chat.server, desk) as app:
            app.defer_after_s = 0.01
            tapped = await chat.person.presses("A")
            ran = await chat.person.runs("help", where=guild)
            assert [tapped.answer, ran.answer] == [DEFER_UPDATE, DEFER]
            assert chat.person.last.loading
            desk.release.set()
            await chat.sees("/review")
            await chat.person.sees("Your answer: A", ever=True)
            assert [seen.ephemeral for seen in chat.person.messages] == [guild is not None] * 2
            assert not chat.person.last.loading


async def test_a_notice_after_a_deferral_is_the_actors_alone(world: World) -> None:
    async with open_discord(world) as chat:
        await chat.runs("quiz")
        question = chat.person.last
        await chat.app.stop()
        desk = SlowDesk(chat.core)
        async with running(chat.server, desk) as app:
            app.defer_after_s = 0.01
            await chat.person.presses_id(question, "nonsense")
            desk.release.set()
            await chat.sees(WORDS("hitch-gone"))
            assert chat.person.last.ephemeral
            assert chat.person.messages[0].text == question.text


async def test_a_turn_too_late_for_discord_is_let_go(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async with open_discord(world) as chat:
        await chat.app.stop()
        desk = SlowDesk(chat.core)
        async with running(chat.server, desk) as app:
            app.defer_after_s = 60
            asking = asyncio.create_task(chat.person.runs("help"))
            await desk.arrived.wait()
            chat.server.waits(4)
            made: Interaction = await asking
            desk.release.set()
            assert made.failed
        assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_a_failing_turn_says_sorry_and_logs_no_words(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async with open_discord(world) as chat:
        await chat.app.stop()
        async with running(chat.server, BrokenDesk(chat.core.tutor, chat.core.workers)):
            await chat.runs("help")
            await chat.sees(WORDS("sorry"))
            await chat.says("my secret diary")
            await chat.sees(WORDS("sorry"))
    assert "RuntimeError" in caplog.text
    assert "in handle" in caplog.text
    assert "diary" not in caplog.text


async def test_an_answer_that_never_reached_discord_is_a_line_in_the_log(
    chat: DiscordChat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.server.deadline_s = 0.05
    chat.server.refuse(status=401, path="/callback")
    await chat.runs("help")
    await chat.app.stop()  # when the answer under way has ended
    assert "was not answered" in caplog.text


# Pictures and files


@pytest.mark.parametrize("attached", [PICTURE, FILE])
@pytest.mark.parametrize("is_slow", [False, True])
async def test_what_is_attached_comes_with_the_answer(
    server: DiscordServer, anna: Person, attached: Picture | File, is_slow: bool
) -> None:
    view = View((Span("Your plan"),), ((Button("Help", Help()),),), attached)
    desk = Scripted([Show(view)])
    async with running(server, desk) as app:
        app.defer_after_s = 0 if is_slow else 60
        desk.open.clear() if is_slow else None
        made = await anna.runs("plan") if is_slow else None
        desk.open.set()
        made = made or await anna.runs("plan")
        shown = await anna.sees("Your plan")
    assert made.answer == (DEFER if is_slow else MESSAGE)
    assert list(files(server, shown).values()) == content(view)
    assert (shown.labels, shown.alt) == ([["Help"]], PICTURE.alt if attached is PICTURE else "")


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_tap_exchanges_what_hangs_on_the_message(server: DiscordServer, anna: Person, is_slow: bool) -> None:
    key = ((Button("Help", Help()),),)
    drawn, saved, plain_again = (
        View((Span(text),), key, hung) for text, hung in (("Drawn", PICTURE), ("Saved", FILE), ("Words", None))
    )
    desk = Scripted([Show(NEWS)], [Replace(drawn)], [Replace(drawn)], [Replace(saved)], [Replace(plain_again)])
    async with running(server, desk) as app:
        await anna.runs("plan")
        for view in (drawn, drawn, saved, plain_again):
            app.defer_after_s = 0 if is_slow else 60
            desk.open.clear() if is_slow else None
            made = await anna.presses("Help") if is_slow else None
            desk.open.set()
            made = made or await anna.presses("Help")
            shown = await anna.sees(view.text)
            assert made.answer == (DEFER_UPDATE if is_slow else UPDATE)
            assert list(files(server, shown).values()) == content(view)
            assert shown.payload["attachments"] == [] or view is saved  # a picture is in its embed, and only there
    assert len(anna.messages) == 1


async def test_a_picture_after_words_of_the_same_answer_is_a_message_of_its_own(
    server: DiscordServer, anna: Person
) -> None:
    async with running(server, Scripted([Show(NEWS), Show(View((), (), PICTURE)), Show(View((), (), FILE))])):
        await anna.runs("plan")
        await anna.sees("plan.ics")
        await anna.says("my plan")
        assert await asyncio.wait_for(_until(anna, 6), 5)
    assert [list(files(server, shown)) for shown in anna.messages] == [[], ["picture.png"], ["plan.ics"]] * 2


async def _until(person: Person, count: int) -> bool:
    while len(person.messages) < count:
        await person._world.change()
    return True


@pytest.mark.parametrize("attached", [PICTURE, FILE])
async def test_a_push_brings_a_picture_or_a_file_once(
    server: DiscordServer, anna: Person, attached: Picture | File
) -> None:
    view = View((Span("Plan"),), (), attached)
    other = View(view.spans, (), Picture(png(9, 9), PICTURE.alt) if attached is PICTURE else File("plan.ics", "", b"2"))
    async with running(server, Scripted([])) as app:
        receipt = await app.send(str(anna.id), view)
        assert receipt == Delivered(str(anna.last.id))
        assert list(files(server, anna.last).values()) == content(view)
        assert await app.send(str(anna.id), view) == receipt
        assert await app.send(str(anna.id), other) != receipt
        server.flood(retry_after=0.02, path="/messages")  # the library sends it again, whole
        third = View((Span("Third"),), (), attached)
        assert isinstance(await app.send(str(anna.id), third), Delivered)
        assert list(files(server, anna.last).values()) == content(view)
        anna.closes_dms()
        assert isinstance(await app.send(str(anna.id), View((Span("4"),), (), attached)), Gone)


async def test_every_message_of_the_tutor_can_be_sent_and_edited_in(server: DiscordServer, anna: Person) -> None:
    views = gallery()
    desk = Scripted([Show(NEWS)], *([Replace(view)] for _, view in views))
    async with running(server, desk) as app:
        for name, view in views:
            assert isinstance(await app.send(str(anna.id), view), Delivered), name
            assert list(files(server, anna.last).values()) == content(view), name
        await anna.runs("plan")
        message = anna.last
        for name, view in views:
            made = await anna.presses_id(message, "to")
            assert made.answer == UPDATE, name
            assert list(files(server, anna.last).values()) == content(view), name
    assert anna.last.id == message.id


# Rooms


async def test_a_public_answer_in_a_server_is_for_all_and_its_buttons_too(server: DiscordServer, anna: Person) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    replaced = View((Span("Ben is in"),), SHARED.rows)
    desk = Scripted([Show(SHARED, is_public=True)], [Replace(replaced), Notice("Noted")])
    async with running(server, desk):
        await anna.runs("calendar", where=guild)
        shown = await ben.sees("Who sits when", ever=True)
        assert not shown.ephemeral
        made = await ben.presses("Show mine")
        assert made.answer == UPDATE
        assert (await anna.sees("Ben is in")).id == shown.id
        assert (await ben.sees("Noted")).ephemeral
    assert [message.text for message in anna.messages] == ["Ben is in"]
    calendar, show_me = desk.taken
    assert (calendar.intent, show_me.intent) == (Calendar(), ShowMe(on=True))
    assert calendar.place.room == show_me.place.room == f"c{guild.channel.id}"
    assert (calendar.place.chat, show_me.place.chat) == (str(anna.id), str(ben.id))
    assert (calendar.place.is_private, calendar.name, show_me.name) == (True, "Anna", "Ben")


async def test_a_slow_public_answer_is_deferred_for_all(server: DiscordServer, anna: Person) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    desk = Scripted([Show(SHARED, is_public=True)], [Replace(View((Span("Ben is in"),)))])
    async with running(server, desk) as app:
        app.defer_after_s = 0
        desk.open.clear()
        assert (await anna.runs("calendar", where=guild)).answer == DEFER
        desk.open.set()
        assert not (await anna.sees("Who sits when", ever=True)).ephemeral
        desk.open.clear()
        assert (await ben.presses("Show mine")).answer == DEFER_UPDATE
        desk.open.set()
        assert not (await anna.sees("Ben is in", ever=True)).ephemeral
    assert len(anna.messages) == len(ben.messages) == 1


@pytest.mark.parametrize("reply", [Notice("Only in servers"), Show(NEWS)])
async def test_a_private_word_after_a_public_deferral_is_seen_by_nobody_else(
    server: DiscordServer, anna: Person, reply: Reply
) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    desk = Scripted([reply])
    desk.open.clear()
    async with running(server, desk) as app:
        app.defer_after_s = 0
        made = await anna.runs("calendar", where=guild)
        assert made.answer == DEFER
        assert len(ben.messages) == 1  # "is thinking"
        desk.open.set()
        shown = await anna.sees("Only in servers" if isinstance(reply, Notice) else "News")
        assert shown.ephemeral
    assert ben.messages == []
    assert anna.messages == [shown]


async def test_a_button_that_nobody_put_there_does_not_publish_what_is_private(
    server: DiscordServer, anna: Person
) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    private = View((Span("Ben's plan"),))
    async with running(server, Scripted([Show(SHARED, is_public=True)], [Replace(private)])):
        await anna.runs("calendar", where=guild)
        made = await ben.presses_id(await ben.sees("Who sits when", ever=True), "pl:0")
        assert made.answer == MESSAGE
        assert (await ben.sees("Ben's plan")).ephemeral
    assert [message.text for message in anna.messages] == ["Who sits when"]


async def test_in_direct_messages_and_where_the_bot_is_no_member_there_is_no_room(
    server: DiscordServer, anna: Person
) -> None:
    ben = server.person("Ben")
    abroad = server.guild("Abroad", [anna, ben], has_bot=False)
    desk = Scripted([Show(NEWS)])
    async with running(server, desk) as app:
        await anna.runs("calendar")
        assert not anna.last.ephemeral
        await anna.runs("calendar", where=abroad)
        assert anna.last.ephemeral
        await anna.says("/calendar")
        await asyncio.wait_for(_until(anna, 3), 5)
        assert isinstance(await app.send(f"c{abroad.channel.id}", NEWS), Gone)
    assert [incoming.place.room for incoming in desk.taken] == [None] * 3
    assert [incoming.name for incoming in desk.taken] == ["Anna"] * 3
    assert ben.messages == []


async def test_a_push_to_a_room_is_seen_by_all_of_it_once(server: DiscordServer, anna: Person) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    async with running(server, Scripted([])) as app:
        receipt = await app.send(f"c{guild.channel.id}", NEWS)
        assert await app.send(f"c{guild.channel.id}", NEWS) == receipt
        assert receipt == Delivered(str(ben.last.id))
        assert (ben.last.text, ben.last.where, ben.last.ephemeral) == ("News", "#general", False)
        assert anna.messages == ben.messages
        server.flood(retry_after=9.5, path="/messages")
        assert await app.send(f"c{guild.channel.id}", SHARED) == TooFast(9.5, everyone=False)


@pytest.mark.parametrize("code", [10003, 50001, 50013], ids=["deleted", "hidden", "read-only"])
async def test_a_room_that_is_closed_to_us_is_gone(server: DiscordServer, anna: Person, code: int) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        server.closes(guild, code)
        assert isinstance(await app.send(f"c{guild.channel.id}", NEWS), Gone)
        server.refuse(status=403, code=50013, path="/messages")
        assert isinstance(await app.send(str(anna.id), NEWS), Failed)  # of direct messages it says nothing


@pytest.mark.parametrize(
    "nowhere", ["c", "c1", "cc12", "c٣", "", "x9", "c1/t2", "1/t2", "c1/t", "c1/t2/t3", "c" + "9" * 30]
)
async def test_a_room_that_is_none_is_gone(server: DiscordServer, nowhere: str) -> None:
    async with running(server, Scripted([])) as app:
        assert isinstance(await app.send(nowhere, NEWS), Gone)


def _chat(guild: Guild) -> str:
    """The address of the guild's channel."""
    return f"c{guild.channel.id}"


async def _branched(app: DiscordApp, guild: Guild) -> str:
    """The address of the thread off a lobby."""
    lobby = await app.send(_chat(guild), LOBBY)
    assert isinstance(lobby, Delivered)
    return f"{_chat(guild)}/t{lobby.message}"


async def test_where_it_happened_is_told(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    thread = server.thread(guild, "Chatter", anna)
    chat, room = str(anna.id), _chat(guild)
    desk = Scripted([Notice("Noted")])
    async with running(server, desk):
        await anna.runs("battle", where=guild)
        await anna.runs("battle", where=thread)
        await anna.runs("battle")
        for kind in (VOICE, NEWS_CHANNEL):
            guild.channel.kind = kind
            await anna.runs("battle", where=guild)
        guild.channel.kind = 0
        for missing in (THREADS, IN_THREADS):
            guild.bot_permissions = guild.permissions_of(guild.owner)
            guild.forbids(missing)
            await anna.runs("battle", where=guild)
    assert [incoming.place for incoming in desk.taken] == [
        Place(chat, room=room, has_threads=True),
        Place(chat, room=room, spot=f"c{thread.id}"),
        Place(chat),
        *[Place(chat, room=room)] * 4,
    ]


async def test_a_tap_in_a_thread_of_ours_names_its_channel(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    desk = Scripted([Notice("Noted")])
    async with running(server, desk) as app:
        chat = await _branched(app, guild)
        await app.send(chat, View((Span("Round 1"),), LOBBY.rows))
        shown = await anna.sees("Round 1", ever=True)
        await anna.presses("Join", message=shown)
        await anna.sees("Noted")
        spot = desk.taken[0].place.spot
        assert (desk.taken[0].place.room, spot) == (_chat(guild), f"c{guild.threads[0].id}")
        assert spot is not None
        assert isinstance(await app.send(spot, NEWS), Delivered)
        assert (await anna.sees("News")).where == shown.where == "#Round 1"


async def test_who_keeps_order_is_told(server: DiscordServer, anna: Person) -> None:
    ben, cleo, dan, eve = (server.person(name) for name in ("Ben", "Cleo", "Dan", "Eve"))
    guild = server.guild("Home", [anna, ben, cleo, dan, eve])
    guild.promote(cleo)
    guild.promote(dan, discord.Permissions(manage_messages=True))
    guild.promote(eve, discord.Permissions(administrator=True))
    desk = Scripted([Notice("Noted")])
    async with running(server, desk):
        for person in (anna, ben, cleo, dan, eve):
            await person.runs("battle", where=guild)
        await anna.runs("battle")
        await anna.says("/battle")
        await asyncio.wait_for(_until(anna, 3), 5)
    assert [incoming.is_admin for incoming in desk.taken] == [True, False, True, True, True, False, False]


async def test_the_commands_of_battles_arrive_as_they_are_chosen(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    desk = Scripted([Notice("Noted")])
    async with running(server, desk):
        await anna.runs("battle", where=guild)
        await anna.runs("battle", where=guild, do="join", **{"with": "K7MQ2X"})
        await anna.runs("battle", where=guild, **{"with": "race 10 20s"})
        await anna.runs("board", where=guild, span="week", domain="modeling")
        await anna.runs("daily", where=guild, at="18:00 Berlin")
        with pytest.raises(AssertionError, match="none of the choices"):
            await anna.runs("battle", where=guild, do="fight")
    assert [incoming.intent for incoming in desk.taken] == [
        Battle(),
        Battle("join K7MQ2X"),
        Battle("race 10 20s"),
        Board("week", "modeling"),
        Daily("18:00 Berlin"),
    ]


async def test_the_domain_of_a_board_is_completed_while_it_is_typed(chat: DiscordChat) -> None:
    assert "Modeling" in dict(await chat.person.types_option("board", "domain", "model"))


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_tap_on_a_battle_is_answered_to_the_one_who_tapped_alone(
    server: DiscordServer, anna: Person, is_slow: bool
) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    desk = Scripted([Notice("Locked: B")])
    async with running(server, desk) as app:
        await app.send(_chat(guild), LOBBY)
        app.defer_after_s = 0 if is_slow else 60
        desk.open.clear() if is_slow else None
        made = await ben.presses("Join") if is_slow else None
        assert not any(message.loading for message in ben.messages)
        desk.open.set()
        made = made or await ben.presses("Join")
        shown = await ben.sees("Locked: B")
    assert made.answer == (DEFER_UPDATE if is_slow else MESSAGE)
    assert shown.ephemeral
    (lobby,) = anna.messages
    assert (lobby.edits, lobby.labels) == (0, [["Join"]])
    assert ben.messages == [lobby, shown]


async def test_a_tap_whose_message_shows_what_came_of_it_needs_no_receipt(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([Notice("Done.", is_receipt=True)])) as app:
        await app.send(_chat(guild), LOBBY)
        made = await anna.presses("Join")
    assert made.answer == DEFER_UPDATE
    assert len(anna.messages) == 1


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_command_of_a_battle_is_answered_to_the_one_who_ran_it_alone(
    server: DiscordServer, anna: Person, is_slow: bool
) -> None:
    ben = server.person("Ben")
    guild = server.guild("Home", [anna, ben])
    desk = Scripted([Notice("The lobby is open", is_receipt=True)])
    async with running(server, desk) as app:
        app.defer_after_s = 0 if is_slow else 60
        desk.open.clear() if is_slow else None
        made = await ben.runs("battle", where=guild) if is_slow else None
        desk.open.set()
        made = made or await ben.runs("battle", where=guild)
        assert (await ben.sees("The lobby is open")).ephemeral
    assert made.answer == (DEFER if is_slow else MESSAGE)
    assert (len(ben.messages), anna.messages) == (1, [])


async def test_typed_words_need_no_receipt(server: DiscordServer, anna: Person) -> None:
    async with running(server, Scripted([Notice("You are in", is_receipt=True)], [Notice("No such battle")])):
        await anna.says("/battle join K7MQ2X")
        await anna.says("/battle join K7MQ2Y")
        await anna.sees("No such battle")
    assert len(anna.messages) == 1


@pytest.mark.parametrize("is_slow", [False, True])
async def test_an_answer_with_nothing_to_see_is_an_answer(server: DiscordServer, anna: Person, is_slow: bool) -> None:
    guild = server.guild("Home", [anna])
    desk = Scripted([])
    async with running(server, desk) as app:
        await app.send(_chat(guild), LOBBY)
        app.defer_after_s = 0 if is_slow else 60
        acts: list[tuple[Callable[[], Awaitable[Interaction]], int]] = [
            (lambda: anna.presses("Join"), DEFER_UPDATE),
            (lambda: anna.runs("battle", where=guild), DEFER),
            (lambda: anna.runs("calendar", where=guild), DEFER),
        ]
        for act, answer in acts:
            desk.open.clear() if is_slow else None
            made = await act()
            desk.open.set()
            assert made.answer == answer
            await asyncio.wait_for(_while_loading(anna), 5)
    assert [message.text for message in anna.messages] == ["Quiz battle\nWho plays?"]
    assert server.failures == []


async def _while_loading(person: Person) -> None:
    while any(message.loading for message in person.messages):
        await person._world.change()


# Edits


async def test_a_message_in_a_room_or_in_private_is_edited(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        for chat in (_chat(guild), str(anna.id)):
            receipt = await app.send(chat, LOBBY)
            assert isinstance(receipt, Delivered)
            for view in (SHARED, SHARED):  # the same again is no fault
                assert await app.edit(chat, receipt.message, view) == receipt
            assert (anna.last.text, anna.last.labels, str(anna.last.id)) == (
                "Who sits when",
                [["Show mine"]],
                receipt.message,
            )
            assert await app.edit(chat, receipt.message, View((Span("Over"),), (), PICTURE)) == receipt
            assert (anna.last.text.partition("\n")[0], anna.last.labels, list(files(server, anna.last))) == (
                "Over",
                [],
                ["picture.png"],
            )
            assert await app.close(chat, receipt.message) == receipt
        assert app._client is not None
        assert not app._client._connection._view_store._views


async def test_a_message_that_is_gone_or_not_ours_has_vanished(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    theirs = await anna.says("mine", where=guild)
    async with running(server, Scripted([])) as app:
        receipt = await app.send(_chat(guild), LOBBY)
        assert isinstance(receipt, Delivered)
        server.world.delete(server.world.messages[int(receipt.message)])
        for message in (receipt.message, str(theirs.id), "5", "", "x", "٣"):
            assert await app.edit(_chat(guild), message, NEWS) == Vanished(), message
        assert await app.edit("nowhere", "5", NEWS) == Vanished()


async def test_what_hinders_an_edit_is_told_as_of_a_sending(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    app = DiscordApp(Scripted([]), server.token)
    assert isinstance(await app.edit("c1", "2", NEWS), Failed)
    async with running(server, Scripted([])) as app:
        receipt = await app.send(_chat(guild), LOBBY)
        assert isinstance(receipt, Delivered)
        server.flood(retry_after=9.5, method="PATCH")
        assert await app.edit(_chat(guild), receipt.message, NEWS) == TooFast(9.5, everyone=False)
        server.refuse(status=503, method="PATCH")
        assert isinstance(await app.edit(_chat(guild), receipt.message, NEWS), Failed)
        assert isinstance(await app.edit("1", receipt.message, NEWS), Gone)
        for code in (50001, 10003):
            server.closes(guild, code)
            assert isinstance(await app.edit(_chat(guild), receipt.message, NEWS), Gone)


async def test_messages_and_edits_that_discord_has_room_for_are_not_put_off(
    server: DiscordServer, anna: Person
) -> None:
    guild = server.guild("Home", [anna])
    server.rates.enforced = True
    async with running(server, Scripted([])) as app:
        views = [View((Span(str(number)),)) for number in range(limit("channel_edits") - 1)]
        sent = [await app.send(_chat(guild), view) for view in views]
        assert all(isinstance(receipt, Delivered) for receipt in sent)
        message = anna.last
        edited = [await app.edit(_chat(guild), str(message.id), view) for view in views]
        assert edited == [Delivered(str(message.id))] * len(views)
    (shown,) = [seen for seen in anna.messages if seen.id == message.id]
    assert len(shown.edited_s) == shown.edits == len(views)
    assert shown.sent_s < shown.edited_s[0] < shown.edited_s[-1]
    assert server.invalid_requests == 0


# Threads


async def test_a_thread_branches_off_with_its_first_message(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        chat = await _branched(app, guild)
        first = await app.send(chat, View((Span("Round 1 of 10\nWhich one?"),)))
        second = await app.send(chat, NEWS)
        assert isinstance(first, Delivered)
        assert isinstance(second, Delivered)
        assert await app.send(chat, NEWS) == second
        (thread,) = guild.threads
        assert (thread.name, str(thread.id), thread.auto_archive_min) == ("Round 1 of 10", chat.partition("/t")[2], 60)
        assert [seen.text for seen in anna.sees_in(thread)] == ["Round 1 of 10\nWhich one?", "News"]
        assert await app.edit(chat, first.message, SHARED) == first
        assert anna.sees_in(thread)[0].text == "Who sits when"
        assert len(anna.sees_in(guild)) == 1
        before = len(server.calls)
        await app.send(chat, SHARED)
        assert len(server.calls) == before + 1


async def test_a_thread_that_somebody_else_has_begun_is_used(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        chat = await _branched(app, guild)
        views = [View((Span(f"Round {number}"),)) for number in range(4)]
        receipts = await asyncio.gather(*(app.send(chat, view) for view in views))
        assert all(isinstance(receipt, Delivered) for receipt in receipts)
        (thread,) = guild.threads
        assert sorted(seen.text for seen in anna.sees_in(thread)) == [view.text for view in views]


@pytest.mark.parametrize(
    "hindrance", ["may not begin one", "may not write there", "voice", "deleted", "locked", "busy"]
)
async def test_what_no_thread_takes_stands_in_the_channel(server: DiscordServer, anna: Person, hindrance: str) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        chat = await _branched(app, guild)
        match hindrance:
            case "may not begin one":
                guild.forbids(THREADS)
            case "may not write there":
                guild.forbids(IN_THREADS)
            case "voice":
                guild.channel.kind = VOICE
            case "busy":
                server.refuse(status=400, code=160006, path="/threads")
            case _:
                await app.send(chat, NEWS)
                (thread,) = guild.threads
                thread.is_archived = thread.is_locked = True
                guild.forbids(discord.Permissions(manage_threads=True))
                if hindrance == "deleted":
                    server.closes(thread, 10003)
        receipt = await app.send(chat, SHARED)
        assert isinstance(receipt, Delivered)
        shown = await anna.sees("Who sits when", ever=True)
        assert (str(shown.id), shown.where) == (receipt.message, "#general")
        assert await app.edit(chat, receipt.message, NEWS) == receipt
        assert (await anna.sees("News", where=guild, ever=True)).id == shown.id
        before = len(server.calls)
        await app.send(chat, View((Span("Round 2"),)))
        assert len(server.calls) == before + 1  # what was refused is not asked for again
        async with running(server, Scripted([])) as another:  # which knows of nothing
            assert await another.edit(chat, receipt.message, SHARED) == receipt
            server.world.delete(server.world.messages[shown.id])
            assert await another.edit(chat, receipt.message, NEWS) == Vanished()


async def test_a_thread_whose_message_or_channel_is_gone(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        nowhere = f"{_chat(guild)}/t5"
        receipt = await app.send(nowhere, NEWS)
        assert isinstance(receipt, Delivered)
        assert anna.last.where == "#general"
        chat = await _branched(app, guild)
        assert isinstance(await app.send(chat, NEWS), Delivered)
        server.closes(guild, 10003)
        assert isinstance(await app.send(chat, SHARED), Gone)
        assert isinstance(await app.edit(chat, receipt.message, SHARED), Gone)


async def test_a_thread_that_has_to_wait_is_not_given_up(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    async with running(server, Scripted([])) as app:
        chat = await _branched(app, guild)
        server.flood(retry_after=9.5, path="/threads")
        assert await app.send(chat, NEWS) == TooFast(9.5, everyone=False)
        server.refuse(status=503, path="/threads")
        assert isinstance(await app.send(chat, NEWS), Failed)
        assert isinstance(await app.send(chat, NEWS), Delivered)
    assert [thread.name for thread in guild.threads] == ["News"]
    assert len(anna.sees_in(guild)) == 1


async def test_in_a_forum_there_is_no_room_to_write_in(server: DiscordServer, anna: Person) -> None:
    guild = server.guild("Home", [anna])
    guild.channel.kind = FORUM
    thread = server.thread(guild, "A post", anna)
    desk = Scripted([Notice("Noted")])
    async with running(server, desk) as app:
        await anna.runs("battle", where=thread)
        place = desk.taken[0].place
        assert place.spot is not None
        assert place.room is not None
        assert isinstance(await app.send(place.spot, NEWS), Delivered)
        assert isinstance(await app.send(place.room, NEWS), Gone)


async def test_a_quiz_is_asked_in_words_and_buttons(server: DiscordServer, anna: Person) -> None:
    view = View((Span("Which one?"),), LOBBY.rows, quiz=Quiz("Which?", ("a", "b"), frozenset({0}), 20))
    async with running(server, Scripted([])) as app:
        assert await app.send(str(anna.id), view) == Delivered(str(anna.last.id))
    assert (anna.last.text, anna.last.labels, anna.last.payload.get("poll")) == ("Which one?", [["Join"]], None)


async def test_a_name_on_discord_steers_nothing(server: DiscordServer) -> None:
    evil = server.person("Eve\u202e\n" + "x" * 99)
    desk = Scripted([Show(NEWS)])
    async with running(server, desk):
        await evil.runs("today")
    assert [incoming.name for incoming in desk.taken] == ["Eve " + "x" * 60]
    assert desk.taken[0].intent == Today()


# Pushes


async def test_a_push_goes_to_the_direct_messages(chat: DiscordChat) -> None:
    receipt = await chat.app.send(chat.account, NEWS)
    assert receipt == Delivered(str(chat.person.last.id))
    await chat.taps("Help")
    await chat.sees("/review")


async def test_the_daily_question_arrives(world: World) -> None:
    async with open_discord(world) as chat:
        await chat.runs("start")
        for label in ("Skip", "Skip", WORDS("not-booked-yet"), "Skip", "Skip"):
            await chat.taps(label)
        await chat.sees(WORDS("ready-head"))
        world.clock.waits(hours=9)
        await chat.sees(WORDS("push-head"))


async def test_the_same_push_sent_twice_is_seen_once(chat: DiscordChat) -> None:
    first = await chat.app.send(chat.account, NEWS)
    assert await chat.app.send(chat.account, NEWS) == first
    assert len(chat.person.messages) == 1
    assert await chat.app.send(chat.account, View((Span("More"),))) != first


@pytest.mark.parametrize(
    ("code", "expected"), [(50007, Gone), (50278, Gone), (40003, TooFast)], ids=["closed", "no server", "too fast"]
)
async def test_a_closed_door_is_told(chat: DiscordChat, code: int, expected: type[Receipt]) -> None:
    chat.person.closes_dms(code)
    assert isinstance(await chat.app.send(chat.account, NEWS), expected)
    chat.person.opens_dms()
    assert isinstance(await chat.app.send(chat.account, NEWS), Delivered)


@pytest.mark.parametrize("nobody", ["1", "not a number"])
async def test_nobody_is_gone(chat: DiscordChat, nobody: str) -> None:
    assert isinstance(await chat.app.send(nobody, NEWS), Gone)


async def test_a_long_pause_is_told_and_a_short_one_waited_out(chat: DiscordChat) -> None:
    await chat.app.send(chat.account, NEWS)
    chat.server.flood(retry_after=9.5, path="/messages")
    assert await chat.app.send(chat.account, View((Span("2"),))) == TooFast(9.5, everyone=False)
    chat.server.flood(retry_after=0.02, path="/messages")
    assert isinstance(await chat.app.send(chat.account, View((Span("3"),))), Delivered)
    chat.server.flood(retry_after=7, path="/messages", via=False)
    receipt = await chat.app.send(chat.account, View((Span("4"),)))
    assert isinstance(receipt, TooFast)
    assert receipt.everyone
    assert receipt.wait_s >= 7


async def test_a_fault_of_discord_is_a_failure(chat: DiscordChat) -> None:
    chat.server.refuse(status=503, path="/messages")
    assert isinstance(await chat.app.send(chat.account, NEWS), Failed)
    await chat.app.stop()
    assert isinstance(await chat.app.send(chat.account, NEWS), Failed)


async def test_old_buttons_work_after_a_restart(chat: DiscordChat) -> None:
    await chat.runs("quiz")
    await chat.app.stop()
    async with running(chat.server, Desk(chat.core.tutor, chat.core.workers)):
        await chat.taps("C")
        await chat.sees("Your answer: C")


async def test_the_library_remembers_no_message(chat: DiscordChat) -> None:
    await chat.runs("settings")
    await chat.taps("Time zone")
    await chat.types("Type a city", "Lisbon")
    await chat.app.send(chat.account, NEWS)
    client = chat.app._client
    assert client is not None
    views = client._connection._view_store
    remembered = [views._views, views._modals, views._synced_message_views, client._connection._messages]
    assert not any(remembered)


async def test_a_broken_connection_is_resumed(chat: DiscordChat) -> None:
    chat.server.gateway.drop()
    await chat.server.resumed(1)
    await chat.runs("help")
    await chat.sees("/review")
    assert chat.server.gateway.identified == 1


async def test_the_commands_are_registered_once(chat: DiscordChat) -> None:
    assert {command["name"] for command in chat.server.commands} >= {"start", "quiz", "today", "settings", "help"}
    assert all(command["contexts"] == [0, 1, 2] for command in chat.server.commands)
    assert all(command["integration_types"] == [0, 1] for command in chat.server.commands)
    await chat.app.stop()
    async with running(chat.server, Desk(chat.core.tutor, chat.core.workers)):
        assert [call.method for call in chat.server.calls if call.path.endswith("/commands")] == ["GET", "PUT", "GET"]


async def test_a_wrong_token_is_named(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async with open_discord(world) as chat:
        await chat.app.stop()
        desk = Desk(chat.core.tutor, chat.core.workers)
        with pytest.raises(PlatformError, match="TMINUS_DISCORD_TOKEN"):
            await DiscordApp(desk, "wrong", chat.server.api_url, chat.server.gateway_url).start()
        chat.server.gateway._token = lambda: "another"  # the API knows the token, the Gateway no longer
        with pytest.raises(PlatformError, match="TMINUS_DISCORD_TOKEN"):
            await DiscordApp(desk, chat.server.token, chat.server.api_url, chat.server.gateway_url).start()
    assert not caplog.records


def test_refused_intents_are_told_as_such() -> None:
    assert "intents" in str(_refusal(discord.PrivilegedIntentsRequired(0)))


async def test_a_discord_that_is_away_is_tried_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async with open_discord(world) as chat:
        await chat.app.stop()
        chat.server.refuse(2, status=503, path="/users/@me")
        app = DiscordApp(
            Desk(chat.core.tutor, chat.core.workers), chat.server.token, chat.server.api_url, chat.server.gateway_url
        )
        app.retry_s = 0.01
        await app.start()
        await chat.runs("help")
        await chat.sees("/review")
        await app.stop()
    assert caplog.text.count("can't be reached") == 2


async def test_a_stop_lets_the_answer_under_way_end(world: World) -> None:
    async with open_discord(world) as chat:
        await chat.app.stop()
        desk = SlowDesk(chat.core)
        async with running(chat.server, desk) as app:
            app.defer_after_s = 0.01
            await chat.runs("help")
            stopping = asyncio.create_task(app.stop())
            desk.release.set()
            await stopping
            await chat.sees("/review")


async def test_the_token_and_what_people_write_are_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_discord(world) as chat:
        await chat.runs("start")
        await chat.taps("Skip")
        await chat.types("Type a city", "Nowhereville")
        await chat.sees("Nowhereville")
        chat.server.gateway.drop()
        await chat.server.resumed(1)
        chat.server.refuse(status=503, path="/messages")
        await chat.app.send(chat.account, NEWS)
        token = chat.server.token
    assert token not in caplog.text
    assert "Nowhereville" not in caplog.text


async def test_the_library_at_debug_says_no_token_through_the_filter(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.app._quiet_library", lambda: None)
    for name in ("discord", "discord.client", "discord.state"):
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(Redact(["test.token"]))
    async with open_discord(world) as chat:
        await chat.runs("help")
        await chat.taps(chat.labels[0])
        await chat.says("the token is test.token")
        await chat.sees("/today")
        chat.server.gateway.drop()
        await chat.server.resumed(1)
    assert "WebSocket Event" in caplog.text
    assert BLANK in caplog.text
    assert "test.token" not in caplog.text
