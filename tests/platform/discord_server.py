"""Discord on 127.0.0.1: REST API v10 and Gateway, for the real discord.py over real sockets.

Example:
    async with DiscordServer() as server:
        anna = server.person("Anna")
        with server.wired():  # discord.py now talks to this server
            ...start the bot with server.token...
            await anna.runs("quiz", topic="kinesis")
            await anna.presses("B")
            await anna.sees("Right")
"""

import argparse
import asyncio
import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import discord
import yarl
from aiohttp import web

from tests.platform.discord_api import Api, Messages
from tests.platform.discord_checks import Json, Refused
from tests.platform.discord_control import Control
from tests.platform.discord_gateway import Gateway
from tests.platform.discord_limits import limit
from tests.platform.discord_people import TOO_LATE, Person
from tests.platform.discord_rates import Flooded, Rates, Trouble
from tests.platform.discord_replies import Replies
from tests.platform.discord_rest import PREFIX, Call, Rest
from tests.platform.discord_world import Account, Channel, Guild, Interaction, Message, World


class DiscordServer:
    """A strict Discord for one bot, and the people on it."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = "test.token",  # noqa: S107
        enforce_rates: bool = False,
        strict: bool = True,
    ) -> None:
        self.token = token
        self.deadline_s: float = limit("first_response_s")
        self.failures: list[Interaction] = []
        self.people: dict[str, Person] = {}
        self.guilds: dict[str, Guild] = {}
        self.world = World()
        self.rates = Rates(enforce_rates)
        self.gateway = Gateway(self.world, lambda: self.token, lambda: self.gateway_url)
        self.rest = Rest(self.rates, lambda: self.token)
        self._port = port
        self._strict = strict
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def api_url(self) -> str:
        """What `discord.http.Route.BASE` is to be."""
        return f"http://127.0.0.1:{self._port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` is to be."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def calls(self) -> list[Call]:
        """Every request to the API, oldest first."""
        return self.rest.calls

    @property
    def unknown_calls(self) -> list[Call]:
        """The requests that no route answers; leaving the server with any is an error unless `strict=False`."""
        return self.rest.unknown_calls

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction, oldest first, with its latencies."""
        return list(self.world.interactions.values())

    @property
    def commands(self) -> list[Json]:
        """The global commands that the bot registered."""
        return list(self.world.commands[None].values())

    @property
    def invalid_requests(self) -> int:
        """How many requests Discord would count towards its ban (10,000 in 10 minutes)."""
        return sum(call.status in {401, 403, 429} for call in self.calls)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        messages = Messages(self.world)
        replies = Replies(self.world, messages, lambda: self.deadline_s)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        Control(self).mount(app)
        self.rest.mount(app, [*Api(self.world, messages, lambda: self.gateway_url).routes(), *replies.routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for made in self.world.interactions.values():
            if made.deadline is not None:
                made.deadline.cancel()
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._strict and error is None and self.unknown_calls:
            paths = sorted({f"{call.method} {call.path}" for call in self.unknown_calls})
            raise AssertionError(f"The bot asked for what this Discord does not know: {paths}")

    @contextlib.contextmanager
    def wired(self) -> Iterator[None]:
        """Points discord.py at this server, and back again."""
        base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = self.api_url
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            discord.http.Route.BASE = base
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway

    def person(self, name: str, *, locale: str = "en-US", id: int | None = None) -> Person:  # noqa: A002
        """A new person, who has the app installed on the own account."""
        self.people[name] = Person(self, self.world.account(name, locale=locale, id=id))
        return self.people[name]

    def guild(self, name: str, people: list[Person], *, locale: str = "en-US", has_bot: bool = True) -> Guild:
        """A new server with these people and the bot in it; `.channel` is its text channel.

        Without the bot its people can use the app all the same: they have it on their own accounts.
        """
        members = [person.account for person in people]
        self.guilds[name] = self.world.guild(name, members, locale=locale, has_bot=has_bot)
        return self.guilds[name]

    def thread(self, guild: Guild, name: str, owner: Person) -> Channel:
        """A thread that a person opened in the guild's channel; those that branch off are in `guild.threads` too."""
        return self.world.thread(guild.channel, name, owner.account)

    def closes(self, where: Guild | Channel, code: int) -> None:
        """Takes a channel from the bot: with 10003 it is deleted, with 50001 hidden, with 50013 read-only."""
        status, words = {
            10003: (404, "Unknown Channel"),
            50001: (403, "Missing Access"),
            50013: (403, "Missing Permissions"),
        }[code]
        channel = where.channel if isinstance(where, Guild) else where
        channel.closed = Refused(status, code, words)

    async def online(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - seconds, as a test reads best
        """Waits until a bot is connected and identified."""
        async with asyncio.timeout(timeout):
            while not self.gateway.connected():
                await self.world.change()

    async def resumed(self, times: int, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - seconds
        """Waits until the bot has resumed that many times."""
        async with asyncio.timeout(timeout):
            while self.gateway.resumed < times:
                await self.world.change()

    def allow_intents(self, intents: int) -> None:
        """Grants privileged intents, as the developer portal does."""
        self.gateway.allowed_intents |= intents

    def waits(self, seconds: float) -> None:
        """Moves the server's clock; interactions out of their time fail."""
        self.world.offset_s += seconds
        for made in list(self.world.interactions.values()):
            if not made.settled.is_set() and self.world.clock_s() - made.born_s > self.deadline_s:
                self._fail(made)

    def flood(
        self,
        times: int = 1,
        *,
        retry_after: float = 0.05,
        path: str | None = None,
        method: str | None = None,
        everywhere: bool = False,
        via: bool = True,
    ) -> None:
        """Answers the next requests (whose path has that text) with 429; without `via` it reads as a Cloudflare ban."""
        flooded = Flooded(retry_after, "global" if everywhere else "user", via=via)
        self.rates.troubles.append(Trouble(flooded, times, path, method))

    def refuse(
        self,
        times: int = 1,
        *,
        status: int,
        code: int = 0,
        message: str = "",
        path: str | None = None,
        method: str | None = None,
    ) -> None:
        """Answers the next requests (whose path has that text) with that error."""
        self.rates.troubles.append(Trouble(Refused(status, code, message), times, path, method))

    async def sends(
        self, kind: int, account: Account, channel: Channel, data: Json, source: Message | None
    ) -> Interaction:
        """Sends the bot an interaction; returns when it answered or its time is up."""
        assert self.gateway.identified, "No bot has ever connected to this Discord"
        made = self.world.interaction(kind, account, channel, data, source)
        made.deadline = asyncio.get_running_loop().call_later(self.deadline_s, self._fail, made)
        await made.settled.wait()
        return made

    def _fail(self, made: Interaction) -> None:
        if made.settled.is_set():
            return
        made.failed = True
        made.settled.set()
        self.failures.append(made)
        self.world.note(made, TOO_LATE)


async def _serve_forever(port: int, token: str, *, enforce_rates: bool) -> None:
    async with DiscordServer(port=port, token=token, enforce_rates=enforce_rates, strict=False) as server:
        print(server.api_url, server.gateway_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Runs the server as a process of its own, until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="test.token")
    parser.add_argument("--enforce-rates", action="store_true")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_forever(given.port, given.token, enforce_rates=given.enforce_rates))


if __name__ == "__main__":
    main()
