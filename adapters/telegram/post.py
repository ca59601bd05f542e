"""Sending one message: as text, as a picture, or as a file."""

from telegram import InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode

from adapters.telegram.render import Rendered, sound
from adapters.telegram.wire import Line
from bot.chat.view import File, Picture

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
PICTURE = "picture.png"  # nobody sees this name


async def post(
    line: Line,
    chat: int | str,
    shown: Rendered,
    *,
    topic: int | None = None,
    answers: ReplyParameters | None = None,
) -> Message:
    """Sends a message into a chat, or a topic of it, as the answer to another or on its own.

    Raises:
        TelegramError: the platform does not take it.
    """
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


def upload(attached: Picture | File) -> InputFile:
    """What is sent with the message."""
    if isinstance(attached, Picture):
        return InputFile(attached.png, PICTURE)
    file = InputFile(attached.content, sound(attached.name))
    file.mimetype = attached.mime  # the library guesses by the name
    return file
