"""Wall-clock times of every zone, in its gaps and folds too."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.localtime import day_of, instant, is_quiet, next_instant

ZONES = sorted(
    name for name in available_timezones() if not name.startswith(("posix", "right")) and name != "localtime"
)
SECOND = timedelta(seconds=1)

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are naive
days = st.dates(date(2000, 1, 2), date(2037, 12, 30))
times = st.times().map(lambda at: at.replace(microsecond=0, fold=0))

LONDON, CAIRO, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("Africa/Cairo"), ZoneInfo("America/New_York")
LORD_HOWE, APIA, NUUK = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia"), ZoneInfo("America/Nuuk")


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the wall shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


def is_end_of_gap(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the wall clock jumps ahead to this moment."""
    return shown(moment, zone) - shown(moment - SECOND, zone) > SECOND


@given(moments, times, zones)
@example(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), time(1, 30), LONDON)
@example(datetime(2026, 10, 25, 0, 45, tzinfo=UTC), time(1, 30), LONDON)
@example(datetime(2026, 4, 23, 21, 0, tzinfo=UTC), time(0, 0), CAIRO)
@example(datetime(2011, 12, 30, 8, 0, tzinfo=UTC), time(12, 0), APIA)
@example(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), time(23, 30), NUUK)
@example(datetime(2010, 11, 7, 2, 45, tzinfo=UTC), time(23, 30), ZoneInfo("America/St_Johns"))
def test_the_next_instant_is_later_and_shows_the_wanted_time(after: datetime, at: time, zone: ZoneInfo) -> None:
    there = next_instant(after, at, zone)
    assert there > after
    if shown(there, zone).time() != at:
        assert is_end_of_gap(there, zone)
        wanted = datetime.combine(day_of(there, zone), at)
        assert shown(there - SECOND, zone) < wanted < shown(there, zone)
    assert there - after < timedelta(days=3)


@given(days, times, zones)
def test_an_instant_shows_its_time_unless_a_gap_skips_it(day: date, at: time, zone: ZoneInfo) -> None:
    wanted = datetime.combine(day, at)
    there = instant(day, at, zone)
    if shown(there, zone) != wanted:
        assert is_end_of_gap(there, zone)
        assert shown(there - SECOND, zone) < wanted < shown(there, zone)


@given(days, times, zones)
def test_of_two_showings_it_is_the_first(day: date, at: time, zone: ZoneInfo) -> None:
    there = instant(day, at, zone)
    for earlier in (timedelta(minutes=20), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)):
        assert shown(there - earlier, zone) != datetime.combine(day, at)


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("Europe/London", 2026),
        ("Africa/Cairo", 2026),
        ("America/New_York", 2026),
        ("Australia/Lord_Howe", 2026),
        ("Pacific/Apia", 2011),
        ("Asia/Kathmandu", 2026),
        ("America/St_Johns", 2010),  # its fold spans midnight
        ("America/Nuuk", 2026),  # its gap ends at midnight
        ("America/Havana", 2026),  # its fold begins at midnight
        ("Asia/Beirut", 2026),  # its gap begins at midnight
    ],
)
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(1, 30), time(2, 10), time(18), time(22, 30), time(23, 59)])
def test_every_local_date_of_a_year_has_exactly_one(zone: str, year: int, at: time) -> None:
    tz = ZoneInfo(zone)
    moment, end = instant(date(year - 1, 12, 31), at, tz), datetime(year + 1, 1, 1, tzinfo=tz)
    counts: Counter[date] = Counter()
    while (moment := next_instant(moment, at, tz)) < end:
        counts[day_of(moment, tz)] += 1
    left_out = {
        ("Pacific/Apia", 2011): {date(2011, 12, 30)},  # there was no such date
        ("America/Nuuk", 2026): {date(2026, 3, 28)} if at > time(23) else set(),  # it ended at 23:00
    }.get((zone, year), set())
    every = {date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)}
    assert set(counts) == every - left_out
    assert set(counts.values()) == {1}


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        (date(2026, 3, 29), time(1, 30), LONDON, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), LONDON, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 4, 24), time(0, 30), CAIRO, datetime(2026, 4, 23, 22, 0, tzinfo=UTC)),
        (date(2026, 3, 8), time(2, 30), NEW_YORK, datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (date(2026, 10, 4), time(2, 15), LORD_HOWE, datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        (date(2026, 4, 5), time(1, 45), LORD_HOWE, datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        (date(2011, 12, 30), time(12), APIA, datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
        (date(2026, 6, 1), time(18), ZoneInfo("Asia/Kathmandu"), datetime(2026, 6, 1, 12, 15, tzinfo=UTC)),
    ],
)
def test_gaps_end_and_folds_begin_where_the_zone_says(day: date, at: time, zone: ZoneInfo, utc: datetime) -> None:
    assert instant(day, at, zone) == utc


@given(moments, times, zones, st.integers(-3, 3))
def test_a_date_that_is_used_up_is_passed_over(after: datetime, at: time, zone: ZoneInfo, offset: int) -> None:
    used = day_of(after, zone) + timedelta(days=offset)
    there = next_instant(after, at, zone, not_on=used)
    assert there >= next_instant(after, at, zone)
    assert day_of(there, zone) > used
    assert there - after < timedelta(days=7)


@given(moments, st.tuples(times, times), zones)
def test_quiet_hours_hold_what_the_wall_clock_shows_between_them(
    moment: datetime, quiet: tuple[time, time], zone: ZoneInfo
) -> None:
    clock = shown(moment, zone).time()
    hours = {start.hour * 3600 + start.minute * 60 + start.second for start in quiet}
    since = (_seconds(clock) - _seconds(quiet[0])) % 86400
    length = (_seconds(quiet[1]) - _seconds(quiet[0])) % 86400
    assert is_quiet(moment, quiet, zone) is (len(hours) == 2 and since < length)


def _seconds(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        (time(21, 59, 59), False),
        (time(22), True),
        (time(23, 59), True),
        (time(0), True),
        (time(7, 59, 59), True),
        (time(8), False),
        (time(12), False),
    ],
)
def test_quiet_hours_span_midnight_and_end_on_the_minute(clock: time, quiet: bool) -> None:
    moment = datetime.combine(date(2026, 6, 1), clock, tzinfo=LONDON)
    assert is_quiet(moment.astimezone(UTC), (time(22), time(8)), LONDON) is quiet
    assert is_quiet(moment.astimezone(UTC), (time(8), time(22)), LONDON) is not quiet


def test_the_same_hour_twice_is_no_quiet_at_all() -> None:
    for hour in range(24):
        moment = datetime(2026, 6, 1, hour, tzinfo=UTC)
        assert not is_quiet(moment, (time(22), time(22)), LONDON)
