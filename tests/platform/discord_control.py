"""The control surface over HTTP, for a benchmark in another process: people act, and what arrived is read.

POST /control/person    {"name", "locale"?, "id"?}                     -> {"id"}
POST /control/guild     {"name", "people": [name, ...]}                -> {"id", "channel_id"}
POST /control/do        {"who", "do", "args"?: [...], "kwargs"?: {...}, "where"?: guild name}
                        -> the interaction or message, 409 where a person could not do it
POST /control/flood     the keywords of `DiscordServer.flood`
POST /control/gateway   {"do": "drop" | "ask_reconnect" | "invalidate" | "forget"}
POST /control/clear     forgets calls, failures and interactions
GET  /control/messages?who=NAME    what that person sees
GET  /control/calls?since=N        requests to the API from the N-th on
GET  /control/interactions?since=N interactions with their latencies from the N-th on
GET  /control/state                counts, commands, sessions, unknown calls
"""

from typing import Any, Protocol

from aiohttp import web

from tests.platform.discord_checks import Json
from tests.platform.discord_gateway import Gateway
from tests.platform.discord_people import Person
from tests.platform.discord_rest import Call
from tests.platform.discord_seen import Seen
from tests.platform.discord_world import Guild, Interaction, Message, World

DOABLE = frozenset(
    {"runs", "types_option", "presses", "selects", "fills", "says", "sees", "presses_id", "closes_dms", "opens_dms"}
)
TROUBLES = frozenset({"drop", "ask_reconnect", "invalidate", "forget"})


class Controlled(Protocol):
    """The server, as far as it is controlled from outside."""

    world: World
    gateway: Gateway
    people: dict[str, Person]
    guilds: dict[str, Guild]
    failures: list[Interaction]

    @property
    def calls(self) -> list[Call]: ...
    @property
    def unknown_calls(self) -> list[Call]: ...
    @property
    def interactions(self) -> list[Interaction]: ...
    @property
    def commands(self) -> list[Json]: ...
    def person(self, name: str, *, locale: str = "en-US", id: int | None = None) -> Person: ...  # noqa: A002
    def guild(self, name: str, people: list[Person], *, locale: str = "en-US") -> Guild: ...
    def flood(
        self,
        times: int = 1,
        *,
        retry_after: float = 0.05,
        path: str | None = None,
        method: str | None = None,
        everywhere: bool = False,
        via: bool = True,
    ) -> None: ...


class Control:
    """The handlers of /control."""

    def __init__(self, server: Controlled) -> None:
        self._server = server

    def mount(self, app: web.Application) -> None:
        for name, post in (
            ("person", self._person),
            ("guild", self._guild),
            ("do", self._do),
            ("flood", self._flood),
            ("gateway", self._gateway),
            ("clear", self._clear),
        ):
            app.router.add_post(f"/control/{name}", post)
        for name, get in (
            ("messages", self._messages),
            ("calls", self._calls),
            ("interactions", self._interactions),
            ("state", self._state),
        ):
            app.router.add_get(f"/control/{name}", get)

    async def _person(self, request: web.Request) -> web.Response:
        return web.json_response({"id": str(self._server.person(**await request.json()).id)})

    async def _guild(self, request: web.Request) -> web.Response:
        asked = await request.json()
        guild = self._server.guild(asked["name"], [self._server.people[name] for name in asked["people"]])
        return web.json_response({"id": str(guild.id), "channel_id": str(guild.channel.id)})

    async def _do(self, request: web.Request) -> web.Response:
        asked = await request.json()
        person, act = self._server.people.get(asked["who"]), asked["do"]
        if person is None or act not in DOABLE:
            return web.json_response({"error": f"no person {asked['who']!r}, or no act {act!r}"}, status=404)
        more = dict(asked.get("kwargs") or {})
        if asked.get("where"):
            more["where"] = self._server.guilds[asked["where"]]
        try:
            result = getattr(person, act)(*(asked.get("args") or []), **more)
            return web.json_response(_told(result if result is None else await result))
        except (AssertionError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=409)

    async def _flood(self, request: web.Request) -> web.Response:
        self._server.flood(**await request.json())
        return web.json_response({})

    async def _gateway(self, request: web.Request) -> web.Response:
        act = (await request.json())["do"]
        if act not in TROUBLES:
            return web.json_response({"error": f"no act {act!r}"}, status=404)
        getattr(self._server.gateway, act)()
        return web.json_response({})

    async def _clear(self, _request: web.Request) -> web.Response:
        for record in (self._server.calls, self._server.unknown_calls, self._server.failures):
            record.clear()
        self._server.world.interactions.clear()
        self._server.world.tokens.clear()
        return web.json_response({})

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response([_told(shown) for shown in self._server.people[request.query["who"]].messages])

    async def _calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        names = ("method", "path", "json", "at_s", "status")
        return web.json_response([{name: getattr(call, name) for name in names} for call in self._server.calls[since:]])

    async def _interactions(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        return web.json_response([_told(made) for made in self._server.interactions[since:]])

    async def _state(self, _request: web.Request) -> web.Response:
        server = self._server
        return web.json_response(
            {
                "connected": len(server.gateway.connected()),
                "identified": server.gateway.identified,
                "resumed": server.gateway.resumed,
                "commands": server.commands,
                "calls": len(server.calls),
                "interactions": len(server.interactions),
                "failures": len(server.failures),
                "unknown_calls": [f"{call.method} {call.path}" for call in server.unknown_calls],
            }
        )


def _told(result: Any) -> Any:
    if isinstance(result, Interaction):
        return {
            "id": str(result.id),
            "kind": result.kind,
            "label": result.label,
            "who": result.account.name,
            "answer": result.answer,
            "failed": result.failed,
            "sent_s": result.sent_s,
            "ack_s": result.ack_s,
            "shown_s": result.shown_s,
            "modal": result.modal,
            "choices": result.choices,
        }
    if isinstance(result, Seen):
        about = {"id": str(result.id), "text": result.text, "rows": result.labels, "custom_ids": result.custom_ids}
        return (
            about
            | {"ephemeral": result.ephemeral, "edits": result.edits, "where": result.where}
            | {
                "sent_s": result.sent_s,
                "edited_s": result.edited_s,
            }
        )
    return {"id": str(result.id)} if isinstance(result, Message) else result
