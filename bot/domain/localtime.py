"""Local time: from what a person chose on their wall clock to an instant, right in gaps and folds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time on a day.

    A time that a fold shows twice means its first showing. A time that a gap skips means the end of the gap, the
    first moment that the clock shows again.
    """
    local = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    there = local.astimezone(UTC)
    back = there.astimezone(zone)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    return _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the offset changes around a wall-clock time that does not exist."""
    low = local.replace(fold=1).astimezone(UTC)  # with the later offset: before the change
    high = local.replace(fold=0).astimezone(UTC)  # with the earlier offset: after it
    low, high = min(low, high), max(low, high)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local date of an instant."""
    return moment.astimezone(zone).date()


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the local date of `moment` began."""
    return instant(day_of(moment, zone), time(0), zone)


def next_instant(after: datetime, at: time, zone: ZoneInfo, *, not_on: date | None = None) -> datetime:
    """The first instant after `after` at which the wall clock shows `at`, on a local date later than `not_on`.

    At most one for each local date. A date whose gap holds `at` and lasts to its end has none.
    """
    day = day_of(after, zone)
    if not_on is not None and day <= not_on:
        day = not_on + timedelta(days=1)
    while (there := instant(day, at, zone)) <= after or day_of(there, zone) != day:
        day += timedelta(days=1)
    return there


def is_quiet(moment: datetime, quiet: tuple[time, time], zone: ZoneInfo) -> bool:
    """Whether an instant lies in the quiet hours, which may span midnight; the same time twice means none."""
    start, end = quiet
    clock = moment.astimezone(zone).time().replace(fold=0)
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end
