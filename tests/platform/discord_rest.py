"""The front of the REST API: token, rates, body, answer, record."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from tests.platform.discord_checks import Json, Refused
from tests.platform.discord_rates import Flooded, Rates

PREFIX = "/api/v10"
OPEN_TO_ALL = ("/interactions/", "/webhooks/", "/gateway")

log = logging.getLogger(__name__)


class Call(NamedTuple):
    """One request as it arrived and was answered."""

    method: str
    path: str
    json: Any
    at_s: float  # monotonic
    status: int
    answer: Any
    token: str


@dataclass
class Asked:
    """A request being answered."""

    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def id(self, name: str) -> int:
        text = self.params[name]
        if not text.isdigit():
            error = {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": f'Value "{text}" is not snowflake.'}]}
            raise Refused(400, 50035, "Invalid Form Body", {name: error})
        return int(text)

    def dict(self) -> Json:
        if not isinstance(self.body, dict):
            error = {"_errors": [{"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used here."}]}
            raise Refused(400, 50035, "Invalid Form Body", error)
        return self.body


Reply = tuple[int, Any]
Handler = Callable[[Asked], Awaitable[Reply]]


class Rest:
    """Routes requests to their handlers, as the API's front does: token, rates, body, answer, record."""

    def __init__(self, rates: Rates, token: Callable[[], str]) -> None:
        self.rates = rates
        self.calls: list[Call] = []
        self.unknown_calls: list[Call] = []
        self._token = token

    def mount(self, app: web.Application, routes: list[tuple[str, str, Handler]]) -> None:
        """Adds the routes, and behind them the one that records what nothing answers."""
        for method, template, handler in routes:
            app.router.add_route(method, PREFIX + template, partial(self._serve, template, handler))
        app.router.add_route("*", "/{tail:.*}", partial(self._serve, "unknown", None))

    async def _serve(self, template: str, handler: Handler | None, request: web.Request) -> web.Response:
        at_s = time.monotonic()
        path = request.path.removeprefix(PREFIX)
        asked = Asked(dict(request.match_info), dict(request.query))
        headers: dict[str, str] = {}
        try:
            self._authenticate(request, path)
            await _read(request, asked)
            self.rates.strike(request.method, path)
            headers = self.rates.count(template, request.method, path)
            status, answer = (
                (404, {"message": "404: Not Found", "code": 0}) if handler is None else await handler(asked)
            )
        except Refused as refused:
            status, answer = refused.status, refused.body
        except Flooded as flooded:
            status, answer, headers = 429, flooded.body, flooded.headers
        call = Call(request.method, path, asked.body, at_s, status, answer, request.headers.get("Authorization", ""))
        self.calls.append(call)
        if handler is None and status == 404:
            self.unknown_calls.append(call)
            log.error("No such route on this Discord: %s %s", request.method, request.path)
        if status == 204:
            return web.Response(status=204, headers=headers)
        # aiohttp's json_response adds a charset, which discord.py does not take for JSON.
        headers |= {"Content-Type": "application/json"}
        return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)

    def _authenticate(self, request: web.Request, path: str) -> None:
        if path.startswith(OPEN_TO_ALL) and path != "/gateway/bot":
            return
        if request.headers.get("Authorization") != f"Bot {self._token()}":
            raise Refused(401, 0, "401: Unauthorized")


async def _read(request: web.Request, asked: Asked) -> None:
    """Reads the body: JSON, or a form with JSON in `payload_json` and files beside it."""
    if not request.can_read_body:
        return
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = await part.read()
            if part.name == "payload_json":
                asked.body = _parse(bytes(data))
            else:
                asked.files[str(part.name)] = (part.filename or "file", bytes(data))
    elif request.content_type == "application/json":
        asked.body = _parse(await request.read())
    else:
        message = "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}."
        raise Refused(
            400, 50035, "Invalid Form Body", {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": message}]}
        )


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None
