"""The daily push: welcome or not, for how long, and when the next one comes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import LearnerId, PackId
from bot.domain.learner import Learner
from bot.domain.localtime import day_of, next_instant
from bot.domain.remind import (
    PATIENCE,
    USEFUL_FOR,
    Activity,
    Reminder,
    Unwelcome,
    daily_key,
    expiry,
    following,
    push_for,
    unwelcome,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 6, 1)
LEARNER = Learner(
    LearnerId(7), PackId("good"), "en", zone="Europe/Berlin", push_time=time(18), quiet=(time(22), time(8))
)
IDLE = Activity(last_answer_at=None, answers_today=0, ignored=0, last_push_at=None)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(UTC)


NOW = local(DAY, 18)
REMINDER = Reminder(LEARNER.id, NOW, "Europe/Berlin", time(18), LEARNER.quiet, True, "telegram", "77")


def test_an_idle_learner_is_glad_of_a_push() -> None:
    assert unwelcome(LEARNER, IDLE, NOW) is None


@pytest.mark.parametrize(
    ("learner", "activity", "now", "reason"),
    [
        (replace(LEARNER, pushes_on=False), IDLE, NOW, Unwelcome.OFF),
        (LEARNER, replace(IDLE, answers_today=LEARNER.daily_goal), NOW, Unwelcome.DONE),
        (LEARNER, replace(IDLE, answers_today=LEARNER.daily_goal - 1), NOW, None),
        (LEARNER, IDLE, local(DAY, 22), Unwelcome.QUIET),
        (LEARNER, IDLE, local(DAY, 7, 59), Unwelcome.QUIET),
        (LEARNER, IDLE, local(DAY, 8), None),
        (LEARNER, Activity(None, 0, PATIENCE, NOW - timedelta(days=1)), NOW, Unwelcome.BACKED_OFF),
        (LEARNER, Activity(None, 0, PATIENCE, NOW - timedelta(days=2)), NOW, Unwelcome.BACKED_OFF),
        (LEARNER, Activity(None, 0, PATIENCE, NOW - timedelta(days=3)), NOW, None),
        (LEARNER, Activity(None, 0, PATIENCE - 1, NOW - timedelta(days=1)), NOW, None),
        (LEARNER, Activity(NOW, 1, 0, NOW - timedelta(days=1)), NOW, None),
    ],
)
def test_a_push_is_unwelcome_for_a_reason(
    learner: Learner, activity: Activity, now: datetime, reason: Unwelcome | None
) -> None:
    assert unwelcome(learner, activity, now) is reason


def sent_over(days: int, *, answered_on: frozenset[int] = frozenset()) -> list[int]:
    """The days, from 1, on which a learner who answers on some days is written to."""
    sent: list[int] = []
    activity = IDLE
    for number in range(1, days + 1):
        now = local(DAY + timedelta(days=number - 1), 18)
        if unwelcome(LEARNER, activity, now) is None:
            sent.append(number)
            activity = replace(activity, ignored=activity.ignored + 1, last_push_at=now)
        if number in answered_on:
            activity = replace(activity, ignored=0, last_answer_at=now + timedelta(minutes=5))
    return sent


def test_twenty_ignored_days_are_three_daily_pushes_and_then_every_third_day() -> None:
    assert sent_over(20) == [1, 2, 3, 6, 9, 12, 15, 18]


def test_any_answer_brings_the_daily_push_back() -> None:
    assert sent_over(14, answered_on=frozenset({7})) == [1, 2, 3, 6, 8, 9, 10, 13]


def test_who_answers_every_day_is_written_to_every_day() -> None:
    assert sent_over(10, answered_on=frozenset(range(1, 11))) == list(range(1, 11))


def test_a_push_across_the_change_of_clocks_still_counts_as_three_days() -> None:
    autumn = date(2026, 10, 23)  # three local days later are 73 hours
    last = local(autumn, 18)
    activity = Activity(None, 0, PATIENCE, last)
    assert unwelcome(LEARNER, activity, local(autumn + timedelta(days=2), 18)) is Unwelcome.BACKED_OFF
    assert unwelcome(LEARNER, activity, local(autumn + timedelta(days=3), 18)) is None


@pytest.mark.parametrize(
    ("at", "quiet", "until"),
    [
        (local(DAY, 12), (22, 8), local(DAY, 16)),  # four hours
        (local(DAY, 20), (22, 8), local(DAY, 22)),  # the quiet hours
        (local(DAY, 23), (1, 8), local(DAY + timedelta(days=1), 0)),  # midnight
        (local(DAY, 21), (0, 0), local(DAY + timedelta(days=1), 0)),  # midnight, no quiet hours
        (local(DAY, 9), (0, 0), local(DAY, 13)),
        (local(DAY, 9), (11, 17), local(DAY, 11)),  # quiet at work
        (local(DAY, 8), (22, 8), local(DAY, 12)),  # on the minute that they end
        (local(DAY, 7), (22, 8), local(DAY, 11)),  # inside: it will be unwelcome anyway
    ],
)
def test_a_push_loses_its_use_after_four_hours_or_at_quiet_or_at_midnight(
    at: datetime, quiet: tuple[int, int], until: datetime
) -> None:
    assert expiry(replace(REMINDER, at=at, quiet=(time(quiet[0]), time(quiet[1])))) == until


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are naive
    st.times(),
    st.tuples(st.times(), st.times()),
    st.sampled_from(["Europe/London", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk", "Asia/Beirut", "UTC"]),
)
def test_every_push_has_some_use_and_none_for_more_than_four_hours(
    after: datetime, at: time, quiet: tuple[time, time], zone: str
) -> None:
    there = next_instant(after, at, ZoneInfo(zone))
    push = push_for(replace(REMINDER, at=there, zone=zone, push_time=at, quiet=quiet))
    assert push.due_at < push.expires_at <= push.due_at + USEFUL_FOR
    assert push.key == daily_key(LEARNER.id, day_of(push.due_at, ZoneInfo(zone)))


def test_the_next_push_comes_a_local_day_later() -> None:
    assert following(REMINDER, NOW + timedelta(seconds=1)) == local(DAY + timedelta(days=1), 18)
    autumn = replace(REMINDER, at=local(date(2026, 10, 24), 18))
    assert following(autumn, autumn.at) - autumn.at == timedelta(hours=25)


@pytest.mark.parametrize(
    ("now", "following_at"),
    [
        (local(DAY + timedelta(days=5), 20), local(DAY + timedelta(days=5), 18)),  # two hours late: still of use
        (local(DAY + timedelta(days=5), 17), local(DAY + timedelta(days=5), 18)),  # not due yet
        (local(DAY + timedelta(days=5), 22, 1), local(DAY + timedelta(days=6), 18)),  # four hours late: of no use
        (local(DAY + timedelta(days=5), 3), local(DAY + timedelta(days=5), 18)),
    ],
)
def test_after_a_stop_of_five_days_only_a_push_that_is_still_of_use_comes(
    now: datetime, following_at: datetime
) -> None:
    assert following(REMINDER, now) == following_at


def test_a_push_is_booked_once_for_each_local_date() -> None:
    keys = set()
    reminder = REMINDER
    for _ in range(30):
        keys.add(push_for(reminder).key)
        reminder = replace(reminder, at=following(reminder, reminder.at))
    assert len(keys) == 30
    assert daily_key(LearnerId(7), DAY) == "daily:7:2026-06-01"
    assert push_for(REMINDER).key == daily_key(LearnerId(7), DAY)
