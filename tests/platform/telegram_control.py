"""The HTTP surface by which another process makes people act and reads what the bot did.

Every path takes and gives JSON. A list of bodies is done in order and gives a list.
POST person, group, topic, promote, says, taps, votes, sees, flood, fail, delay;
GET chat, calls, latencies, toasts, busiest.
"""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.platform.telegram_people import PATIENCE_S, Group, Person
from tests.platform.telegram_world import Chat, Json

if TYPE_CHECKING:
    from tests.platform.telegram_server import TelegramServer

_Act = Callable[["TelegramServer", Json], Awaitable[Any]]


def add_control(app: web.Application, server: "TelegramServer") -> None:
    """Adds `/control/<act>` to the server."""

    async def control(request: web.Request) -> web.Response:
        act = _ACTS.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": f"no such act; there are {', '.join(_ACTS)}"}, status=404)
        body = await request.json() if request.can_read_body else dict(request.query)
        try:
            if isinstance(body, list):
                return web.json_response([await act(server, one) for one in body])
            return web.json_response(await act(server, body))
        except AssertionError as error:
            return web.json_response({"error": str(error)}, status=409)
        except (KeyError, ValueError, TypeError) as error:
            return web.json_response({"error": repr(error)}, status=400)

    app.router.add_route("*", "/control/{act}", control)


def _person(server: "TelegramServer", body: Json) -> Person:
    return server.people[int(body["person"])]


def _where(server: "TelegramServer", body: Json) -> Chat | None:
    return server.chats[int(body["chat"])] if "chat" in body else None


async def _new_person(server: "TelegramServer", body: Json) -> Json:
    person = server.person(body["name"], language=body.get("language", "en"), id=body.get("id"))
    return {"id": person.id}


async def _new_group(server: "TelegramServer", body: Json) -> Json:
    members = [server.people[int(member)] for member in body.get("members", [])]
    kinds = {kind: bool(body.get(kind)) for kind in ("supergroup", "forum")}
    return {"id": server.group(body["title"], members, **kinds).id}


def _group(server: "TelegramServer", body: Json) -> Group:
    chat = server.chats[int(body["chat"])]
    assert isinstance(chat, Group), f"{chat.name} is no group"
    return chat


async def _topic(server: "TelegramServer", body: Json) -> Json:
    return {"thread": _group(server, body).opens_topic(body["title"])}


async def _promote(server: "TelegramServer", body: Json) -> Json:
    _group(server, body).promote(_person(server, body))
    return {}


async def _says(server: "TelegramServer", body: Json) -> Json:
    message = await _person(server, body).says(body["text"], _where(server, body), thread=body.get("thread"))
    return {"message_id": message.id, "at": server.clock()}


async def _taps(server: "TelegramServer", body: Json) -> Json:
    person = _person(server, body)
    where = _where(server, body) or person.chat
    message = where.by_id[int(body["message_id"])] if "message_id" in body else None
    if "data" in body:
        query = await person.taps_data(message or where.last, body["data"])
    else:
        query = await person.taps(body["label"], message, where=where, timeout=float(body.get("timeout", PATIENCE_S)))
    return {"callback_query_id": query, "at": server.clock()}


async def _votes(server: "TelegramServer", body: Json) -> Json:
    chat = _where(server, body) or _person(server, body).chat
    message = chat.by_id[int(body["message_id"])] if "message_id" in body else chat.last
    await _person(server, body).votes(message, *body["options"])
    return {"at": server.clock()}


async def _sees(server: "TelegramServer", body: Json) -> Json:
    timeout_s = float(body.get("timeout", PATIENCE_S))
    text = await _person(server, body).sees(body["text"], timeout=timeout_s, where=_where(server, body))
    return {"text": text, "at": server.clock()}


async def _flood(server: "TelegramServer", body: Json) -> Json:
    server.flood(_where(server, body), retry_after=int(body.get("retry_after", 3)), times=int(body.get("times", 1)))
    return {}


async def _fail(server: "TelegramServer", body: Json) -> Json:
    server.fail_next(body["method"], body["kind"], int(body.get("times", 1)))
    return {}


async def _delay(server: "TelegramServer", body: Json) -> Json:
    server.delay(float(body["delay_s"]), body.get("method", "*"))
    return {}


async def _chat(server: "TelegramServer", body: Json) -> list[Json]:
    return [
        {
            "message_id": message.id,
            "text": message.text,
            "html": message.html,
            "buttons": message.buttons,
            "edits": message.edits,
        }
        for message in server.chats[int(body["chat"])].messages
    ]


async def _calls(server: "TelegramServer", body: Json) -> list[Json]:
    return [dataclasses.asdict(call) for call in server.calls[int(body.get("since", 0)) :]]


async def _latencies(server: "TelegramServer", body: Json) -> list[Json]:
    return [dataclasses.asdict(latency) for latency in server.latencies[int(body.get("since", 0)) :]]


async def _toasts(server: "TelegramServer", body: Json) -> list[str]:
    return _person(server, body).toasts


async def _busiest(server: "TelegramServer", body: Json) -> int:
    return server.busiest(server.chats[int(body["chat"])])


_ACTS: dict[str, _Act] = {
    "person": _new_person,
    "group": _new_group,
    "topic": _topic,
    "promote": _promote,
    "says": _says,
    "taps": _taps,
    "votes": _votes,
    "sees": _sees,
    "flood": _flood,
    "fail": _fail,
    "delay": _delay,
    "chat": _chat,
    "calls": _calls,
    "latencies": _latencies,
    "toasts": _toasts,
    "busiest": _busiest,
}
