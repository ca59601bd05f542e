"""The Gateway of API v10: sessions, heartbeats, resuming, and the closing codes for who breaks its rules."""

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.platform.discord_checks import Json
from tests.platform.discord_limits import limit
from tests.platform.discord_world import GUILD_MEMBERS, GUILD_PRESENCES, GUILDS, MESSAGE_CONTENT, World

PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1


class Closing(Exception):  # noqa: N818 - an answer, not a fault
    """The Gateway closes the connection with that code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Socket:
    """One connection; what is sent leaves in order from a queue, so that sending never waits."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, *, compressed: bool) -> None:
        self.ws = ws
        self._request = request
        self._zlib = zlib.compressobj() if compressed else None
        self._queue: asyncio.Queue[Json | Closing] = asyncio.Queue()
        self.session: Session | None = None
        self.dismissed = False
        self.sent_s: deque[float] = deque()

    def send(self, payload: Json) -> None:
        self._queue.put_nowait(payload)

    def close(self, code: int, reason: str = "") -> None:
        self._queue.put_nowait(Closing(code, reason))

    def drop(self) -> None:
        """Breaks the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def write(self) -> None:
        """Sends what is queued until told to close."""
        while True:
            item = await self._queue.get()
            try:
                if isinstance(item, Closing):
                    self.dismissed = True
                    await self.ws.close(code=item.code, message=item.reason.encode())
                    return
                text = json.dumps(item)
                if self._zlib is None:
                    await self.ws.send_str(text)
                else:
                    await self.ws.send_bytes(self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return


@dataclass(eq=False)
class Session:
    """What the Gateway remembers of a bot's connection, also while it is gone."""

    id: str
    shard: tuple[int, int]
    intents: int
    socket: Socket | None
    seq: int = 0
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=5000))

    def dispatch(self, event: str, data: Json) -> None:
        self.seq += 1
        payload = {"op": 0, "t": event, "s": self.seq, "d": data}
        self.log.append(payload)
        if self.socket is not None:
            self.socket.send(payload)

    def serves(self, guild_id: int | None) -> bool:
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)


class Gateway:
    """The socket side of the server."""

    def __init__(self, world: World, token: Callable[[], str], url: Callable[[], str]) -> None:
        self._world = world
        self._token = token
        self._url = url
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()
        self.heartbeat_s = 41.25
        self.allowed_intents = 0  # privileged ones that the app was granted
        self.identified = 0
        self.resumed = 0
        world.dispatch = self.dispatch

    def dispatch(self, event: str, make: Callable[[int], Json | None], guild_id: int | None) -> None:
        """Sends an event to the sessions of its shard that asked for it."""
        for session in list(self.sessions.values()):
            data = make(session.intents) if session.serves(guild_id) else None
            if data is not None:
                session.dispatch(event, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        ws = web.WebSocketResponse(max_msg_size=1 << 20)
        await ws.prepare(request)
        compress = request.query.get("compress")
        socket = Socket(ws, request, compressed=compress == "zlib-stream")
        self.sockets.add(socket)
        writer = asyncio.create_task(socket.write())
        if request.query.get("v", "10") != "10":
            socket.close(4012, "Invalid API version")
        elif compress not in {None, "zlib-stream"} or request.query.get("encoding", "json") != "json":
            socket.close(4002, "This server speaks json, plain or zlib-stream")
        socket.send({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat_s * 1000), "_trace": []}, "s": None})
        try:
            async for message in ws:
                self._take(socket, message.type, message.data)
        finally:
            writer.cancel()
            self.sockets.discard(socket)
            self._left(socket, ws.close_code)
        return ws

    def _left(self, socket: Socket, code: int | None) -> None:
        session = socket.session
        if session is None or session.socket is not socket:
            return
        session.socket = None
        # Whoever says goodbye with 1000 or 1001 gives the session up.
        if code in {1000, 1001} and not socket.dismissed:
            self.sessions.pop(session.id, None)
        self._world.touch()

    def _take(self, socket: Socket, kind: WSMsgType, data: str | bytes) -> None:
        try:
            self._admit(socket, kind, data)
            self._obey(socket, data)
        except Closing as closing:
            socket.close(closing.code, closing.reason)

    @staticmethod
    def _admit(socket: Socket, kind: WSMsgType, data: str | bytes) -> None:
        if kind is not WSMsgType.TEXT or len(data) > limit("gateway_payload"):
            raise Closing(4002, "Error while decoding payload.")
        now_s = time.monotonic()
        socket.sent_s.append(now_s)
        while socket.sent_s[0] < now_s - 60:
            socket.sent_s.popleft()
        if len(socket.sent_s) > limit("gateway_sends"):
            raise Closing(4008, "You are being rate limited.")

    def _obey(self, socket: Socket, data: str | bytes) -> None:
        try:
            payload = json.loads(data)
            op, body = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise Closing(4002, "Error while decoding payload.") from None
        if op == 1:
            socket.send({"op": 11})
        elif op == 2:
            self._identify(socket, body)
        elif op == 6:
            self._resume(socket, body)
        elif op in {3, 4, 8}:
            if socket.session is None:
                raise Closing(4003, "Not authenticated.")
            if op == 8:
                self._members(socket.session, body)
        else:
            raise Closing(4001, "Unknown opcode.")

    def _authenticate(self, socket: Socket, body: Json) -> None:
        if socket.session is not None:
            raise Closing(4005, "Already authenticated.")
        if str(body.get("token", "")).removeprefix("Bot ") != self._token():
            raise Closing(4004, "Authentication failed.")

    def _identify(self, socket: Socket, body: Json) -> None:
        self._authenticate(socket, body)
        intents = body.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            raise Closing(4013, "Invalid intent(s).")
        if intents & PRIVILEGED & ~self.allowed_intents:
            raise Closing(4014, "Disallowed intent(s).")
        number, count = body.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Closing(4010, "Invalid shard.")
        session = Session(secrets.token_hex(16), (number, count), intents, socket)
        socket.session = session
        self.sessions[session.id] = session
        self.identified += 1
        guilds = [guild for guild in self._world.guilds.values() if guild.has_bot and session.serves(guild.id)]
        bot = self._world.bot.payload() | {"verified": True, "mfa_enabled": True, "email": None}
        ready = {
            "v": 10,
            "user": bot,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url(),
            "shard": [number, count],
            "application": {"id": bot["id"], "flags": 0},
            "_trace": [],
        }
        session.dispatch("READY", ready)
        for guild in guilds if intents & GUILDS else ():
            session.dispatch("GUILD_CREATE", guild.arrival())
        self._world.touch()

    def _resume(self, socket: Socket, body: Json) -> None:
        self._authenticate(socket, body)
        session = self.sessions.get(str(body.get("session_id")))
        seq = body.get("seq")
        if session is None or (isinstance(seq, int) and seq < session.log[0]["s"] - 1):
            socket.send({"op": 9, "d": False})
            return
        if not isinstance(seq, int) or not 0 <= seq <= session.seq:
            raise Closing(4007, "Invalid seq.")
        if session.socket is not None:
            session.socket.close(4000, "Resumed elsewhere.")
        socket.session = session
        session.socket = socket
        for payload in session.log:
            if payload["s"] > seq:
                socket.send(payload)
        self.resumed += 1
        session.dispatch("RESUMED", {"_trace": []})
        self._world.touch()

    def _members(self, session: Session, body: Json) -> None:
        guild = self._world.guilds.get(int(body.get("guild_id", 0)))
        wanted = [int(id_) for id_ in body.get("user_ids") or []]
        if guild is None or (not wanted and not session.intents & GUILD_MEMBERS):
            return
        members = [guild.member(who) for who in guild.members if not wanted or who.id in wanted]
        chunk = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1}
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"not_found": [], "nonce": body.get("nonce")})

    def connected(self) -> list[Session]:
        """The sessions that have a connection."""
        return [session for session in self.sessions.values() if session.socket is not None]

    def drop(self) -> None:
        """Breaks every connection without a word; the sessions can be resumed."""
        for socket in list(self.sockets):
            socket.drop()

    def ask_reconnect(self) -> None:
        """Asks every connection to reconnect and resume (op 7)."""
        for socket in list(self.sockets):
            socket.send({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every connection that its session is invalid (op 9)."""
        for socket in list(self.sockets):
            socket.send({"op": 9, "d": resumable})
            if socket.session is not None and not resumable:
                self.sessions.pop(socket.session.id, None)

    def forget(self) -> None:
        """Forgets every session without telling: the next RESUME finds nothing."""
        self.sessions.clear()

    def close(self, code: int, reason: str = "") -> None:
        """Closes every connection with that code."""
        for socket in list(self.sockets):
            socket.close(code, reason)
