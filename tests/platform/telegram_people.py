"""People and groups of the test Telegram: they write, tap, vote, block, and see what a person sees."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.platform.telegram_world import Account, Button, Chat, Json, Message, Standing, found_entities

if TYPE_CHECKING:
    from tests.platform.telegram_server import TelegramServer

PATIENCE_S = 2.0  # how long a person looks at the chat before the test fails


@dataclass(slots=True)
class Tap:
    """A tap that waits for its answer."""

    id: str
    person: "Person"
    chat: Chat
    at: float  # the server's monotonic clock
    is_answered: bool = False


@dataclass(slots=True, eq=False)
class Person:
    """Someone with a Telegram account."""

    server: "TelegramServer"
    account: Account
    chat: Chat
    toasts: list[str] = field(default_factory=list)  # every shown answer to a tap, oldest first
    alerts: list[str] = field(default_factory=list)  # those of them that had to be closed by hand
    _seen: dict[Chat, int] = field(default_factory=dict)
    _toasts_seen: int = 0

    @property
    def id(self) -> int:
        """The account's id, which is the private chat's too."""
        return self.account.id

    @property
    def messages(self) -> list[Message]:
        """The bot's messages in the private chat, as they now look."""
        return self.chat.messages

    @property
    def last(self) -> Message:
        """The bot's newest message in the private chat."""
        return self.chat.last

    @property
    def unanswered(self) -> int:
        """Taps whose button still spins."""
        return sum(tap.person is self and not tap.is_answered for tap in self.server.taps.values())

    async def says(
        self, text: str, where: Chat | None = None, *, reply_to: Message | None = None, thread: int | None = None
    ) -> Message:
        """Writes to the bot or into a group; the first private message starts the conversation."""
        chat = where or self.chat
        self._acts(chat)
        if chat is self.chat:
            chat.standing = "member"
        assert thread is None or thread in chat.topics, f"{chat.name} has no topic {thread}"
        extra: Json = {} if thread is None else {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            extra["reply_to_message"] = reply_to.json()
        message = chat.add(
            self.account, self.server.unix_time(), text=text, html=text, entities=found_entities(text), extra=extra
        )
        if self._is_shown_to_bot(message, reply_to):
            self.server.happened("message", message.json(), chat)
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Changes an own message."""
        message.text, message.html, message.entities = text, text, found_entities(text)
        message.edits += 1
        message.edited_at = self.server.unix_time()
        message.chat.touch(message)
        if self._is_shown_to_bot(message, None):
            self.server.happened("edited_message", message.json(), message.chat)

    async def taps(
        self,
        label: str,
        on: Message | None = None,
        *,
        where: Chat | None = None,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109  (tests say it, no caller wraps it)
    ) -> str:
        """Taps a button by its label or the label's beginning, as soon as the bot shows it; returns the query's id.

        Raises:
            AssertionError: no such button, or several; the labels are listed.
        """
        chat = on.chat if on is not None else where or self.chat
        await chat.bell.until(lambda: bool(self._matching(label, on, chat)), timeout)
        found = self._matching(label, on, chat)
        if len(found) != 1:
            shown = on.labels if on is not None else (chat.last.labels if chat.messages else []) + chat.keyboard
            why = "several buttons begin with" if found else "no button begins with"
            raise AssertionError(f"{why} {label!r}; the labels are {shown}\n{chat.transcript()}")
        message, button = found[0]
        if message is None:
            await self.says(button.label, chat)
            return ""
        if button.data is None:
            raise AssertionError(f"the button {button.label!r} sends nothing to the bot: it is a link")
        return await self.taps_data(message, button.data)

    async def taps_data(self, message: Message, data: str) -> str:
        """Sends any payload as a tap on any message, like a modified client; returns the query's id."""
        self._acts(message.chat)
        tap = self.server.tapped(self, message.chat)
        body = {
            "id": tap.id,
            "from": self.account.json(),
            "chat_instance": str(7_000_000_000 + abs(message.chat.id)),
            "message": message.json(),
            "data": data,
        }
        self.server.happened("callback_query", body, message.chat, tap.id)
        return tap.id

    async def votes(self, message: Message, *options: str) -> None:
        """Chooses options of a poll by their text or its beginning; none takes the vote back.

        Raises:
            AssertionError: the poll is closed, or does not let this person choose this.
        """
        self._acts(message.chat)
        poll = message.extra["poll"]
        chosen = self.server.boxes[poll["id"]].vote(self.id, options, self.server.clock())
        message.chat.bell.ring()
        if poll["is_anonymous"]:
            self.server.happened("poll", poll, message.chat)
            return
        body = {
            "poll_id": poll["id"],
            "user": self.account.json(),
            "option_ids": chosen,
            "option_persistent_ids": [poll["options"][index]["persistent_id"] for index in chosen],
        }
        self.server.happened("poll_answer", body, message.chat)

    async def sees(
        self,
        text: str,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109  (tests say it, no caller wraps it)
        where: Chat | None = None,
    ) -> str:
        """Waits for the text in the newest message, or in any message or toast since the person's last act.

        Raises:
            AssertionError: it did not come; the chat is printed.
        """
        chat = where or self.chat
        if not await chat.bell.until(lambda: any(text in shown for shown in self._shown(chat)), timeout):
            raise AssertionError(
                f"{self.account.first_name} does not see {text!r} within {timeout} s; toasts: {self.toasts}\n"
                f"{chat.transcript()}"
            )
        return next(shown for shown in self._shown(chat) if text in shown)

    def blocks_bot(self) -> None:
        """The bot gets 403 from here on."""
        self._stands("blocked", "kicked")

    def unblocks_bot(self) -> None:
        """The bot may write again."""
        self._stands("member", "member")

    def deactivates(self) -> None:
        """The account is gone."""
        self.chat.standing = "deactivated"

    def toast(self, chat: Chat, text: str, *, is_alert: bool) -> None:
        """Shows the answer to a tap."""
        self.toasts.append(text)
        if is_alert:
            self.alerts.append(text)
        chat.bell.ring()
        self.chat.bell.ring()

    def _stands(self, standing: Standing, status: str) -> None:
        before = "kicked" if self.chat.standing == "blocked" else "member"
        self.chat.standing = standing
        self.server.membership(self.account, self.chat, before, status)

    def _acts(self, chat: Chat) -> None:
        standing = self.chat.standing
        assert standing != "deactivated", f"{self.account.first_name}'s account is deactivated"
        if chat is self.chat:
            assert standing != "blocked", f"{self.account.first_name} has blocked the bot: unblocks_bot() first"
        self._seen[chat] = chat.changes
        self._toasts_seen = len(self.toasts)

    def _shown(self, chat: Chat) -> list[str]:
        mark = self._seen.get(chat, 0)
        messages = chat.messages
        new = [message.text for message in messages if message.changed > mark]
        return [message.text for message in messages[-1:]] + new + self.toasts[self._toasts_seen :]

    def _matching(self, label: str, on: Message | None, chat: Chat) -> list[tuple[Message | None, Button]]:
        message = on if on is not None else next(reversed(chat.messages), None)
        inline = () if message is None else message.buttons
        buttons: list[tuple[Message | None, Button]] = [(message, button) for row in inline for button in row]
        if on is None:
            buttons += [(None, Button(key, None)) for key in chat.keyboard]
        exact = [pair for pair in buttons if pair[1].label == label]
        begun = [pair for pair in buttons if pair[1].label.startswith(label)]
        words = [
            pair for pair in begun if not pair[1].label[len(label) :][:1].isalnum()
        ]  # "B" means "B. 4", not "Back"
        return exact[:1] or words or begun

    def _is_shown_to_bot(self, message: Message, reply_to: Message | None) -> bool:
        chat = message.chat
        if chat.standing != "member":
            return False
        if chat.kind == "private" or not self.server.is_private:
            return True
        if reply_to is not None and reply_to.sender.is_bot:
            return True
        name = f"@{self.server.bot.username}".lower()
        for entity in message.entities:
            word = _part(message.text, entity).lower()
            addressee = word.partition("@")[2]
            if entity["type"] == "mention" and word == name:
                return True
            if entity["type"] == "bot_command" and entity["offset"] == 0 and addressee in {"", name[1:]}:
                return True
        return False


class Group(Chat):
    """A group chat of people and the bot."""

    def __init__(
        self,
        server: "TelegramServer",
        chat_id: int,
        title: str,
        members: Sequence[Person],
        *,
        is_supergroup: bool = False,
        is_forum: bool = False,
    ) -> None:
        super().__init__(chat_id, "supergroup" if is_supergroup else "group", title, "member", is_forum=is_forum)
        self.server = server
        self.members = list(members)
        self.administrators: set[int] = set()  # without the creator, who is the first member

    def promote(self, person: Person) -> None:
        """Makes a member an administrator."""
        assert person in self.members, f"{person.account.first_name} is no member of {self.name}"
        self.administrators.add(person.id)

    def status_of(self, account: int) -> str:
        """What getChatMember says that somebody is here."""
        if account == self.server.bot.id:
            return "member"
        if self.members and account == self.members[0].id:
            return "creator"
        if account in self.administrators:
            return "administrator"
        return "member" if any(account == member.id for member in self.members) else "left"

    def opens_topic(self, title: str) -> int:
        """Opens a topic of a forum; what `message_thread_id` calls it."""
        assert self.is_forum, f"{self.name} is no forum"
        created = {"forum_topic_created": {"name": title, "icon_color": 7322096}, "is_topic_message": True}
        message = self.add(self._someone(), self.server.unix_time(), extra=created)
        message.extra["message_thread_id"] = message.id
        self.topics.add(message.id)
        return message.id

    def deletes_topic(self, thread: int) -> None:
        """Deletes a topic with all that was written in it."""
        self.topics.remove(thread)
        for message in list(self.by_id.values()):
            if message.extra.get("message_thread_id") == thread:
                del self.by_id[message.id]
        self.bell.ring()

    def kicks_bot(self) -> None:
        """Throws the bot out."""
        self.standing = "kicked"
        self.server.membership(self._someone(), self, "member", "kicked")

    def adds_bot(self) -> None:
        """Lets the bot in (again)."""
        before = "member" if self.standing == "member" else "left"
        self.standing = "member"
        self.server.membership(self._someone(), self, before, "member")

    def migrates(self) -> int:
        """Becomes a supergroup under a new id, which is returned; the old id refuses from here on."""
        old, new = self.id, self.server.supergroup_id()
        asked, now = self._someone(), self.server.unix_time()
        farewell = self.add(asked, now, extra={"migrate_to_chat_id": new})
        self.server.happened("message", farewell.json(), self)
        self.id, self.kind = new, "supergroup"
        self.server.move(old, self)
        welcome = self.add(asked, now, extra={"migrate_from_chat_id": old})
        self.server.happened("message", welcome.json(), self)
        return new

    def _someone(self) -> Account:
        return self.members[0].account if self.members else self.server.bot


def _part(text: str, entity: Json) -> str:
    units = text.encode("utf-16-le")
    return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
