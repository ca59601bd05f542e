"""The way back to whoever acted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar, assert_never

from telegram import CallbackQuery, Chat, Message, ReplyParameters, Update
from telegram.constants import CallbackQueryLimit
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from adapters.telegram.parse import topic_of
from adapters.telegram.post import edit, post
from adapters.telegram.render import Rendered, render
from adapters.telegram.wire import Line
from bot.chat.view import Notice, Replace, Reply, Show, Span, View

log = logging.getLogger(__name__)
Result = TypeVar("Result")

PATIENCE_S = 1.5  # a button spins no longer than this
LONGEST_WAIT_S = 30.0  # what a flooded chat's person is made to wait at most
LONGEST_NOTICE = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)


def way_back(line: Line, update: Update) -> "WayBack | NoWayBack | None":
    """The way back to whoever caused an update; None for one that comes from nowhere we can write to."""
    if update.poll_answer:
        return NoWayBack()
    query = update.callback_query
    message = query.message if query else update.message
    return WayBack(line, message.chat, message.message_id, query, message) if message else None


class NoWayBack:
    """Of a vote: Telegram tells neither where its poll stands nor shows its person a word, so replies are dropped."""

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Whatever happens inside, nothing waits."""
        yield

    async def give(self, replies: Sequence[Reply]) -> None:
        """Shows nothing."""

    async def acknowledge(self) -> None:
        """There is nothing to acknowledge."""


class WayBack:
    """Where replies to one update go: the tap, the message that was tapped, the chat and topic."""

    def __init__(self, line: Line, chat: Chat, message_id: int, query: CallbackQuery | None, message: object) -> None:
        self._line = line
        self._chat = chat.id
        self._message = message_id
        self._query = query
        self._is_open = query is not None  # the tap still waits for its acknowledgement
        self._late: asyncio.Task[None] | None = None
        self._topic = topic_of(message)
        # Its words are a caption, which holds a quarter of a text, under a picture that is about something else.
        self._is_caption = isinstance(message, Message) and bool(message.photo or message.document)
        is_answer = query is None and chat.type != Chat.PRIVATE
        self._answers = ReplyParameters(message_id, allow_sending_without_reply=True) if is_answer else None

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Acknowledges the tap without a word if what happens inside takes too long."""
        if not self._is_open:
            yield
            return
        timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._lose_patience)
        try:
            yield
        finally:
            timer.cancel()

    async def give(self, replies: Sequence[Reply]) -> None:
        """Shows the replies: the acknowledgement first, with the notice if there is one, then the messages.

        Raises:
            TelegramError: the platform does not take it.
        """
        if self._late:
            await self._late
        notice = next((reply for reply in replies if isinstance(reply, Notice)), None)
        if await self.acknowledge(notice.text if notice else ""):
            notice = None
        for reply in replies:
            match reply:
                case Replace(view):
                    await self._replace(self._rendered(view))
                case Show(view):
                    await self._show(self._rendered(view))
                case Notice():
                    continue
                case _:
                    assert_never(reply)
        if notice and not notice.is_receipt:
            await self._show(render(View((Span(notice.text),))))

    async def acknowledge(self, words: str = "") -> bool:
        """Stops the button's spinning, once; whether the words were for this to say. A failure costs nothing more."""
        if not self._is_open or self._query is None:
            return False
        self._is_open = False
        try:
            await self._line.answer_callback_query(self._query.id, words[:LONGEST_NOTICE] or None)
        except TelegramError as error:  # too old, above all
            log.debug("a tap was not acknowledged: %s", error)
        return True

    def _lose_patience(self) -> None:
        self._late = asyncio.get_running_loop().create_task(self._acknowledge_late())

    async def _acknowledge_late(self) -> None:
        await self.acknowledge()

    def _rendered(self, view: View) -> Rendered:
        """A quiz in words: nobody learns here which poll it would have become."""
        return render(replace(view, quiz=None), self._line.called)

    async def _replace(self, shown: Rendered) -> None:
        if self._query is None or shown.attached or self._is_caption:
            await self._show(shown)
            return
        try:
            is_there = await _patiently(lambda: edit(self._line, self._chat, self._message, shown))
        except ChatMigrated:
            is_there = False
        if not is_there:
            await self._show(shown)

    async def _show(self, shown: Rendered) -> None:
        try:
            await _patiently(lambda: self._send(shown))
        except ChatMigrated as moved:
            self._chat, self._topic, self._answers = moved.new_chat_id, None, None
            await _patiently(lambda: self._send(shown))

    async def _send(self, shown: Rendered) -> None:
        await post(self._line, self._chat, shown, topic=self._topic, answers=self._answers)


async def _patiently(call: Callable[[], Awaitable[Result]]) -> Result:
    """The call's result; after a 429 that is not too long it is made once more."""
    try:
        return await call()
    except RetryAfter as flood:
        wait_s = seconds(flood)
        if wait_s > LONGEST_WAIT_S:
            raise
    log.info("Telegram wants a pause of %g s", wait_s)
    await asyncio.sleep(wait_s)
    return await call()


def seconds(flood: RetryAfter) -> float:
    """How long a 429 wants us to wait."""
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
