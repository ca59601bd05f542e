"""Makes docs/conversation.png: a real conversation on the Telegram of our tests, drawn as two phones by Chromium.

Run it with `python -m docs.picture.make` from the project's root.
"""  # noqa: INP001 - a script, in no package

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from tests.dialogues.chat import World
from tests.dialogues.telegram_chat import TelegramChat, open_telegram
from tests.platform.telegram_world import Message

TEMPLATE = Path(__file__).with_name("template.html")
PICTURE = Path(__file__).parents[1] / "conversation.png"
HEAVIEST = 400_000  # bytes, so that the README opens fast

TOWN, ZONE, HOUR = "Berlin", ZoneInfo("Europe/Berlin"), "7:30"
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=ZONE)  # the day after the test world's first
QUESTION, MISTAKE = "An airport tests a bag classifier", "80 percent"  # short, and the answer many would give
FIRST_SEED, SEEDS = 23, 200  # the dice choose the question: thrown until it is ours

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, SCALE = 900, 1.5  # of the page in pixels; at 2 the picture is too heavy
PATIENCE_S = 60.0
QUIET = (  # no sandbox: root has none, and the page is ours
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--disable-lcd-text", "--font-render-hinting=none",
)  # fmt: skip

# A command in a message, which Telegram makes a link.
_COMMAND = re.compile(r"(?<!\S)/[a-z_]+")


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message."""

    label: str
    is_primary: bool
    is_tapped: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it looked at one moment."""

    html: str
    rows: tuple[tuple[Key, ...], ...]
    sent: datetime  # local; an edit keeps it
    is_hers: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is drawn."""

    hour: Bubble  # when she wants her daily question, in her words
    ready: Bubble
    question: Bubble
    verdict: Bubble  # in the question's place
    read_at: datetime


async def _conversation(seed: int) -> Conversation | None:
    """Sets up the daily question, waits for the morning and gets it wrong; None if it is another question."""
    with TemporaryDirectory() as folder:
        world = World(url=f"sqlite:///{folder}/picture.db", seed=seed)
        async with open_telegram(world) as chat:
            await _set_up(chat)
            ready = _seen(chat.person.last, world)
            hour = _seen(next(said for said in chat.person.chat.by_id.values() if said.text == HOUR), world)
            world.clock.now = MORNING
            await chat.sees("Your question of the day")
            if QUESTION not in chat.shown:
                return None
            letter = next(line[0] for line in chat.shown.splitlines() if line[1:] == f". {MISTAKE}")
            question = _seen(chat.person.last, world, letter)
            await chat.taps(letter)
            await chat.sees("How sure are you?")
            world.clock.waits(minutes=1)
            await chat.taps("Leaning")
            await chat.sees("What went wrong?")
            verdict = _seen(chat.person.last, world)
            return Conversation(hour, ready, question, replace(verdict, sent=question.sent), verdict.sent)


async def _set_up(chat: TelegramChat) -> None:
    await chat.runs("start")
    await chat.sees("Which exam")
    await chat.taps("Study")
    await chat.sees("Where are you")
    await chat.says(TOWN)
    await chat.sees("When do you sit")
    await chat.taps("Not booked yet")
    await chat.sees("daily question")
    await chat.says(HOUR)
    await chat.sees("How many minutes")
    await chat.taps("20 min")
    await chat.sees("You are set")


def _seen(message: Message, world: World, tapped: str = "") -> Bubble:
    keyboard = (message.markup or {}).get("inline_keyboard", [])
    rows = tuple(
        tuple(Key(key["text"], key.get("style") == "primary", key["text"] == tapped) for key in row) for row in keyboard
    )
    return Bubble(message.html, rows, world.clock.now.astimezone(ZONE), is_hers=not message.sender.is_bot)


def page(conversation: Conversation) -> str:
    """The conversation as an HTML page."""
    question, verdict = conversation.question, conversation.verdict
    left = (
        _day(conversation.hour),
        *map(_drawn, (conversation.hour, conversation.ready)),
        _day(question),
        _drawn(question),
    )
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        width=WIDTH,
        left="".join(left),
        left_time=_time(question.sent),
        right=_drawn(verdict),
        right_time=_time(conversation.read_at),
    )


def _drawn(bubble: Bubble) -> str:
    parts = re.split(r"(<[^>]+>)", bubble.html)
    text = "".join(
        part if part.startswith("<") else _COMMAND.sub(lambda command: f"<i>{command[0]}</i>", part) for part in parts
    )
    text = text.replace("</blockquote>\n", "</blockquote>")  # a quote ends its own line
    time = f"<time>{_time(bubble.sent)}</time>"
    if bubble.is_hers:
        return f'<div class="mine bubble">{text}{time}</div>'
    return f'<div class="bot"><div class="bubble">{text}{time}</div>{"".join(map(_row, bubble.rows))}</div>'


def _row(keys: Sequence[Key]) -> str:
    drawn = []
    for key in keys:
        looks = "key" + " primary" * key.is_primary + " tapped" * key.is_tapped
        drawn.append(f'<span class="{looks}">{escape(key.label)}</span>')
    return f'<div class="row">{"".join(drawn)}</div>'


def _day(bubble: Bubble) -> str:
    return f'<div class="day">{bubble.sent:%B} {bubble.sent.day}</div>'


def _time(at: datetime) -> str:
    return f"{at.hour}:{at:%M}"


def draw(html: str, chromium: str) -> None:
    """Writes the picture, as high as the page is."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(html, encoding="utf-8")

        scale = f"--force-device-scale-factor={SCALE}"  # lines may break elsewhere at another

        def browse(*options: str) -> str:
            command = [chromium, *QUIET, f"--user-data-dir={folder}/profile", scale, *options, source.as_uri()]
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603
            if done.returncode:
                sys.exit(f"{chromium} failed:\n{done.stderr}")
            return done.stdout

        measured = re.search(r'data-height="(\d+)"', browse("--dump-dom", f"--window-size={WIDTH},1000"))
        if measured is None:
            sys.exit(f"{TEMPLATE.name} does not say its height: its script did not run")
        size = f"--window-size={WIDTH},{measured[1]}"
        shot = Path(folder, "shot.png")
        browse(f"--screenshot={shot}", size)
        if not shot.exists():
            sys.exit(f"{chromium} wrote no picture")
        shutil.copyfile(shot, PICTURE)


async def converse() -> Conversation:
    """Throws the dice until the daily question is ours."""
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        if conversation := await _conversation(seed):
            return conversation
    sys.exit(f"With {SEEDS} seeds the daily question never began “{QUESTION}”: is it still in the pack?")


def main() -> None:
    """Makes the picture, or says why it can't."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.exit(
            f"Chromium is missing: none of {', '.join(CHROMIUM)} is on the PATH. "
            "On Debian and Ubuntu: apt install chromium fonts-liberation fonts-noto-color-emoji"
        )
    draw(page(asyncio.run(converse())), chromium)
    weight = PICTURE.stat().st_size
    print(f"{PICTURE}: {weight / 1000:.0f} kB")  # noqa: T201 - a script's answer
    if weight > HEAVIEST:
        sys.exit(f"That is more than {HEAVIEST / 1000:.0f} kB.")


if __name__ == "__main__":
    main()
