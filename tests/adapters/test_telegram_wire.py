"""The token, which every address of the Bot API holds, is never logged; and a bad line is told from a bad token."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.telegram.app import TelegramApp
from bot.chat.intent import Today
from bot.chat.view import Button, Notice, Show, Span, View
from bot.ports import Failed
from tests.adapters.scripted_desk import Scripted
from tests.platform.telegram_server import TOKEN, TelegramServer

VIEW = View((Span("Hello"),), ((Button("Go", Today()),),))
NOBODY_HOME = "http://127.0.0.1:9"
PAGE = "<html>The requested URL {path} was not found on this server.</html>"
HOSTILE_ANSWERS = {
    "an error page": "HTTP/1.1 404 Not Found\r\nContent-Length: {length}\r\n\r\n{page}",
    "a login page": "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{page}",
    "a redirect": "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9{path}\r\nContent-Length: 0\r\n\r\n",
    "a broken header": "HTTP/1.1 200 {path}\r\n{path}\r\n\r\n",
    "no HTTP": "{path}\r\n\r\n",
    "half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{page}",
    "broken compression": "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n{page}",
    "silence": "",
}


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Logs all there is while a test runs, and looks for the token in it."""
    before = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "aiohttp", "telegram")}
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    full = logging.Formatter("%(message)s")
    for record in caplog.get_records("call"):
        said = full.format(record) + repr(vars(record))
        assert TOKEN not in said, record
        assert TOKEN.partition(":")[2] not in said, record


@asynccontextmanager
async def answering(form: str) -> AsyncIterator[str]:
    """Something that is no Telegram and answers every request in the same way, quoting the address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n")
        path = request.split()[1].decode()
        page = PAGE.format(path=path)
        writer.write(form.format(path=path, page=page, length=len(page)).encode())
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def test_the_token_is_in_no_log_whatever_happens(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.get_running_loop().set_debug(True)
    desk = Scripted([Show(VIEW)], [Notice("x")], ValueError(f"at {NOBODY_HOME}/bot/getMe"), [Show(VIEW)])
    async with TelegramServer() as server:
        app = TelegramApp(desk, server.token, server.url)
        server.fail_next("getMe", "drop_before")
        server.fail_next("deleteWebhook", "bad_gateway")
        server.refuse_next("setMyCommands", 404, f"Not Found: /bot{TOKEN}/setMyCommands")
        await app.start()
        anna = server.person("Anna")
        await anna.says("/today")
        await anna.taps("Go")
        await anna.sees("x")
        await anna.taps("Go")
        await anna.sees(desk.sorry("").text)
        server.refuse_next("sendMessage", 404, f"Not Found: /bot{TOKEN}/sendMessage")
        assert isinstance(await app.send(str(anna.id), VIEW), Failed)
        server.fail_next("sendMessage", "drop_after")
        assert isinstance(await app.send(str(anna.id), VIEW), Failed)
        server.fail_next("getUpdates", "bad_gateway")
        await anna.says("/today")
        await anna.sees("Hello")
        await app.settled()
        server.refuse_next("getUpdates", 401, f"Unauthorized: {TOKEN}")
        await app.stop()
        await app.send(str(anna.id), VIEW)
    assert len(caplog.records) > 3


@pytest.mark.parametrize("form", HOSTILE_ANSWERS.values(), ids=HOSTILE_ANSWERS)
async def test_what_is_no_telegram_is_a_network_error_without_an_address(form: str) -> None:
    async with answering(form) as url:
        app = TelegramApp(Scripted([]), TOKEN, url)
        receipt = await app.send("1", VIEW)
        starting = asyncio.create_task(app.start())
        done, _ = await asyncio.wait({starting}, timeout=0.3)
        assert not done  # it goes on trying: this says nothing about the token
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await app.stop()
    assert isinstance(receipt, Failed)
    assert TOKEN not in receipt.reason
    assert receipt.reason


async def test_an_address_where_nobody_listens_is_a_network_error() -> None:
    app = TelegramApp(Scripted([]), TOKEN, NOBODY_HOME)
    receipt = await app.send("1", VIEW)
    await app.stop()
    assert isinstance(receipt, Failed)
    assert "connect" in receipt.reason.lower()


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering(HOSTILE_ANSWERS["a login page"]) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        app = TelegramApp(Scripted([]), TOKEN, "http://telegram.invalid")
        assert await app.send("1", VIEW) == Failed("HTTP 200, but no answer of the Bot API")
        await app.stop()
