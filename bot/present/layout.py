"""Pieces that several messages are built from."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_skeleton
from pydantic import HttpUrl

from bot.chat.intent import Tap
from bot.chat.view import Button, Span, Style, View
from bot.present.words import Words

LETTERS = "ABCDEFGHIJ"
ENOUGH_LETTERS = 4  # fewer are no name: the address's host stands for it
_ENDING = re.compile(r"\.(html?|md|pdf|php)$")
_BETWEEN_WORDS = re.compile(r"[-_+]+")
LONGEST_LABEL = 64  # characters; Discord takes 80, a phone shows fewer still


class Page:
    """A message under construction, line by line."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._rows: list[tuple[Button, ...]] = []

    def line(self, text: str = "", style: Style = Style.PLAIN, href: str | None = None) -> "Page":
        """Adds a line."""
        if self._spans:
            self._spans.append(Span("\n"))
        if text:
            self._spans.append(Span(text, style, href))
        return self

    def gap(self) -> "Page":
        """Adds an empty line, never two in a row and never at the top."""
        return self.line() if self._spans and self._spans[-1].text != "\n" else self

    def spans(self, *spans: Span) -> "Page":
        """Adds a line of several styles."""
        if self._spans:
            self._spans.append(Span("\n"))
        self._spans += spans
        return self

    def row(self, *buttons: Button) -> "Page":
        """Adds a row of buttons."""
        if buttons:
            self._rows.append(buttons)
        return self

    def rows(self, buttons: list[Button], width: int) -> "Page":
        """Adds buttons, so many to a row."""
        for start in range(0, len(buttons), width):
            self.row(*buttons[start : start + width])
        return self

    def view(self) -> View:
        """The message; it does not end in an empty line."""
        spans = self._spans
        while spans and not spans[-1].text.strip():
            spans = spans[:-1]
        return View(tuple(spans), tuple(self._rows))


def button(label: str, intent: Tap, *, primary: bool = False, entry: str | None = None) -> Button:
    """A button; a label that is too long is cut, between words where it can be."""
    if len(label) > LONGEST_LABEL:
        cut = label[: LONGEST_LABEL - 1]
        label = (cut.rpartition(" ")[0] or cut) + "…"
    return Button(label, intent, primary, entry)


def sources(words: Words, addresses: Sequence[HttpUrl]) -> list[Span]:
    """A line of links with dots between, each called by the last words of its address."""
    spans = [Span(words("source"))]
    for place, source in enumerate(addresses):
        last = (source.path or "").rstrip("/").rpartition("/")[2]
        name = _BETWEEN_WORDS.sub(" ", _ENDING.sub("", last)).strip()
        if sum(map(str.isalpha, name)) < ENOUGH_LETTERS:
            name = (source.host or "").removeprefix("www.")
        spans += [Span(" · " if place else " "), Span(name, href=str(source))]
    return spans


def letters(places: list[int]) -> str:
    """Places as shown, as letters: "A, C"."""
    return ", ".join(LETTERS[place] for place in places)


def when(words: Words, then: datetime, now: datetime) -> str:
    """How long from now, in the unit that fits."""
    wait = then - now
    if wait <= timedelta(0):
        return words("when-now")
    if wait < timedelta(minutes=55):
        return words("when-minutes", n=max(1, round(wait / timedelta(minutes=1))))
    if wait < timedelta(hours=22):
        return words("when-hours", n=round(wait / timedelta(hours=1)))
    return words("when-days", n=max(1, round(wait / timedelta(days=1))))


def day(words: Words, value: date) -> str:
    """A date in words."""
    return format_date(value, "long", locale=locale_of(words))


def short_day(words: Words, value: date) -> str:
    """A date as short as it is clear within a year: Tue, Dec 15."""
    return format_skeleton("MMMEd", value, locale=locale_of(words))


def clock(at: time) -> str:
    """A time of day: 9:30."""
    return f"{at.hour}:{at:%M}"


def locale_of(words: Words) -> str:
    """The locale as babel spells it."""
    return words.locale.replace("-", "_")
