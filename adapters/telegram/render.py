"""From a view to what Telegram shows: HTML text, a keyboard, a picture or a file, or a quiz poll. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit, KeyboardButtonStyle, MessageLimit, PollLimit

from bot.chat.codec import encode
from bot.chat.view import Button, File, Picture, Quiz, Span, Style, View

ELLIPSIS = "…"
LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)  # code points, markup not counted
LONGEST_CAPTION = int(MessageLimit.CAPTION_LENGTH)  # the same
WIDEST = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
MOST_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
LONGEST_QUESTION = int(PollLimit.MAX_QUESTION_LENGTH)
LONGEST_OPTION = int(PollLimit.MAX_OPTION_LENGTH)
LONGEST_EXPLANATION = int(PollLimit.MAX_EXPLANATION_LENGTH)
MOST_FEEDS = int(PollLimit.MAX_EXPLANATION_LINE_FEEDS)
OPTIONS = range(2, int(PollLimit.MAX_OPTION_NUMBER) + 1)
OPEN_S = range(int(PollLimit.MIN_OPEN_PERIOD), int(PollLimit.MAX_OPEN_PERIOD) + 1)
# A message of these alone is empty to Telegram: blanks, controls, and what only steers other characters.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message as Telegram takes it."""

    html: str  # may be empty where something is attached
    keyboard: InlineKeyboardMarkup | None
    attached: Picture | File | None = None  # what the text is the caption of
    quiz: Quiz | None = None  # within the limits of a poll, to be sent in place of text and keyboard


def render(view: View, bot_name: str = "") -> Rendered:
    """The view within Telegram's limits: a text too long ends in an ellipsis, a row too wide goes on below.

    A span that leads to a private chat is a link once `bot_name`, the bot's username, is known. A quiz that does not
    fit a poll is left out, since text and buttons say the same.
    """
    html = "".join(_html(span, bot_name) for span in _within(view))
    quiz = _polled(view.quiz) if view.quiz and view.attached is None else None
    return Rendered(html, _keyboard(view), view.attached, quiz)


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


def _html(span: Span, bot_name: str) -> str:
    text = escape(span.text, quote=False)
    if not text:
        return ""
    href = f"https://t.me/{bot_name}?start=battle" if span.to_private and bot_name else span.href
    if href:
        text = f'<a href="{escape(sound(href))}">{text}</a>'
    match span.style:
        case Style.PLAIN:
            return text
        case Style.STRONG:
            return f"<b>{text}</b>"
        case Style.CODE:
            return text if href else f"<code>{text}</code>"  # code holds no link
        case Style.QUOTE:
            return f"<blockquote expandable>{text}</blockquote>"
        case Style.SPOILER:
            return f"<tg-spoiler>{text}</tg-spoiler>"
        case _:
            assert_never(span.style)


def _polled(quiz: Quiz) -> Quiz | None:
    """The quiz as a poll asks it; None for one that no poll can ask."""
    question, *options = (sound(text).strip() for text in (quiz.question, *quiz.options))
    fits = (
        _is_visible(question)
        and len(question) <= LONGEST_QUESTION
        and len(options) in OPTIONS
        and all(_is_visible(option) and len(option) <= LONGEST_OPTION for option in options)
        and quiz.open_s in OPEN_S
        and bool(quiz.keys)
        and quiz.keys <= set(range(len(options)))
    )
    return (
        replace(quiz, question=question, options=tuple(options), explanation=_brief(quiz.explanation)) if fits else None
    )


def _brief(text: str) -> str:
    """An explanation as short as a poll wants it: few lines, and few characters."""
    lines = [line.strip() for line in sound(text).splitlines() if _is_visible(line)]
    brief = "\n".join([*lines[:MOST_FEEDS], *filter(None, [" ".join(lines[MOST_FEEDS:])])])
    return brief if len(brief) <= LONGEST_EXPLANATION else brief[: LONGEST_EXPLANATION - len(ELLIPSIS)] + ELLIPSIS


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
