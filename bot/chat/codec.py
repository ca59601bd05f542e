"""Packs an intent into at most 64 bytes, what a Telegram button carries, and reads it back.

The form is `tag:part:part`; numbers are in base 36. What comes back is hostile input: anything that is not exactly
what `encode` writes is None. Nothing here proves that a tap is honest: the state on the server decides.
"""

from collections.abc import Callable

from bot.chat import intent as wants
from bot.chat.intent import Later, Tap
from bot.domain.answer import Cause, Confidence
from bot.domain.booking import Verdict
from bot.domain.guide import GuidePart
from bot.domain.ids import AskId, BattleId, BookingId
from bot.domain.learner import Energy, Field

LIMIT = 64  # bytes
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 2**63 - 1  # what a database's id holds


def _number(text: str) -> int:
    value = int(text, 36)
    if _base36(value) != text:
        raise ValueError(text)
    return value


def _base36(value: int) -> str:
    if not 0 <= value <= _MOST:
        raise ValueError(f"{value} is no id")
    digits = ""
    while True:
        value, digit = divmod(value, 36)
        digits = _DIGITS[digit] + digits
        if not value:
            return digits


def _ask(text: str) -> AskId:
    return AskId(_number(text))


def _booking(text: str) -> BookingId:
    return BookingId(_number(text))


def _battle(text: str) -> BattleId:
    return BattleId(_number(text))


def _energy(text: str) -> Energy | None:
    return Energy(text) if text else None


def _flag(text: str) -> bool:
    return {"0": False, "1": True}[text]


def _size(text: str) -> int | None:
    return _number(text) if text else None


# tag -> the intent and how to read each of its parts; the last part may hold colons
_FORMS: dict[str, tuple[Callable[..., Tap], tuple[Callable[[str], object], ...]]] = {
    "st": (wants.Start, ()),
    "he": (wants.Help, ()),
    "to": (wants.Today, ()),
    "pr": (wants.Practice, (str, _size)),
    "re": (wants.Review, ()),
    "pg": (wants.Progress, ()),
    "se": (wants.Settings, ()),
    "fo": (wants.Forget, ()),
    "er": (wants.Erase, ()),
    "ke": (wants.Keep, ()),
    "p": (wants.Pick, (_ask, _number)),
    "m": (wants.Mark, (_ask, _number, _flag)),
    "s": (wants.Submit, (_ask,)),
    "c": (wants.Rate, (_ask, Confidence)),
    "b": (wants.Blame, (_ask, Cause)),
    "n": (wants.Next, (_ask,)),
    "o": (wants.Open, (Field,)),
    "v": (wants.Choose, (Field, str)),
    "k": (wants.Skip, (Field,)),
    "ex": (wants.Exam, (str,)),
    "sc": (wants.Schedule, (str,)),
    "bk": (wants.Book, (str,)),
    "ub": (wants.Unbook, (_booking,)),
    "ca": (wants.Cancel, (_booking,)),
    "si": (wants.Sit, (_booking, _flag)),
    "lo": (wants.Log, (_booking, Verdict)),
    "ne": (wants.Needs, (_booking, str, _flag)),
    "pl": (wants.Plan, (_number,)),
    "pf": (wants.PlanFile, ()),
    "pp": (wants.PlanPicture, ()),
    "wo": (wants.Work, (str, str, _number)),
    "ry": (wants.Readiness, ()),
    "ti": (wants.Tick, (str,)),
    "en": (wants.Energize, (_energy,)),
    "pa": (wants.Pause, (str,)),
    "z": (wants.Snooze, (Later, str)),
    "d": (wants.Done, (str,)),
    "cl": (wants.Calendar, ()),
    "sm": (wants.ShowMe, (_flag,)),
    "cs": (wants.Cards, (str,)),
    "f": (wants.Flip, (_ask,)),
    "r": (wants.Recall, (_ask, _flag)),
    "g": (wants.Guide, (str, GuidePart, _number)),
    "la": (wants.Lab, (str,)),
    "ld": (wants.LabDone, (str,)),
    "ba": (wants.Battle, (str,)),
    "bj": (wants.Enter, (_battle, _size)),
    "bl": (wants.Leave, (_battle,)),
    "br": (wants.Arrange, (_battle, str, str)),
    "bs": (wants.Begin, (_battle,)),
    "bx": (wants.Stop, (_battle,)),
    "a": (wants.Strike, (_battle, _number, _number)),
    "bm": (wants.Rematch, (_battle, str)),
    "bg": (wants.Replay, (_battle,)),
    "bd": (wants.Board, (str, str)),
    "bn": (wants.Rank, (_flag,)),
    "dq": (wants.Daily, (str,)),
}
_TAGS: dict[object, str] = {kind: tag for tag, (kind, _) in _FORMS.items()}


def encode(tap: Tap) -> str:
    """The text of a button.

    Raises:
        ValueError: it does not fit, or holds what can't be read back; the caller chose too long an id.
    """
    parts = [_written(getattr(tap, name)) for name in tap.__slots__]
    text = ":".join([_TAGS[type(tap)], *parts])
    if len(text.encode()) > LIMIT or any(":" in part for part in parts[:-1]):
        raise ValueError(f"{tap!r} does not fit a button")
    return text


def decode(text: str) -> Tap | None:
    """The intent of a button's text, None for anything that is not one of ours."""
    tag, *_ = text.split(":", 1)
    if tag not in _FORMS or len(text.encode(errors="surrogatepass")) > LIMIT:
        return None
    kind, readers = _FORMS[tag]
    parts = text.split(":", len(readers))[1:]
    if len(parts) != len(readers) or (not readers and text != tag):
        return None
    try:
        text.encode()  # half a character, as JSON can hold, is nothing that we wrote
        return kind(*(read(part) for read, part in zip(readers, parts, strict=True)))
    except (ValueError, KeyError):
        return None


def _written(part: object) -> str:
    match part:
        case None:
            return ""
        case bool():
            return str(int(part))
        case int():
            return _base36(part)
        case _:
            return str(part)
