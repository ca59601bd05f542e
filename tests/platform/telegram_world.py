"""What the Telegram of the tests remembers: accounts, chats, messages, updates, and their JSON."""

import asyncio
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tests.platform.telegram_html import utf16_length
from tests.platform.telegram_limits import LIMIT

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup"]
Standing = Literal["member", "not started", "blocked", "deactivated", "kicked", "left"]

_ENTITY = re.compile(
    r"(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?!\w)"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{2,31})(?!\w)"
    r"|(?P<url>https?://[^\s<>\"]+)"
)
# Telegram sends these only to a bot that asks for them by name: https://core.telegram.org/bots/api#getupdates
_ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class RefusedError(Exception):
    """An answer with `ok: false`, as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> RefusedError:
    """A 400 with Telegram's prefix."""
    return RefusedError(400, f"Bad Request: {description}")


class Bell:
    """Wakes whoever waits for a claim to become true."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Lets every waiting claim be looked at again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, claim: Callable[[], bool], timeout_s: float) -> bool:
        """True as soon as the claim holds; False when the time is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while not claim():
            future = loop.create_future()
            self._waiting.append(future)
            try:
                async with asyncio.timeout_at(deadline):
                    await future
            except TimeoutError:
                return claim()
            finally:
                self._waiting.remove(future)
        return True


class Button(NamedTuple):
    """A button as a person sees it, with what it would send."""

    label: str
    data: str | None  # None: a link or a reply keyboard's button


@dataclass(frozen=True, slots=True)
class Account:
    """A person or the bot, as `from` shows it."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language: str | None = None

    def json(self) -> Json:
        """The User object."""
        out: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            out["username"] = self.username
        if self.language:
            out["language_code"] = self.language
        return out


@dataclass(slots=True, eq=False)
class Message:
    """A message as it looks now."""

    id: int
    chat: "Chat"
    sender: Account
    date: int  # unix time
    text: str = ""  # without markup; of media the caption, of a poll the question
    html: str = ""  # as it was sent
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    extra: Json = field(default_factory=dict)  # photo, document, poll, thread, service fields
    edits: int = 0
    edited_at: int | None = None
    changed: int = 0  # the chat's count of changes when this one was sent or edited

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(tuple(Button(button["text"], button.get("callback_data")) for button in row) for row in rows)

    @property
    def labels(self) -> list[str]:
        """Every label of the inline keyboard."""
        return [button.label for row in self.buttons for button in row]

    @property
    def file_ids(self) -> dict[str, str]:
        """What hangs on the message, by its name; a photo has none and is called "photo"."""
        if "photo" in self.extra:
            return {"photo": self.extra["photo"][-1]["file_id"]}
        document = self.extra.get("document")
        return {document.get("file_name", "file"): document["file_id"]} if document else {}

    @property
    def is_plain(self) -> bool:
        """Whether it is text, no media and no poll."""
        return not {"photo", "document", "poll"} & self.extra.keys()

    def json(self) -> Json:
        """The Message object."""
        out: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json(), "from": self.sender.json()}
        if self.edited_at is not None:
            out["edit_date"] = self.edited_at
        if self.text and "poll" not in self.extra:
            prefix = "" if self.is_plain else "caption_"
            out["text" if self.is_plain else "caption"] = self.text
            if self.entities:
                out[f"{prefix}entities"] = self.entities
        if self.markup and "inline_keyboard" in self.markup:
            out["reply_markup"] = self.markup
        return out | self.extra


class Chat:
    """A private chat or a group, with the bot's standing in it."""

    def __init__(self, chat_id: int, kind: Kind, name: str, standing: Standing, *, is_forum: bool = False) -> None:
        self.id = chat_id
        self.kind: Kind = kind
        self.name = name
        self.standing: Standing = standing
        self.is_forum = is_forum
        self.topics: set[int] = set()
        self.bell = Bell()
        self.changes = 0
        self.keyboard: list[str] = []
        self.actions: list[str] = []
        self.by_id: dict[int, Message] = {}
        self._ids = itertools.count(1)

    @property
    def messages(self) -> list[Message]:
        """What the bot sent here and did not delete, oldest first."""
        return [message for message in self.by_id.values() if message.sender.is_bot]

    @property
    def last(self) -> Message:
        """The bot's newest message here.

        Raises:
            AssertionError: there is none.
        """
        for message in reversed(self.by_id.values()):
            if message.sender.is_bot:
                return message
        raise AssertionError(f"the bot has not written here:\n{self.transcript()}")

    def add(self, sender: Account, date: int, **fields: Any) -> Message:
        """A new message, numbered."""
        message = Message(id=next(self._ids), chat=self, sender=sender, date=date, **fields)
        self.by_id[message.id] = message
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        """Marks a message as just changed and wakes who waits for it."""
        self.changes += 1
        message.changed = self.changes
        self.bell.ring()

    def refusal(self) -> RefusedError | None:
        """Why the bot can't write here, if it can't."""
        where = f"{self.kind} chat"
        words = {
            "member": None,
            "not started": "bot can't initiate conversation with a user",
            "blocked": "bot was blocked by the user",
            "deactivated": "user is deactivated",
            "kicked": f"bot was kicked from the {where}",
            "left": f"bot is not a member of the {where}",
        }[self.standing]
        return None if words is None else RefusedError(403, f"Forbidden: {words}")

    def json(self) -> Json:
        """The Chat object."""
        name = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
        return {"id": self.id, "type": self.kind, **name} | ({"is_forum": True} if self.is_forum else {})

    def transcript(self) -> str:
        """The chat in words, for a failing test."""
        lines = [f"--- {self.name} ({self.kind} {self.id}) ---"]
        for message in self.by_id.values():
            edited = f" (edited {message.edits}x)" if message.edits else ""
            lines.append(f"{message.sender.first_name} #{message.id}{edited}: {message.text}")
            lines += ["    " + " ".join(f"[{button.label}]" for button in row) for row in message.buttons]
        return "\n".join(lines)


class UpdateQueue:
    """Updates waiting for the bot; each stays until a poll's offset confirms it."""

    def __init__(self) -> None:
        self.pending: deque[Json] = deque()
        self.bell = Bell()
        self.allowed: frozenset[str] = frozenset()  # empty: all but those that must be asked for
        self.is_closed = False
        self._poller: object | None = None
        self._ids = itertools.count(900_001)

    @property
    def is_polled(self) -> bool:
        """Whether a poll is open."""
        return self._poller is not None

    def put(self, kind: str, body: Json) -> None:
        """A new update, unless the bot asked not to get its kind."""
        if (kind in self.allowed) if self.allowed else (kind not in _ONLY_WHEN_ASKED):
            self.pending.append({"update_id": next(self._ids), kind: body})
            self.bell.ring()

    def allow(self, kinds: Iterable[str]) -> None:
        """What the bot wants from now on."""
        self.allowed = frozenset(kinds)

    def close(self) -> None:
        """Ends every open poll."""
        self.is_closed = True
        self.bell.ring()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Unconfirmed updates, waiting for the first one.

        Raises:
            RefusedError: a later poll took over.
        """
        self._confirm(offset)
        me = self._poller = object()
        self.bell.ring()
        await self.bell.until(lambda: bool(self.pending) or self._poller is not me or self.is_closed, timeout_s)
        if self._poller is not me:
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        self._poller = None
        return list(itertools.islice(self.pending, min(max(limit, LIMIT["updates_min"]), LIMIT["updates_max"])))

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()


def found_entities(text: str) -> list[Json]:
    """The commands, mentions and links in what a person typed."""
    return [
        {
            "type": str(match.lastgroup),
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for match in _ENTITY.finditer(text)
    ]
