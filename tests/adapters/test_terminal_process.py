"""The terminal as a process of its own: on pipes, and on a terminal that pexpect holds."""

import difflib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pexpect
import pytest

from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Choose, Help, Intent
from bot.domain.learner import Field
from bot.settings import CHECKOUT
from tests.adapters.small_pack import small_pack
from tests.adapters.terminal_main import ACCOUNT
from tests.dialogues.chat import START, World
from tests.store.engines import on_sqlite

pytestmark = on_sqlite
GOLDEN = Path(__file__).parent / "golden" / "terminal_session.txt"
SESSION = (
    "/start",
    "a",
    "Lisbon",
    "not booked yet",
    "20",
    "25",
    "",
    "e",
    "b",
    "2",
    "1",
    "",
    "d",
    "a",
    "",
    "1",
    "bc",
    "3",
    "",
    "/progress",
)
PLAIN = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
CURSOR_SHOWN = "\x1b[?25h"
UP, CTRL_C, CTRL_D = "\x1b[A", "\x03", "\x04"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with one small pack."""
    return small_pack(tmp_path)


@pytest.fixture
def command(database_url: str, small: Path, tmp_path: Path) -> list[str]:
    """What starts the tutor in a terminal on a fresh database."""
    arguments = (database_url, str(small), START.isoformat(), str(tmp_path / "history"))
    return [sys.executable, "-m", "tests.adapters.terminal_main", *arguments]


@pytest.fixture
def shipped(command: list[str]) -> list[str]:
    """The same on the shipped packs."""
    command[4] = str(CHECKOUT / "content")
    return command


class Terminal:
    """A person at a terminal of 60 columns."""

    def __init__(self, command: list[str], **environ: str) -> None:
        self.child: pexpect.spawn[str] = pexpect.spawn(
            command[0], command[1:], env=PLAIN | environ, cwd=str(CHECKOUT), dimensions=(40, 60), encoding="utf-8"
        )
        self.child.delaybeforesend = None
        self.child.timeout = 20

    def sees(self, *texts: str) -> int:
        """Waits for one of the texts; which."""
        return self.child.expect_exact(list(texts))

    def types(self, keys: str) -> None:
        """Waits for the prompt and types."""
        self.sees(CURSOR_SHOWN)
        self.child.send(keys)

    def leaves(self, keys: str) -> int | None:
        """The exit code after these keys."""
        self.types(keys)
        self.sees("Until next time.")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def terminal(shipped: list[str]) -> Iterator[Terminal]:
    """A newcomer's terminal."""
    opened = Terminal(shipped)
    yield opened
    opened.child.close(force=True)


def test_a_session_on_a_pipe_reads_as_a_conversation(command: list[str]) -> None:
    script = "".join(f"{line}\n" for line in SESSION)
    done = subprocess.run(
        command, check=False, input=script, capture_output=True, text=True, timeout=30, env=PLAIN, cwd=CHECKOUT
    )
    assert (done.returncode, done.stderr) == (0, "")
    if not GOLDEN.exists():
        GOLDEN.write_text(done.stdout, encoding="utf-8")
        pytest.fail(f"{GOLDEN} was missing and is written: read it")
    expected = GOLDEN.read_text(encoding="utf-8")
    changes = difflib.unified_diff(expected.splitlines(), done.stdout.splitlines(), "golden", "now", lineterm="")
    assert done.stdout == expected, "\n".join(changes)


def test_an_interrupt_while_a_pipe_is_silent_ends_well(command: list[str]) -> None:
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=PLAIN,
        cwd=CHECKOUT,
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "Welcome to Tminus.\n"
        child.send_signal(signal.SIGINT)
        output, errors = child.communicate(timeout=20)
    assert output.endswith("Until next time.\n\n")
    assert (child.returncode, errors) == (0, "")


def test_a_reader_that_goes_away_ends_it_quietly(command: list[str]) -> None:
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=PLAIN,
        cwd=CHECKOUT,
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        child.stdout.close()
        child.stdin.write("/help\n/help\n")
        child.stdin.flush()
        assert child.wait(20) == 0
        assert child.stderr.read() == ""


def test_ten_questions_at_a_terminal(terminal: Terminal) -> None:
    terminal.sees("\x1b[1mWelcome to Tminus.")
    for number in range(1, 11):
        terminal.sees(f"Question {number} of 10")
        terminal.types("a\r")
        if terminal.sees("How sure are you?", "✓ A"):
            terminal.types("abc\r")
            if terminal.sees("How sure are you?", "Choose two, then submit."):
                terminal.types("ab\r")
                terminal.sees("How sure are you?")
        terminal.types("3\r")
        terminal.sees("It turns on")
        terminal.sees("(Enter)")
        terminal.types("\r")
    terminal.sees("of 10 right")
    assert terminal.leaves(CTRL_D) == 0


def test_the_lines_of_the_last_visit_are_there_and_ctrl_c_leaves(shipped: list[str], terminal: Terminal) -> None:
    terminal.sees("Question 1 of 10")
    terminal.types("/settings\r")
    terminal.sees("Your settings")
    assert terminal.leaves(CTRL_C) == 0
    again = Terminal(shipped, NO_COLOR="1")
    again.sees("0 of 16 questions done")
    again.types(f"{UP}\r")
    again.sees("Your settings")
    assert again.leaves("q\r") == 0


def test_without_colors_there_are_none(shipped: list[str]) -> None:
    plain = Terminal(shipped, NO_COLOR="1")
    plain.sees("Question 1 of 10")
    assert not re.search(r"\x1b\[[0-9;]*[1-9]m", plain.child.before or "")
    assert plain.leaves(CTRL_D) == 0


def test_a_push_prints_above_what_is_being_typed(command: list[str], small: Path, database_url: str) -> None:
    _remind_at_nine(World(database_url, content=small))
    command[5] = (START + timedelta(days=1, minutes=1)).isoformat()
    terminal = Terminal(command)
    terminal.sees("questions done")
    terminal.types("/hel")
    terminal.sees("Your question of the day")
    terminal.sees("> /hel")
    terminal.child.send("p\r")
    terminal.sees("Delete everything I know")
    assert terminal.leaves(CTRL_D) == 0


def _remind_at_nine(world: World) -> None:
    """Makes the learner known, with a daily question at nine."""
    core = world.core()
    intents: tuple[Intent, ...] = (Help(), Choose(Field.PUSH_TIME, "9:00"))
    for number, intent in enumerate(intents):
        core.tutor.handle(Incoming(str(number), Person("terminal", ACCOUNT), Place("terminal"), "en", intent))
    core.close()
