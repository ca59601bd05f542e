"""The REST API's handlers: users, channels, messages, commands."""

import re
from collections.abc import Callable
from typing import Any

from discord import Permissions

from tests.platform.discord_checks import EPHEMERAL, Form, Json, Refused, check_message
from tests.platform.discord_command_checks import check_command, check_commands
from tests.platform.discord_limits import limit
from tests.platform.discord_rest import Asked, Handler, Reply
from tests.platform.discord_world import FORUM, NEWS, TEXT, Account, Channel, Guild, Interaction, Message, World

ARCHIVE_AFTER = (60, 1440, 4320, 10080)  # minutes


class Messages:
    """Writing and changing messages, for channels and for interactions alike."""

    def __init__(self, world: World) -> None:
        self.world = world

    def compose(
        self,
        channel: Channel,
        body: Json,
        files: dict[str, tuple[str, bytes]],
        *,
        at: tuple[str, ...] = (),
        interaction: Interaction | None = None,
    ) -> Message:
        whole = {**body, "attachments": self._listed(body, files, ())}
        check_message(body, whole=whole, at=at, ephemeral=interaction is not None)
        flags = body.get("flags") or 0
        kept = {key: body.get(key) for key in ("content", "embeds", "components", "nonce")}
        kept["attachments"] = self._attach(body, files, ())
        if body.get("message_reference"):
            kept["message_reference"] = self._reference(channel, body["message_reference"])
        only_for = interaction.account if interaction and flags & EPHEMERAL else None
        return self.world.post(channel, self.world.bot, kept, flags=flags, only_for=only_for, interaction=interaction)

    def change(
        self, message: Message, body: Json, files: dict[str, tuple[str, bytes]], *, at: tuple[str, ...] = ()
    ) -> Message:
        """Edits a message; a key that is not there stays as it was."""
        changes: Json = {key: body[key] for key in ("content", "embeds", "components") if key in body}
        old = message.body.get("attachments") or []
        whole = {**message.body, **changes, "flags": message.flags | (body.get("flags") or 0)}
        whole["attachments"] = self._listed(body, files, old)
        check_message(body, whole=whole, at=at, ephemeral=message.interaction is not None)
        if files or "attachments" in body:
            changes["attachments"] = self._attach(body, files, old)
        settable = (body.get("flags") or 0) & ~EPHEMERAL
        self.world.edit(message, changes, message.flags | settable)
        return message

    def _listed(self, body: Json, files: dict[str, tuple[str, bytes]], old: Any) -> list[Json]:
        """What will hang on the message: of the old what is named again or nothing is said of, and what is new."""
        listed = body.get("attachments")
        if listed is None:
            listed = [*old, *({"id": name.removeprefix("files[").removesuffix("]")} for name in files)]
        if not isinstance(listed, list) or not all(isinstance(entry, dict) and "id" in entry for entry in listed):
            error = {"_errors": [{"code": "LIST_TYPE_CONVERT", "message": "Only iterables may be used in a ListType."}]}
            raise Refused(400, 50035, "Invalid Form Body", {"attachments": error})
        known = {str(attachment["id"]): attachment for attachment in old}
        found: list[Json] = []
        for entry in listed:
            name, _ = files.get(f"files[{entry['id']}]", ("", b""))
            found.append(known.get(str(entry["id"])) or {**entry, "filename": _cleaned(entry.get("filename") or name)})
        return found

    def _attach(self, body: Json, files: dict[str, tuple[str, bytes]], old: Any) -> list[Json]:
        known = {str(attachment["id"]) for attachment in old}
        return [
            entry if str(entry["id"]) in known else self._store(entry, files)
            for entry in self._listed(body, files, old)
        ]

    def _store(self, entry: Json, files: dict[str, tuple[str, bytes]]) -> Json:
        _, data = files.get(f"files[{entry['id']}]", ("", None))
        if data is None:
            error = {"_errors": [{"code": "ATTACHMENT_NOT_FOUND", "message": f"No file for {entry['id']}"}]}
            raise Refused(400, 50035, "Invalid Form Body", {"attachments": error})
        if len(data) > limit("attachment_bytes"):
            raise Refused(413, 40005, "Request entity too large")
        number = self.world.new_id()
        self.world.files[number] = data
        url = f"https://cdn.discordapp.com/attachments/{number}/{entry['filename']}"
        shown = {"id": str(number), "filename": entry["filename"], "size": len(data), "url": url}
        return shown | {"proxy_url": url, "description": entry.get("description")}

    def _reference(self, channel: Channel, reference: Json) -> Json | None:
        target = self.world.messages.get(int(reference.get("message_id") or 0))
        if target is not None and target.channel is channel and not target.deleted and target.only_for is None:
            return {"type": 0, "message_id": str(target.id), "channel_id": str(channel.id)}
        if reference.get("fail_if_not_exists", True):
            error = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
            raise Refused(400, 50035, "Invalid Form Body", {"message_reference": error})
        return None


def _may_manage_threads(channel: Channel) -> bool:
    return channel.guild is None or Permissions(channel.guild.bot_permissions).manage_threads


def _archived() -> Refused:
    return Refused(400, 50083, "Tried to perform an operation on an archived thread, such as editing a message")


def _cleaned(name: str) -> str:
    """A file's name as Discord keeps it."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name) or "file"


class Api:
    """The handlers of everything but interactions."""

    def __init__(self, world: World, messages: Messages, gateway_url: Callable[[], str]) -> None:
        self.world = world
        self.messages = messages
        self._gateway_url = gateway_url
        self._nonces: dict[tuple[int, str], Message] = {}

    def routes(self) -> list[tuple[str, str, Handler]]:
        commands, guild_commands = "/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", "/users/@me/guilds", self._guilds),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/users/{user}", self._user),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/channels", self._guild_channels),
            ("GET", "/guilds/{guild}/members", self._members),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("GET", "/channels/{channel_id}", self._channel),
            ("POST", "/channels/{channel_id}/typing", self._typing),
            ("GET", "/channels/{channel_id}/messages", self._history),
            ("POST", "/channels/{channel_id}/messages", self._send),
            ("GET", "/channels/{channel_id}/messages/{message_id}", self._read),
            ("PATCH", "/channels/{channel_id}/messages/{message_id}", self._edit),
            ("DELETE", "/channels/{channel_id}/messages/{message_id}", self._delete),
            ("POST", "/channels/{channel_id}/messages/{message_id}/threads", self._branch),
            *[
                (method, prefix + suffix, handler)
                for prefix in (commands, guild_commands)
                for method, suffix, handler in (
                    ("GET", "", self._commands),
                    ("PUT", "", self._put_commands),
                    ("POST", "", self._post_command),
                    ("GET", "/{command}", self._get_command),
                    ("PATCH", "/{command}", self._patch_command),
                    ("DELETE", "/{command}", self._delete_command),
                )
            ],
        ]

    async def _me(self, _asked: Asked) -> Reply:
        return 200, self.world.bot.payload() | {"verified": True, "mfa_enabled": True, "locale": "en-US"}

    async def _application(self, _asked: Asked) -> Reply:
        bot = self.world.bot
        owner = Account(1, "Owner").payload()
        more = {"bot_public": True, "bot_require_code_grant": False, "owner": owner, "verify_key": "0" * 64}
        shown = {"id": str(bot.id), "name": bot.name, "icon": None, "description": "", "type": None, "flags": 0}
        return 200, shown | more | {"bot": bot.payload(), "team": None, "summary": ""}

    async def _gateway(self, _asked: Asked) -> Reply:
        return 200, {"url": self._gateway_url()}

    async def _gateway_bot(self, _asked: Asked) -> Reply:
        start = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        return 200, {"url": self._gateway_url(), "shards": 1, "session_start_limit": start}

    async def _user(self, asked: Asked) -> Reply:
        return 200, self._find_account(asked.id("user")).payload()

    def _find_account(self, number: int) -> Account:
        account = self.world.accounts.get(number)
        if account is None:
            raise Refused(404, 10013, "Unknown User")
        return account

    async def _open_dm(self, asked: Asked) -> Reply:
        account = self.world.accounts.get(int(asked.dict().get("recipient_id") or 0))
        if account is None or account.bot:
            error = {"_errors": [{"code": "CHANNEL_RECIPIENT_INVALID", "message": "Invalid Recipient(s)"}]}
            raise Refused(400, 50033, "Invalid Recipient(s)", {"recipient_id": error})
        # Opening channels too fast is refused here, a person's closed door only when writing.
        if account.closed is not None and account.closed.body["code"] == 40003:
            raise account.closed
        return 200, self.world.dm(account).payload()

    def _find_guild(self, asked: Asked) -> Guild:
        guild = self.world.guilds.get(asked.id("guild"))
        if guild is None:
            raise Refused(404, 10004, "Unknown Guild")
        return guild

    async def _guilds(self, _asked: Asked) -> Reply:
        return 200, [guild.payload() for guild in self.world.guilds.values() if guild.has_bot]

    async def _guild(self, asked: Asked) -> Reply:
        return 200, self._find_guild(asked).payload()

    async def _guild_channels(self, asked: Asked) -> Reply:
        return 200, [self._find_guild(asked).channel.payload()]

    async def _members(self, _asked: Asked) -> Reply:
        raise Refused(403, 50001, "Missing Access")  # the list needs the privileged members intent

    async def _member(self, asked: Asked) -> Reply:
        guild, account = self._find_guild(asked), self.world.accounts.get(asked.id("user"))
        if account is None or (account not in guild.members and account is not self.world.bot):
            raise Refused(404, 10007, "Unknown Member")
        return 200, guild.member(account)

    def _find_channel(self, asked: Asked) -> Channel:
        channel = self.world.channels.get(asked.id("channel_id"))
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        return channel

    def _find_message(self, asked: Asked) -> Message:
        channel = self._find_channel(asked)
        channel.admit()
        message = self.world.messages.get(asked.id("message_id"))
        # Only an interaction's token reaches a message that one person alone sees.
        if message is None or message.deleted or message.channel is not channel or message.only_for is not None:
            raise Refused(404, 10008, "Unknown Message")
        return message

    async def _channel(self, asked: Asked) -> Reply:
        return 200, self._find_channel(asked).payload()

    async def _typing(self, asked: Asked) -> Reply:
        self._find_channel(asked)
        return 204, None

    async def _history(self, asked: Asked) -> Reply:
        channel = self._find_channel(asked)
        form = Form()
        query = {key: int(value) for key, value in asked.query.items() if value.isdigit()}
        most = form.number(query, "limit", (), 1, limit("messages_page")) or 50
        form.done()
        before, after = query.get("before", 2**63), query.get("after", 0)
        found = [
            message
            for message in channel.messages
            if not message.deleted and message.only_for is None
            if after < message.id < before
        ]
        found = found[:most] if "after" in query else found[-most:]
        return 200, [message.payload() for message in reversed(found)]

    async def _send(self, asked: Asked) -> Reply:
        channel, body = self._find_channel(asked), asked.dict()
        if channel.kind == FORUM:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        channel.admit("send_messages" if channel.parent is None else "send_messages_in_threads")
        if channel.recipient is not None and channel.recipient.closed is not None:
            raise channel.recipient.closed
        nonce = (channel.id, str(body.get("nonce")))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return 200, self._nonces[nonce].payload()
        self._reopen(channel)
        message = self.messages.compose(channel, body, asked.files)
        if body.get("nonce") is not None:
            self._nonces[nonce] = message
        return 200, message.payload()

    def _reopen(self, channel: Channel) -> None:
        """Writing opens an archived thread again; a locked one only for who may manage threads."""
        if not channel.is_archived:
            return
        if channel.is_locked and not _may_manage_threads(channel):
            raise _archived()
        channel.is_archived = False

    async def _branch(self, asked: Asked) -> Reply:
        """Starts a thread from a message."""
        message, body = self._find_message(asked), asked.dict()
        channel = message.channel
        form = Form()
        name = form.text(body, "name", (), limit("thread_name"), least=1, required=True)
        form.number(body, "rate_limit_per_user", (), 0, limit("slowmode_s"))
        archive_min = body.get("auto_archive_duration")
        if archive_min not in {None, *ARCHIVE_AFTER}:
            form.wrong(("auto_archive_duration",), "BASE_TYPE_CHOICES", f"Value must be one of {ARCHIVE_AFTER}.")
        form.done()
        if channel.guild is None or channel.parent is not None or channel.kind not in {TEXT, NEWS}:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        channel.admit("create_public_threads")
        if message.thread is not None:
            raise Refused(400, 160004, "A thread has already been created for this message")
        return 201, self.world.thread(channel, name.strip(), self.world.bot, message, archive_min or 1440).payload()

    async def _read(self, asked: Asked) -> Reply:
        return 200, self._find_message(asked).payload()

    async def _edit(self, asked: Asked) -> Reply:
        message = self._find_message(asked)
        if message.author is not self.world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.is_archived:
            raise _archived()
        return 200, self.messages.change(message, asked.dict(), asked.files).payload()

    async def _delete(self, asked: Asked) -> Reply:
        message = self._find_message(asked)
        if message.author is not self.world.bot and message.channel.guild is None:
            raise Refused(403, 50003, "Cannot execute action on a DM channel")
        self.world.delete(message)
        return 204, None

    def _shelf(self, asked: Asked) -> tuple[int | None, dict[int, Json]]:
        if asked.id("app") != self.world.bot.id:
            raise Refused(403, 20012, "You are not authorized to perform this action on this application")
        guild_id = self._find_guild(asked).id if "guild" in asked.params else None
        return guild_id, self.world.commands.setdefault(guild_id, {})

    def _register(self, guild_id: int | None, body: Json, known: dict[int, Json]) -> Json:
        kind = body.get("type") or 1
        same = (number for number, old in known.items() if (old["name"], old["type"]) == (body["name"], kind))
        number = next(same, None) or self.world.new_id()
        fixed = {"id": str(number), "application_id": str(self.world.bot.id), "version": str(self.world.new_id())}
        allowed = body.get("default_member_permissions")
        shown = {"description": "", "options": [], **body, **fixed, "type": kind}
        shown |= {"default_member_permissions": None if allowed is None else str(allowed)}
        return shown if guild_id is None else shown | {"guild_id": str(guild_id)}

    async def _commands(self, asked: Asked) -> Reply:
        return 200, list(self._shelf(asked)[1].values())

    async def _put_commands(self, asked: Asked) -> Reply:
        guild_id, known = self._shelf(asked)
        if not isinstance(asked.body, list):
            raise Refused(400, 50035, "Invalid Form Body")
        check_commands(asked.body)
        shown = [self._register(guild_id, body, known) for body in asked.body]
        self.world.commands[guild_id] = {int(command["id"]): command for command in shown}
        self.world.touch()
        return 200, shown

    async def _post_command(self, asked: Asked) -> Reply:
        guild_id, known = self._shelf(asked)
        check_command(asked.dict())
        shown = self._register(guild_id, asked.dict(), known)
        is_new = int(shown["id"]) not in known
        check_commands([*known.values(), shown] if is_new else [])
        known[int(shown["id"])] = shown
        return 201 if is_new else 200, shown

    def _find_command(self, asked: Asked) -> tuple[dict[int, Json], Json]:
        known = self._shelf(asked)[1]
        command = known.get(asked.id("command"))
        if command is None:
            raise Refused(404, 10063, "Unknown application command")
        return known, command

    async def _get_command(self, asked: Asked) -> Reply:
        return 200, self._find_command(asked)[1]

    async def _patch_command(self, asked: Asked) -> Reply:
        known, command = self._find_command(asked)
        changed = command | asked.dict()
        check_command(changed)
        changed["version"] = str(self.world.new_id())
        known[int(command["id"])] = changed
        return 200, changed

    async def _delete_command(self, asked: Asked) -> Reply:
        known, command = self._find_command(asked)
        del known[int(command["id"])]
        return 204, None
