"""Views as Discord shows them: embeds for the words, rows of buttons and selects, a picture or a file."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import discord

from adapters.discord import markup
from bot.chat import codec
from bot.chat.intent import Open
from bot.chat.view import Button, File, Notice, Picture, Span, View

Json = dict[str, Any]

COLOR = 0x3F6FD8
MOST_IN_EMBED = 4096  # characters of one description
MOST_IN_MESSAGE = 6000  # characters over all embeds
MOST_ROWS = 5
MOST_IN_ROW = 5
MOST_OPTIONS = 25
MOST_LABEL = 80
MOST_OPTION_LABEL = 100
MOST_CUSTOM_ID = 100
MOST_CAPTION = 45  # characters of a modal's title and of its field's label
MOST_TITLE = 100  # characters of a thread's name
MOST_ALT = 1024  # characters
MOST_NOTICE = 900  # characters before escaping; a message holds 2000
BLANK = "\N{ZERO WIDTH SPACE}"
MORE = "…"
PICTURE = "picture.png"

ENTRY = "e"  # a button that opens a line to type in: `e|intent|caption`
SELECT = "s"  # a select: `s|number`; its options carry the intents

ROW, BUTTON, STRING_SELECT = 1, 2, 3  # component types
PRIMARY, SECONDARY = discord.ButtonStyle.success.value, discord.ButtonStyle.secondary.value

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]+")  # Discord takes nothing else in the name of a file

Placed = tuple[Button, str]  # a button, and what it carries


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs on a message."""

    name: str
    content: bytes
    about: str | None = None  # for those who can't see it


@dataclass(frozen=True, slots=True)
class Message:
    """What a message is sent with."""

    content: str | None
    embeds: list[discord.Embed]
    rows: list[Json]  # components as the API takes them
    attached: Attachment | None = None


def message(view: View) -> Message:
    """A view as a message; a picture stands below its words."""
    embeds: list[discord.Embed] = []
    if view.attached is None or view.text.strip():
        texts = _paged(_cut(markup.lines(view.spans)))
        embeds = [discord.Embed(description=text, color=COLOR) for text in texts]
    if isinstance(view.attached, Picture):
        embeds = embeds or [discord.Embed(color=COLOR)]
        embeds[-1].set_image(url=f"attachment://{PICTURE}")
    return Message(None, embeds, rows(view.rows), _attachment(view.attached))


def notice(words: Notice) -> Message:
    """A short word as a message."""
    return Message("\n".join(markup.lines([Span(cut(words.text, MOST_NOTICE))])), [], [])


def rows(wanted: Sequence[Sequence[Button]]) -> list[Json]:
    """Rows of components that Discord takes; a long choice becomes a select, what is there twice is shown once.

    More than five rows are laid out anew; of more than 125 choices the last are left out.
    """
    kept = _once(wanted)
    laid = [chunk for row in kept for chunk in _chunks(row, MOST_IN_ROW)]
    if len(laid) > MOST_ROWS:
        return _dense(kept)
    return [_buttons(row) for row in laid]


def title(view: View) -> str:
    """What a thread is called that begins with this message: what it says itself, or its first words."""
    first = next((line for line in (view.thread, *view.text.splitlines()) if line.strip()), "")
    return textwrap.shorten(first, MOST_TITLE, placeholder=MORE) if first else MORE


def custom_id(button: Button) -> str:
    """What a button carries: its intent, and the caption where it opens a line to type in."""
    text = codec.encode(button.intent)
    if button.entry and isinstance(button.intent, Open):
        return f"{ENTRY}|{text}|{cut(button.entry, MOST_CAPTION)}"[:MOST_CUSTOM_ID]
    return text


def cut(text: str, most: int) -> str:
    """The text, its end left out if it is too long; never empty."""
    text = text if text.strip() else BLANK
    return text if len(text) <= most else text[: most - 1] + MORE


def _attachment(attached: Picture | File | None) -> Attachment | None:
    match attached:
        case Picture(png, alt):
            return Attachment(PICTURE, png, cut(alt, MOST_ALT) if alt.strip() else None)
        case File(name, _, content):
            return Attachment(_UNFIT.sub("_", name).lstrip(".") or "file", content)
        case None:
            return None


def _cut(lines: list[str]) -> list[str]:
    """As many lines as a message holds."""
    if sum(map(len, lines)) + len(lines) <= MOST_IN_MESSAGE:
        return lines
    left = MOST_IN_MESSAGE - len(MORE)
    kept: list[str] = []
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return [*kept, MORE]


def _paged(lines: list[str]) -> list[str]:
    """The descriptions that hold these lines."""
    pages: list[str] = []
    page = ""
    for number, line in enumerate(lines):
        if number and len(page) + 1 + len(line) > MOST_IN_EMBED:
            pages.append(page)
            page = line
        else:
            page = f"{page}\n{line}" if number else line
    return [page if page.strip() else BLANK for page in [*pages, page]]


def _once(wanted: Sequence[Sequence[Button]]) -> list[list[Placed]]:
    known: set[str] = set()
    kept: list[list[Placed]] = []
    for row in wanted:
        new: list[Placed] = []
        for button in row:
            if (carried := custom_id(button)) not in known:
                known.add(carried)
                new.append((button, carried))
        if new:
            kept.append(new)
    return kept


def _dense(wanted: list[list[Placed]]) -> list[Json]:
    """Rows for what is too much as it stands: lists of alike one-button rows as selects, the rest as full rows."""
    built: list[Json] = []
    loose: list[Placed] = []
    for kind, run in groupby(wanted, key=_likeness):
        buttons = [button for row in run for button in row]
        if kind is not None and len(buttons) > 1:
            built += [_buttons(chunk) for chunk in _chunks(loose, MOST_IN_ROW)]
            loose = []
            built += _selects(buttons, len(built))
        else:
            loose += buttons
    built += [_buttons(chunk) for chunk in _chunks(loose, MOST_IN_ROW)]
    if len(built) <= MOST_ROWS:
        return built
    everything = [button for row in wanted for button in row]
    if len(everything) <= MOST_ROWS * MOST_IN_ROW:
        return [_buttons(chunk) for chunk in _chunks(everything, MOST_IN_ROW)]
    return _selects(everything, 0)[:MOST_ROWS]


def _likeness(row: list[Placed]) -> type | None:
    """What the row may share a select with, None if it had better stay a button."""
    button, _ = row[0]
    return type(button.intent) if len(row) == 1 and not button.entry and not button.primary else None


def _chunks(buttons: list[Placed], size: int) -> Iterable[list[Placed]]:
    return (buttons[start : start + size] for start in range(0, len(buttons), size))


def _buttons(row: list[Placed]) -> Json:
    return {"type": ROW, "components": [_button(button, carried) for button, carried in row]}


def _button(button: Button, carried: str) -> Json:
    style = PRIMARY if button.primary else SECONDARY
    return {"type": BUTTON, "style": style, "label": cut(button.label, MOST_LABEL), "custom_id": carried}


def _selects(buttons: list[Placed], number: int) -> list[Json]:
    """Selects over these choices, numbered from `number`; without a placeholder each reader's own app words it."""
    return [
        {
            "type": ROW,
            "components": [
                {
                    "type": STRING_SELECT,
                    "custom_id": f"{SELECT}|{number + place}",
                    "options": [
                        {"label": cut(button.label, MOST_OPTION_LABEL), "value": carried} for button, carried in chunk
                    ],
                }
            ],
        }
        for place, chunk in enumerate(_chunks(buttons, MOST_OPTIONS))
    ]
