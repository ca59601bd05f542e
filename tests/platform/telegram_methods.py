"""The Bot API's methods over the test Telegram's memory; what Telegram refuses is refused here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platform.telegram_checks import (
    checked_caption,
    checked_command,
    checked_photo,
    checked_text,
    language_of,
)
from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_params import Params, Words
from tests.platform.telegram_people import Group
from tests.platform.telegram_polls import new_box, new_poll
from tests.platform.telegram_world import Chat, Json, Message, RefusedError, bad_request

if TYPE_CHECKING:
    from tests.platform.telegram_server import TelegramServer

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_TOO_LATE = "query is too old and response timeout expired or query ID is invalid"
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)

# What every administrator has or has not: https://core.telegram.org/bots/api#chatmemberadministrator
_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


@dataclass(slots=True)
class BotApi:
    """One bot's view of the server: every public coroutine is a method of the Bot API."""

    server: "TelegramServer"
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # by scope and language
    descriptions: dict[str, str] = field(default_factory=dict)  # by language
    short_descriptions: dict[str, str] = field(default_factory=dict)  # by language
    webhook: str = ""
    _links: set[str] = field(default_factory=set)  # files that Telegram would fetch from an address

    async def get_me(self, _p: Params) -> Json:
        return self.server.bot.json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.server.is_private,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_guest_queries": False,
        }

    async def log_out(self, _p: Params) -> bool:
        return True

    async def close(self, _p: Params) -> bool:
        return True

    async def get_updates(self, p: Params) -> list[Json]:
        if self.webhook:
            raise RefusedError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        if (kinds := p.structure("allowed_updates")) is not None:
            self.server.updates.allow(kinds)
        return await self.server.updates.poll(p.integer("offset"), p.integer("limit", 100), p.integer("timeout"))

    async def set_webhook(self, p: Params) -> bool:
        url = p.text("url")
        if url and not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (kinds := p.structure("allowed_updates")) is not None:
            self.server.updates.allow(kinds)
        return self._hook(url, p)

    async def delete_webhook(self, p: Params) -> bool:
        return self._hook("", p)

    async def get_webhook_info(self, _p: Params) -> Json:
        waiting = len(self.server.updates.pending)
        return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": waiting}

    async def send_message(self, p: Params) -> Json:
        chat = self._writable(p)
        words = checked_text(p)
        return self._sent(chat, p, words, {})

    async def send_photo(self, p: Params) -> Json:
        chat = self._writable(p)
        words = checked_caption(p)
        identifier, size = self._file(p, "photo")
        wide, high = (90, 90) if identifier in self._links else checked_photo(self.server.files[identifier])
        photo = {"file_id": identifier, "file_unique_id": f"u{identifier}", "width": wide, "height": high}
        return self._sent(chat, p, words, {"photo": [photo | {"file_size": size}]})

    async def send_document(self, p: Params) -> Json:
        chat = self._writable(p)
        words = checked_caption(p)
        identifier, size = self._file(p, "document")
        document = {"file_id": identifier, "file_unique_id": f"u{identifier}", "file_size": size}
        if (upload := p.files.get("document")) is not None:
            document |= {"file_name": upload.name, "mime_type": upload.mime}
        return self._sent(chat, p, words, {"document": document})

    async def send_poll(self, p: Params) -> Json:
        chat = self._writable(p)
        now = self.server.unix_time()
        poll = new_poll(p, self.server.number(), now)
        self.server.boxes[poll["id"]] = new_box(p, poll, self.server.clock(), now)
        return self._sent(chat, p, Words(poll["question"], poll["question"], []), {"poll": poll})

    async def stop_poll(self, p: Params) -> Json:
        message = self._own(p, missing="message with poll to stop not found", foreign="poll can't be stopped")
        poll: Json | None = message.extra.get("poll")
        if poll is None:
            raise bad_request("message is not a poll")
        box = self.server.boxes[poll["id"]]
        if box.is_over(self.server.clock()):
            raise bad_request("poll has already been closed")
        box.close()
        message.markup = p.inline_markup()
        message.chat.touch(message)
        return poll

    async def edit_message_text(self, p: Params) -> Json:
        message = self._editable(p)
        words = checked_text(p)
        if not message.is_plain:
            raise bad_request("there is no text in the message to edit")
        return self._edited(message, words, p.inline_markup())

    async def edit_message_caption(self, p: Params) -> Json:
        message = self._editable(p)
        words = checked_caption(p)
        if not {"photo", "document"} & message.extra.keys():
            raise bad_request("there is no caption in the message to edit")
        return self._edited(message, words, p.inline_markup())

    async def edit_message_reply_markup(self, p: Params) -> Json:
        message = self._editable(p)
        return self._edited(message, Words(message.text, message.html, message.entities), p.inline_markup())

    async def delete_message(self, p: Params) -> bool:
        chat = self._writable(p)
        message = chat.by_id.get(p.integer("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        is_foreign = not message.sender.is_bot and chat.kind != "private"
        if is_foreign or self.server.unix_time() - message.date > LIMIT["delete_age_max"]:
            raise bad_request("message can't be deleted for everyone" if not is_foreign else "message can't be deleted")
        del chat.by_id[message.id]
        chat.changes += 1
        chat.bell.ring()
        return True

    async def send_chat_action(self, p: Params) -> bool:
        chat = self._writable(p)
        if p.text("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat.actions.append(p.text("action"))
        chat.bell.ring()
        return True

    async def answer_callback_query(self, p: Params) -> bool:
        tap = self.server.taps.get(p.text("callback_query_id"))
        text = p.text("text")
        if tap is None or tap.is_answered or self.server.clock() - tap.at > self.server.tap_lifetime_s:
            raise bad_request(_TOO_LATE)
        if len(text) > LIMIT["callback_answer_max"]:
            raise bad_request("MESSAGE_TOO_LONG")
        tap.is_answered = True
        self.server.replied(tap.chat, "answerCallbackQuery", tap.id)
        if text:
            tap.person.toast(tap.chat, text, is_alert=p.flag("show_alert"))
        return True

    async def set_my_commands(self, p: Params) -> bool:
        given = p.structure("commands")
        if not isinstance(given, list):
            raise bad_request("can't parse commands JSON object")
        checked = [checked_command(command) for command in given]
        if len(checked) > LIMIT["commands_max"]:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[self._scope(p), language_of(p)] = checked
        return True

    async def get_my_commands(self, p: Params) -> list[Json]:
        return self.commands.get((self._scope(p), language_of(p)), [])

    async def delete_my_commands(self, p: Params) -> bool:
        self.commands.pop((self._scope(p), language_of(p)), None)
        return True

    async def set_my_description(self, p: Params) -> bool:
        return _describe(self.descriptions, p, "description", LIMIT["description_max"])

    async def get_my_description(self, p: Params) -> Json:
        return {"description": _described(self.descriptions, p)}

    async def set_my_short_description(self, p: Params) -> bool:
        return _describe(self.short_descriptions, p, "short_description", LIMIT["short_description_max"])

    async def get_my_short_description(self, p: Params) -> Json:
        return {"short_description": _described(self.short_descriptions, p)}

    async def get_chat(self, p: Params) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        return self._chat(p).json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    async def get_chat_member(self, p: Params) -> Json:
        chat, identifier = self._writable(p), p.integer("user_id")
        accounts = {person.id: person.account for person in self.server.people.values()}
        account = {**accounts, self.server.bot.id: self.server.bot}.get(identifier)
        if account is None:
            raise bad_request("PARTICIPANT_ID_INVALID" if isinstance(chat, Group) else "member not found")
        status = chat.status_of(identifier) if isinstance(chat, Group) else "member"
        return {"status": status, "user": account.json(), **_rights(status)}

    async def get_file(self, p: Params) -> Json:
        identifier = p.text("file_id")
        content = self.server.files.get(identifier)
        if content is None:
            raise bad_request("invalid file_id")
        if len(content) > LIMIT["file_download_max"]:
            raise bad_request("file is too big")
        out = {"file_id": identifier, "file_unique_id": f"u{identifier}", "file_size": len(content)}
        return out | {"file_path": f"files/{identifier}"}

    def _hook(self, url: str, p: Params) -> bool:
        self.webhook = url
        if p.flag("drop_pending_updates"):
            self.server.updates.pending.clear()
        return True

    def _chat(self, p: Params) -> Chat:
        if not p.text("chat_id"):
            raise bad_request("chat_id is empty")
        identifier = p.integer("chat_id")
        if (new := self.server.migrated.get(identifier)) is not None:
            raise RefusedError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new)
        chat = self.server.chats.get(identifier)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _writable(self, p: Params) -> Chat:
        chat = self._chat(p)
        if (refusal := chat.refusal()) is not None:
            raise refusal
        return chat

    def _own(self, p: Params, *, missing: str, foreign: str) -> Message:
        chat = self._writable(p)
        if not p.text("message_id"):
            raise bad_request("message identifier is not specified")
        message = chat.by_id.get(p.integer("message_id"))
        if message is None:
            raise bad_request(missing)
        if not message.sender.is_bot:
            raise bad_request(foreign)
        return message

    def _editable(self, p: Params) -> Message:
        return self._own(p, missing="message to edit not found", foreign="message can't be edited")

    def _sent(self, chat: Chat, p: Params, words: Words, extra: Json) -> Json:
        markup = p.any_markup()
        extra = {**extra, **_thread(chat, p), **_reply(chat, p)}
        message = chat.add(
            self.server.bot,
            self.server.unix_time(),
            text=words.text,
            html=words.html,
            entities=words.entities,
            markup=markup if markup and "inline_keyboard" in markup else None,
            extra=extra,
        )
        if markup and "keyboard" in markup:
            chat.keyboard = [key if isinstance(key, str) else key["text"] for row in markup["keyboard"] for key in row]
        elif markup and "remove_keyboard" in markup:
            chat.keyboard = []
        chat.bell.ring()
        self.server.replied(chat, "send")
        return message.json()

    def _edited(self, message: Message, words: Words, markup: Json | None) -> Json:
        if (message.text, message.entities, message.markup) == (words.text, words.entities, markup):
            raise bad_request(_NOT_MODIFIED)
        message.text, message.html, message.entities, message.markup = words.text, words.html, words.entities, markup
        message.edits += 1
        message.edited_at = self.server.unix_time()
        message.chat.touch(message)
        self.server.replied(message.chat, "edit")
        return message.json()

    def _file(self, p: Params, name: str) -> tuple[str, int]:
        upload = p.files.get(p.text(name).removeprefix("attach://")) or p.files.get(name)
        if upload is not None:
            if not upload.content:
                raise bad_request("file must be non-empty")
            if len(upload.content) > LIMIT["file_max"]:
                raise RefusedError(413, "Request Entity Too Large")
            identifier = f"file{self.server.number()}"
            self.server.files[identifier] = upload.content
            return identifier, len(upload.content)
        identifier = p.text(name)
        if not identifier:
            raise bad_request(f"there is no {name} in the request")
        if identifier.startswith(("http://", "https://")):
            linked = f"file{self.server.number()}"
            self._links.add(linked)
            return linked, 0
        if identifier not in self.server.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return identifier, len(self.server.files[identifier])

    def _scope(self, p: Params) -> str:
        scope = p.structure("scope") or {"type": "default"}
        kind = scope.get("type")
        if kind not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        if kind.startswith("chat"):
            self._chat(Params(scope))
        return ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)


METHODS: dict[str, Callable[[BotApi, Params], Any]] = {
    name.replace("_", ""): method
    for name, method in vars(BotApi).items()
    if not name.startswith("_") and callable(method)
}


def _rights(status: str) -> Json:
    match status:
        case "creator":
            return {"is_anonymous": False}
        case "administrator":
            return {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(_RIGHTS, True)}
        case _:
            return {}


def _describe(kept: dict[str, str], p: Params, name: str, most: int) -> bool:
    text = p.text(name)
    if len(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")  # the page gives the number, no page the words
    kept[language_of(p)] = text
    return True


def _described(kept: dict[str, str], p: Params) -> str:
    return kept.get(language_of(p)) or kept.get("", "")


def _thread(chat: Chat, p: Params) -> Json:
    thread = p.integer("message_thread_id")
    if not thread:
        return {}
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread, "is_topic_message": True}


def _reply(chat: Chat, p: Params) -> Json:
    asked = p.structure("reply_parameters") or {}
    identifier = int(asked.get("message_id", 0)) or p.integer("reply_to_message_id")
    if not identifier:
        return {}
    message = chat.by_id.get(identifier)
    if message is not None:
        return {"reply_to_message": {key: value for key, value in message.json().items() if key != "reply_to_message"}}
    if asked.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")
