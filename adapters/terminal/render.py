"""From a view to text for a terminal."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style as Look
from rich.text import Text

from adapters.terminal.parse import keys_of
from bot.chat.view import Button, Picture, Span, Style, View
from bot.present.words import Words

WIDEST = 88  # columns; longer lines are hard to follow
NARROWEST = 10
STYLES = {Style.PLAIN: "", Style.STRONG: "bold", Style.CODE: "cyan", Style.QUOTE: "", Style.SPOILER: "dim"}
KEY_STYLE = "bold cyan"
GAP = "  "  # between keys

_OPTION = re.compile(r"(?P<mark>[✅❌] )?(?P<letter>[A-J]\. )")
# ECMA-48: control sequences, strings up to their terminator, and two-character escapes, in 7 and in 8 bits
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"  # of scripts and emoji; every other invisible character only hides something


@dataclass(frozen=True, slots=True)
class Screen:
    """What text is laid out for."""

    columns: int
    colors: bool

    @property
    def width(self) -> int:
        """The columns that are used."""
        return min(max(self.columns, NARROWEST), WIDEST)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a picture or a file, in words."""

    said: str
    path: Path | None = None  # as it stands in the words; None: it could not be saved


def plain(text: str) -> str:
    """Text without escape sequences, control characters and direction overrides: nothing that steers a terminal."""
    text = _BREAKS.sub("\n", _ESCAPES.sub("", text)).replace("\t", " ")
    return "".join(each for each in text if each in _JOINERS or each == "\n" or _is_seen(each))


def render(view: View, screen: Screen, words: Words, above: View | None = None, saved: Saved | None = None) -> str:
    """The words of a view, what its picture shows, where that or its file is, and the keys of its buttons.

    Where the view replaces one that stands `above` it, as a tapped message does, only what is new is given: after
    "B" the question is not shown again to ask how sure one is.
    """
    console = _console(screen)
    lines = _lines(view)
    if above is not None:
        lines = _trim(lines[_shared(_lines(above), lines) :])
    body = [piece for head, rest in _laid_out(lines) for piece in _wrap(rest, screen.width, console, head)]
    alt = view.attached.alt if isinstance(view.attached, Picture) and saved else ""
    blocks = (
        body,
        _plain_lines(alt, screen.width, console),
        [_saved_line(saved)] if saved else [],
        _key_lines(view, screen.width, words, console),
    )
    return "\n\n".join(_print(block, console) for block in blocks if block)


def render_text(text: str, screen: Screen) -> str:
    """One plain message."""
    console = _console(screen)
    return _print(_plain_lines(text, screen.width, console), console)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _console(screen: Screen) -> Console:
    return Console(
        file=StringIO(),
        width=screen.width,
        color_system="standard" if screen.colors else None,
        force_terminal=screen.colors,
        legacy_windows=False,
        _environ={},
    )


def _print(lines: Sequence[Text], console: Console) -> str:
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True, highlight=False)
    return captured.get().rstrip("\n")


def _lines(view: View) -> list[Text]:
    """The lines of a view, no two empty ones in a row, addresses that follow each other below each other.

    A quote is left out: what it repeats is on the screen.
    """
    page = Text()
    for before, span, after in zip((None, *view.spans), view.spans, (*view.spans[1:], None), strict=False):
        between_links = before and before.href and after and after.href and not any(map(str.isalnum, span.text))
        if span.style is not Style.QUOTE:
            page.append_text(Text("\n") if between_links else _span(span))
    lines: list[Text] = []
    for line in page.split("\n", allow_blank=True):
        line.rstrip()
        if line.plain or (lines and lines[-1].plain):
            lines.append(line)
    return _trim(lines)


def _plain_lines(text: str, width: int, console: Console) -> list[Text]:
    if not text:
        return []
    lines = Text(plain(text)).split("\n", allow_blank=True)
    return [piece for line in lines for piece in _wrap(line, width, console)]


def _saved_line(saved: Saved) -> Text:
    """One line, however long: a path that is cut in two can't be copied."""
    said = " ".join(plain(saved.said).split())
    line = Text(said)
    if saved.path:
        path = " ".join(plain(str(saved.path)).split())
        start = said.find(path)
        if start >= 0:
            line.stylize(Look(color="cyan", link=saved.path.as_uri()), start, start + len(path))
    return line


def _span(span: Span) -> Text:
    text, style = plain(span.text), STYLES[span.style]
    if span.href is None:
        return Text(text, style)
    address = "".join(plain(span.href).split())
    if address.startswith(f"https://{text.split('/')[0]}/"):  # the address cut short: no use beside the whole of it
        return Text(address, _link(address))
    return Text(text, style).append(" (").append(address, _link(address)).append(")")


def _link(address: str) -> Look:
    """How an address looks; a terminal that knows links opens it whole even where it runs over two lines."""
    return Look(color="cyan", link=address)


def _trim(lines: list[Text]) -> list[Text]:
    full = [place for place, line in enumerate(lines) if line.plain]
    return lines[full[0] : full[-1] + 1] if full else []


def _shared(before: list[Text], after: list[Text]) -> int:
    """How many lines of `after` are on the screen already: all of `before`, but for its last paragraph at most."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    last = max((place + 1 for place, line in enumerate(before) if not line.plain), default=0)
    return same if same >= last else 0


def _laid_out(lines: list[Text]) -> list[tuple[Text, Text]]:
    """Lines cut into what begins them and what hangs by it: options by their letter, and what is said of them."""
    found = [_OPTION.match(line.plain) for line in lines]
    margin = max((cell_len(option["mark"] or "") for option in found if option), default=0)
    cut: list[tuple[Text, Text]] = []
    blank = Text()
    for line, option in zip(lines, found, strict=True):
        if option:
            mark = option["mark"] or ""
            padding = " " * (margin - cell_len(mark))
            cut.append((Text.assemble(mark, padding, (option["letter"], "bold")), line[option.end() :]))
            blank = Text(" " * (margin + cell_len(option["letter"])))
        else:
            blank = blank if line.plain else Text()
            cut.append((blank, line))
    return cut


def _wrap(line: Text, width: int, console: Console, head: Text | None = None) -> list[Text]:
    """A line in pieces no wider than `width`: the first behind `head`, the others below it."""
    head = head or Text()
    if head.cell_len > width // 3:
        head, line = Text(), head + line
    if not line.plain:
        return [head]
    pieces = line.wrap(console, width - head.cell_len, overflow="fold")
    for piece in pieces:
        piece.rstrip()
    blank = Text(" " * head.cell_len)
    return [(blank if number else head) + piece for number, piece in enumerate(pieces)]


def _key_lines(view: View, width: int, words: Words, console: Console) -> list[Text]:
    """What can be pressed: marked options by their label, all other buttons by their key."""
    keys = keys_of(view)
    marked = [
        Text.assemble((plain(button.label), KEY_STYLE)) for button in keys.options.values() if len(button.label) > 1
    ]
    others = [Text.assemble((key, KEY_STYLE), " ", _label(button, words)) for key, button in keys.others.items()]
    lines: list[Text] = []
    for key in (*marked, *others):
        if lines and cell_len(lines[-1].plain) + len(GAP) + key.cell_len <= width:
            lines[-1] = lines[-1] + GAP + key
        else:
            lines.append(key)
    return [piece for line in lines for piece in _wrap(line, width, console)]


def _label(button: Button, words: Words) -> str:
    label = plain(button.label).replace("\n", " ")
    return words("key-enter", label=label) if button.primary else label
