"""From an update of Telegram to what a person did. Pure."""

import re

from telegram import CallbackQuery, Chat, Message, PollAnswer, Update, User

from adapters.desk import name_of
from bot.chat.codec import decode
from bot.chat.commands import BY_NAME, read_line
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent, Say, Unknown, Vote

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
    if update.poll_answer:
        return _voted(key, update.poll_answer)
    return None


def topic_of(message: object) -> int | None:
    """The forum topic that a message stands in; None = none, or the message is too old to say."""
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


def _tapped(key: str, query: CallbackQuery) -> Incoming | None:
    if query.data is None or query.message is None or query.from_user.is_bot:
        return None
    intent = decode(query.data) or Unknown(query.data)
    place = _place(query.message.chat, topic_of(query.message))
    return _incoming(key, query.from_user, place, intent, is_tap=True)


def _written(key: str, message: Message, bot_name: str) -> Incoming | None:
    if message.from_user is None or message.from_user.is_bot or message.sender_chat is not None:
        return None
    intent = _wanted(message, bot_name)
    place = _place(message.chat, topic_of(message))
    return _incoming(key, message.from_user, place, intent) if intent else None


def _voted(key: str, answer: PollAnswer) -> Incoming | None:
    if answer.user is None or answer.user.is_bot or answer.voter_chat is not None:
        return None
    place = Place("", is_private=False)  # Telegram does not say where the poll stands
    return _incoming(key, answer.user, place, Vote(answer.poll_id, tuple(answer.option_ids)))


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


def _place(chat: Chat, topic: int | None) -> Place:
    if chat.type == Chat.PRIVATE:
        return Place(str(chat.id))
    room = str(chat.id)
    spot = None if topic is None else f"{room}/{topic}"
    return Place(room, is_private=False, room=room, spot=spot, is_loud=True)


def _incoming(key: str, user: User, place: Place, intent: Intent, *, is_tap: bool = False) -> Incoming | None:
    if place.is_private and place.chat != str(user.id):  # nobody acts in another's private chat: forged
        return None
    return Incoming(
        key=key,
        person=Person(PLATFORM, str(user.id)),
        place=place,
        locale=user.language_code or "",
        intent=intent,
        is_tap=is_tap,
        name=name_of(user.full_name),
    )
