"""Spans in Discord's markdown; whatever a text holds is shown to the letter.

A backslash before any character that is no letter, digit or blank is never shown by Discord, and takes that
character's meaning away.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from bot.chat.view import Span, Style

REMEMBERED = 4096  # marked texts kept: options and rationales are shown again and again
LONGEST_LINE = 4000  # characters of a line with its marks; an embed holds 4096
LONGEST_RAW = 1200  # characters of a text that fit a line even if each needs a backslash and all are a link
LONGEST_ADDRESS = 1500  # characters; what leads further is shown as mere text

_ACTIVE = re.compile(r"[\\`*_~|\[\]<>@]|:(?=//)")
_OPENING = re.compile(r"^(\s*)([#+-])|^(\s*\d+)(\.)")  # headings, lists and small print, at the start of a line
_BACKTICKS = re.compile("`+")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_UNSAFE_IN_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C", "|": "%7C", "`": "%60"})
_ROUND = str.maketrans("[]", "()")  # brackets in a link's text end it, escaped or not


def escape(line: str) -> str:
    r"""A line that Discord shows as it is.

    Example:
        >>> escape("push_time <@1>")
        'push\\_time \\<\\@1\\>'
    """
    line = _ACTIVE.sub(_with_backslash, line)
    return _OPENING.sub(r"\1\3\\\2\4", line) if _OPENING.match(line) else line


def _with_backslash(found: re.Match[str]) -> str:
    return "\\" + found[0]


def lines(spans: Iterable[Span]) -> list[str]:
    """The lines of a message, each well-formed by itself, so that it may be cut between any two."""
    page = _Page()
    for (style, href, until), alike in groupby(spans, _looks):  # `**a****b**` is not bold in Discord
        if until is not None:
            page.add_countdown(until, style)
            continue
        text = "".join([span.text for span in alike])
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        first, *others = text.split("\n")
        page.add(first, style, href)
        for line in others:
            page.end_line()
            page.add(line, style, href)
    page.end_line()
    return page.lines


def _looks(span: Span) -> tuple[Style, str | None, datetime | None]:
    return span.style, span.href, span.until


class _Page:
    """The lines so far, and the one being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []
        self._is_quote = False

    def add(self, text: str, style: Style, href: str | None) -> None:
        if text or (style is Style.QUOTE and not self._pieces):
            self._begin(style)
            self._pieces += _pieces(text, style, href)

    def add_countdown(self, until: datetime, style: Style) -> None:
        """Adds how long it is until then, which every reader's own app counts down in their language and zone."""
        self._begin(style)
        self._pieces.append(_styled(f"<t:{int(until.timestamp())}:R>", style))  # in code it would not count

    def _begin(self, style: Style) -> None:
        is_quote = style is Style.QUOTE
        if self._pieces and is_quote is not self._is_quote:
            self.end_line()
        self._is_quote = is_quote

    def end_line(self) -> None:
        line = "".join(self._pieces)
        parts = [line] if len(line) <= LONGEST_LINE else self._pieces
        self.lines += [f"> {part}" for part in parts] if self._is_quote else parts
        self._pieces = []
        self._is_quote = False


@lru_cache(REMEMBERED)
def _pieces(text: str, style: Style, href: str | None) -> tuple[str, ...]:
    """The text with its marks, in as few pieces as fit a line each."""
    marked = _marked(text, style, href)
    if len(marked) <= LONGEST_LINE:
        return (marked,)
    cut = text.rfind(" ", LONGEST_RAW // 2, LONGEST_RAW) + 1 or LONGEST_RAW
    return (_marked(text[:cut], style, href), *_pieces(text[cut:], style, href))


def _marked(text: str, style: Style, href: str | None) -> str:
    if not text or text.isspace():
        return text
    if href and (address := _address(href)):
        shown = f"[{_worded(text.translate(_ROUND), style)}]({address})"
    else:
        shown = _worded(text, style)
    return _styled(shown, style)


def _styled(shown: str, style: Style) -> str:
    match style:
        case Style.PLAIN | Style.CODE | Style.QUOTE:
            return shown
        case Style.STRONG:
            return f"**{shown}**"
        case Style.SPOILER:
            return f"||{shown}||"


def _address(href: str) -> str | None:
    """The address as it can stand in a link, None if it can't."""
    address = href.translate(_UNSAFE_IN_ADDRESS)
    return address if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) else None


def _worded(text: str, style: Style) -> str:
    if style is not Style.CODE:
        return escape(text)
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    if longest > 1:  # three backticks would open a block
        return escape(text)
    fence = "`" * (longest + 1)
    pad = " " if longest or text != text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"
