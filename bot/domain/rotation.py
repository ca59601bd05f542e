"""Rotation: how the minutes of many days go round the domains of an exam."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

LEAST = 5  # minutes; a block below is left out
MOST_FLOOR = 0.1  # of the time, for each domain
WEAKEST_STRENGTH = 0.05  # a domain that is never answered wrong still has some time
STALE = 6  # days without a block of its own, after which a domain gets one (S42)
SIZES = (20, 90, 180)  # minutes from which a day's study is spread over two, three, four domains


def shares(weights: Iterable[tuple[str, int]], weakness: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The part of the study time that each domain gets: by weight x weakness above a floor (S32, S40, S42)."""
    weak = dict(weakness)
    raw = {domain: weight * max(weak.get(domain, 0.5), WEAKEST_STRENGTH) for domain, weight in weights}
    total = sum(raw.values())
    floor = min(MOST_FLOOR, 0.5 / len(raw))
    return {domain: floor + (1 - floor * len(raw)) * part / total for domain, part in raw.items()}


class Rotation:
    """Hands out the minutes of one day after the other, so that each domain stays near its share."""

    def __init__(self, shares: dict[str, float]) -> None:
        self._shares = shares
        self._owed = dict.fromkeys(shares, 0.0)
        self._last: dict[str, int] = {}

    def spread(self, day: int, minutes: int) -> list[tuple[str, int]]:
        """The domains of a day with their minutes; days come in one direction, given as ordinals."""
        owed, last = self._owed, self._last
        if not last:
            last.update(dict.fromkeys(owed, day))
        for domain, share in self._shares.items():
            owed[domain] += share * minutes
        order = sorted(owed, key=owed.__getitem__, reverse=True)
        count = max(1, sum(owed[domain] >= LEAST for domain in order[: 1 + bisect_right(SIZES, minutes)]))
        found = []
        if minutes >= 2 * LEAST:
            stale = [domain for domain in order[count:] if abs(last[domain] - day) >= STALE]
            found = [(domain, LEAST) for domain in stale[:1]]
        rest = minutes - LEAST * len(found)
        parts = [rest] if count == 1 else _split(rest, [owed[domain] for domain in order[:count]])
        found = [*zip(order, parts, strict=False), *found]
        for domain, given in found:
            owed[domain] -= given
            last[domain] = day
        return found


def _split(minutes: int, wanted: Sequence[float]) -> list[int]:
    """The minutes shared in proportion, at least `LEAST` for each."""
    spare = minutes - LEAST * len(wanted)
    parts = [max(part - LEAST, 0.1) for part in wanted]
    total = sum(parts)
    given = [LEAST + int(spare * part / total) for part in parts]
    given[0] += minutes - sum(given)
    return given
