"""What goes wrong between a bot and Telegram: floods, bad gateways, lost connections, slowness."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_world import Chat, RefusedError

Fault = Literal["bad_gateway", "server_error", "drop_before", "drop_after"]

# What counts against the rates: messages and their edits, not the answers to taps.
COUNTED = frozenset(
    [
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendpoll",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
        "stoppoll",
    ]
)
# Telegram allows "short bursts" and gives no number; small enough that a loop without a limiter is caught.
BURST = 5


def too_many_requests(retry_after_s: int) -> RefusedError:
    """The 429 that names the wait."""
    return RefusedError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after=retry_after_s)


@dataclass(slots=True)
class _Flood:
    chat: Chat | None
    retry_after_s: int
    times: int
    method: str | None


@dataclass(slots=True)
class Faults:
    """The faults asked for and the rates kept."""

    clock: Callable[[], float]
    is_rate_enforced: bool = False
    _floods: list[_Flood] = field(default_factory=list)
    _next: dict[str, deque[Fault | RefusedError]] = field(default_factory=lambda: defaultdict(deque))
    _delays_s: dict[str, float] = field(default_factory=dict)
    _sent: deque[float] = field(default_factory=deque)
    _counted: dict[Chat, list[float]] = field(default_factory=lambda: defaultdict(list))
    _sent_by_chat: dict[Chat, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def flood(self, chat: Chat | None, retry_after_s: int, times: int, method: str | None) -> None:
        self._floods.append(_Flood(chat, retry_after_s, times, method and method.lower()))

    def fail(self, method: str, fault: Fault | RefusedError, times: int) -> None:
        self._next[method.lower()].extend([fault] * times)

    def delay(self, method: str, delay_s: float) -> None:
        self._delays_s[method.lower()] = delay_s

    def delay_s(self, method: str) -> float:
        return self._delays_s.get(method, self._delays_s.get("*", 0.0))

    def next_fault(self, method: str) -> Fault | RefusedError | None:
        """The fault waiting for this call, used up by asking."""
        for key in (method, "*"):
            if self._next.get(key):
                return self._next[key].popleft()
        return None

    def check_flood(self, method: str, chat: Chat | None) -> None:
        """Counts a call.

        Raises:
            RefusedError: 429, on demand or by the rates.
        """
        for flood in self._floods:
            if method != flood.method and (flood.method is not None or method not in COUNTED):
                continue
            if flood.times > 0 and flood.chat in (None, chat):
                flood.times -= 1
                raise too_many_requests(flood.retry_after_s)
        if chat is not None and method in COUNTED:
            if self.is_rate_enforced:
                self._keep_rates(chat)
            self._counted[chat].append(self.clock())

    def busiest(self, chat: Chat) -> int:
        """The most messages and edits of a chat in any 60 s, those refused as too many left out."""
        window: deque[float] = deque()
        most = 0
        for at in self._counted[chat]:
            window.append(at)
            while window[0] <= at - 60:
                window.popleft()
            most = max(most, len(window))
        return most

    def _keep_rates(self, chat: Chat) -> None:
        now = self.clock()
        mine = self._sent_by_chat[chat]
        waits = [
            _wait_s(self._sent, now, LIMIT["rate_overall"], 1.0),
            _wait_s(mine, now, BURST, BURST / LIMIT["rate_chat"]),
        ]
        if chat.kind != "private":
            waits.append(_wait_s(mine, now, LIMIT["rate_group"], 60.0))
        if (wait_s := max(waits)) > 0:
            raise too_many_requests(max(1, math.ceil(wait_s)))
        for log in (self._sent, mine):
            log.append(now)
            while log and log[0] <= now - 60:
                log.popleft()


def _wait_s(log: deque[float], now: float, count: int, window_s: float) -> float:
    recent = [at for at in log if at > now - window_s]
    return 0.0 if len(recent) < count else recent[-count] + window_s - now
