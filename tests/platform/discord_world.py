"""What exists on the platform: accounts, servers, channels, messages, interactions, commands."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from discord import Permissions

from tests.platform.discord_checks import EPHEMERAL, LOADING, Json, Refused, walk

EPOCH_MS = 1420070400000
GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
ALL_PERMISSIONS = (1 << 53) - 1
# What a new server lets everybody do, as far as it matters here.
ANYBODY = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    use_application_commands=True,
).value
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
TEXT, DIRECT, VOICE, NEWS, NEWS_THREAD, THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 5, 10, 11, 12, 15  # channel types
HAS_THREAD = 1 << 5  # a message's flag

Dispatch = Callable[[str, Callable[[int], Json | None], int | None], None]


@dataclass(eq=False)
class Account:
    """A user of the platform, as the API shows them."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    installed: bool = True  # has the app added to the own account
    closed: Refused | None = None  # what a direct message to them gets

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name.lower().replace(" ", "_"),
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
        }


class Somebody(Protocol):
    """An account, or the person who acts with it."""

    @property
    def id(self) -> int: ...


@dataclass(eq=False)
class Channel:
    """A server's channel, a thread in one, or the direct messages of one person with the bot."""

    id: int
    name: str
    guild: "Guild | None" = None
    recipient: Account | None = None
    last_message_id: int | None = None
    closed: Refused | None = None  # what the bot gets that writes there
    messages: "list[Message]" = field(default_factory=list)
    kind: int = TEXT  # of a server's channel
    parent: "Channel | None" = None  # of a thread
    owner: Account | None = None  # of a thread: who opened it
    auto_archive_min: int = 1440
    is_archived: bool = False
    is_locked: bool = False

    def payload(self) -> Json:
        last = str(self.last_message_id) if self.last_message_id else None
        if self.recipient is not None:
            people = [self.recipient.payload()]
            return {"id": str(self.id), "type": DIRECT, "flags": 0, "last_message_id": last, "recipients": people}
        assert self.guild is not None
        if self.parent is not None:
            return self._thread_payload(self.guild, self.parent, last)
        return {
            "id": str(self.id),
            "type": self.kind,
            "name": self.name,
            "guild_id": str(self.guild.id),
            "position": 0,
            "permission_overwrites": [],
            "permissions": str(ALL_PERMISSIONS),
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "last_message_id": last,
            "flags": 0,
            **({"bitrate": 64000, "user_limit": 0, "rtc_region": None} if self.kind == VOICE else {}),
        }

    def _thread_payload(self, guild: "Guild", parent: "Channel", last: str | None) -> Json:
        count = sum(not message.deleted for message in self.messages)
        began = _moment(self.id).isoformat()
        return {
            "id": str(self.id),
            "type": self.kind,
            "name": self.name,
            "guild_id": str(guild.id),
            "parent_id": str(parent.id),
            "owner_id": str((self.owner or guild.bot).id),
            "last_message_id": last,
            "message_count": count,
            "member_count": 1,
            "total_message_sent": count,
            "rate_limit_per_user": 0,
            "permissions": str(ALL_PERMISSIONS),
            "flags": 0,
            "thread_metadata": {
                "archived": self.is_archived,
                "archive_timestamp": began,
                "auto_archive_duration": self.auto_archive_min,
                "locked": self.is_locked,
                "create_timestamp": began,
            },
        }

    def admit(self, *needed: str) -> None:
        """Refuses the bot what it may not do here: the channel is closed, or a permission is missing."""
        for place in (self, self.parent):
            if place is not None and place.closed is not None and (needed or place.closed.body["code"] != 50013):
                raise place.closed
        may = Permissions(self.guild.bot_permissions if self.guild else ALL_PERMISSIONS)
        if not may.view_channel:
            raise Refused(403, 50001, "Missing Access")
        if not all(getattr(may, name) for name in needed):
            raise Refused(403, 50013, "Missing Permissions")

    def has(self, account: Account) -> bool:
        return self.recipient is account if self.guild is None else account in self.guild.members


def _moment(number: int) -> datetime:
    """When a snowflake was made."""
    return datetime.fromtimestamp(((number >> 22) + EPOCH_MS) / 1000, UTC)


@dataclass(eq=False)
class Guild:
    """A server with one channel and its threads; the bot is in it, or only on its members' own accounts."""

    id: int
    name: str
    members: list[Account]
    bot: Account
    channel: Channel = field(init=False)
    locale: str = "en-US"
    has_bot: bool = True
    threads: list[Channel] = field(default_factory=list)
    bot_permissions: int = ALL_PERMISSIONS
    promoted: dict[int, int] = field(default_factory=dict)  # what a member may do beyond what anybody may

    @property
    def owner(self) -> Account:
        return self.members[0] if self.members else self.bot

    def promote(self, person: Somebody, permissions: Permissions | None = None) -> None:
        """Lets a member do more: manage the server, if nothing else is said."""
        more = permissions or Permissions(manage_guild=True)
        self.promoted[person.id] = self.promoted.get(person.id, 0) | more.value

    def forbids(self, permissions: Permissions) -> None:
        """Takes permissions from the bot."""
        self.bot_permissions &= ~permissions.value

    def permissions_of(self, account: Account) -> int:
        if account is self.owner:
            return ALL_PERMISSIONS
        return self.bot_permissions if account is self.bot else ANYBODY | self.promoted.get(account.id, 0)

    def member(self, account: Account) -> Json:
        return {
            "user": account.payload(),
            "nick": None,
            "avatar": None,
            "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "permissions": str(self.permissions_of(account)),
        }

    def payload(self) -> Json:
        role = {"id": str(self.id), "name": "@everyone", "color": 0, "hoist": False, "position": 0}
        role |= {"permissions": str(ANYBODY), "managed": False, "mentionable": False, "flags": 0}
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "roles": [role],
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": self.locale,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_id": str(self.channel.id),
        }

    def arrival(self) -> Json:
        """The body of GUILD_CREATE."""
        return self.payload() | {
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(self.members) + 1,
            "members": [self.member(self.bot)],
            "channels": [self.channel.payload()],
            "threads": [thread.payload() for thread in self.threads],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
        }


@dataclass(eq=False)
class Message:
    """A message; `notice` is a line that the app itself shows, which the API does not know."""

    id: int
    channel: Channel
    author: Account
    body: Json
    flags: int = 0
    only_for: Account | None = None
    interaction: "Interaction | None" = None
    sent_s: float = 0.0  # of the server's clock
    edited_s: list[float] = field(default_factory=list)  # likewise, oldest first
    edited_at: str | None = None
    thread: Channel | None = None  # what branches off it
    revision: int = 0
    deleted: bool = False
    notice: bool = False

    @property
    def edits(self) -> int:
        return len(self.edited_s)

    def visible_to(self, account: Account) -> bool:
        return not self.deleted and self.channel.has(account) and self.only_for in {None, account}

    def files(self) -> list[Json]:
        """What hangs on the message."""
        return self.body.get("attachments") or []

    def payload(self) -> Json:
        named = {f"attachment://{file['filename']}": file for file in self.files()}
        embeds = [{"type": "rich", **embed} for embed in self.body.get("embeds") or []]
        shown_inside: set[str] = set()
        for embed in embeds:
            for key in ("image", "thumbnail"):
                if (url := (embed.get(key) or {}).get("url")) in named:
                    # The embed has it now; take it out of the embed, and it stands below the message again.
                    embed[key] = {**embed[key], "url": named[url]["url"], "proxy_url": named[url]["proxy_url"]}
                    shown_inside.add(named[url]["id"])
        shown: Json = {
            "id": str(self.id),
            "type": 0,
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.body.get("content") or "",
            "timestamp": _moment(self.id).isoformat(),
            "edited_timestamp": self.edited_at,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [file for file in self.files() if file["id"] not in shown_inside],
            "embeds": embeds,
            "components": self.body.get("components") or [],
            "pinned": False,
            "flags": self.flags,
        }
        for key in ("nonce", "message_reference"):
            if self.body.get(key) is not None:
                shown[key] = self.body[key]
        if self.thread is not None:
            shown["thread"] = self.thread.payload()
        if self.interaction is not None:
            shown |= {"type": 20 if self.interaction.kind == COMMAND else 0, "webhook_id": str(self.author.id)}
            shown |= {"application_id": str(self.author.id), "interaction_metadata": self.interaction.metadata()}
        return shown


@dataclass(eq=False)
class Interaction:
    """One command, tap, autocomplete or filled modal, and how the bot met it."""

    id: int
    token: str
    kind: int
    account: Account
    channel: Channel
    data: Json
    born_s: float  # of the server's clock
    sent_s: float  # monotonic
    source: Message | None = None
    answer: int | None = None  # the type of the first response
    original: Message | None = None
    placeholder: Message | None = None  # what the first followup replaces
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    failed: bool = False
    ack_s: float | None = None  # from sending it to the first response
    shown_s: float | None = None  # from sending it to the first response with something to see
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: asyncio.TimerHandle | None = None

    @property
    def acknowledged(self) -> bool:
        """True once the bot's first response was taken."""
        return self.answer is not None

    @property
    def label(self) -> str:
        """What the person did, for a transcript."""
        return str(self.data.get("name") or self.data.get("custom_id"))

    def metadata(self) -> Json:
        kept = {"id": str(self.id), "type": self.kind, "user": self.account.payload()}
        return kept | {"authorizing_integration_owners": self.owners()}

    def owners(self) -> Json:
        """Who installed the app that the interaction came through: "0" the server, "1" the account."""
        guild = self.channel.guild
        owners = {} if guild and not guild.has_bot else {"0": str(guild.id) if guild else "0"}
        return owners | ({"1": str(self.account.id)} if self.account.installed else {})

    def shown(self) -> None:
        """Notes that the person has something to see."""
        if self.shown_s is None:
            self.shown_s = time.monotonic() - self.sent_s

    def acknowledge(self, kind: int) -> None:
        self.answer = kind
        self.ack_s = time.monotonic() - self.sent_s
        if kind not in {5, 6}:
            self.shown()
        if self.deadline is not None:
            self.deadline.cancel()
        self.settled.set()


class World:
    """Everything that exists, and the signal that something changed."""

    def __init__(self) -> None:
        self._last_id = 0
        self._changed = asyncio.Event()
        self.revision = 0
        self.now_s: Callable[[], float] = time.monotonic
        self.offset_s = 0.0
        self.accounts: dict[int, Account] = {}
        self.channels: dict[int, Channel] = {}
        self._dms: dict[int, Channel] = {}
        self.guilds: dict[int, Guild] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        self.commands: dict[int | None, dict[int, Json]] = {None: {}}
        self.files: dict[int, bytes] = {}
        self.dispatch: Dispatch = lambda _event, _make, _guild: None
        self.bot = self.account("Tminus", bot=True)

    def clock_s(self) -> float:
        return self.now_s() + self.offset_s

    def new_id(self) -> int:
        """A snowflake, each greater than the one before."""
        self._last_id = max(self._last_id + 1, (int(time.time() * 1000) - EPOCH_MS) << 22)
        return self._last_id

    def touch(self) -> int:
        """Tells whoever waits that something changed; returns the number of the change."""
        self.revision += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        return self.revision

    async def change(self) -> None:
        """Returns when something has changed."""
        await self._changed.wait()

    def account(self, name: str, *, locale: str = "en-US", id: int | None = None, bot: bool = False) -> Account:  # noqa: A002
        account = Account(id or self.new_id(), name, locale, bot)
        self.accounts[account.id] = account
        return account

    def dm(self, account: Account) -> Channel:
        if account.id not in self._dms:
            channel = Channel(self.new_id(), f"@{account.name}", recipient=account)
            self._dms[account.id] = self.channels[channel.id] = channel
        return self._dms[account.id]

    def channels_of(self, account: Account) -> list[Channel]:
        """The channels that the account can read."""
        guilds = [guild for guild in self.guilds.values() if account in guild.members]
        return [self.dm(account), *(place for guild in guilds for place in (guild.channel, *guild.threads))]

    def guild(self, name: str, members: list[Account], *, locale: str = "en-US", has_bot: bool = True) -> Guild:
        guild = Guild(self.new_id(), name, members, self.bot, locale=locale, has_bot=has_bot)
        guild.channel = Channel(self.new_id(), "general", guild=guild)
        self.guilds[guild.id] = guild
        self.channels[guild.channel.id] = guild.channel
        if not has_bot:
            guild.channel.closed = Refused(403, 50001, "Missing Access")
            return guild
        self.dispatch("GUILD_CREATE", lambda intents: guild.arrival() if intents & GUILDS else None, guild.id)
        return guild

    def thread(
        self, parent: Channel, name: str, owner: Account, starter: Message | None = None, auto_archive_min: int = 1440
    ) -> Channel:
        """A thread; one that branches off a message has its id."""
        guild = parent.guild
        assert guild is not None
        kind = NEWS_THREAD if parent.kind == NEWS else THREAD
        number = starter.id if starter is not None else self.new_id()
        made = Channel(number, name, guild, kind=kind, parent=parent, owner=owner, auto_archive_min=auto_archive_min)
        self.channels[made.id] = made
        guild.threads.append(made)
        self.dispatch(
            "THREAD_CREATE",
            lambda intents: made.payload() | {"newly_created": True} if intents & GUILDS else None,
            guild.id,
        )
        if starter is not None:
            starter.thread = made
            starter.flags |= HAS_THREAD
            starter.revision = self.touch()
            self._tell("MESSAGE_UPDATE", starter)
        return made

    def post(self, channel: Channel, author: Account, body: Json, **more: Any) -> Message:
        message = Message(self.new_id(), channel, author, body, sent_s=self.clock_s(), **more)
        _number(body.get("components") or [])
        self.messages[message.id] = message
        channel.last_message_id = message.id
        channel.messages.append(message)
        message.revision = self.touch()
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, changes: Json, flags: int) -> None:
        message.body = message.body | changes
        _number(message.body.get("components") or [])
        if not message.flags & LOADING:
            message.edited_s.append(self.clock_s())
            message.edited_at = datetime.now(UTC).isoformat()
        message.flags = flags & ~LOADING
        message.revision = self.touch()
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        message.deleted = True
        message.revision = self.touch()
        self._tell("MESSAGE_DELETE", message)

    def note(self, interaction: Interaction, text: str) -> None:
        """Shows the person a line of the app's own."""
        body = {"content": text}
        channel, account = interaction.channel, interaction.account
        self.post(channel, self.bot, body, only_for=account, flags=EPHEMERAL, notice=True)

    def _tell(self, event: str, message: Message) -> None:
        guild = message.channel.guild
        if message.only_for is not None or (guild and not guild.has_bot):
            return

        def make(intents: int) -> Json | None:
            if not intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES):
                return None
            where = {"channel_id": str(message.channel.id)} | ({"guild_id": str(guild.id)} if guild else {})
            if event == "MESSAGE_DELETE":
                return where | {"id": str(message.id)}
            shown = message.payload() | where
            if guild:
                shown["member"] = {key: value for key, value in guild.member(message.author).items() if key != "user"}
            mention = f"<@{self.bot.id}>" in shown["content"]
            if mention:
                shown["mentions"] = [self.bot.payload()]
            if guild and message.author is not self.bot and not mention and not intents & MESSAGE_CONTENT:
                shown |= {"content": "", "embeds": [], "attachments": [], "components": []}
            return shown

        self.dispatch(event, make, guild.id if guild else None)

    def interaction(
        self, kind: int, account: Account, channel: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        now_s = self.clock_s()
        made = Interaction(
            self.new_id(), secrets.token_urlsafe(48), kind, account, channel, data, now_s, time.monotonic(), source
        )
        self.interactions[made.id] = made
        self.tokens[made.token] = made
        guild = channel.guild
        self.dispatch("INTERACTION_CREATE", lambda _: self.interaction_payload(made), guild.id if guild else None)
        return made

    def interaction_payload(self, made: Interaction) -> Json:
        guild = made.channel.guild
        payload: Json = {
            "id": str(made.id),
            "application_id": str(self.bot.id),
            "type": made.kind,
            "token": made.token,
            "version": 1,
            "data": made.data,
            "channel_id": str(made.channel.id),
            "channel": made.channel.payload(),
            "locale": made.account.locale,
            "app_permissions": str(guild.bot_permissions if guild else ALL_PERMISSIONS),
            "entitlements": [],
            "authorizing_integration_owners": made.owners(),
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if made.source is not None:
            payload["message"] = made.source.payload()
        if guild is None:
            return payload | {"user": made.account.payload()}
        partial = {"id": str(guild.id), "locale": guild.locale, "features": []}
        payload |= {"guild_id": str(guild.id), "guild": partial, "guild_locale": guild.locale}
        return payload | {"member": guild.member(made.account)}


def _number(components: list[Json]) -> None:
    """Gives components the ids that the platform gives to those without."""
    everything = list(walk(components))
    taken = {part["id"] for part in everything if part.get("id")}
    free = (number for number in range(1, 10**6) if number not in taken)
    for part in everything:
        if not part.get("id"):
            part["id"] = next(free)
