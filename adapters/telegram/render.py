"""From a view to what Telegram shows: HTML text, a keyboard, a picture or a file. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit, KeyboardButtonStyle, MessageLimit

from bot.chat.codec import encode
from bot.chat.view import Button, File, Picture, Span, Style, View

ELLIPSIS = "…"
LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)  # code points, markup not counted
LONGEST_CAPTION = int(MessageLimit.CAPTION_LENGTH)  # the same
WIDEST = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
MOST_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
# A message of these alone is empty to Telegram: blanks, controls, and what only steers other characters.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message as Telegram takes it."""

    html: str  # may be empty where something is attached
    keyboard: InlineKeyboardMarkup | None
    attached: Picture | File | None = None  # what the text is the caption of


def render(view: View) -> Rendered:
    """The view within Telegram's limits: a text too long ends in an ellipsis, a row too wide goes on below."""
    return Rendered("".join(map(_html, _within(view))), _keyboard(view), view.attached)


def sound(text: str) -> str:
    """The text without halves of characters, which no request can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _within(view: View) -> Iterable[Span]:
    text, spans = view.text, view.spans
    if sound(text) != text:
        return _within(replace(view, spans=tuple(replace(span, text=sound(span.text)) for span in spans)))
    if not _is_visible(text):
        return [] if view.attached else [Span(ELLIPSIS)]
    longest = LONGEST_CAPTION if view.attached else LONGEST
    if len(text) <= longest:
        return spans
    room = longest - len(ELLIPSIS)
    line = text.rfind("\n", room // 2, room) + 1
    return [*_first(spans, line or room), Span(ELLIPSIS)]


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(character) not in _UNSEEN for character in text)


def _first(spans: Iterable[Span], room: int) -> Iterator[Span]:
    for span in spans:
        if room <= 0:
            return
        yield replace(span, text=span.text[:room])
        room -= len(span.text)


def _html(span: Span) -> str:
    text = escape(span.text, quote=False)
    if not text:
        return ""
    if span.href:
        text = f'<a href="{escape(sound(span.href))}">{text}</a>'
    match span.style:
        case Style.PLAIN:
            return text
        case Style.STRONG:
            return f"<b>{text}</b>"
        case Style.CODE:
            return text if span.href else f"<code>{text}</code>"  # code holds no link
        case Style.QUOTE:
            return f"<blockquote expandable>{text}</blockquote>"
        case Style.SPOILER:
            return f"<tg-spoiler>{text}</tg-spoiler>"
        case _:
            assert_never(span.style)


def _keyboard(view: View) -> InlineKeyboardMarkup | None:
    rows: list[list[InlineKeyboardButton]] = []
    left = MOST_BUTTONS
    for row in view.rows:
        keys = [_key(button) for button in row if button.entry is None][:left]  # an entry is simply typed here
        left -= len(keys)
        rows += [keys[start : start + WIDEST] for start in range(0, len(keys), WIDEST)]
    return InlineKeyboardMarkup(rows) if rows else None


def _key(button: Button) -> InlineKeyboardButton:
    label = sound(button.label)
    return InlineKeyboardButton(
        label if _is_visible(label) else ELLIPSIS,
        callback_data=encode(button.intent),
        style=KeyboardButtonStyle.PRIMARY if button.primary else None,
    )
