"""Dates as people type them."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.atlas import TownAtlas
from bot.usecases.dates import Read, read_day, read_when

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
HOME = "Europe/Berlin"
ATLAS = TownAtlas()


def when(text: str, locale: str = "en-GB") -> Read | None:
    return read_when(text, NOW, HOME, ATLAS, locale)


@pytest.mark.parametrize(
    ("text", "day", "clock", "zone"),
    [
        ("15 December 9:30 Berlin", date(2026, 12, 15), time(9, 30), "Europe/Berlin"),
        ("in 3 weeks at 14:00", date(2026, 12, 14), time(14), None),
        ("2026-12-15 09:30 Europe/Berlin", date(2026, 12, 15), time(9, 30), "Europe/Berlin"),
        ("2026-12-15T09:30", date(2026, 12, 15), time(9, 30), None),
        ("2026-12-15", date(2026, 12, 15), None, None),
        ("2026-12-15 New York 2pm", date(2026, 12, 15), time(14), "America/New_York"),
        ("Dec 15 2pm New York", date(2026, 12, 15), time(14), "America/New_York"),
        ("December 15, 9:30, São Paulo", date(2026, 12, 15), time(9, 30), "America/Sao_Paulo"),
        ("9:30 on 15 December in London", date(2026, 12, 15), time(9, 30), "Europe/London"),
        ("15 dec 14h30 paris", date(2026, 12, 15), time(14, 30), "Europe/Paris"),
        ("15 December 2026 noon Tokyo", date(2026, 12, 15), time(12), "Asia/Tokyo"),
        ("15.12.2026 9:30 Uhr", date(2026, 12, 15), time(9, 30), None),
        ("15.12.2026 um 9.30", date(2026, 12, 15), time(9, 30), None),
        ("Dec 15 2026 at 9.30", date(2026, 12, 15), time(9, 30), None),
        ("15 December 09:30 UTC+2", date(2026, 12, 15), time(9, 30), "Etc/GMT-2"),
        ("tomorrow at 9", date(2026, 11, 24), time(9), None),
        ("next monday 10am", date(2026, 11, 30), time(10), None),
        ("friday 9am", date(2026, 11, 27), time(9), None),
        ("on the 15th at 9", date(2026, 12, 15), time(9), None),
        ("in 20 hours", date(2026, 11, 24), time(6), "Europe/Berlin"),
        ("in 90 minutes", date(2026, 11, 23), time(11, 30), "Europe/Berlin"),
        ("15 Dec", date(2026, 12, 15), None, None),
        ("9:30", None, time(9, 30), None),
        ("Berlin", None, None, "Europe/Berlin"),
        ("3 January 8:00", date(2027, 1, 3), time(8), None),
    ],
)
def test_it_is_read(text: str, day: date | None, clock: time | None, zone: str | None) -> None:
    assert when(text) == Read(day, clock, zone)


def test_whoever_writes_the_month_first_means_the_month() -> None:
    american, british = when("03/04/2027 10:00", "en-US"), when("03/04/2027 10:00", "en-GB")
    assert american is not None
    assert british is not None
    assert (american.day, british.day) == (date(2027, 3, 4), date(2027, 4, 3))


def test_a_place_that_may_be_several_is_told() -> None:
    read = when("15 December 9:30 Springfield")
    assert read is not None
    assert (read.day, read.clock, read.zone) == (date(2026, 12, 15), time(9, 30), None)
    assert len({town.zone for town in read.towns}) > 1


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "nonsense", "hello world", "yes", "a", "quiz", "15", "2027", "💥💥", "x" * 5000, "31 February 9:00"),
        *("2026-02-30 9:00", "2026-13-01", "15 December 25:30", "99:99", "\x00", "\u202e", "'; DROP TABLE booking; --"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert when(text) is None


@given(st.text(max_size=60))
def test_anything_typed_is_read_or_not_but_never_breaks(text: str) -> None:
    when(text)
    read_day(text, NOW.date())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 January", date(2027, 1, 3)),
        ("until Friday", date(2026, 11, 27)),
        ("two weeks", date(2026, 12, 7)),
        ("in 10 days", date(2026, 12, 3)),
        ("a week", date(2026, 11, 30)),
        ("2026-12-24", date(2026, 12, 24)),
        ("off", None),
        ("", None),
        ("someday", None),
    ],
)
def test_a_day_is_read(text: str, day: date | None) -> None:
    assert read_day(text, NOW.date()) == day
