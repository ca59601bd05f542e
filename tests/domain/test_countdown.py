"""The last 72 hours, for exams at any hour in many zones, whatever the sleep, the minutes and the moment of booking."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.allotment import LEAST, LEAST_SET, MOST_LIGHT, MOST_MISSED, WEAK_RANGE, allot
from bot.domain.countdown import (
    Exam,
    Slot,
    SlotKind,
    compile_slots,
    in_window,
    is_muted,
    leave_at,
    milestones,
    missed_pass,
    nights,
    order_missed,
)
from bot.domain.exam_day import EARLY, UP, WINDOW
from bot.domain.localtime import day_of, instant, is_quiet
from bot.domain.sleep import Night, bedtime, span, usual_nights
from bot.domain.slots import MUTED, PASS, STUDY, TO_GET_READY

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Cairo",
    "Asia/Tokyo",
    "America/Sao_Paulo",
    "UTC",
)
CHANGES = tuple(  # local dates on which these zones change their clocks, and one on which nothing happens
    date.fromisoformat(day)
    for day in (
        "2026-03-08", "2026-03-29", "2026-04-05", "2026-04-24",
        "2026-10-04", "2026-10-25", "2026-10-30", "2026-11-01", "2026-12-15",
    )
)  # fmt: skip
QUIETS = (
    (time(22), time(7)),
    (time(0), time(0)),  # none chosen
    (time(20), time(8)),  # longer than a night
    (time(1), time(5)),  # shorter
    (time(2), time(10)),
    (time(9), time(17)),  # works at night
    (time(23, 30), time(6, 15)),
)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_BEFORE = timedelta(days=60)

quiets = st.sampled_from(QUIETS) | st.tuples(st.times(), st.times()).map(
    lambda pair: (pair[0].replace(second=0, microsecond=0), pair[1].replace(second=0, microsecond=0))
)
days_of_change = st.builds(lambda change, later: change + later * DAY, st.sampled_from(CHANGES), st.integers(-1, 5))
exams = st.builds(
    Exam,
    day=days_of_change | st.dates(date(2026, 1, 10), date(2028, 12, 20)),
    clock=st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)) | st.integers(0, 59)),
    zone=st.sampled_from(ZONES),
    minutes=st.sampled_from((180, 130, 90, 65, 240)),
    is_remote=st.booleans(),
    travel_minutes=st.none() | st.integers(0, 240) | st.integers(0, 600),
)
weeks = st.lists(st.integers(0, 300) | st.sampled_from((0, 5, 10, 20, 34, 35, 149, 150, 270)), min_size=7, max_size=7)
aheads = st.timedeltas(3 * HOUR, LONG_BEFORE)


def on_weekdays(week: Sequence[int]) -> Callable[[date], int]:
    return lambda day: week[day.weekday()]


def always(minutes: int) -> Callable[[date], int]:
    return lambda _: minutes


def whole(exam: Exam, quiet: tuple[time, time], minutes_on: Callable[[date], int]) -> tuple[Slot, ...]:
    return compile_slots(exam, exam.at - LONG_BEFORE, quiet, minutes_on)


def standing(
    exam: Exam,
    now: datetime,
    quiet: tuple[time, time],
    minutes_on: Callable[[date], int],
    done: Sequence[str] = (),
    missed: Sequence[str] = (),
) -> list[Slot]:
    """What has begun and still has its use."""
    slots = compile_slots(exam, exam.at - WINDOW, quiet, minutes_on, done, missed)
    return [slot for slot in slots if slot.at < now < slot.until]


def held(
    exam: Exam, now: datetime, quiet: tuple[time, time], minutes_on: Callable[[date], int], slots: Sequence[Slot]
) -> None:
    """Every promise about a compiled countdown, whenever it was compiled."""
    zone, sleep = ZoneInfo(exam.zone), nights(exam, quiet)
    rest_day = exam.day - DAY
    ats = [slot.at for slot in slots]
    assert all(earlier < later for earlier, later in pairwise(ats)), "strictly ascending"
    assert len({slot.name for slot in slots}) == len(slots), "none twice"
    studied: Counter[date] = Counter()
    for slot in slots:
        day = day_of(slot.at, zone)
        assert max(now, exam.at - WINDOW) <= slot.at < slot.until <= exam.at
        assert not any(night.start <= slot.at < night.end for night in sleep), "in sleep"
        assert not any(night.start < slot.until <= night.end for night in sleep), "useful into sleep"
        assert (slot.at.second, slot.at.microsecond, slot.at.tzinfo) == (0, 0, UTC)
        assert slot.name == f"{slot.kind}-{(exam.day - day).days}"
        assert slot.at + timedelta(minutes=slot.minutes) <= slot.until, "no room for its minutes"
        assert (slot.minutes >= LEAST) if slot.kind in (*STUDY, SlotKind.LIGHT) else slot.minutes == 0
        assert (slot.kind in STUDY) <= (day < rest_day), "work on the rest day"
        assert (slot.kind is SlotKind.LIGHT) <= (day == rest_day)
        assert (slot.kind in (*STUDY, SlotKind.LIGHT, SlotKind.CHECK)) <= (slot.at < exam.at - MUTED)
        assert slot.kind is not SlotKind.WEAK or slot.minutes <= WEAK_RANGE[1]
        assert slot.kind is not SlotKind.SET or LEAST_SET <= slot.minutes <= exam.minutes
        assert slot.kind is not SlotKind.MISSED or slot.minutes <= MOST_MISSED
        assert slot.kind is not SlotKind.LIGHT or slot.minutes <= MOST_LIGHT
        if slot.kind in STUDY:
            assert slot.at + timedelta(minutes=slot.minutes) <= instant(rest_day, time(0), zone), "into the rest day"
        studied[day] += slot.minutes
    assert all(minutes <= minutes_on(day) for day, minutes in studied.items())
    way = [SlotKind.TACTICS, SlotKind.MORNING, SlotKind.LUCK]
    words = [slot.kind for slot in slots if slot.kind in way]
    assert words == way[len(way) - len(words) :]
    assert words == [slot.kind for slot in slots][len(slots) - len(words) :], "after the tactics"


@pytest.mark.parametrize("zone", ZONES)
def test_every_start_hour_in_ten_zones_however_early_it_is_booked_keeps_every_promise(zone: str) -> None:
    seen: Counter[SlotKind] = Counter()
    for hour, half, change in product(range(24), (0, 30), CHANGES[::3]):
        exam = Exam(change + DAY, time(hour, half), zone, 180)
        for quiet, minutes in ((QUIETS[0], 60), (QUIETS[1], 300)):
            first = whole(exam, quiet, always(minutes))
            for ahead in (LONG_BEFORE, 71 * HOUR, 50 * HOUR, 36 * HOUR, 20 * HOUR, 3 * HOUR):
                now = exam.at - ahead
                slots = compile_slots(exam, now, quiet, always(minutes))
                held(exam, now, quiet, always(minutes), slots)
                assert [slot.at for slot in slots] == [slot.at for slot in first if slot.at >= now]
                seen.update(slot.kind for slot in slots)
            assert [slot.kind for slot in first][-5:] == list(SlotKind)[-5:]  # a rest day and the way there
            assert Counter(slot.kind for slot in first)[SlotKind.SET] in (1, 2)
    assert set(seen) == set(SlotKind)


@given(exams, quiets, weeks, aheads)
@example(Exam(date(2026, 12, 15), time(0), "Europe/Berlin", 180), QUIETS[5], [300] * 7, LONG_BEFORE)
@example(Exam(date(2026, 3, 29), time(3), "Europe/Berlin", 180, False, 240), QUIETS[2], [300] * 7, LONG_BEFORE)
@example(  # the window opens 15 minutes before a midnight at which this person is awake
    Exam(date(2026, 3, 8), time(23, 45), "Europe/Berlin", 180), (time(0), time(13, 24)), [5] * 7, LONG_BEFORE
)
def test_any_exam_any_sleep_any_week_and_any_booking_keep_every_promise(
    exam: Exam, quiet: tuple[time, time], week: list[int], ahead: timedelta
) -> None:
    now = exam.at - ahead
    held(exam, now, quiet, on_weekdays(week), compile_slots(exam, now, quiet, on_weekdays(week)))


@given(exams, quiets, weeks, aheads, st.timedeltas(-WINDOW, 2 * HOUR))
def test_compiled_again_it_is_the_rest_of_what_it_was(
    exam: Exam, quiet: tuple[time, time], week: list[int], ahead: timedelta, later: timedelta
) -> None:
    booked = exam.at - ahead
    now = max(booked, exam.at + later)
    first = compile_slots(exam, booked, quiet, on_weekdays(week))
    rest = tuple(slot for slot in first if slot.at >= now)
    assert compile_slots(exam, now, quiet, on_weekdays(week)) == rest
    done = [slot.name for slot in first if slot.at < now]
    assert compile_slots(exam, now, quiet, on_weekdays(week), done) == rest
    assert compile_slots(exam, booked, quiet, on_weekdays(week), done) == rest


@given(exams, quiets, weeks, st.data())
def test_whatever_is_done_and_whatever_is_missed_no_day_asks_for_more_than_its_minutes(
    exam: Exam, quiet: tuple[time, time], week: list[int], data: st.DataObject
) -> None:
    """Somebody lives through the countdown and does some of it, each slot as it stood when its time came."""
    minutes_on, zone = on_weekdays(week), ZoneInfo(exam.zone)
    met: dict[bool, list[str]] = {True: [], False: []}
    worked: Counter[date] = Counter()
    now = exam.at - LONG_BEFORE
    while ahead := compile_slots(exam, now, quiet, minutes_on, met[True], met[False]):
        held(exam, now, quiet, minutes_on, ahead)
        slot = ahead[0]
        does = data.draw(st.booleans())
        met[does].append(slot.name)
        if does:
            worked[day_of(slot.at, zone)] += slot.minutes
        now = slot.at + timedelta(minutes=data.draw(st.sampled_from((0, 1, 60))))
    assert len(set(met[True] + met[False])) == len(met[True] + met[False])
    assert all(minutes <= minutes_on(day) for day, minutes in worked.items())


@given(exams, quiets, st.integers(LEAST, 300))
def test_missed_concepts_have_a_slot_between_36_and_12_hours_before_the_exam(
    exam: Exam, quiet: tuple[time, time], minutes: int
) -> None:
    start, end = missed_pass(exam)
    slots = whole(exam, quiet, always(minutes))
    assert any(slot.kind in (SlotKind.MISSED, SlotKind.LIGHT) and start <= slot.at < end for slot in slots)


@given(exams, quiets)
def test_without_minutes_the_words_still_come(exam: Exam, quiet: tuple[time, time]) -> None:
    kinds = [slot.kind for slot in whole(exam, quiet, always(0))]
    assert kinds == [SlotKind.CHECK, SlotKind.TACTICS, SlotKind.MORNING, SlotKind.LUCK]


@given(exams, quiets)
def test_the_last_sleep_ends_an_hour_before_it_is_time_to_leave(exam: Exam, quiet: tuple[time, time]) -> None:
    found = nights(exam, quiet)
    assert found[-1].end <= leave_at(exam) - UP
    assert all(earlier.end < later.start for earlier, later in pairwise(found))
    for night in found:  # a change of clocks adds or takes at most an hour
        assert abs(night.end - night.start - timedelta(minutes=span(bedtime(quiet)))) <= HOUR
    if leave_at(exam) >= exam.at - 5 * HOUR:  # awake when it starts, at the very worst: far to go, soon after bedtime
        assert exam.at - found[-1].end < 21 * HOUR


@given(exams, quiets)
def test_the_morning_comes_after_waking_and_leaves_time_to_get_ready(exam: Exam, quiet: tuple[time, time]) -> None:
    *_, morning, luck = whole(exam, quiet, always(60))
    assert nights(exam, quiet)[-1].end < morning.at <= luck.at - TO_GET_READY
    assert luck.at == leave_at(exam)
    assert luck.until == exam.at


def local(slots: Sequence[Slot], zone: str) -> list[tuple[str, str, int]]:
    return [(slot.name, slot.at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M"), slot.minutes) for slot in slots]


TUESDAY = date(2026, 12, 15)
AT_NINE = Exam(TUESDAY, time(9), "Europe/Berlin", 180)
NONE = (time(0), time(0))


def test_an_exam_on_tuesday_at_nine() -> None:
    assert local(whole(AT_NINE, NONE, always(270)), "Europe/Berlin") == [
        ("set-3", "Sat 12:35", 180),
        ("missed-3", "Sat 19:00", 60),
        ("weak-2", "Sun 08:00", 60),
        ("set-2", "Sun 12:35", 180),
        ("missed-2", "Sun 19:00", 30),
        ("light-1", "Mon 10:05", 30),
        ("check-1", "Mon 14:20", 0),
        ("tactics-1", "Mon 19:20", 0),
        ("morning-0", "Tue 06:45", 0),
        ("luck-0", "Tue 07:30", 0),
    ]


def test_an_exam_at_three_in_the_morning_is_slept_for_in_the_evening() -> None:
    exam = Exam(TUESDAY, time(3), "Europe/Berlin", 180)
    zone = ZoneInfo("Europe/Berlin")
    assert nights(exam, NONE)[-1] == Night(
        datetime(2026, 12, 14, 16, 30, tzinfo=zone).astimezone(UTC),
        datetime(2026, 12, 15, 0, 30, tzinfo=zone).astimezone(UTC),
    )
    assert local(whole(exam, NONE, always(60)), "Europe/Berlin")[-5:] == [
        ("light-1", "Mon 08:50", 30),
        ("check-1", "Mon 11:30", 0),
        ("tactics-1", "Mon 14:35", 0),
        ("morning-0", "Tue 00:45", 0),
        ("luck-0", "Tue 01:30", 0),
    ]


def test_an_exam_in_the_evening_has_nothing_to_study_on_its_day() -> None:
    exam = Exam(TUESDAY, time(20), "Europe/Berlin", 180)
    today = [row for row in local(whole(exam, NONE, always(300)), "Europe/Berlin") if row[1].startswith("Tue")]
    assert today == [("morning-0", "Tue 07:30", 0), ("luck-0", "Tue 18:30", 0)]


def test_an_exam_soon_after_midnight_and_bedtime_is_stayed_up_for() -> None:
    exam = Exam(TUESDAY, time(0), "Europe/Berlin", 180, is_remote=True)
    assert local(whole(exam, NONE, always(60)), "Europe/Berlin")[-5:] == [
        ("light-1", "Mon 08:15", 30),
        ("check-1", "Mon 10:00", 0),
        ("tactics-1", "Mon 20:10", 0),
        ("morning-1", "Mon 22:00", 0),
        ("luck-1", "Mon 23:30", 0),
    ]


@pytest.mark.parametrize(
    ("exam", "leave"),
    [
        (AT_NINE, time(7, 30)),
        (Exam(TUESDAY, time(9), "Europe/Berlin", 180, travel_minutes=95), time(6, 55)),
        (Exam(TUESDAY, time(9), "Europe/Berlin", 180, travel_minutes=0), time(8, 30)),
        (Exam(TUESDAY, time(9), "Europe/Berlin", 180, is_remote=True, travel_minutes=95), time(8, 30)),
    ],
)
def test_the_time_to_leave_counts_half_an_hour_in_the_seat_and_the_way(exam: Exam, leave: time) -> None:
    assert leave_at(exam).astimezone(ZoneInfo(exam.zone)).time() == leave
    assert exam.at - leave_at(exam) >= EARLY


def test_a_missed_morning_leaves_its_minutes_to_midday() -> None:
    def named(*missed: str) -> dict[str, int]:
        slots = compile_slots(AT_NINE, AT_NINE.at - WINDOW, NONE, always(60), missed=missed)
        return {slot.name: slot.minutes for slot in slots if slot.name.endswith("-2")}

    assert named() == {"weak-2": 18, "set-2": 24, "missed-2": 18}
    assert named("weak-2") == {"set-2": 42, "missed-2": 18}
    assert named("set-2") == {"weak-2": 18, "missed-2": 42}
    assert named("weak-2", "set-2") == {"missed-2": 60}
    assert named("weak-2", "set-2", "missed-2") == {}


@pytest.mark.parametrize(
    ("paper", "minutes", "before", "after"),
    [(180, 200, [60, 90, 50], [90, 60]), (100, 120, [60, 50, 10], [100, 20]), (180, 30, [15, 15], [15, 15])],
)
def test_a_missed_morning_makes_half_a_paper_a_whole_one_or_none(
    paper: int, minutes: int, before: list[int], after: list[int]
) -> None:
    exam = replace(AT_NINE, minutes=paper)
    for missed, expected in (([], before), (["weak-2"], after)):
        slots = compile_slots(exam, exam.at - WINDOW, NONE, always(minutes), missed=missed)
        assert [slot.minutes for slot in slots if slot.name.endswith("-2")] == expected


def test_what_has_begun_and_is_not_done_can_still_be_told() -> None:
    at_ten = instant(date(2026, 12, 13), time(10), ZoneInfo("Europe/Berlin"))
    assert compile_slots(AT_NINE, at_ten, NONE, always(60))[0].name == "set-2"
    (one,) = standing(AT_NINE, at_ten, NONE, always(60))
    assert (one.name, one.minutes) == ("weak-2", 18)
    assert standing(AT_NINE, at_ten, NONE, always(60), ["weak-2"]) == []
    assert standing(AT_NINE, at_ten, NONE, always(60), missed=["weak-2"]) == []


def test_a_booking_in_the_last_evening_can_still_be_told_the_tactics() -> None:
    late = AT_NINE.at - 12 * HOUR
    assert [slot.name for slot in compile_slots(AT_NINE, late, NONE, always(60))] == ["morning-0", "luck-0"]
    assert [slot.name for slot in standing(AT_NINE, late, NONE, always(60))] == ["tactics-1"]


@given(exams, quiets, weeks, st.timedeltas(timedelta(0), WINDOW))
def test_what_stands_and_what_is_ahead_are_two_things(
    exam: Exam, quiet: tuple[time, time], week: list[int], ahead: timedelta
) -> None:
    now = exam.at - ahead
    ahead_of_now = compile_slots(exam, now, quiet, on_weekdays(week))
    begun = standing(exam, now, quiet, on_weekdays(week))
    assert not {slot.name for slot in ahead_of_now} & {slot.name for slot in begun}
    assert all(slot.at < now < slot.until for slot in begun)


def test_twelve_days_around_each_change_of_clocks_have_the_same_wall_clock_times() -> None:
    quiet = (time(23), time(7))
    ordinary = [
        row[1][4:]
        for row in local(
            whole(Exam(date(2026, 6, 16), time(14), "Europe/Berlin", 180), quiet, always(60)), "Europe/Berlin"
        )
    ]
    for change, later in product((date(2026, 3, 29), date(2026, 10, 25)), (1, 4)):
        exam = Exam(change + later * DAY, time(14), "Europe/Berlin", 180)
        assert [row[1][4:] for row in local(whole(exam, quiet, always(60)), "Europe/Berlin")] == ordinary


def test_milestones_come_at_the_time_for_pushes_where_the_learner_is() -> None:
    home = ZoneInfo("America/New_York")
    found = milestones(AT_NINE, time(18), home, (time(22), time(7)))
    assert [stone.name for stone in found] == ["t-30", "t-14", "t-7", "t-3", "debrief"]
    assert [stone.at.astimezone(home).isoformat()[:16] for stone in found[:3]] == [
        "2026-11-15T18:00", "2026-12-01T18:00", "2026-12-08T18:00"
    ]  # fmt: skip
    assert {stone.until.astimezone(home).time() for stone in found[:3]} == {time(22)}
    assert found[3].at == AT_NINE.at - WINDOW
    assert found[4].at == AT_NINE.at + 5 * HOUR
    assert found[4].until - found[4].at == 3 * DAY


def test_the_debrief_of_a_late_exam_waits_for_the_next_morning() -> None:
    zone = ZoneInfo("Europe/Berlin")
    exam = Exam(TUESDAY, time(19), "Europe/Berlin", 180)
    for quiet, hour in (((time(22), time(7)), 8), ((time(20), time(9)), 10), (NONE, 8)):
        assert milestones(exam, time(18), zone, quiet)[-1].at == instant(TUESDAY + DAY, time(hour), zone)


@given(exams, quiets, weeks, st.times(), st.sampled_from(ZONES).map(ZoneInfo))
def test_the_plan_of_the_72_hours_comes_before_the_first_slot_and_every_milestone_has_some_use(
    exam: Exam, quiet: tuple[time, time], week: list[int], push_time: time, home: ZoneInfo
) -> None:
    found = milestones(exam, push_time, home, quiet)
    assert all(stone.at < stone.until for stone in found)
    assert [stone.at for stone in found] == sorted(stone.at for stone in found)
    opening, debrief = found[-2:]
    assert exam.at - WINDOW <= opening.at < whole(exam, quiet, on_weekdays(week))[0].at
    assert not any(night.start <= opening.at < night.end for night in nights(exam, quiet))
    assert not any(night.start < opening.until <= night.end for night in nights(exam, quiet))
    assert debrief.at >= exam.at + timedelta(minutes=exam.minutes) + 2 * HOUR
    after = usual_nights(exam.day - DAY, exam.day + 3 * DAY, quiet, ZoneInfo(exam.zone))
    assert not any(night.start <= debrief.at < night.end for night in after)
    if 0 < span(quiet) < 20 * 60:
        assert not is_quiet(debrief.at, quiet, ZoneInfo(exam.zone))


@given(exams)
def test_silence_begins_twelve_hours_before_and_new_topics_end_seventy_two(exam: Exam) -> None:
    second, over = timedelta(seconds=1), exam.at + timedelta(minutes=exam.minutes) + 2 * HOUR
    assert [is_muted(exam, at) for at in (exam.at - MUTED - second, exam.at - MUTED, over - second, over)] == [
        False, True, True, False
    ]  # fmt: skip
    assert [in_window(exam, at) for at in (exam.at - WINDOW - second, exam.at - WINDOW, exam.at - second, exam.at)] == [
        False, True, True, False
    ]  # fmt: skip
    assert missed_pass(exam) == (exam.at - PASS, exam.at - MUTED)


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.floats(0, 1), st.timedeltas(timedelta(0), 5 * DAY)),
        max_size=12,
    )
)
def test_every_missed_concept_comes_once_before_any_comes_twice(missed: dict[str, tuple[float, timedelta]]) -> None:
    known = {concept: (weakness, AT_NINE.at - PASS - ago) for concept, (weakness, ago) in missed.items() if ago}
    served: list[str] = []
    now = AT_NINE.at - PASS
    for _ in range(2 * len(known)):
        now += timedelta(minutes=1)
        concept = order_missed(known, AT_NINE, now)[0]
        known[concept] = (known[concept][0], now)
        served.append(concept)
    assert served[: len(known)] == served[len(known) :]  # the second round goes as the first
    assert [known[concept][0] for concept in served[: len(known)]] == sorted(
        (w for w, _ in known.values()), reverse=True
    )


def test_before_the_pass_of_missed_concepts_the_round_is_that_of_the_72_hours() -> None:
    now = AT_NINE.at - 60 * HOUR
    missed = {"weakest": (0.9, now - HOUR), "old": (0.4, now - DAY), "older": (0.5, now - 2 * DAY)}
    assert order_missed(missed, AT_NINE, now) == ["older", "old", "weakest"]
    assert order_missed(missed, AT_NINE, now + DAY) == ["weakest", "older", "old"]


def test_without_an_exam_the_weakest_comes_first_and_what_had_no_answer_had_no_pass() -> None:
    now = AT_NINE.at - HOUR
    missed = {"b": (0.5, now), "a": (0.5, None), "weakest": (0.9, now)}
    assert order_missed(missed, None, now) == ["weakest", "a", "b"]
    assert order_missed(missed, AT_NINE, now) == ["a", "weakest", "b"]


@given(st.integers(0, 600), st.integers(5, 400))
def test_a_days_minutes_are_never_exceeded_and_none_of_its_slots_is_tiny(minutes: int, paper: int) -> None:
    shares = allot(minutes, paper)
    assert shares.weak + shares.set + shares.missed <= minutes
    assert all(share == 0 or share >= LEAST for share in (shares.weak, shares.missed))
    assert shares.set == 0 or LEAST_SET <= shares.set <= max(paper, LEAST_SET)
    assert shares.weak <= WEAK_RANGE[1]
    assert shares.missed <= MOST_MISSED
    assert minutes < LEAST or shares.weak + shares.set + shares.missed >= min(minutes, 30) or paper < 40


@pytest.mark.parametrize(
    ("minutes", "shares"),
    [
        (4, (0, 0, 0)),
        (5, (0, 0, 5)),
        (10, (5, 0, 5)),
        (34, (17, 0, 17)),
        (35, (11, 14, 10)),
        (60, (18, 24, 18)),
        (149, (45, 59, 45)),
        (150, (60, 90, 0)),
        (180, (60, 90, 30)),
        (269, (60, 90, 60)),
        (270, (60, 180, 30)),
        (300, (75, 180, 45)),
        (400, (90, 180, 60)),
    ],
)
def test_a_days_minutes_are_shared_by_weak_topics_a_set_and_missed_concepts(
    minutes: int, shares: tuple[int, int, int]
) -> None:
    found = allot(minutes, 180)
    assert (found.weak, found.set, found.missed) == shares


@pytest.mark.parametrize(
    ("quiet", "sleep"),
    [
        ((time(0), time(0)), (time(23), time(7))),
        ((time(22), time(7)), (time(22), time(7))),
        ((time(20), time(8)), (time(22), time(8))),
        ((time(1), time(5)), (time(22), time(5))),
        ((time(9), time(17)), (time(9), time(17))),
    ],
)
def test_sleep_follows_the_quiet_hours_within_reason(quiet: tuple[time, time], sleep: tuple[time, time]) -> None:
    assert bedtime(quiet) == sleep
