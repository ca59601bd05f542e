"""A Telegram of our own: the Bot API over a real socket, and the people who talk to the bot.

Example:
    async with TelegramServer() as server:
        bot = telegram.Bot(server.token, base_url=f"{server.url}/bot")
        anna = server.person("Anna", language="en")
        await anna.says("/quiz")
        await anna.taps("B")
        await anna.sees("Right")

Alone: `python -m tests.platform.telegram_server --port 8081`, ruled by another process through `/control/...`.
"""

import argparse
import asyncio
import itertools
import logging
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.platform.telegram_control import add_control
from tests.platform.telegram_faults import Fault, Faults
from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_methods import METHODS, BotApi
from tests.platform.telegram_params import Params, read
from tests.platform.telegram_people import PATIENCE_S, Group, Person, Tap
from tests.platform.telegram_polls import Box
from tests.platform.telegram_world import Account, Bell, Chat, Json, RefusedError, UpdateQueue

log = logging.getLogger(__name__)

TOKEN = "424242:AAEtestTOKENtestTOKENtestTOKENtest0"  # noqa: S105  (opens nothing but this server)
_TOKEN_FORM = re.compile(r"\d+:[\w-]{20,}")
_PATH = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>[^/]+)/?")
_FILE = re.compile(r"/file/bot(?P<token>[^/]+)/files/(?P<file>\w+)")
_UPLOAD_MAX = LIMIT["file_max"] + 64 * 1024  # the whole request
_BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"  # noqa: E501


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot and how it ended."""

    method: str  # as the bot wrote it
    params: Mapping[str, Any]  # structures decoded, files by name
    at: float  # the server's monotonic clock when it arrived
    status: int  # HTTP status; 0 when the connection was dropped
    description: str = ""  # of a refusal


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a person's act waited: for the answer to a tap, or for the chat's next message or edit."""

    act: str  # kind of update
    reply: str  # "send", "edit" or "answerCallbackQuery"
    chat_id: int
    latency_s: float


class TelegramServer:
    """The Bot API of one bot on 127.0.0.1, and everyone it can talk to."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        username: str = "tminus_test_bot",
        enforce_rates: bool = False,
        privacy: bool = True,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.clock = clock
        self.is_private = privacy
        self.tap_lifetime_s = 30.0  # Telegram gives no number for "too old"
        self.bot = Account(int(token.partition(":")[0]), "Tminus", is_bot=True, username=username)
        self.faults = Faults(clock, enforce_rates)
        self.updates = UpdateQueue()
        self.api = BotApi(self)
        self.calls: list[Call] = []
        self.unknown_calls: list[Call] = []
        self.latencies: list[Latency] = []
        self.chats: dict[int, Chat] = {}
        self.migrated: dict[int, int] = {}
        self.people: dict[int, Person] = {}
        self.taps: dict[str, Tap] = {}
        self.boxes: dict[str, Box] = {}  # by the poll's id
        self.files: dict[str, bytes] = {}
        self._port = port
        self._wall = wall
        self._numbers = itertools.count(1)
        self._acts: dict[Chat, tuple[str, float]] = {}
        self._bell = Bell()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens; `base_url` of a bot is this and `/bot`."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_UPLOAD_MAX)
        add_control(app, self)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # For tests: who is there, and what goes wrong.

    def person(
        self,
        name: str,
        *,
        language: str | None = "en",
        id: int | None = None,  # noqa: A002  (the word of the API)
        username: str | None = None,
    ) -> Person:
        """Someone with an account who has not written to the bot yet."""
        identifier = 1_000_000 + self.number() if id is None else id
        account = Account(identifier, name, username=username, language=language)
        chat = self.chats[identifier] = Chat(identifier, "private", name, "not started")
        person = self.people[identifier] = Person(self, account, chat)
        return person

    def group(self, title: str, members: Sequence[Person], *, supergroup: bool = False, forum: bool = False) -> Group:
        """A group the bot has just been added to."""
        identifier = self.supergroup_id() if supergroup or forum else -4_000_000 - self.number()
        group = Group(self, identifier, title, members, is_supergroup=supergroup or forum, is_forum=forum)
        self.chats[identifier] = group
        group.standing = "left"
        group.adds_bot()
        return group

    def flood(
        self, chat: Chat | None = None, *, retry_after: int = 3, times: int = 1, method: str | None = None
    ) -> None:
        """Refuses the next messages and edits with 429: in one chat or in all, of one method or of all that count."""
        self.faults.flood(chat, retry_after, times, method)

    def fail_next(self, method: str, kind: Fault, times: int = 1) -> None:
        """Breaks the next calls of a method, of any method for "*"."""
        self.faults.fail(method, kind, times)

    def refuse_next(self, method: str, code: int, description: str, times: int = 1, **parameters: int) -> None:
        """Answers the next calls of a method with any refusal."""
        self.faults.fail(method, RefusedError(code, description, **parameters), times)

    def delay(self, delay_s: float, method: str = "*") -> None:
        """Holds back the answers of a method; what was asked is done at once."""
        self.faults.delay(method, delay_s)

    def expire_taps(self) -> None:
        """Makes every tap so far too old to answer."""
        for tap in self.taps.values():
            tap.at = float("-inf")

    def busiest(self, chat: Chat) -> int:
        """The most messages and edits that the bot brought into a chat in any 60 s."""
        return self.faults.busiest(chat)

    def calls_of(self, method: str) -> list[Call]:
        """Every call of a method so far."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def called(
        self,
        method: str,
        times: int = 1,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109  (tests say it, no caller wraps it)
    ) -> list[Call]:
        """Waits until a method was called so often.

        Raises:
            AssertionError: it was not.
        """
        if not await self._bell.until(lambda: len(self.calls_of(method)) >= times, timeout):
            raise AssertionError(f"{method} was called {len(self.calls_of(method))} times of {times} in {timeout} s")
        return self.calls_of(method)

    # For people, chats and methods: what happened.

    def happened(self, kind: str, body: Json, chat: Chat, tap: str | None = None) -> None:
        """Something the bot gets an update about."""
        self._acts[chat] = (kind, self.taps[tap].at if tap else self.clock())
        self.updates.put(kind, body)

    def replied(self, chat: Chat, how: str, tap: str | None = None) -> None:
        """The bot wrote into a chat or answered a tap."""
        if tap is not None:
            now = self.clock()
            self.latencies.append(Latency("callback_query", how, chat.id, now - self.taps[tap].at))
        elif (act := self._acts.pop(chat, None)) is not None:
            self.latencies.append(Latency(act[0], how, chat.id, self.clock() - act[1]))

    def tapped(self, person: Person, chat: Chat) -> Tap:
        """A new tap, waiting for its answer."""
        tap = Tap(str(8_000_000_000 + self.number()), person, chat, self.clock())
        self.taps[tap.id] = tap
        return tap

    def membership(self, by: Account, chat: Chat, before: str, after: str) -> None:
        """The bot's standing in a chat changed."""
        body = {
            "chat": chat.json(),
            "from": by.json(),
            "date": self.unix_time(),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        self.updates.put("my_chat_member", body)

    def move(self, old: int, chat: Chat) -> None:
        """A group has a new id."""
        self.chats[chat.id] = self.chats.pop(old)
        self.migrated[old] = chat.id

    def unix_time(self) -> int:
        """The time messages carry."""
        return int(self._wall())

    def number(self) -> int:
        """A number never used before."""
        return next(self._numbers)

    def supergroup_id(self) -> int:
        """A new supergroup's id."""
        return -1_001_000_000_000 - self.number()

    def _member(self, status: str) -> Json:
        return {"status": status, "user": self.bot.json()} | ({"until_date": 0} if status == "kicked" else {})

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if found := _FILE.fullmatch(request.path):
            content = self.files.get(found["file"])
            if content is None or found["token"] != self.token:
                return _refusal(RefusedError(404, "Not Found"))
            return web.Response(body=content)
        match = _PATH.fullmatch(request.path)
        if match is None or not _TOKEN_FORM.fullmatch(match["token"]):
            return _refusal(RefusedError(404, "Not Found"))
        if match["token"] != self.token:
            return _refusal(RefusedError(401, "Unauthorized"))
        return await self._answer(request, match["method"])

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        at, name = self.clock(), method.lower()
        description, status, params = "", 0, Params({})
        fault = self.faults.next_fault(name)
        try:
            params = await read(request)
            if fault == "drop_before":
                return _dropped(request)
            response = await self._result(name, params, fault)
            status = response.status
            await self._pause(self.faults.delay_s(name))
            if fault == "drop_after":
                status = 0
                return _dropped(request)
        except RefusedError as error:
            description, status = error.description, error.code
            return _refusal(error)
        else:
            return response
        finally:
            self._record(Call(method, params.plain(), at, status, description))

    async def _result(self, name: str, params: Params, fault: Fault | RefusedError | None) -> web.Response:
        if fault == "bad_gateway":
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        if fault == "server_error":
            raise RefusedError(500, "Internal Server Error: restart")
        if isinstance(fault, RefusedError):
            raise fault
        method = METHODS.get(name)
        if method is None:
            raise RefusedError(404, "Not Found")
        self.faults.check_flood(name, self.chats.get(params.integer("chat_id")))
        return web.json_response({"ok": True, "result": await method(self.api, params)})

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        if call.method.lower() not in METHODS:
            log.error("the test Telegram has no method %s", call.method)
            self.unknown_calls.append(call)
        self._bell.ring()

    async def _pause(self, delay_s: float) -> None:
        if delay_s > 0:
            try:
                async with asyncio.timeout(delay_s):
                    await self._closing.wait()
            except TimeoutError:
                return


def _refusal(error: RefusedError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _serve(port: int, token: str, *, enforce_rates: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with TelegramServer(port=port, token=token, enforce_rates=enforce_rates) as server:
        print(server.url, flush=True)
        await stop.wait()


def main() -> None:
    """Runs the server alone until it is told to stop; its address is the first line it prints."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--enforce-rates", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, arguments.token, enforce_rates=arguments.enforce_rates))


if __name__ == "__main__":
    main()
