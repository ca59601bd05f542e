"""The real Discord adapter, discord.py and core against a strict local Discord."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from adapters.desk import Desk
from adapters.discord.app import DiscordApp, _refusal
from adapters.redact import BLANK, Redact
from bot.bootstrap import Core
from bot.chat.incoming import Incoming
from bot.chat.intent import Help
from bot.chat.view import Button, Reply, Span, View
from bot.errors import PlatformError
from bot.ports import Delivered, Failed, Gone, Receipt, TooFast
from bot.present.words import words_for
from tests.dialogues.chat import World
from tests.dialogues.discord_chat import DiscordChat, open_discord, plain
from tests.platform.discord_server import DiscordServer
from tests.platform.discord_world import Interaction

WORDS = words_for("en")
SURE = WORDS("picked", letters="B").partition("B")[2]  # how sure, asked once an answer is locked
NEWS = View((Span("News"),), ((Button("Help", Help()),),))
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
    assert "was not answered" in caplog.text


async def test_a_push_goes_to_the_direct_messages(chat: DiscordChat) -> None:
    receipt = await chat.app.send(chat.account, NEWS)
    assert receipt == Delivered(str(chat.person.last.id))
    await chat.taps("Help")
    await chat.sees("/review")


async def test_the_daily_question_arrives(world: World) -> None:
    async with open_discord(world) as chat:
        await chat.runs("start")
        for _ in range(4):
            await chat.taps("Skip")
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
