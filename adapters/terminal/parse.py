"""From a typed line to what the person wants, by the buttons that stand on the screen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

from bot.chat.commands import read_line
from bot.chat.intent import Choose, Intent, Mark, Pick, Skip, Submit, Tap
from bot.chat.view import Button, View
from bot.present.layout import LETTERS

LEAVING = frozenset({"q", "quit", "exit", "/q", "/quit", "/exit"})
LONGEST_KEY = 3  # digits: "120" was meant for a key, 2026 for something else
_BETWEEN = re.compile(r"[\s,;.+&]+")  # what people put between the letters of an answer


@dataclass(frozen=True, slots=True)
class Keys:
    """The buttons of a view as a keyboard presses them."""

    options: Mapping[str, Button]  # by letter, upper case
    others: Mapping[str, Button]  # by what is typed: a number, or a small letter where a value may be typed too
    is_picker: bool  # a value is being chosen, and may be typed as well

    @property
    def primary(self) -> Button | None:
        """The button that Enter presses."""
        return next((button for button in self.others.values() if button.primary), None)

    @property
    def submit(self) -> Button | None:
        """The button that hands in what is marked."""
        return next((button for button in self.others.values() if isinstance(button.intent, Submit)), None)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Buttons, one after another."""

    taps: tuple[Tap, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A command or words."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Stray:
    """A key that no button on the screen answers to."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The person is done."""


Line = Pressed | Typed | Stray | Leave


def keys_of(view: View) -> Keys:
    """The keys of a view; a button that only opens a line to type in needs none, people just type.

    Where a value may be typed the keys are letters, since "7" is a time and "20" are minutes.
    """
    options: dict[str, Button] = {}
    rest: list[Button] = []
    for button in view.buttons:
        if isinstance(button.intent, Pick | Mark):
            options[LETTERS[button.intent.place]] = button
        elif button.entry is None:
            rest.append(button)
    is_picker = any(isinstance(button.intent, Choose | Skip) or button.entry is not None for button in view.buttons)
    names = ascii_lowercase if is_picker else map(str, count(1))
    return Keys(options, dict(zip(names, rest, strict=False)), is_picker)


def parse(line: str, view: View) -> Line:
    """What a line means while `view` stands."""
    text = " ".join(line.split())
    if text.lower() in LEAVING:
        return Leave()
    if text.startswith("/"):
        return Typed(read_line(text))
    keys = keys_of(view)
    return _key(text, keys) or _said(text, keys)


def _key(text: str, keys: Keys) -> Line | None:
    """The buttons that a line presses, None if it presses none."""
    if not text:
        return Pressed((keys.primary.intent,)) if keys.primary else Stray()
    if text.lower() in keys.others:
        return Pressed((keys.others[text.lower()].intent,))
    letters = frozenset(_BETWEEN.sub("", text).upper())
    if letters and letters <= keys.options.keys():
        return _answer(letters, keys)
    labelled = next((button for button in keys.others.values() if button.label.lower() == text.lower()), None)
    return Pressed((labelled.intent,)) if labelled else None


def _answer(letters: frozenset[str], keys: Keys) -> Line | None:
    """One letter presses its button; several are a whole answer where several can be marked."""
    if len(letters) == 1:
        return Pressed(tuple(keys.options[letter].intent for letter in letters))
    if keys.submit is None:
        return None
    # By the buttons rather than as words: words answer the newest question, which may not be the one on the screen.
    marks = {letter: button.intent for letter, button in keys.options.items() if isinstance(button.intent, Mark)}
    off = [mark for letter, mark in marks.items() if not mark.on and letter not in letters]
    on = [mark for letter, mark in marks.items() if mark.on and letter in letters]
    return Pressed((*off, *on, keys.submit.intent))


def _said(text: str, keys: Keys) -> Line:
    """A single key that fits nothing is a slip; anything longer, and any value, is for the tutor to understand."""
    looks_like_a_key = len(text) == 1 or (text.isdigit() and len(text) <= LONGEST_KEY)
    if looks_like_a_key and (keys.options or keys.others) and not keys.is_picker:
        return Stray()
    return Typed(read_line(text))
