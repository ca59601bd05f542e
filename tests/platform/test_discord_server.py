"""The test server is a Discord to the real discord.py, as strict as the documentation."""

import asyncio
import contextlib
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from tests.platform.discord_checks import Json
from tests.platform.discord_limits import LIMITS, limit
from tests.platform.discord_people import TOO_LATE, Person
from tests.platform.discord_server import DiscordServer
from tests.platform.discord_world import AUTOCOMPLETE, COMMAND, COMPONENT, FORUM, THREAD, VOICE, Channel, Guild

TOPICS = ["kinesis", "kinematics", "optics"]


class Answer(ui.DynamicItem[ui.Button[ui.View]], template=r"answer:(?P<letter>[A-D])"):
    """A button that survives a restart."""

    def __init__(self, letter: str) -> None:
        super().__init__(ui.Button(label=letter, custom_id=f"answer:{letter}"))
        self.letter = letter

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "Answer":
        return cls(match["letter"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.letter == "D":
            await interaction.response.defer()
            await interaction.edit_original_response(content="Edited later", view=None)
        else:
            text = "Right" if self.letter == "B" else "Wrong"
            await interaction.response.edit_message(content=text, view=None)


class Plan(ui.Modal, title="Your exam"):
    """One field, the old way."""

    date: ui.TextInput["Plan"] = ui.TextInput(label="When?", max_length=10)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await interaction.response.send_message(f"Booked {self.date.value}", ephemeral=True)


class Labelled(ui.Modal, title="Feedback"):
    """Fields in labels, a select among them."""

    mood: ui.Label["Labelled"] = ui.Label(
        text="Mood", component=ui.Select(options=[discord.SelectOption(label="Good", value="g")])
    )
    words: ui.Label["Labelled"] = ui.Label(text="Words", component=ui.TextInput(required=False))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        mood, words = self.mood.component, self.words.component
        assert isinstance(mood, ui.Select)
        assert isinstance(words, ui.TextInput)
        await interaction.response.edit_message(content=f"{mood.values[0]} {words.value}", view=None)


class Menu(ui.View):
    """A select and a button that opens a modal."""

    @ui.select(placeholder="Which exam?", options=[discord.SelectOption(label="Physics", value="phy")])
    async def pick(self, interaction: discord.Interaction[Any], select: "ui.Select[Menu]") -> None:
        await interaction.response.send_message(f"Picked {select.values[0]}")

    @ui.button(label="Tell us")
    async def tell(self, interaction: discord.Interaction[Any], _button: "ui.Button[Menu]") -> None:
        await interaction.response.send_modal(Labelled())


class Bot(discord.Client):
    """A small bot with one of everything."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or discord.Intents.default(), guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self.errors: list[BaseException] = []
        self.resumes = 0
        self.release = asyncio.Event()
        self.taken: list[discord.Interaction[Any]] = []

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.taken.append(interaction)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identifies at once; the library sleeps 5 s here."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Answer)
        self.tree.error(self.on_command_error)
        install = app_commands.allowed_installs(guilds=True, users=True)
        anywhere = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)

        async def quiz(interaction: discord.Interaction[Any], topic: str, n: int = 1, hard: bool = False) -> None:
            view = ui.View(timeout=None)
            for letter in "ABCD":
                view.add_item(Answer(letter))
            embed = discord.Embed(title=f"{topic} x{n}", description="Which one?").set_footer(text="1 of 5")
            await interaction.response.send_message("Question", embed=embed, view=view)

        async def choices(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=name.title(), value=name) for name in TOPICS if current in name]

        command: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name="quiz", description="Asks", callback=quiz
        )
        command.autocomplete("topic")(choices)
        self.tree.add_command(install(anywhere(command)))
        self._add_slow_commands()
        self._add_forms()
        await self.tree.sync()

    def _add_slow_commands(self) -> None:
        @self.tree.command(description="Sends a secret")
        async def secret(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message("psst", ephemeral=True)

        @self.tree.command(description="Takes its time")
        async def slow(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.defer(thinking=True, ephemeral=True)
            await self.release.wait()
            await interaction.followup.send("At last")

        @self.tree.command(description="Answers too late")
        async def late(interaction: discord.Interaction[Any]) -> None:
            await self.release.wait()
            await interaction.response.send_message("Too late")

    def _add_forms(self) -> None:
        @self.tree.command(description="Only in servers")
        @app_commands.guild_only()
        async def lobby(interaction: discord.Interaction[Any], friend: discord.Member) -> None:
            await interaction.response.send_message(f"{friend.display_name} joins")

        @self.tree.command(description="Opens a modal")
        async def plan(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_modal(Plan())

        @self.tree.command(description="Shows a menu")
        async def menu(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message("Menu", view=Menu())

        group = app_commands.Group(name="exam", description="Exams")

        @group.command(name="set", description="Sets it")
        @app_commands.choices(level=[app_commands.Choice(name="Advanced", value=2)])
        async def set_exam(interaction: discord.Interaction[Any], level: app_commands.Choice[int]) -> None:
            await interaction.response.send_message(f"Level {level.value} {interaction.locale}")

        self.tree.add_command(group)

    async def on_command_error(
        self, _interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        self.errors.append(error.__cause__ or error)

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        self.heard.append(message.content)
        if message.content == "hello":
            await message.channel.send("Hi!", reference=message)

    async def on_resumed(self) -> None:
        self.resumes += 1


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as made:
        with made.wired():
            yield made


@contextlib.asynccontextmanager
async def running(server: DiscordServer, bot: Bot | None = None) -> AsyncIterator[Bot]:
    bot = bot or Bot()
    task = asyncio.create_task(bot.start(server.token))
    try:
        await server.online()
        yield bot
    finally:
        await bot.close()
        await task


@pytest.fixture
async def anna(server: DiscordServer) -> Person:
    anna = server.person("Anna", locale="de")
    server.guild("Home", [anna])
    return anna


@pytest.fixture
async def bot(server: DiscordServer, anna: Person) -> AsyncIterator[Bot]:
    async with running(server) as made:
        yield made


async def test_the_library_logs_in_and_becomes_ready(server: DiscordServer, bot: Bot) -> None:
    await asyncio.wait_for(bot.wait_until_ready(), 5)
    assert bot.user is not None
    assert (bot.user.name, bot.application_id) == ("tminus", server.world.bot.id)
    assert [guild.name for guild in bot.guilds] == ["Home"]
    assert "quiz" in {command["name"] for command in server.commands}


async def test_a_wrong_token_is_refused_by_both_sides(server: DiscordServer) -> None:
    with pytest.raises(discord.LoginFailure):
        async with Bot() as bot:
            await bot.login("wrong")
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as ws:
        await ws.receive_json()
        await ws.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        assert (await ws.receive()).data == 4004


async def test_a_privileged_intent_is_refused_until_it_is_granted(server: DiscordServer) -> None:
    intents = discord.Intents.default()
    intents.message_content = True
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with Bot(intents) as refused:
            await refused.start(server.token)
    server.allow_intents(intents.value)
    async with running(server, Bot(intents)):
        assert server.gateway.connected()


async def test_a_dropped_connection_is_resumed_and_what_was_missed_is_replayed(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    server.gateway.drop()
    (session,) = server.gateway.sessions.values()
    while session.socket is not None:
        await server.world.change()
    await anna.says("while you were away")
    await server.resumed(1)
    await anna.says("hello")
    await anna.sees("Hi!")
    assert bot.heard == ["while you were away", "hello"]
    assert (server.gateway.identified, bot.resumes) == (1, 1)


async def test_a_requested_reconnect_resumes_and_an_invalid_session_identifies_anew(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    server.gateway.ask_reconnect()
    await server.resumed(1)
    server.gateway.invalidate(resumable=True)
    await server.resumed(2)
    server.gateway.invalidate()
    while server.gateway.identified < 2:
        await server.world.change()
    server.gateway.forget()
    server.gateway.drop()
    while server.gateway.identified < 3:
        await server.world.change()
    await anna.says("hello")
    await anna.sees("Hi!")


async def test_the_gateway_closes_on_who_breaks_its_rules(server: DiscordServer) -> None:
    good = {"token": server.token, "intents": 1, "properties": {}}
    cases: list[tuple[Any, int]] = [
        ({"op": 99}, 4001),
        ("no json", 4002),
        ({"op": 1, "d": "x" * 5000}, 4002),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": good | {"shard": [2, 2]}}, 4010),
        ({"op": 2, "d": good | {"intents": 1 << 40}}, 4013),
        ({"op": 2, "d": good | {"intents": 1 << 1}}, 4014),
    ]
    async with aiohttp.ClientSession() as session:
        for sent, code in cases:
            async with session.ws_connect(server.gateway_url + "?v=10&encoding=json") as ws:
                assert (await ws.receive_json())["op"] == 10
                await ws.send_str(sent if isinstance(sent, str) else json.dumps(sent))
                assert (await ws.receive()).data == code, sent
        async with session.ws_connect(server.gateway_url) as ws:
            await ws.receive_json()
            await ws.send_json({"op": 2, "d": good | {"shard": [0, 1]}})
            ready = await ws.receive_json()
            await ws.send_json({"op": 2, "d": good})
            while (message := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
            assert message.data == 4005
        async with session.ws_connect(server.gateway_url) as ws:
            await ws.receive_json()
            resume = {"token": server.token, "session_id": ready["d"]["session_id"], "seq": 1000}
            await ws.send_json({"op": 6, "d": resume})
            assert (await ws.receive()).data == 4007


async def test_an_interaction_goes_to_the_shard_of_its_server(server: DiscordServer, anna: Person) -> None:
    seen: dict[int, list[str]] = {0: [], 1: []}
    guild = server.guild("Class", [anna])
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(server.gateway_url) for _ in seen]
        for number, ws in enumerate(sockets):
            await ws.receive_json()
            body = {"token": server.token, "intents": 0, "properties": {}, "shard": [number, 2]}
            await ws.send_json({"op": 2, "d": body})
            await ws.receive_json()
        shard = (guild.id >> 22) % 2
        server.world.interaction(COMMAND, anna.account, guild.channel, {"name": "in the server"})
        server.world.interaction(COMMAND, anna.account, anna.dm, {"name": "in private"})
        for number in {shard, 0}:
            seen[number].append((await sockets[number].receive_json())["d"]["data"]["name"])
            if shard == 0:
                seen[number].append((await sockets[number].receive_json())["d"]["data"]["name"])
        assert "in the server" in seen[shard]
        assert "in private" in seen[0]
        for ws in sockets:
            await ws.close()


async def test_a_command_shows_a_question_and_a_tap_edits_it(server: DiscordServer, anna: Person, bot: Bot) -> None:
    made = await anna.runs("quiz", topic="kinesis", n=5)
    assert anna.last.text == "Question\nkinesis x5\nWhich one?\n1 of 5"
    assert anna.last.labels == [["A", "B", "C", "D"]]
    assert made.ack_s is not None
    await anna.presses("B")
    shown = await anna.sees("Right")
    assert (shown.edits, shown.labels, len(anna.messages)) == (1, [], 1)


async def test_a_deferred_tap_edits_the_message_later(server: DiscordServer, anna: Person, bot: Bot) -> None:
    await anna.runs("quiz", topic="kinesis")
    made = await anna.presses("D")
    assert made.answer == 6
    assert (await anna.sees("Edited later")).edits == 1


async def test_autocomplete_returns_the_choices(server: DiscordServer, anna: Person, bot: Bot) -> None:
    assert await anna.types_option("quiz", "topic", "kin") == [("Kinesis", "kinesis"), ("Kinematics", "kinematics")]
    with pytest.raises(AssertionError, match="no autocomplete"):
        await anna.types_option("quiz", "n", "5")


async def test_an_ephemeral_answer_is_for_one_person(server: DiscordServer, anna: Person, bot: Bot) -> None:
    ben = server.person("Ben")
    guild = server.guild("Class", [anna, ben])
    await anna.runs("secret", where=guild)
    assert (await anna.sees("psst")).ephemeral
    assert ben.messages == []
    await anna.runs("quiz", topic="optics", where=guild)
    await ben.presses("A")
    await ben.sees("Wrong")


async def test_a_first_followup_takes_the_place_of_thinking(server: DiscordServer, anna: Person, bot: Bot) -> None:
    made = await anna.runs("slow")
    assert anna.last.loading
    assert made.shown_s is None
    bot.release.set()
    shown = await anna.sees("At last")
    assert (shown.ephemeral, shown.loading, shown.edits, len(anna.messages)) == (True, False, 0, 1)
    assert made.shown_s is not None


async def test_an_answer_after_the_deadline_is_an_unknown_interaction(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    server.deadline_s = 0.05
    made = await anna.runs("late")
    assert made.failed
    assert server.failures == [made]
    await anna.sees(TOO_LATE)
    bot.release.set()
    await _until(lambda: bool(bot.errors))
    error = bot.errors[0]
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062


async def test_the_clock_fails_what_waits_too_long(server: DiscordServer, anna: Person, bot: Bot) -> None:
    waiting = asyncio.create_task(anna.runs("late"))
    await _until(lambda: bool(server.interactions))
    server.waits(3.1)
    assert (await waiting).failed


async def test_modals_are_filled_by_their_labels(server: DiscordServer, anna: Person, bot: Bot) -> None:
    await anna.runs("plan")
    with pytest.raises(AssertionError, match="1 to 10 characters"):
        await anna.fills("exam", {"When?": "x" * 11})
    await anna.fills("exam", {"When?": "2027-01-31"})
    assert (await anna.sees("Booked 2027-01-31")).ephemeral
    await anna.runs("menu")
    await anna.presses("Tell")
    await anna.fills("Feedback", {"Mood": "Good", "Words": "fine"})
    assert (await anna.sees("g fine")).edits == 1


async def test_a_select_is_answered_by_labels(server: DiscordServer, anna: Person, bot: Bot) -> None:
    await anna.runs("menu")
    await anna.selects("Which exam?", "Physics")
    await anna.sees("Picked phy")
    with pytest.raises(AssertionError, match="No option"):
        await anna.selects("Which exam?", "Magic", message=anna.messages[0])


async def test_a_forged_tap_arrives_as_it_was_sent(server: DiscordServer, anna: Person, bot: Bot) -> None:
    await anna.runs("quiz", topic="optics")
    question = anna.last
    await anna.presses_id(question, "answer:C")
    await anna.sees("Wrong")
    server.deadline_s = 0.02
    assert (await anna.presses_id(question, "answer:Z")).failed


async def test_the_client_does_not_send_a_wrong_command(server: DiscordServer, anna: Person, bot: Bot) -> None:
    ben = server.person("Ben")
    guild = server.guild("Class", [anna, ben])
    wrong: list[tuple[Callable[[], Any], str]] = [
        (lambda: anna.runs("quizz"), "No command 'quizz'"),
        (lambda: anna.runs("quiz"), "needs the option 'topic'"),
        (lambda: anna.runs("quiz", topic="x", m=1), "No option of /quiz 'm'"),
        (lambda: anna.runs("quiz", topic="x", n="5"), "takes int"),
        (lambda: anna.runs("quiz", topic="x", n=True), "takes int"),
        (lambda: anna.runs("exam"), "needs a subcommand"),
        (lambda: anna.runs("exam set", level=3), "none of the choices"),
        (lambda: anna.runs("lobby", friend=ben), "not for direct messages"),
        (lambda: server.person("Cleo").runs("secret"), "out of Cleo's reach"),
        (lambda: server.person("Dan").runs("quiz", topic="x", where=guild), "not in general"),
    ]
    for act, words in wrong:
        with pytest.raises(AssertionError, match=words):
            await act()
    await anna.runs("lobby", friend=ben, where=guild)
    await ben.sees("Ben joins")
    await anna.runs("exam set", level="Advanced")
    await anna.sees("Level 2 de")


async def test_a_wait_in_vain_prints_the_chat(server: DiscordServer, anna: Person, bot: Bot) -> None:
    await anna.runs("quiz", topic="optics")
    with pytest.raises(AssertionError, match=r"(?s)'Right'.*Question.*\[A\] \[B\]"):
        await anna.sees("Right", timeout=0.01)
    await anna.says("thanks")
    with pytest.raises(AssertionError, match=r"'Question'"):
        await anna.sees("Question", timeout=0.01)
    await anna.sees("Question", ever=True)


async def test_words_in_a_server_are_hidden_unless_they_mention_the_bot(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    guild = server.guild("Class", [anna])
    await anna.says("hello", where=guild)
    await anna.says(f"<@{server.world.bot.id}> hi", where=guild)
    await anna.says("hello")
    await anna.sees("Hi!")
    assert bot.heard == ["", f"<@{server.world.bot.id}> hi", "hello"]


@pytest.mark.parametrize("code", [50007, 50278, 40003])
async def test_closed_direct_messages_are_forbidden(server: DiscordServer, anna: Person, bot: Bot, code: int) -> None:
    anna.closes_dms(code)
    user = await bot.fetch_user(anna.id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("psst")
    assert refused.value.code == code
    anna.opens_dms()
    sent = await user.send("hello again")
    await anna.sees("hello again")
    await sent.edit(content="edited")
    await anna.sees("edited")
    await sent.delete()
    assert anna.messages == []


async def test_the_library_waits_out_a_429(server: DiscordServer, anna: Person, bot: Bot) -> None:
    user = await bot.fetch_user(anna.id)
    await user.create_dm()
    server.flood(2, retry_after=0.02, path="/messages")
    await user.send("patience")
    server.flood(retry_after=0.02, path="/messages", everywhere=True)
    await user.send("patience, all of you")
    assert [call.status for call in server.calls if call.path.endswith("/messages")] == [429, 429, 200, 429, 200]
    server.flood(path="/messages", via=False)
    with pytest.raises(discord.HTTPException) as banned:
        await user.send("banned")
    assert banned.value.status == 429
    server.refuse(status=403, code=20026, message="quarantined", path="/messages")
    with pytest.raises(discord.Forbidden):
        await user.send("refused")


async def test_files_arrive_with_their_descriptions(server: DiscordServer, anna: Person, bot: Bot) -> None:
    user = await bot.fetch_user(anna.id)
    sent = await user.send(file=discord.File(io.BytesIO(b"png"), "plan.png", description="The week"))
    await anna.sees("[plan.png: The week]")
    assert server.world.files[sent.attachments[0].id] == b"png"
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(attachments=[])
    assert refused.value.code == 50006


def _png(name: str = "plan.png", content: bytes = b"png", about: str | None = None) -> discord.File:
    return discord.File(io.BytesIO(content), name, description=about)


async def test_a_picture_in_an_embed_is_nowhere_else_until_the_embed_lets_it_go(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    user = await bot.fetch_user(anna.id)
    embed = discord.Embed().set_image(url="attachment://plan.png")
    sent = await user.send(embed=embed, file=_png(about="The week"))
    assert sent.attachments == []
    assert (sent.embeds[0].image.url or "").startswith("https://cdn.discordapp.com/attachments/")
    assert (anna.last.alt, [name for name, _ in anna.last.files]) == ("The week", ["plan.png"])
    edited = await sent.edit(content="No picture", embed=None)
    assert [file.filename for file in edited.attachments] == ["plan.png"]  # out it jumps
    assert (await sent.edit(attachments=[])).attachments == []
    again = await sent.edit(embed=embed, attachments=[_png(content=b"new")])
    assert again.attachments == []
    assert [server.world.files[number] for _, number in anna.last.files] == [b"new"]


@pytest.mark.parametrize("url", ["attachment://other.png", "attachment://", "ftp://example.org/x", "plan.png://"])
async def test_an_embed_shows_no_picture_that_did_not_come_with_it(anna: Person, bot: Bot, url: str) -> None:
    user = await bot.fetch_user(anna.id)
    for embed in (discord.Embed().set_image(url=url), discord.Embed().set_thumbnail(url=url)):
        with pytest.raises(discord.HTTPException) as refused:
            await user.send("x", embed=embed, file=_png())
        assert (refused.value.status, refused.value.code) == (400, 50035)
        assert "Scheme" in refused.value.text


async def test_files_are_held_to_their_limits(anna: Person, bot: Bot) -> None:
    user = await bot.fetch_user(anna.id)
    most, longest = limit("attachment_bytes"), limit("attachment_description")
    await user.send(file=_png(content=bytes(most)))
    await user.send(file=_png(about="x" * longest))
    await user.send(files=[_png() for _ in range(limit("attachments"))])
    for kept, code in ((_png(content=bytes(most + 1)), 40005), (_png(about="x" * (longest + 1)), 50035)):
        with pytest.raises(discord.HTTPException) as refused:
            await user.send(file=kept)
        assert refused.value.code == code


async def test_a_files_name_is_kept_in_plain_letters(anna: Person, bot: Bot) -> None:
    user = await bot.fetch_user(anna.id)
    sent = await user.send(file=_png("Mein Plan (März).png"))
    assert sent.attachments[0].filename == "Mein_Plan_M_rz_.png"


async def test_a_server_that_the_bot_is_not_in_is_closed_to_it(server: DiscordServer, anna: Person, bot: Bot) -> None:
    abroad = server.guild("Abroad", [anna], has_bot=False)
    made = await anna.runs("quiz", where=abroad, topic="optics")
    assert made.answer == 4
    assert made.owners() == {"1": str(anna.id)}
    with pytest.raises(discord.Forbidden) as refused:
        await bot.get_partial_messageable(abroad.channel.id).send("Hello")
    assert refused.value.code == 50001
    assert "Abroad" not in [guild.name for guild in bot.guilds]
    anna.uninstalls()
    with pytest.raises(AssertionError, match="out of Anna's reach"):
        await anna.runs("quiz", where=abroad, topic="optics")


@pytest.mark.parametrize(("code", "status"), [(10003, 404), (50001, 403), (50013, 403)])
async def test_a_channel_can_be_taken_from_the_bot(
    server: DiscordServer, anna: Person, bot: Bot, code: int, status: int
) -> None:
    guild = server.guild("Class", [anna])
    channel = bot.get_partial_messageable(guild.channel.id)
    await channel.send("Hello")
    server.closes(guild, code)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("Hello?")
    assert (refused.value.status, refused.value.code) == (status, code)


THREADS = discord.Permissions(create_public_threads=True)


async def _branched(bot: Bot, guild: Guild, name: str = "Battle") -> discord.Thread:
    """A thread from a message of the bot."""
    await bot.wait_until_ready()
    channel = bot.get_channel(guild.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await (await channel.send("Lobby")).create_thread(name=name, auto_archive_duration=60)


async def test_a_thread_branches_off_a_message_once_and_has_its_id(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    guild = server.guilds["Home"]
    thread = await _branched(bot, guild)
    starter = anna.last
    assert (thread.id, thread.parent_id, thread.name) == (starter.id, guild.channel.id, "Battle")
    assert (thread.type, thread.auto_archive_duration) == (discord.ChannelType.public_thread, 60)
    assert starter.payload["thread"]["id"] == str(starter.id)
    sent = await thread.send("Round 1")
    shown = await anna.sees("Round 1")
    assert (shown.where, shown.payload["channel_id"]) == ("#Battle", str(thread.id))
    await sent.edit(content="Round 2")
    assert [message.text for message in anna.sees_in(guild.threads[0])] == ["Round 2"]
    fetched = await bot.get_partial_messageable(guild.channel.id, guild_id=guild.id).fetch_message(starter.id)
    assert fetched.flags.has_thread
    assert fetched.thread == thread
    with pytest.raises(discord.HTTPException) as refused:
        await fetched.create_thread(name="Again")
    assert (refused.value.status, refused.value.code) == (400, 160004)


async def test_a_thread_needs_a_message_a_channel_that_has_threads_and_permission(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    guild = server.guilds["Home"]
    thread = await _branched(bot, guild)
    channel = bot.get_channel(guild.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Another lobby")
    inside = await thread.send("Round 1")

    async def refusal(of: int, where: int) -> int:
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.start_thread_with_message(where, of, name="x", auto_archive_duration=60)
        return refused.value.code

    assert await refusal(5, channel.id) == 10008
    assert await refusal(message.id, 5) == 10003
    assert await refusal(inside.id, thread.id) == 50024
    guild.channel.kind = VOICE
    assert await refusal(message.id, channel.id) == 50024
    guild.channel.kind = 0
    guild.forbids(THREADS)
    assert await refusal(message.id, channel.id) == 50013
    server.closes(guild, 50001)
    assert await refusal(message.id, channel.id) == 50001


async def test_a_thread_goes_with_its_channel_and_by_itself(server: DiscordServer, anna: Person, bot: Bot) -> None:
    guild = server.guilds["Home"]
    thread = await _branched(bot, guild)
    message = await thread.send("Round 1")
    guild.forbids(discord.Permissions(send_messages_in_threads=True))
    await message.edit(content="Round 2")  # who may not write may still edit
    for closed, code in ((None, 50013), (guild.threads[0], 10003), (guild, 50001)):
        if closed is not None:
            server.closes(closed, code)
        with pytest.raises(discord.HTTPException) as refused:
            await thread.send("Round 3")
        assert refused.value.code == code
        guild.threads[0].closed = None
    with pytest.raises(discord.Forbidden):
        await message.edit(content="Round 3")


async def test_an_archived_thread_opens_by_writing_and_is_edited_only_open(
    server: DiscordServer, anna: Person, bot: Bot
) -> None:
    guild = server.guilds["Home"]
    thread = await _branched(bot, guild)
    message = await thread.send("Round 1")
    place = guild.threads[0]
    place.is_archived = True
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="Round 2")
    assert (refused.value.status, refused.value.code) == (400, 50083)
    await thread.send("Round 2")
    assert not place.is_archived
    place.is_archived = place.is_locked = True
    guild.forbids(discord.Permissions(manage_threads=True))
    with pytest.raises(discord.HTTPException) as refused:
        await thread.send("Round 3")
    assert refused.value.code == 50083


async def test_in_a_forum_no_message_stands_alone(server: DiscordServer, anna: Person, bot: Bot) -> None:
    guild = server.guilds["Home"]
    guild.channel.kind = FORUM
    with pytest.raises(discord.HTTPException) as refused:
        await bot.get_partial_messageable(guild.channel.id).send("Hello")
    assert refused.value.code == 50008


async def test_an_interaction_in_a_thread_names_its_parent(server: DiscordServer, anna: Person) -> None:
    guild = server.guilds["Home"]
    thread = server.thread(guild, "Chatter", anna)
    async with running(server, Bot(discord.Intents.none())) as bot:  # nothing cached
        await anna.runs("quiz", where=thread, topic="optics")
        assert (await anna.sees("Question")).where == "#Chatter"
        await anna.presses("B")
        await anna.sees("Right")
        for taken in bot.taken:
            assert isinstance(taken.channel, discord.Thread)
            assert (taken.channel.id, taken.channel.parent_id) == (thread.id, guild.channel.id)
            assert taken.channel.type.value == THREAD
            assert taken.channel.owner_id == anna.id


async def test_an_interaction_tells_what_its_person_may_do(server: DiscordServer, anna: Person, bot: Bot) -> None:
    ben, cleo = server.person("Ben"), server.person("Cleo")
    guild = server.guild("Class", [anna, ben, cleo])
    guild.promote(cleo)
    guild.promote(cleo, discord.Permissions(manage_messages=True))
    guild.forbids(THREADS)
    for person in (anna, ben, cleo):
        await person.runs("secret", where=guild)
    may = [(taken.permissions.manage_guild, taken.permissions.administrator) for taken in bot.taken]
    assert may == [(True, True), (False, False), (True, False)]
    assert [taken.permissions.manage_messages for taken in bot.taken] == [True, False, True]
    assert not any(taken.app_permissions.create_public_threads for taken in bot.taken)
    await anna.runs("secret")
    assert not bot.taken[-1].permissions.value


async def test_it_is_told_when_a_message_was_sent_and_edited(server: DiscordServer, anna: Person, bot: Bot) -> None:
    user = await bot.fetch_user(anna.id)
    now_s = 100.0
    server.world.now_s = lambda: now_s
    sent = await user.send("Now")
    for now_s in (102.0, 104.5):
        await sent.edit(content=f"At {now_s}")
    assert (anna.last.sent_s, anna.last.edited_s, anna.last.edits) == (100.0, (102.0, 104.5), 2)


class Raw:
    """The API without a library, for what the library would not send."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.anna = server.person("Anna")
        self.commands = f"/applications/{server.world.bot.id}/commands"

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self.server.token}"}
        async with self.session.request(method, self.server.api_url + path, json=body, headers=headers) as response:
            assert response.headers.get("Content-Type", "application/json") == "application/json"
            return response.status, None if response.status == 204 else await response.json()

    async def send(self, body: Json) -> tuple[int, Any]:
        return await self.call("POST", f"/channels/{self.anna.dm.id}/messages", body)

    async def respond(
        self, kind: int, body: Json, *, source: int | None = None, data: Json | None = None
    ) -> tuple[int, Any]:
        world = self.server.world
        message = world.messages[source] if source else None
        made = world.interaction(kind, self.anna.account, self.anna.dm, data or {"name": "x"}, message)
        return await self.call("POST", f"/interactions/{made.id}/{made.token}/callback", body)


@pytest.fixture
async def raw(server: DiscordServer) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(server, session)


def _row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def _button(number: int = 0, **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": f"b{number}"} | more


def _select(**more: Any) -> Json:
    return {"type": 3, "custom_id": "s", "options": [{"label": "x", "value": "x"}]} | more


def _message(*parts: Any) -> Json:
    return {"content": "x", "components": list(parts)}


def _embed(**more: Any) -> Json:
    return {"embeds": [{"title": "x"} | more]}


def _text(length: int = 1) -> Json:
    return {"type": 10, "content": "x" * length}


def _v2(*parts: Json) -> Json:
    return {"flags": 1 << 15, "components": list(parts)}


def _option(**more: Any) -> Json:
    return _select(options=[{"label": "x", "value": "x"} | more])


def _sum(length: int) -> list[Json]:
    return [{"title": "x", "description": "x" * 3999}, {"description": "x" * (length - 4000)}]


MESSAGE_LIMITS: dict[str, tuple[Callable[[int], Json], str]] = {
    "content": (lambda n: {"content": "x" * n}, "content"),
    "embeds": (lambda n: {"embeds": [{"title": "x"}] * n}, "embeds"),
    "embed_title": (lambda n: _embed(title="x" * n), "embeds.0.title"),
    "embed_description": (lambda n: _embed(description="x" * n), "embeds.0.description"),
    "embed_fields": (lambda n: _embed(fields=[{"name": "x", "value": "x"}] * n), "embeds.0.fields"),
    "embed_field_name": (lambda n: _embed(fields=[{"name": "x" * n, "value": "x"}]), "embeds.0.fields.0.name"),
    "embed_field_value": (lambda n: _embed(fields=[{"name": "x", "value": "x" * n}]), "embeds.0.fields.0.value"),
    "embed_footer": (lambda n: _embed(footer={"text": "x" * n}), "embeds.0.footer.text"),
    "embed_author": (lambda n: _embed(author={"name": "x" * n}), "embeds.0.author.name"),
    "embed_sum": (lambda n: {"embeds": _sum(n)}, "embeds"),
    "rows": (lambda n: _message(*[_row(_button(i)) for i in range(n)]), "components"),
    "row_buttons": (lambda n: _message(_row(*[_button(i) for i in range(n)])), "components.0.components"),
    "row_selects": (
        lambda n: _message(_row(*[_select(custom_id=f"s{i}") for i in range(n)])),
        "components.0.components",
    ),
    "button_label": (lambda n: _message(_row(_button(label="x" * n))), "components.0.components.0.label"),
    "button_url": (
        lambda n: _message(_row({"type": 2, "style": 5, "label": "x", "url": "https://e.org/".ljust(n, "x")})),
        "components.0.components.0.url",
    ),
    "custom_id": (lambda n: _message(_row(_button(custom_id="x" * n))), "components.0.components.0.custom_id"),
    "select_options": (
        lambda n: _message(_row(_select(options=[{"label": "x", "value": str(i)} for i in range(n)]))),
        "components.0.components.0.options",
    ),
    "select_label": (lambda n: _message(_row(_option(label="x" * n))), "components.0.components.0.options.0.label"),
    "select_value": (lambda n: _message(_row(_option(value="x" * n))), "components.0.components.0.options.0.value"),
    "select_description": (
        lambda n: _message(_row(_option(description="x" * n))),
        "components.0.components.0.options.0.description",
    ),
    "select_placeholder": (
        lambda n: _message(_row(_select(placeholder="x" * n))),
        "components.0.components.0.placeholder",
    ),
    "v2_components": (lambda n: _v2({"type": 17, "components": [_text()] * (n - 1)}), "components"),
    "v2_text": (lambda n: _v2(_text(1000), _text(n - 1000)), "components"),
    "section_texts": (
        lambda n: _v2({"type": 9, "components": [_text()] * n, "accessory": _button()}),
        "components.0.components",
    ),
    "gallery_items": (
        lambda n: _v2({"type": 12, "items": [{"media": {"url": "https://e.org/x"}}] * n}),
        "components.0.items",
    ),
    "media_description": (
        lambda n: _v2({"type": 12, "items": [{"media": {"url": "https://e.org/x"}, "description": "x" * n}]}),
        "components.0.items.0.description",
    ),
    "nonce": (lambda n: {"content": "x", "nonce": "x" * n}, "nonce"),
}


def _at(errors: Json, path: str) -> Any:
    for step in path.split("."):
        errors = errors[step]
    return errors["_errors"]


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
async def test_a_message_at_the_limit_is_taken_and_one_beyond_refused(raw: Raw, name: str) -> None:
    build, path = MESSAGE_LIMITS[name]
    status, shown = await raw.send(build(limit(name)))
    assert status == 200, shown
    status, refused = await raw.send(build(limit(name) + 1))
    assert (status, refused["code"], refused["message"]) == (400, 50035, "Invalid Form Body")
    assert _at(refused["errors"], path)
    status, refused = await raw.respond(COMMAND, {"type": 4, "data": build(limit(name) + 1)})
    assert (status, refused["code"]) == (400, 50035)
    assert _at(refused["errors"]["data"], path)
    status, refused = await raw.call(
        "PATCH", f"/channels/{raw.anna.dm.id}/messages/{shown['id']}", build(limit(name) + 1)
    )
    assert status == 400 or name == "nonce"


WRONG_MESSAGES: list[tuple[Json, int, str]] = [
    ({"content": ""}, 50006, ""),
    ({"content": " \n"}, 50006, ""),
    ({"embeds": [{}]}, 50006, ""),
    ({"content": 5}, 50035, "content"),
    ({"content": "x", "components": "row"}, 50035, "components"),
    (_message("row"), 50035, "components.0"),
    ({"content": "x", "flags": 64}, 50035, "flags"),
    (_message(_row(_button(1), _button(1))), 50035, "components"),
    (_message(_row(_button(), _select())), 50035, "components.0.components"),
    (_message(_row(_button(custom_id=""))), 50035, "components.0.components.0.custom_id"),
    (_message(_row(_button(label=""))), 50035, "components.0.components.0"),
    (_message(_row()), 50035, "components.0.components"),
    (_message(_text()), 50035, "components.0.type"),
    (_message(_row(_select(options=[]))), 50035, "components.0.components.0.options"),
    (
        _message(_row(_select(options=[{"label": "x", "value": "x"}] * 2))),
        50035,
        "components.0.components.0.options.1.value",
    ),
    (_embed(fields=[{"name": " ", "value": "x"}]), 50035, "embeds.0.fields.0.name"),
    (_v2(_text()) | {"content": "x"}, 50035, "content"),
    (_v2(_text()) | {"embeds": [{"title": "x"}]}, 50035, "embeds"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, 50035, "message_reference"),
    ({"content": "x", "attachments": [{"id": 0, "filename": "nothing.png"}]}, 50035, "attachments"),
    ({"content": "x", "attachments": [{"filename": "no id"}]}, 50035, "attachments"),
    ({"content": "x", "attachments": "all"}, 50035, "attachments"),
]


@pytest.mark.parametrize(("body", "code", "path"), WRONG_MESSAGES)
async def test_a_wrong_message_is_refused_with_its_place(raw: Raw, body: Json, code: int, path: str) -> None:
    status, refused = await raw.send(body)
    assert (status, refused["code"]) == (400, code)
    if path:
        assert _at(refused["errors"], path)


def _input(**more: Any) -> Json:
    return _row({"type": 4, "custom_id": "i", "label": "x", "style": 1} | more)


def _modal(*parts: Json, **more: Any) -> Json:
    return {"custom_id": "m", "title": "x", "components": list(parts or [_input()])} | more


def _labelled(**more: Any) -> Json:
    return {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "i", "style": 1}} | more


MODAL_LIMITS: dict[str, tuple[Callable[[int], Json], str]] = {
    "modal_title": (lambda n: _modal(title="x" * n), "title"),
    "modal_inputs": (lambda n: _modal(*[_input(custom_id=f"i{i}") for i in range(n)]), "components"),
    "custom_id": (lambda n: _modal(custom_id="x" * n), "custom_id"),
    "input_value": (lambda n: _modal(_input(value="x" * n)), "components.0.components.0.value"),
    "input_label": (lambda n: _modal(_labelled(label="x" * n)), "components.0.label"),
    "input_description": (lambda n: _modal(_labelled(description="x" * n)), "components.0.description"),
    "input_placeholder": (lambda n: _modal(_input(placeholder="x" * n)), "components.0.components.0.placeholder"),
}


@pytest.mark.parametrize("name", MODAL_LIMITS)
async def test_a_modal_at_the_limit_is_taken_and_one_beyond_refused(raw: Raw, name: str) -> None:
    build, path = MODAL_LIMITS[name]
    assert await raw.respond(COMMAND, {"type": 9, "data": build(limit(name))}) == (204, None)
    status, refused = await raw.respond(COMMAND, {"type": 9, "data": build(limit(name) + 1)})
    assert (status, refused["code"]) == (400, 50035)
    assert _at(refused["errors"]["data"], path)


def _command(**more: Any) -> Json:
    return {"name": "quiz", "description": "x", "type": 1} | more


def _with_option(**more: Any) -> Json:
    return _command(options=[{"type": 3, "name": "topic", "description": "x"} | more])


def _options(count: int) -> Json:
    return _command(options=[{"type": 3, "name": f"o{i}", "description": "x"} for i in range(count)])


def _choice(**more: Any) -> Json:
    return _with_option(choices=[{"name": "x", "value": "x"} | more])


def _big(size: int) -> Json:
    def option(name: str, count: int, last: int) -> Json:
        choices = [{"name": f"{i:02}".ljust(100, "x"), "value": "x" * 100} for i in range(count)]
        choices.append({"name": "last", "value": "x" * last})
        return {"type": 3, "name": name, "description": "x", "choices": choices}

    # "quiz" and "x", two names and descriptions of options, 39 choices of 200 and two of "last" with a value.
    left = size - 5 - 4 - 39 * 200 - 8
    return _command(options=[option("a", 24, left - left // 2), option("b", 15, left // 2)])


COMMAND_LIMITS: dict[str, tuple[Callable[[int], Json], str]] = {
    "command_name": (lambda n: _command(name="x" * n), "name"),
    "command_description": (lambda n: _command(description="x" * n), "description"),
    "command_options": (_options, "options"),
    "command_choices": (
        lambda n: _with_option(choices=[{"name": str(i), "value": "x"} for i in range(n)]),
        "options.0.choices",
    ),
    "choice_name": (lambda n: _choice(name="x" * n), "options.0.choices.0.name"),
    "choice_value": (lambda n: _choice(value="x" * n), "options.0.choices.0.value"),
    "option_length": (lambda n: _with_option(max_length=n), "options.0.max_length"),
}


@pytest.mark.parametrize("name", COMMAND_LIMITS)
async def test_a_command_at_the_limit_is_taken_and_one_beyond_refused(raw: Raw, name: str) -> None:
    build, path = COMMAND_LIMITS[name]
    assert (await raw.call("POST", raw.commands, build(limit(name))))[0] == 201
    status, refused = await raw.call("PUT", raw.commands, [build(limit(name) + 1)])
    assert (status, refused["code"]) == (400, 50035)
    assert _at(refused["errors"]["0"], path)


async def test_a_command_of_8000_characters_is_the_largest(raw: Raw) -> None:
    assert (await raw.call("POST", raw.commands, _big(limit("command_sum"))))[0] == 201
    status, refused = await raw.call("POST", raw.commands, _big(limit("command_sum") + 1))
    assert (status, refused["errors"]["_errors"][0]["code"]) == (400, "APPLICATION_COMMAND_TOO_LARGE")


async def test_a_hundred_commands_are_taken_and_no_more(raw: Raw) -> None:
    many = [_command(name=f"c{i}") for i in range(limit("commands") + 1)]
    assert (await raw.call("PUT", raw.commands, many[:-1]))[0] == 200
    assert (await raw.call("POST", raw.commands, many[-1]))[1]["code"] == 30032
    assert (await raw.call("PUT", raw.commands, many))[1]["code"] == 30032


@pytest.mark.parametrize(
    "body",
    [
        _command(name="Quiz"),
        _command(name="two words"),
        _command(name=""),
        _command(description=""),
        _command(contexts=[]),
        _command(contexts=[3]),
        _command(name_localizations={"xx": "quiz"}),
        _command(name_localizations={"de": "Quiz"}),
        _with_option(type=12),
        _with_option(choices=[{"name": "x", "value": 1}]),
        _with_option(choices=[{"name": "x", "value": "x"}], autocomplete=True),
        _with_option(type=4, choices=[{"name": "x", "value": "x"}]),
        _command(options=[{"type": 3, "name": "a", "description": "x"}] * 2),
        _command(
            options=[
                {"type": 3, "name": "a", "description": "x"},
                {"type": 3, "name": "b", "description": "x", "required": True},
            ]
        ),
    ],
)
async def test_a_wrong_command_is_refused(raw: Raw, body: Json) -> None:
    assert (await raw.call("PUT", raw.commands, [body]))[1]["code"] == 50035
    assert (await raw.call("POST", raw.commands, body))[1]["code"] == 50035


async def test_commands_are_named_in_any_script_and_kept_updated(raw: Raw) -> None:
    status, shown = await raw.call("POST", raw.commands, _command(name="викторина"))
    assert status == 201
    assert (await raw.call("POST", raw.commands, _command(name="викторина")))[0] == 200
    path = f"{raw.commands}/{shown['id']}"
    assert (await raw.call("PATCH", path, {"description": "new"}))[1]["description"] == "new"
    assert (await raw.call("DELETE", path))[0] == 204
    assert (await raw.call("GET", path))[1]["code"] == 10063
    assert (await raw.call("GET", "/applications/5/commands"))[0] == 403


async def test_autocomplete_takes_25_choices_and_fits_no_other_interaction(raw: Raw) -> None:
    data = {"name": "quiz", "options": [{"name": "topic", "type": 3, "value": "k", "focused": True}]}

    def body(count: int) -> Json:
        return {"type": 8, "data": {"choices": [{"name": str(i), "value": "x"} for i in range(count)]}}

    assert (await raw.respond(AUTOCOMPLETE, body(25), data=data))[0] == 204
    assert (await raw.respond(AUTOCOMPLETE, body(26), data=data))[1]["code"] == 50035
    assert (await raw.respond(AUTOCOMPLETE, {"type": 4, "data": {"content": "x"}}, data=data))[1]["code"] == 50035
    assert (await raw.respond(COMMAND, body(1)))[1]["code"] == 50035


async def test_a_message_is_updated_only_by_a_tap_on_it(raw: Raw) -> None:
    _, message = await raw.send(_message(_row(_button())))
    source = int(message["id"])
    for kind in (6, 7):
        body = {"type": kind, "data": {"content": "new"}}
        assert (await raw.respond(COMMAND, body))[1]["code"] == 50035
        assert (await raw.respond(COMPONENT, body, source=source))[0] == 204
    assert raw.server.world.messages[source].body["content"] == "new"


async def test_an_interaction_is_acknowledged_once_and_its_token_lives_15_minutes(raw: Raw) -> None:
    world = raw.server.world
    made = world.interaction(COMMAND, raw.anna.account, raw.anna.dm, {"name": "x"})
    callback = f"/interactions/{made.id}/{made.token}/callback"
    webhook = f"/webhooks/{world.bot.id}/{made.token}"
    assert (await raw.call("POST", webhook, {"content": "early"}))[1]["code"] == 10015
    assert (await raw.call("POST", callback, {"type": 4, "data": {"content": ""}}))[1]["code"] == 50006
    status, answer = await raw.call("POST", callback + "?with_response=true", {"type": 5, "data": {"flags": 64}})
    assert (status, answer["interaction"]["response_message_loading"]) == (200, True)
    assert (await raw.call("POST", callback, {"type": 5}))[1] == {
        "message": "Interaction has already been acknowledged.",
        "code": 40060,
    }
    assert (await raw.call("PATCH", f"{webhook}/messages/@original", {"content": "done"}))[0] == 200
    assert raw.anna.last.text == "done"
    assert raw.anna.last.ephemeral
    status, second = await raw.call("POST", webhook, {"content": "more"})
    assert (await raw.call("GET", f"{webhook}/messages/{second['id']}"))[1]["content"] == "more"
    assert (await raw.call("GET", f"/channels/{raw.anna.dm.id}/messages/{raw.anna.messages[0].id}"))[1]["code"] == 10008
    raw.server.waits(limit("token_life_s") - 1)
    assert (await raw.call("DELETE", f"{webhook}/messages/@original"))[0] == 204
    assert (await raw.call("GET", f"{webhook}/messages/@original"))[1]["code"] == 10008
    raw.server.waits(2)
    assert (await raw.call("POST", webhook, {"content": "late"}))[1]["code"] == 50027
    assert (await raw.call("POST", f"/webhooks/{world.bot.id}/nonsense", {"content": "x"}))[1]["code"] == 10015


async def test_the_real_rates_are_enforced_when_asked(raw: Raw) -> None:
    raw.server.rates.enforced = True
    statuses = [(await raw.send({"content": "x"}))[0] for _ in range(limit("channel_messages") + 1)]
    assert statuses == [200] * limit("channel_messages") + [429]
    flooded = raw.server.calls[-1].answer
    assert 4 < flooded["retry_after"] <= 5
    assert not flooded["global"]
    for _ in range(limit("global_requests")):
        status, answer = await raw.call("GET", "/users/@me")
    assert (status, answer["global"]) == (429, True)
    assert raw.server.invalid_requests > 1


async def test_the_edits_of_a_channel_share_a_window_of_their_own(raw: Raw) -> None:
    guild = raw.server.guild("Class", [raw.anna])

    async def post(channel: Channel) -> str:
        _, shown = await raw.call("POST", f"/channels/{channel.id}/messages", {"content": "x"})
        return f"/channels/{channel.id}/messages/{shown['id']}"

    one, two, elsewhere = await post(guild.channel), await post(guild.channel), await post(raw.anna.dm)
    raw.server.rates.enforced = True
    most = limit("channel_edits")
    statuses = [(await raw.call("PATCH", (one, two)[i % 2], {"content": str(i)}))[0] for i in range(most + 1)]
    assert statuses == [200] * most + [429]
    assert 4 < raw.server.calls[-1].answer["retry_after"] <= 5
    assert (await raw.call("PATCH", elsewhere, {"content": "y"}))[0] == 200
    assert (await raw.call("POST", f"/channels/{guild.channel.id}/messages", {"content": "z"}))[0] == 200


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"auto_archive_duration": 61}, "auto_archive_duration"),
        ({"rate_limit_per_user": 21601}, "rate_limit_per_user"),
    ],
)
async def test_a_wrong_thread_is_refused_with_its_place(raw: Raw, more: Json, path: str) -> None:
    guild = raw.server.guild("Class", [raw.anna])
    messages = f"/channels/{guild.channel.id}/messages"
    _, shown = await raw.call("POST", messages, {"content": "x"})
    threads = f"{messages}/{shown['id']}/threads"
    status, refused = await raw.call("POST", threads, {"name": "x"} | more)
    assert (status, refused["code"]) == (400, 50035)
    assert _at(refused["errors"], path)
    status, made = await raw.call("POST", threads, {"name": "x" * limit("thread_name"), "auto_archive_duration": 60})
    assert (status, made["type"], made["thread_metadata"]["auto_archive_duration"]) == (201, 11, 60)
    assert (await raw.call("GET", f"/channels/{made['id']}"))[1]["parent_id"] == str(guild.channel.id)


async def test_a_route_that_is_not_there_is_recorded(raw: Raw) -> None:
    assert await raw.call("GET", "/voice/regions") == (404, {"message": "404: Not Found", "code": 0})
    assert [call.path for call in raw.server.unknown_calls] == ["/voice/regions"]
    raw.server.unknown_calls.clear()
    headers = {"Authorization": "Bot test.token"}
    with pytest.raises(AssertionError, match="/nowhere"):
        async with DiscordServer() as strict, raw.session.put(strict.api_url + "/nowhere", headers=headers):
            pass


async def test_a_history_is_read_in_pages_and_a_nonce_sends_once(raw: Raw) -> None:
    path = f"/channels/{raw.anna.dm.id}/messages"
    ids = [(await raw.send({"content": str(number)}))[1]["id"] for number in range(4)]
    shown = (await raw.call("GET", f"{path}?limit=2&before={ids[3]}"))[1]
    assert [message["content"] for message in shown] == ["2", "1"]
    shown = (await raw.call("GET", f"{path}?limit=2&after={ids[0]}"))[1]
    assert [message["content"] for message in shown] == ["2", "1"]
    assert (await raw.call("GET", f"{path}?limit=101"))[1]["code"] == 50035
    once = {"content": "once", "nonce": "n", "enforce_nonce": True}
    assert (await raw.send(once))[1]["id"] == (await raw.send(once))[1]["id"]
    assert (await raw.call("POST", "/users/@me/channels", {"recipient_id": "7"}))[1]["code"] == 50033
    assert (await raw.call("GET", "/channels/7"))[1]["code"] == 10003


def test_every_limit_has_a_source_and_a_name_of_its_own() -> None:
    assert len({line.name for line in LIMITS}) == len(LIMITS)
    assert all(line.source.startswith("https://docs.discord.com/developers/") for line in LIMITS)


async def test_another_process_drives_the_people(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-W", "ignore", "-m", "tests.platform.discord_server", "--token", "t"]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        api, gateway = (await process.stdout.readline()).decode().split()
        await _drive(api, gateway)
    finally:
        process.terminate()
        await process.wait()


async def _drive(api: str, gateway: str) -> None:
    control = api.removesuffix("/api/v10") + "/control"
    async with aiohttp.ClientSession() as session, session.ws_connect(gateway) as ws:

        async def post(name: str, /, **body: Any) -> tuple[int, Any]:
            async with session.post(f"{control}/{name}", json=body) as response:
                return response.status, await response.json()

        async def get(path: str) -> Any:
            async with session.get(f"{control}/{path}") as response:
                return await response.json()

        await ws.receive_json()
        await ws.send_json({"op": 2, "d": {"token": "t", "intents": 0, "properties": {}}})
        ready = (await ws.receive_json())["d"]
        app, bearer = ready["application"]["id"], {"Authorization": "Bot t"}
        async with session.put(f"{api}/applications/{app}/commands", json=[_command()], headers=bearer):
            pass
        assert (await post("person", name="Anna"))[0] == 200
        assert (await post("guild", name="Class", people=["Anna"]))[0] == 200
        assert (await post("do", who="Anna", do="runs", args=["nope"]))[0] == 409
        running = asyncio.create_task(post("do", who="Anna", do="runs", args=["quiz"], where="Class"))
        sent = (await ws.receive_json())["d"]
        body = {"type": 4, "data": {"content": "Question"}}
        async with session.post(f"{api}/interactions/{sent['id']}/{sent['token']}/callback", json=body):
            pass
        status, made = await running
        assert (status, made["answer"], made["failed"]) == (200, 4, False)
        assert 0 < made["ack_s"] < 1
        assert [shown["text"] for shown in await get("messages?who=Anna")] == ["Question"]
        assert [call["status"] for call in await get("calls?since=1")] == [204]
        assert len(await get("interactions?since=0")) == 1
        assert (await get("state"))["connected"] == 1


async def _until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline_s
        await asyncio.sleep(0.005)
