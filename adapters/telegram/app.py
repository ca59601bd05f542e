"""Runs the tutor on Telegram: polls, answers, and sends what delivery brings."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace

from telegram import BotCommand, ChatMember, Update
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Updater

from adapters.desk import Desk
from adapters.redact import account_of
from adapters.telegram.parse import PLATFORM, parse
from adapters.telegram.post import close, edit, post, says
from adapters.telegram.render import render
from adapters.telegram.reply import NoWayBack, WayBack, seconds, way_back
from adapters.telegram.wire import Line
from bot.chat.incoming import Incoming
from bot.chat.intent import CONTROLS
from bot.chat.view import View
from bot.domain.pace import CHAT, ROOM, Pace
from bot.errors import PlatformError
from bot.ports import Delivered, Failed, Gone, Moved, Receipt, TooFast, Vanished
from bot.present.words import FALLBACK, locales

log = logging.getLogger(__name__)

UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.POLL_ANSWER)
POLL_S = 30
MOST_AT_ONCE = 512  # turns under way; beyond that updates wait at Telegram
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 30.0
GRACE_S = 5.0  # what runs may finish in when stopping
LONGEST_ABOUT = int(BotCommandLimit.MAX_DESCRIPTION)
# How Telegram says 400 for a person, or a topic, that can't be written to, in lower case.
NOBODY = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "message thread not found",
    "topic_deleted",
    "topic_closed",
)
ADMINS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class TelegramApp:
    """The tutor on Telegram; as a `Channel`, where its pushes go."""

    platform = PLATFORM

    def __init__(self, desk: Desk, token: str, api_url: str | None = None) -> None:
        self._desk = desk
        self._api_url = api_url
        try:
            self._line = Line(token, api_url)
        except InvalidToken:
            raise _refused(api_url) from None
        self._received: asyncio.Queue[object] = asyncio.Queue(MOST_AT_ONCE)
        self._updater = Updater(self._line, self._received)
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._turns: set[asyncio.Task[None]] = set()
        self._intake: asyncio.Task[None] | None = None
        self._flooded = ("", 0.0)  # the chat of the newest 429 and when, by the loop's clock, its pause ends

    async def start(self) -> None:
        """Begins to answer; returns when Telegram does. A network that fails is tried again until it works.

        Raises:
            PlatformError: the token is refused.
        """
        is_known = await self._connect() and await self._poll()
        if not is_known:
            await self.stop()
            raise _refused(self._api_url)  # not while the library's own error is at hand: that one shows the token
        await self._list_commands()

    async def ends(self) -> None:
        """Never: polling goes on through whatever Telegram answers, since a token can be given back its rights."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Takes in nothing more, lets what runs finish, and closes; promptly, and safe at any time."""
        self._line.end()
        if self._updater.running:
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await self._updater.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await self.settled()
        if self._intake:
            self._intake.cancel()
        for turn in self._turns:
            turn.cancel()
        await asyncio.gather(*self._turns, *filter(None, [self._intake]), return_exceptions=True)
        self._intake = None
        await self._updater.shutdown()
        await self._line.shutdown()

    async def settled(self) -> None:
        """Waits until all that was received so far is answered."""
        if self._intake:
            await self._received.join()

    async def send(self, chat: str, view: View) -> Receipt:
        """Sends a message to a person's private chat, to a group, or to `group/topic`; a quiz that fits is a poll."""
        room, topic = _address(chat)

        async def sending() -> Receipt:
            sent = await post(self._line, room, render(view, self._line.called), topic=topic)
            return Delivered(str(sent.message_id), sent.poll.id if sent.poll else None)

        return await self._receipt(room, sending())

    async def edit(self, chat: str, message: str, view: View) -> Receipt:
        """Makes a message that was sent into another; in words, and a message of words stays one."""
        room, _ = _address(chat)

        async def editing() -> Receipt:
            is_there = await edit(self._line, room, int(message), render(view, self._line.called))
            return Delivered(message) if is_there else Vanished()

        return Vanished() if view.attached else await self._receipt(room, editing())

    async def close(self, chat: str, message: str) -> Receipt:
        """Ends a quiz poll that was sent; one that has ended is delivered."""
        room, _ = _address(chat)

        async def closing() -> Receipt:
            return Delivered(message) if await close(self._line, room, int(message)) else Vanished()

        return await self._receipt(room, closing())

    def pace(self, chat: str) -> Pace:
        """20 messages and edits a minute for a group, one a second for a person."""
        return ROOM if chat.startswith("-") else CHAT

    async def _receipt(self, chat: str, call: Awaitable[Receipt]) -> Receipt:
        """What became of a call, whatever Telegram answers."""
        try:
            return await call
        except RetryAfter as flood:
            return self._too_fast(chat, seconds(flood))
        except ChatMigrated as moved:
            return Moved(str(moved.new_chat_id))
        except Forbidden as error:
            return Gone(error.message)
        except BadRequest as error:
            return Gone(error.message) if says(error, NOBODY) else Failed(error.message)
        except TelegramError as error:
            return Failed(error.message)

    def _too_fast(self, chat: str, wait_s: float) -> TooFast:
        """Telegram does not say whether a 429 is about the chat or the token: two chats at once mean the token."""
        now = asyncio.get_running_loop().time()
        other, until = self._flooded
        self._flooded = (chat, now + wait_s)
        return TooFast(wait_s, everyone=chat != other and now < until)

    async def _connect(self) -> bool:
        """Whether Telegram, once it answers, knows the token."""
        wait_s = FIRST_RETRY_S
        while True:
            try:
                await self._updater.initialize()
            except InvalidToken:
                return False
            except TelegramError as error:
                if wait_s == FIRST_RETRY_S:
                    log.warning("Telegram can't be reached (%s); trying on", error)
                await asyncio.sleep(seconds(error) if isinstance(error, RetryAfter) else wait_s)
                wait_s = min(2 * wait_s, LONGEST_RETRY_S)
            else:
                return True

    async def _poll(self) -> bool:
        """Whether Telegram lets us poll."""
        self._intake = asyncio.create_task(self._take_in())
        try:
            await self._updater.start_polling(
                timeout=POLL_S,
                bootstrap_retries=-1,
                allowed_updates=UPDATES,
                error_callback=lambda _: None,  # the line has said it, once
            )
        except InvalidToken:
            return False
        return True

    async def _list_commands(self) -> None:
        """Tells Telegram the commands in every language; without them people only miss a menu."""
        for locale in locales():
            language, _, region = locale.partition("-")
            if len(language) != 2 or (region and language in locales()):  # ISO 639-1 is all it takes
                continue
            commands = [BotCommand(entry.name, entry.about[:LONGEST_ABOUT]) for entry in self._desk.menu(locale)]
            try:
                await self._line.set_my_commands(commands, language_code=None if locale == FALLBACK else language)
            except TelegramError as error:
                log.warning("the commands in %s were not set: %s", locale, error)

    async def _take_in(self) -> None:
        while True:
            update = await self._received.get()
            await self._room.acquire()
            turn = asyncio.create_task(self._answer(update))
            self._turns.add(turn)
            turn.add_done_callback(self._answered)

    def _answered(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        self._room.release()
        self._received.task_done()

    async def _answer(self, update: object) -> None:
        if not isinstance(update, Update) or (back := way_back(self._line, update)) is None:
            return
        if update.message and update.message.migrate_to_chat_id:
            await self._moved(update.message.chat.id, update.message.migrate_to_chat_id)
            return
        incoming = parse(update, self._line.username)
        if incoming is None or not self._desk.allows(incoming.person):
            await back.acknowledge()
            return
        with back.patience():
            async with self._desk.queue(incoming.person):
                await self._turn(incoming, back)

    async def _moved(self, group: int, supergroup: int) -> None:
        """What people tap in it from now on comes from the new id; a sending to the old one would say so, too."""
        try:
            await self._desk.moved(PLATFORM, str(group), str(supergroup))
        except Exception:
            log.exception("a group became a supergroup, which was not kept")

    async def _turn(self, incoming: Incoming, back: WayBack | NoWayBack) -> None:
        try:
            await back.give(await self._desk.handle(await self._ranked(incoming)))
        except Forbidden as error:
            log.debug("a reply to %s was not wanted: %s", incoming.key, error)
        except Exception as error:  # noqa: BLE001 - the one place where a turn's errors end
            if _is_network(error):
                log.warning("a reply to %s was lost: %s", incoming.key, error)
                return
            log.error("%s failed\n%s", incoming.key, account_of(error, incoming.intent))  # noqa: TRY400 - wordless
            with suppress(TelegramError):
                await back.give([self._desk.sorry(incoming.locale)])

    async def _ranked(self, incoming: Incoming) -> Incoming:
        """The event with whether it is an admin's, where that matters."""
        room = incoming.place.room
        if room is None or not isinstance(incoming.intent, CONTROLS):
            return incoming
        try:
            member = await self._line.get_chat_member(room, int(incoming.person.account))
        except TelegramError as error:
            log.debug("nobody knows whether %s is an admin's: %s", incoming.key, error)
            return incoming
        return replace(incoming, is_admin=member.status in ADMINS)


def _address(chat: str) -> tuple[str, int | None]:
    """The chat of an address, and the topic in it."""
    room, _, topic = chat.partition("/")
    return room, int(topic) if topic else None


def _is_network(error: Exception) -> bool:
    """Neither ours nor the message's: Telegram is far, or wants a long pause."""
    return isinstance(error, NetworkError | RetryAfter | InvalidToken) and not isinstance(error, BadRequest)


def _refused(api_url: str | None) -> PlatformError:
    where = f" at TMINUS_TELEGRAM_API_URL ({api_url})" if api_url else ""
    return PlatformError(
        f"TMINUS_TELEGRAM_TOKEN: Telegram{where} does not know this token. "
        "Copy it whole from @BotFather (/mybots, your bot, API Token)."
    )
