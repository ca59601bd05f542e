"""From an update of Telegram to what a person did. Pure."""

import re

from telegram import CallbackQuery, Chat, Message, Update, User

from adapters.desk import name_of
from bot.chat.codec import decode
from bot.chat.commands import BY_NAME, read_line
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent, Say, Unknown

PLATFORM = "telegram"
_COMMAND = re.compile(r"/(?P<name>\w+)@?(?P<addressee>\w*)(?!\S)")


def parse(update: Update, bot_name: str = "") -> Incoming | None:
    """What a person did, None for what is not for us to answer.

    In a private chat every message counts, a picture as words that mean nothing. In a group only commands do: those
    we know, or any that is addressed to `bot_name`.
    """
    key = f"{PLATFORM}:{update.update_id}"
    if update.callback_query:
        return _tapped(key, update.callback_query)
    if update.message:
        return _written(key, update.message, bot_name)
    return None


def _tapped(key: str, query: CallbackQuery) -> Incoming | None:
    if query.data is None or query.message is None or query.from_user.is_bot:
        return None
    intent = decode(query.data) or Unknown(query.data)
    return _incoming(key, query.from_user, query.message.chat, intent, is_tap=True)


def _written(key: str, message: Message, bot_name: str) -> Incoming | None:
    if message.from_user is None or message.from_user.is_bot or message.sender_chat is not None:
        return None
    intent = _wanted(message, bot_name)
    return _incoming(key, message.from_user, message.chat, intent) if intent else None


def _wanted(message: Message, bot_name: str) -> Intent | None:
    text = message.text
    if message.chat.type == Chat.PRIVATE:
        if text is not None:
            return read_line(text)
        return Say("") if message.effective_attachment else None  # what is left are notes of Telegram's own
    command = _COMMAND.match(text or "")
    if text is None or command is None:
        return None
    name, addressee = command["name"].lower(), command["addressee"].lower()
    is_ours = addressee == bot_name.lower() if addressee else name in BY_NAME
    return read_line(text) if is_ours else None


def _incoming(key: str, user: User, chat: Chat, intent: Intent, *, is_tap: bool = False) -> Incoming | None:
    is_private = chat.type == Chat.PRIVATE
    if is_private and chat.id != user.id:  # nobody acts in another's private chat: forged
        return None
    return Incoming(
        key=key,
        person=Person(PLATFORM, str(user.id)),
        place=Place(str(chat.id), is_private, None if is_private else str(chat.id)),
        locale=user.language_code or "",
        intent=intent,
        is_tap=is_tap,
        name=name_of(user.full_name),
    )
