"""The Discord bot: connects, hears events, answers them, and sends what delivery brings."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.desk import Desk
from adapters.discord import menu, parse, render
from adapters.discord.address import Address
from adapters.discord.answer import Answer, content_of, is_over, sent
from adapters.discord.parse import Event
from adapters.discord.receipts import TRANSIENT, named
from adapters.discord.sender import Sender
from adapters.redact import account_of
from bot.chat.incoming import Incoming
from bot.chat.intent import FOR_ALL
from bot.chat.view import Notice, Reply, View
from bot.domain.pace import Pace
from bot.errors import PlatformError
from bot.ports import Delivered, Failed, Gone, Receipt, Vanished

log = logging.getLogger(__name__)

PACE = Pace(1.1, 5)
DEFER_AFTER_S = 1.5  # Discord waits 3 s for the first response
FIRST_RETRY_S = 2.0  # doubled up to the longest
LONGEST_RETRY_S = 60.0
# A pause that Discord asks for is waited out in place up to this, else it is delivery's to plan. More than the 5 s in
# which a channel's messages and edits are counted: of a longer count the library lets the first request through alone.
PATIENCE_S = 5.5
FAREWELL_S = 3.0  # how long a stop waits for answers under way
TYPED = 100  # characters that a form takes
NOT_CONNECTED = Failed("not connected to Discord")

BAD_TOKEN = 4004
FINAL_CLOSES = {
    4010: "invalid shard",
    4011: "sharding required",
    4012: "invalid API version",
    4013: "invalid intents",
    4014: "intents not granted",
}
LOST = (aiohttp.ClientError, ConnectionError, discord.DiscordServerError)  # Discord is far, or ill


class DiscordApp:
    """One bot on Discord; a `bot.ports.Channel` whose chats are read by `Address`."""

    platform = "discord"

    def __init__(self, desk: Desk, token: str, api_url: str | None = None, gateway_url: str | None = None) -> None:
        self.defer_after_s = DEFER_AFTER_S
        self.retry_s = FIRST_RETRY_S
        self._desk = desk
        self._token = token
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._client: _Client | None = None
        self._sender: Sender | None = None
        self._connection: asyncio.Task[None] | None = None
        self._at_work: set[asyncio.Task[object]] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Connects, and returns when Discord says that the bot is there; tries again while it can't be reached.

        Raises:
            PlatformError: the token is wrong, or Discord will not have this bot.
        """
        _quiet_library()
        if self._api_url:
            Route.BASE = self._api_url
        if self._gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway_url)
        self._is_stopping = False
        pause_s = self.retry_s
        while True:
            try:
                return await self._open()
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired, *TRANSIENT) as error:
                if refusal := _refusal(error):
                    raise refusal from None
                log.warning("Discord can't be reached (%s); trying again in %.0f s", named(error), pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)

    async def ends(self) -> None:
        """Returns when the bot is stopped.

        Raises:
            PlatformError: Discord ended the connection for good, as it does when the token is reset.
        """
        assert self._connection is not None  # noqa: S101 - it has started
        await asyncio.wait([self._connection])
        if not self._is_stopping:
            raise PlatformError(f"Discord ended the connection for good: {_reason(self._connection)}")

    async def stop(self) -> None:
        """Lets the answers under way end, and disconnects."""
        self._is_stopping = True
        if self._at_work:
            _, late = await asyncio.wait(self._at_work, timeout=FAREWELL_S)
            for task in late:
                task.cancel()
        client, connection = self._client, self._connection
        self._client = self._connection = self._sender = None
        if client is not None:
            await _close(client, connection)

    async def send(self, chat: str, view: View) -> Receipt:
        """Sends a message to a person, a channel or a thread; what a thread does not take stands in its channel."""
        to, sender = Address.read(chat), self._sender
        if sender is None:
            return NOT_CONNECTED
        return await sender.send(to, view) if to else Gone(f"{chat} is neither a user nor a channel")

    async def edit(self, chat: str, message: str, view: View) -> Receipt:
        """Edits a message of ours."""
        to, sender = Address.read(chat), self._sender
        if sender is None:
            return NOT_CONNECTED
        is_message = message.isascii() and message.isdecimal()
        return await sender.edit(to, int(message), view) if to and is_message else Vanished()

    async def close(self, chat: str, message: str) -> Receipt:  # noqa: ARG002
        """Does nothing: there are no quiz polls of ours here."""
        return Delivered(message)

    def pace(self, chat: str) -> Pace:  # noqa: ARG002 - the same for all
        """Five messages, and five edits, each five seconds."""
        return PACE

    async def hear(self, event: Event) -> None:
        """Answers an interaction."""
        incoming = parse.heard(event)
        is_public = incoming.place.room is not None and isinstance(incoming.intent, FOR_ALL)
        answer = Answer(event, self.defer_after_s, is_public=is_public)
        try:
            await self._attend(incoming, self._answer(event, incoming, answer), lambda sorry: answer.give([sorry]))
        finally:
            answer.close()

    async def hear_words(self, message: discord.Message) -> None:
        """Answers a direct message."""
        incoming = parse.said(message)

        async def say(sorry: Notice) -> None:
            await _post(message.channel, sorry)

        await self._attend(incoming, self._answer_words(message, incoming), say)

    async def _attend(
        self, incoming: Incoming, work: Awaitable[None], say: Callable[[Notice], Awaitable[None]]
    ) -> None:
        """Does the work of one event: the one place where whatever goes wrong with it ends."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - events are heard in tasks
        self._at_work.add(task)
        try:
            await work
        except Exception as error:  # noqa: BLE001 - it is logged, without what the person wrote
            if is_over(error):
                log.debug("the answer to %s came too late: %s", incoming.key, named(error))
                return
            if isinstance(error, LOST):
                log.warning("the answer to %s was lost: %s", incoming.key, named(error))
                return
            log.error("%s was not answered:\n%s", incoming.key, account_of(error, incoming.intent))  # noqa: TRY400 - wordless
            with suppress(Exception):
                await say(self._desk.sorry(incoming.locale))
        finally:
            self._at_work.discard(task)

    async def _answer(self, event: Event, incoming: Incoming, answer: Answer) -> None:
        if event.type is discord.InteractionType.autocomplete:
            typed = parse.completion(parse.data_of(event))
            found = await self._desk.suggest(incoming.person, typed.what, typed.text) if typed else []
            await answer.complete(found)
        elif not self._desk.allows(incoming.person):
            await answer.give_nothing()
        elif event.type is discord.InteractionType.component and (entry := parse.entry(parse.data_of(event))):
            await answer.open_modal(_form(entry))
        else:
            async with self._desk.queue(incoming.person):
                await answer.give(await self._desk.handle(incoming))

    async def _answer_words(self, message: discord.Message, incoming: Incoming) -> None:
        if not self._desk.allows(incoming.person):
            return
        async with self._desk.queue(incoming.person):
            for reply in await self._desk.handle(incoming):
                if not (isinstance(reply, Notice) and reply.is_receipt):
                    await _post(message.channel, reply)

    async def _open(self) -> None:
        """One attempt to connect; what it opened is closed again if it fails."""
        client = _Client(self, yarl.URL(self._gateway_url) if self._gateway_url else None)
        connection: asyncio.Task[None] | None = None
        try:
            await client.login(self._token)
            await _register(client)
            connection = asyncio.create_task(client.connect())
            await client.arrives(connection)
        except BaseException:
            await _close(client, connection)
            raise
        self._client, self._connection, self._sender = client, connection, Sender(client)

    @property
    def is_listening(self) -> bool:
        """False once the bot is being stopped."""
        return not self._is_stopping


class _Client(discord.AutoShardedClient):
    """The library's client, with no more than is needed: no cache, no privileged intent, no views to remember."""

    def __init__(self, app: DiscordApp, gateway: yarl.URL | None) -> None:
        intents = discord.Intents.none()
        intents.dm_messages = True  # commands, buttons and forms come without any intent
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.http.max_ratelimit_timeout = PATIENCE_S  # the constructor's option starts at 30 s, half a lease
        self._arrived = asyncio.Event()
        self._app = app
        self._gateway = gateway

    async def arrives(self, connection: asyncio.Task[None]) -> None:
        """Waits for READY; raises what ended the connection before it."""
        arrival = asyncio.create_task(self._arrived.wait())
        try:
            await asyncio.wait([connection, arrival], return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
        if connection.done():
            connection.result()
            raise discord.GatewayNotFound

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connects a shard, where the operator said if they did."""
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)

    async def on_connect(self) -> None:
        """Discord said READY."""
        self._arrived.set()

    async def on_interaction(self, event: Event) -> None:
        """A command, a tap, a form or a text being completed."""
        if self._app.is_listening:
            await self._app.hear(event)

    async def on_message(self, message: discord.Message) -> None:
        """A message; only a person's own words in direct messages matter."""
        is_words = message.type in (discord.MessageType.default, discord.MessageType.reply)
        if self._app.is_listening and is_words and message.guild is None and not message.author.bot:
            await self._app.hear_words(message)


async def _close(client: discord.Client, connection: asyncio.Task[None] | None) -> None:
    """Disconnects; a shard that can't connect would try on by itself for ever."""
    await client.close()
    if connection is not None:
        connection.cancel()
        await asyncio.wait([connection])


async def _register(client: discord.Client) -> None:
    """Registers the commands if they are not what Discord has; the old ones serve if that fails."""
    application, wanted = client.application_id, menu.commands()
    assert application is not None  # noqa: S101 - set by the login
    try:
        route = Route("GET", "/applications/{application_id}/commands", application_id=application)
        known = await client.http.request(route, params={"with_localizations": "true"})
        if not menu.is_same(known, wanted):
            await client.http.bulk_upsert_global_commands(application, wanted)
    except (discord.HTTPException, discord.RateLimited) as error:
        log.warning("the commands could not be registered with Discord (%s); the next start tries again", named(error))


async def _post(channel: discord.abc.Messageable, reply: Reply) -> None:
    """Sends a reply as a message of its own, at the pace that the channel bears."""
    while True:
        try:
            await channel.send(**sent(content_of(reply)))
        except discord.RateLimited as error:
            await asyncio.sleep(error.retry_after)
        else:
            return


def _form(entry: parse.Entry) -> discord.ui.Modal:
    caption = render.cut(entry.caption, render.MOST_CAPTION)
    line: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(custom_id="text", max_length=TYPED)
    form = discord.ui.Modal(title=caption, timeout=None, custom_id=entry.carries)
    form.add_item(discord.ui.Label(text=caption, component=line))
    return form


def _reason(connection: asyncio.Task[None]) -> str:
    """Why a connection ended."""
    error = None if connection.cancelled() else connection.exception()
    return str((error and (_refusal(error) or named(error))) or "no reason given")


def _refusal(error: BaseException) -> PlatformError | None:
    """Why Discord will never have this bot as it is, None if trying again may help."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == BAD_TOKEN:
        return PlatformError(
            "Discord does not know the token in TMINUS_DISCORD_TOKEN. "
            "Copy it anew from https://discord.com/developers/applications (your app, Bot, Reset Token)."
        )
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return PlatformError(
            "Discord refuses the bot's intents (4014), though Tminus asks for none that is privileged. "
            "Look at the app on https://discord.com/developers/applications (Bot, Privileged Gateway Intents)."
        )
    if code in FINAL_CLOSES:
        return PlatformError(f"Discord refuses the connection for good: {code}, {FINAL_CLOSES[code]}.")
    return None


def _quiet_library() -> None:
    """Keeps the library's loggers from what they would tell: at DEBUG they print every event and message whole."""
    for name, level in (("", logging.WARNING), (".client", logging.ERROR), (".state", logging.ERROR)):
        logging.getLogger(f"discord{name}").setLevel(level)
