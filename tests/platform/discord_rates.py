"""Rate limits: their headers, the 429s ordered by a test, and the real ones if they are enforced."""

import time
from collections import deque
from dataclasses import dataclass, field

from tests.platform.discord_checks import Json, Refused
from tests.platform.discord_limits import limit

WINDOW_S = 5.0
# What has a window of its own in each channel, and how many it takes.
WINDOWS = {
    ("POST", "/channels/{channel_id}/messages"): "channel_messages",
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): "channel_edits",
}


class Flooded(Exception):  # noqa: N818 - an answer, not a fault
    """A 429."""

    def __init__(self, retry_after_s: float, scope: str, *, via: bool = True) -> None:
        super().__init__(f"429, retry after {retry_after_s} s ({scope})")
        everywhere = scope == "global"
        self.body: Json = {
            "message": "You are being rate limited.",
            "retry_after": round(retry_after_s, 3),
            "global": everywhere,
        }
        self.headers = {"Retry-After": str(int(retry_after_s) + 1), "X-RateLimit-Scope": scope}
        if everywhere:
            self.headers["X-RateLimit-Global"] = "true"
        if via:
            self.headers["Via"] = "1.1 google"


@dataclass
class Trouble:
    """An error that the next requests get, ordered by a test."""

    error: Refused | Flooded
    times: int
    path: str | None
    method: str | None

    def strikes(self, method: str, path: str) -> bool:
        if self.times <= 0 or (self.method or method) != method or (self.path or "") not in path:
            return False
        self.times -= 1
        return True


@dataclass
class Rates:
    """Counts requests; refuses the ones too many when `enforced`."""

    enforced: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    _recent_s: deque[float] = field(default_factory=deque)
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def strike(self, method: str, path: str) -> None:
        """Raises what a test ordered for this request."""
        for trouble in self.troubles:
            if trouble.strikes(method, path):
                raise trouble.error

    def count(self, template: str, method: str, path: str) -> dict[str, str]:
        """The rate limit headers of this request; raises when it is one too many."""
        # Interaction endpoints stand outside the global limit.
        if self.enforced and not template.startswith(("/interactions", "/webhooks")):
            self._count_everywhere()
        window = WINDOWS.get((method, template)) if self.enforced else None
        most = limit(window) if window else 1000
        remaining, reset_after_s = most - 1, 1.0
        if window:
            channel = path.split("/")[2]
            remaining, reset_after_s = self._count_window(f"{window} {channel}", most)
        bucket = f"{method}-{template}".replace("/", "-").replace("{", "").replace("}", "")
        headers = {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(remaining, 0)),
            "X-RateLimit-Reset": f"{time.time() + reset_after_s:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after_s:.3f}",
        }
        if remaining < 0:
            flooded = Flooded(reset_after_s, "user")
            flooded.headers |= headers
            raise flooded
        return headers

    def _count_everywhere(self) -> None:
        now_s = time.monotonic()
        while self._recent_s and self._recent_s[0] <= now_s - 1:
            self._recent_s.popleft()
        if len(self._recent_s) >= limit("global_requests"):
            raise Flooded(self._recent_s[0] + 1 - now_s, "global")
        self._recent_s.append(now_s)

    def _count_window(self, window: str, most: int) -> tuple[int, float]:
        now_s = time.monotonic()
        ends_s, used = self._windows.get(window, (0.0, 0))
        if now_s >= ends_s:
            ends_s, used = now_s + WINDOW_S, 0
        used += 1
        self._windows[window] = (ends_s, min(used, most))
        return most - used, ends_s - now_s
