"""The connection to the Bot API: fast, and silent about the token that every address of it holds."""

import logging
import ssl
from collections.abc import Callable
from typing import Any
from urllib.request import getproxies

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from adapters.redact import Redact

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"
TALKATIVE = ("httpx", "httpcore", "aiohttp", "telegram")  # at DEBUG or INFO they log addresses
CONNECTIONS = 256  # for all but polling
KEPT_S = 30.0  # an idle connection; Telegram closes after about a minute
CONNECT_S = 10.0
READ_S = 10.0


class Wire(HTTPXRequest):
    """Requests over aiohttp, twice as cheap as httpx's own transport, whose errors and answers hold no token."""

    def __init__(self, blank: Callable[[str], str], tls: ssl.SSLContext, connections: int) -> None:
        def session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=connections, ssl=tls, keepalive_timeout=KEPT_S, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=bool(getproxies()),  # looked up for every request, so only where there is one
            )

        super().__init__(
            connect_timeout=CONNECT_S,
            pool_timeout=CONNECT_S,  # aiohttp's covers connecting, too
            read_timeout=READ_S,
            write_timeout=READ_S,
            httpx_kwargs={"transport": AiohttpTransport(verify=tls, client=session)},
        )
        self._blank = blank

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One request; an error of the network says what happened, and carries no other error that says more."""
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except TelegramError as error:
            fault = self._fault(error)
        except Exception as error:  # noqa: BLE001 - what aiohttp raises beyond its own tree, made a network error
            fault = self._network(f"{type(error).__name__}: {error}")
        else:
            if status == httpx.codes.OK and payload.startswith(b"{"):
                return status, payload
            if payload.startswith(b"{"):
                return status, self._blank(payload.decode(errors="replace")).encode()
            # a page of something in between, which may quote the address: not Telegram's word on the token either
            fault = NetworkError(f"HTTP {status}, but no answer of the Bot API")
        raise fault  # out here it has no context

    def _fault(self, error: TelegramError) -> TelegramError:
        cause = error.__cause__.__cause__ if error.__cause__ else None
        if isinstance(error, TimedOut):
            # the transport calls a lost connection a timeout, and polling retries a timeout at once
            lost = isinstance(cause, aiohttp.ClientConnectionError) and not isinstance(cause, TimeoutError)
            return NetworkError(f"connection lost ({type(cause).__name__})") if lost else TimedOut()
        return self._network(error.message)

    def _network(self, message: str) -> NetworkError:
        return NetworkError(self._blank(" ".join(message.split())))  # in one line


class Line(Bot):
    """The bot of one token; says once when polling fails and once when it works again."""

    def __init__(self, token: str, api_url: str | None = None) -> None:
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        address = api_url or API_URL
        self._redact = Redact([token])
        tls = httpx.create_ssl_context() if address.startswith("https") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._wires = (Wire(self._redact.blank, tls, CONNECTIONS), Wire(self._redact.blank, tls, 2))
        super().__init__(
            token,
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            request=self._wires[0],
            get_updates_request=self._wires[1],
        )
        self._is_down = False
        self._is_ending = False

    @property
    def called(self) -> str:
        """The bot's username; "" as long as Telegram has not said it."""
        return (self._bot_user.username or "") if self._bot_user else ""

    def end(self) -> None:
        """From here on a failing poll is no news."""
        self._is_ending = True

    async def shutdown(self) -> None:
        """Closes every connection, those of a bot that never got to know itself too."""
        await super().shutdown()
        for wire in self._wires:
            await wire.shutdown()

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """The next updates."""
        try:
            updates = await super().get_updates(*args, **kwargs)
        except TelegramError as error:
            if self._is_ending:
                return ()
            self._down(error)
            if isinstance(error, InvalidToken):  # else polling would end for good, even for a proxy's passing 404
                raise NetworkError(error.message) from None
            raise
        if self._is_down:
            self._is_down = False
            log.info("Telegram answers again")
        return updates

    def _down(self, error: TelegramError) -> None:
        if self._is_down:
            return
        self._is_down = True
        if isinstance(error, Conflict):
            log.error("another process polls Telegram with the same token: stop one of them (%s)", error)
        elif isinstance(error, InvalidToken):
            log.error("Telegram refuses TMINUS_TELEGRAM_TOKEN now (%s): was it revoked at @BotFather?", error)
        else:
            log.warning("Telegram can't be reached (%s); trying on", error)
