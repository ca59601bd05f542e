"""Sending one message, as text, as a picture, as a file or as a quiz poll; editing it, and closing the poll."""

import logging

from telegram import InputFile, LinkPreviewOptions, Message, Poll, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from adapters.telegram.render import Rendered, sound
from adapters.telegram.wire import Line
from bot.chat.view import File, Picture, Quiz

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
PICTURE = "picture.png"  # nobody sees this name
# How Telegram says things with a 400, in lower case: that a message can't be edited, ...
UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)
# ... that it is no poll to close, ...
UNCLOSABLE = (
    "message with poll to stop not found",
    "message is not a poll",
    "poll can't be stopped",
    "message_id_invalid",
)
# ... that a group has forbidden polls, but not words.
NO_POLLS = ("not enough rights to send polls", "chat_send_poll_forbidden")


async def post(
    line: Line,
    chat: int | str,
    shown: Rendered,
    *,
    topic: int | None = None,
    answers: ReplyParameters | None = None,
) -> Message:
    """Sends a message into a chat, or a topic of it, as the answer to another or on its own.

    A group that takes no polls gets the quiz in words.

    Raises:
        TelegramError: the platform does not take it.
    """
    if shown.quiz:
        try:
            return await _ask(line, chat, shown.quiz, topic, answers)
        except BadRequest as error:
            if not says(error, NO_POLLS):
                raise
            log.debug("a group takes no polls: %s", error)
    attached = shown.attached
    if attached is None:
        return await line.send_message(
            chat,
            shown.html,
            parse_mode=ParseMode.HTML,
            reply_markup=shown.keyboard,
            link_preview_options=NO_PREVIEW,
            message_thread_id=topic,
            reply_parameters=answers,
        )
    send = line.send_photo if isinstance(attached, Picture) else line.send_document
    return await send(  # neither knows an alternative text
        chat,
        upload(attached),
        caption=shown.html or None,
        parse_mode=ParseMode.HTML,
        reply_markup=shown.keyboard,
        message_thread_id=topic,
        reply_parameters=answers,
    )


async def edit(line: Line, chat: int | str, message: int, shown: Rendered) -> bool:
    """Makes a message of text into another; False if it is not there, or can't be edited.

    Raises:
        TelegramError: the platform does not take it.
    """
    try:
        await line.edit_message_text(
            shown.html,
            chat,
            message,
            parse_mode=ParseMode.HTML,
            reply_markup=shown.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        if says(error, UNEDITABLE):
            log.debug("a message can't be edited: %s", error)
            return False
        if not says(error, ("message is not modified",)):
            raise
        log.debug("a message was as it should be already")
    return True


async def close(line: Line, chat: int | str, message: int) -> bool:
    """Ends a quiz poll; False if it is not there, or is none of ours.

    Raises:
        TelegramError: the platform does not do it.
    """
    try:
        await line.stop_poll(chat, message)
    except BadRequest as error:
        if says(error, UNCLOSABLE):
            log.debug("a poll can't be closed: %s", error)
            return False
        if not says(error, ("poll has already been closed",)):
            raise
        log.debug("a poll was closed already")
    return True


def says(error: BadRequest, words: tuple[str, ...]) -> bool:
    """Whether a refusal is one of these, given in lower case."""
    why = error.message.lower()
    return any(each in why for each in words)


async def _ask(line: Line, chat: int | str, quiz: Quiz, topic: int | None, answers: ReplyParameters | None) -> Message:
    return await line.send_poll(
        chat,
        quiz.question,
        quiz.options,
        type=Poll.QUIZ,
        is_anonymous=False,  # else nobody's answer reaches us
        correct_option_ids=sorted(quiz.keys),  # type: ignore[arg-type]  # the library lists every number it may be
        allows_multiple_answers=len(quiz.keys) > 1,
        allows_revoting=False,
        hide_results_until_closes=True,
        protect_content=True,  # a forwarded one would take the votes of others
        open_period=quiz.open_s,
        explanation=quiz.explanation or None,
        message_thread_id=topic,
        reply_parameters=answers,
    )


def upload(attached: Picture | File) -> InputFile:
    """What is sent with the message."""
    if isinstance(attached, Picture):
        return InputFile(attached.png, PICTURE)
    file = InputFile(attached.content, sound(attached.name))
    file.mimetype = attached.mime  # the library guesses by the name
    return file
