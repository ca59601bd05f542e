"""The plan as a calendar file, read back by another library than the one that wrote it."""

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from bot.domain.booking import Booking, When
from bot.domain.countdown import compile_slots
from bot.domain.exam_day import leave_at
from bot.domain.ids import BookingId, LearnerId, PackId
from bot.domain.learner import Learner
from bot.domain.plan import make_plan
from bot.present.ics import calendar
from bot.present.words import words_for
from bot.usecases.dated import PlanSaved
from tests.adapters import gallery
from tests.adapters.gallery_dated import plan
from tests.dialogues.chat import START

EN = words_for("en")
PACK = gallery.packs()[0]
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
LONGEST_LINE = 75  # octets, RFC 5545 section 3.1


def saved(zone: str = "Europe/Berlin", sequence: int = 0, day: date = date(2027, 3, 29)) -> PlanSaved:
    """A plan over a change of the clocks: Berlin's on 28 March, New York's on 14 March."""
    booking = Booking(BookingId(7), LearnerId(1), PackId("mls-c01"), When(day, time(9, 30), zone), False, 40)
    learner = Learner(LearnerId(1), PackId("mls-c01"), "en", zone="Europe/Berlin")
    made = plan(PACK, (90,) * 7)
    made = make_plan(replace(made.terms, exam=booking.exam(180)))
    slots = compile_slots(booking.exam(180), START, learner.quiet, lambda _: 90)
    return PlanSaved(learner, PACK, booking, made, slots, sequence, START)


def read(outcome: PlanSaved) -> Any:
    """The file as the other library understands it; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return vobject.readOne(calendar(outcome, EN).decode())


def by_uid(file: Any) -> dict[str, Any]:
    events = {event.uid.value: event for event in file.vevent_list}
    assert len(events) == len(file.vevent_list)  # no uid twice
    return events


@pytest.mark.parametrize("zone", ZONES)
def test_another_parser_reads_the_same_instants_whatever_the_zone(zone: str) -> None:
    outcome = saved(zone)
    events = by_uid(read(outcome))
    exam = events["exam-7@tminus"]
    assert exam.dtstart.value.astimezone(UTC) == outcome.booking.at
    assert exam.dtend.value.astimezone(UTC) == outcome.booking.at + timedelta(minutes=180)
    assert exam.dtstart.value.replace(tzinfo=None) == datetime.combine(
        outcome.booking.when.day, time(9, 30)
    )  # as on the wall there
    for slot in outcome.slots:
        assert events[f"slot-{slot.name}-7@tminus"].dtstart.value.astimezone(UTC) == slot.at
    for there in ZONES:  # the same event, looked at from three places
        shown = exam.dtstart.value.astimezone(ZoneInfo(there))
        assert shown == outcome.booking.at.astimezone(ZoneInfo(there))


def test_study_blocks_follow_one_another_from_the_time_of_the_daily_question() -> None:
    outcome = saved()
    berlin = ZoneInfo("Europe/Berlin")
    blocks = [event for uid, event in by_uid(read(outcome)).items() if uid.startswith("block-")]
    days: dict[date, list[tuple[datetime, datetime]]] = {}
    for event in blocks:
        start, end = event.dtstart.value.astimezone(berlin), event.dtend.value.astimezone(berlin)
        days.setdefault(start.date(), []).append((start, end))
    assert len(days) > 100
    for spans in days.values():
        spans.sort()
        assert spans[0][0].time() == time(18)  # on the wall, before and after the clocks change
        assert all(end == start for (_, end), (start, _) in pairwise(spans))
    for day, spans in days.items():
        minutes = sum(block.minutes for block in outcome.plan.on(day))
        assert sum((end - start).total_seconds() for start, end in spans) == minutes * 60
    assert max(days) < outcome.slots[0].at.astimezone(berlin).date()  # the rest are slots


def test_a_plan_made_again_has_the_same_names_and_a_later_sequence() -> None:
    first, second = saved(sequence=0), saved(sequence=4)
    assert set(by_uid(read(first))) == set(by_uid(read(second)))
    assert {event.sequence.value for event in read(second).vevent_list} == {"4"}
    moved = by_uid(read(saved(sequence=5, day=date(2027, 4, 5))))
    assert "exam-7@tminus" in moved  # it moves the entry, it adds none


def test_the_exam_rings_a_day_before_two_hours_before_and_when_it_is_time_to_leave() -> None:
    outcome = saved()
    exam = by_uid(read(outcome))["exam-7@tminus"]
    rings = sorted(alarm.trigger.value for alarm in exam.valarm_list)
    leave = leave_at(outcome.booking.exam(180)) - outcome.booking.at
    assert rings == sorted([-timedelta(days=1), -timedelta(hours=2), leave])


def test_it_keeps_to_the_letter_of_the_standard() -> None:
    raw = calendar(saved("America/New_York"), EN)
    lines = raw.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert b"METHOD:PUBLISH" in lines
    assert b"VERSION:2.0" in lines
    used = {line.partition(b"TZID=")[2].partition(b":")[0] for line in lines if b";TZID=" in line}
    told = {line.removeprefix(b"TZID:") for line in lines if line.startswith(b"TZID:")}
    assert used == told == {b"America/New_York", b"Europe/Berlin"}
    read(saved("America/New_York")).validate()
