"""The conversation in a terminal, run in this process on real pipes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest

from adapters.desk import Desk
from adapters.terminal.app import TerminalApp
from adapters.terminal.lines import Piped
from bot.chat.incoming import Incoming
from bot.chat.intent import Help, Next
from bot.chat.view import Button, File, Picture, Reply, Span, View
from bot.domain.ids import AskId
from bot.ports import Channel, Delivered, Failed
from bot.present.words import words_for
from tests.adapters.gallery import png
from tests.adapters.small_pack import small_pack
from tests.dialogues.chat import World
from tests.dialogues.terminal_chat import ACCOUNT, TerminalChat, WatchedPipe, open_terminal
from tests.store.engines import on_sqlite

pytestmark = on_sqlite
PUSHED = View((Span("A push"),), ((Button("Next", Next(AskId(1)), primary=True),),))


@pytest.fixture
def small(world: World, tmp_path: Path) -> World:
    """A world whose pack has two concepts: one asked by a single choice, one by a multiple response."""
    world.content = small_pack(tmp_path)
    return world


@pytest.fixture
async def chat(small: World) -> AsyncIterator[TerminalChat]:
    async with open_terminal(small) as chat:
        yield chat


async def _to_the_multiple_response(chat: TerminalChat) -> None:
    await chat.enters("/quiz")
    for line in ("a", "3", ""):
        await chat.enters(line)
    assert "Submit" in chat.labels


async def test_a_script_is_welcomed_and_enter_brings_the_first_question(chat: TerminalChat) -> None:
    assert "Welcome" in chat.screen
    assert "Question" not in chat.screen
    await chat.enters("")
    await chat.sees("Question 1 of 10")


async def test_an_unknown_key_changes_nothing(chat: TerminalChat) -> None:
    await chat.enters("/quiz")
    for key in ("9", "z", ""):
        await chat.enters(key)
        await chat.sees("Press one of the keys shown")
    await chat.enters("b")
    await chat.sees("How sure are you?")


async def test_words_that_mean_nothing_leave_the_keys_as_they_were(chat: TerminalChat) -> None:
    await chat.enters("/quiz")
    await chat.enters("hello there")
    await chat.sees(words_for("en")("unclear"))
    await chat.enters("b")
    await chat.sees("How sure are you?")


async def test_a_marked_letter_shows_the_keys_and_not_the_question_again(chat: TerminalChat) -> None:
    await _to_the_multiple_response(chat)
    await chat.enters("b")
    assert chat.since == "> b\n\n✓ B  1 Submit\n\n"
    await chat.enters("b")
    assert chat.since == "> b\n\n1 Submit\n\n"


async def test_several_letters_are_the_whole_answer(chat: TerminalChat) -> None:
    await _to_the_multiple_response(chat)
    await chat.enters("e")
    await chat.enters("D, b")
    await chat.sees("Your answer: B, D. How sure are you?")


async def test_too_many_letters_are_not_handed_in(chat: TerminalChat) -> None:
    await _to_the_multiple_response(chat)
    await chat.enters("abc")
    assert chat.since == "> abc\n\n✓ A  ✓ B  1 Submit (Enter)\n\nChoose two, then submit.\n\n"


async def test_too_few_letters_are_not_handed_in(chat: TerminalChat) -> None:
    await _to_the_multiple_response(chat)
    await chat.enters("b")
    await chat.enters("1")
    assert chat.since == "> 1\n\nChoose two, then submit.\n\n"


async def test_where_a_value_is_typed_the_keys_are_letters(chat: TerminalChat) -> None:
    await chat.enters("/settings")
    await chat.taps("Minutes")
    await chat.enters("25")
    await chat.sees("Minutes a day: 25")
    await chat.taps("Minutes")
    await chat.enters("c")
    await chat.sees("Minutes a day: 30")


async def test_a_push_prints_and_its_keys_are_the_ones_pressed(chat: TerminalChat, small: World) -> None:
    await chat.enters("/start")
    for line in ("b", "Berlin", "not booked yet", "10:02", "c"):
        await chat.enters(line)
    small.clock.waits(minutes=2)
    await chat.sees("Your question of the day")
    await chat.enters("a")
    await chat.sees("Question 1 of 3")


async def test_a_push_keeps_the_promise_of_a_channel(chat: TerminalChat) -> None:
    channel: Channel = chat.app
    assert isinstance(await channel.send("somebody else", PUSHED), Failed)
    assert isinstance(await channel.send(ACCOUNT, PUSHED), Delivered)
    await chat.sees("A push")
    await chat.enters("q")
    assert isinstance(await channel.send(ACCOUNT, PUSHED), Failed)


async def test_a_pushed_file_is_saved_and_its_path_said(chat: TerminalChat) -> None:
    view = View((Span("Your plan"),), (), File("plan.ics", "text/calendar", b"BEGIN:VCALENDAR"))
    assert isinstance(await chat.app.send(ACCOUNT, view), Delivered)
    await chat.sees("Your plan")
    assert chat.files == {"plan.ics": b"BEGIN:VCALENDAR"}
    path = chat.app.newest_saved and chat.app.newest_saved.path
    assert f"Saved: {path}\n" in chat.screen


async def test_a_pushed_picture_is_told_and_saved(chat: TerminalChat) -> None:
    await chat.app.send(ACCOUNT, View((Span("Your weeks"),), (), Picture(png(), "Week 1: learn.")))
    await chat.sees("Week 1: learn.")
    assert chat.alt == "Week 1: learn."
    assert chat.files == {"picture.png": png()}
    await chat.app.send(ACCOUNT, PUSHED)
    assert (chat.alt, chat.files) == ("", {})


async def test_hostile_input_is_repeated_without_its_escapes(chat: TerminalChat) -> None:
    await chat.enters("\x1b]0;owned\x07\x1b[2Jhello \x00 there")
    assert chat.since.startswith("> hello  there\n")
    await chat.enters("/\x1b[31mquizz")
    await chat.sees("no command /quizz")


async def test_commands_domains_and_topics_are_completed(chat: TerminalChat) -> None:
    assert ("/quiz", "Questions on everything, a domain or a topic") in await chat.app._suggest("/qu")
    assert ("/quiz streams", "streams") in await chat.app._suggest("/quiz str")
    assert ("/quiz data", "data") in await chat.app._suggest("/quiz ")
    assert await chat.app._suggest("/help ") == []
    assert await chat.app._suggest("/energy L") == [("/energy low", "")]
    assert len(await chat.app._suggest("/energy ")) == 2
    assert await chat.app._suggest("b") == []


class UnluckyDesk(Desk):
    """A desk whose turns fail for one intent."""

    async def handle(self, incoming: Incoming) -> list[Reply]:
        if incoming.intent == Help():
            raise RuntimeError("the roof fell in")
        return await super().handle(incoming)


@asynccontextmanager
async def _running(world: World, pipe: Piped, desk: type[Desk] = Desk) -> AsyncIterator[asyncio.Task[None]]:
    core = world.core()
    app = TerminalApp(desk(core.tutor, core.workers), lines=pipe, account=ACCOUNT)
    try:
        yield asyncio.create_task(app.run())
    finally:
        core.close()


async def test_a_turn_that_fails_is_logged_and_the_conversation_goes_on(
    small: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script, screen = tmp_path / "script", StringIO()
    script.write_text("/help\n/today")  # the last line without its end
    with script.open() as source:
        async with _running(small, Piped(source.fileno(), screen, {}), UnluckyDesk) as run:
            await asyncio.wait_for(run, 5)
    assert "Something went wrong on my side" in screen.getvalue()
    assert "questions done" in screen.getvalue()
    assert "the roof fell in" in caplog.text


async def test_no_input_at_all_is_a_short_visit(small: World) -> None:
    screen = StringIO()
    source = os.open(os.devnull, os.O_RDONLY)
    async with _running(small, Piped(source, screen, {})) as run:
        await asyncio.wait_for(run, 5)
    os.close(source)
    assert screen.getvalue().endswith("Until next time.\n\n")


async def test_being_stopped_while_waiting_says_goodbye(small: World) -> None:
    source, typed = os.pipe()
    pipe = WatchedPipe(source, StringIO())
    async with _running(small, pipe) as run:
        await asyncio.wait_for(pipe.waits.wait(), 5)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    os.close(typed)
    pipe.join()
    os.close(source)
    assert pipe.text.endswith("Until next time.\n\n")
