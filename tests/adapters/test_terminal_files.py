"""Pictures and files in a terminal, from a desk that says what a test wants."""

import asyncio
from io import StringIO
from pathlib import Path

from adapters.desk import Desk
from adapters.terminal.app import TerminalApp
from adapters.terminal.lines import Piped
from bot.chat.incoming import Person
from bot.chat.intent import Today
from bot.chat.view import Button, File, Picture, Replace, Show, Span, View
from tests.adapters.gallery import HOSTILE, png
from tests.adapters.scripted_desk import Scripted

ACCOUNT = "learner"


async def _said(desk: Desk, folder: Path, *lines: str) -> str:
    """What is on the screen after these lines."""
    script, screen = folder / "script", StringIO()
    script.write_text("".join(f"{line}\n" for line in lines))
    with script.open() as source:
        pipe = Piped(source.fileno(), screen, {"COLUMNS": "60"})
        app = TerminalApp(desk, downloads=folder / "downloads", lines=pipe, account=ACCOUNT)
        await asyncio.wait_for(app.run(), 5)
    return screen.getvalue()


class Bare(Scripted):
    """A desk without a store behind it."""

    async def knows(self, person: Person) -> bool:  # noqa: ARG002
        return True


async def test_a_picture_that_stays_is_told_and_saved_once(tmp_path: Path) -> None:
    keys = ((Button("Today", Today(), primary=True),),)
    first = View((Span("Drawn"),), keys, Picture(png(), "Three weeks."))
    second = View((Span("Drawn\n\nNoted"),), keys, first.attached)
    screen = await _said(Bare([Show(first)], [Replace(second)]), tmp_path, "/plan", "")
    assert screen.count("Three weeks.") == screen.count("The picture: ") == 1
    assert "Noted" in screen


async def test_a_file_that_can_not_be_saved_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "downloads").touch()
    view = View((Span("Your plan"),), (), File(f"{HOSTILE}.ics", "text/calendar", b"x"))
    screen = await _said(Bare([Show(view)]), tmp_path, "/plan")
    assert "Your plan" in screen
    assert ".ics could not be saved: File exists" in screen
    assert "\u202e" not in screen


async def test_what_the_terminal_calls_a_person_is_their_login_name(tmp_path: Path) -> None:
    desk = Bare([Show(View((Span("Hello"),)))])
    await _said(desk, tmp_path, "/today")
    assert [(incoming.name, incoming.place.room) for incoming in desk.taken] == [(ACCOUNT, None)]
