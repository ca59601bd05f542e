"""What a person sees, without any platform's markup: an adapter escapes and lays out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.chat.intent import Tap


class Style(StrEnum):
    """How a piece of text stands out."""

    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"
    QUOTE = "quote"  # what was said before, folded away where the platform can
    SPOILER = "spoiler"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style, with a link where it has one."""

    text: str
    style: Style = Style.PLAIN
    href: str | None = None  # https only
    until: datetime | None = None  # the text says how long until then; a platform may let it count down by itself
    to_private: bool = False  # leads to a private chat with the bot, where the platform has such links


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap."""

    label: str
    intent: Tap
    primary: bool = False  # what most people want next; Enter presses it in the terminal
    entry: str | None = None  # the caption of a line to type in, where a platform opens one for a tap


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that comes with a message."""

    png: bytes
    alt: str  # what it shows, for those who can't see it


@dataclass(frozen=True, slots=True)
class File:
    """A document that comes with a message."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question that a platform's own quiz poll can ask: everybody votes once, and results show when it closes."""

    question: str
    options: tuple[str, ...]
    keys: frozenset[int]  # places of the right options
    open_s: int
    explanation: str = ""  # shown when it closes


@dataclass(frozen=True, slots=True)
class View:
    """One message. With a picture or a file its text is at most 1,024 characters."""

    spans: tuple[Span, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    attached: Picture | File | None = None
    quiz: Quiz | None = None  # stands for words and buttons where the platform has quiz polls and it fits one
    thread: str = ""  # what a thread is called that begins with it; "" = its first words

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order."""
        return tuple(button for row in self.rows for button in row)


@dataclass(frozen=True, slots=True)
class Show:
    """Send a new message."""

    view: View
    is_public: bool = False  # in a group: for all to see, not for the one who asked alone


@dataclass(frozen=True, slots=True)
class Replace:
    """Edit the message that was tapped."""

    view: View


@dataclass(frozen=True, slots=True)
class Notice:
    """A short word to the one who acted, seen by nobody else; at most 200 characters."""

    text: str
    is_receipt: bool = False  # what was asked for comes by itself: said only where a platform waits for an answer


Reply = Show | Replace | Notice
