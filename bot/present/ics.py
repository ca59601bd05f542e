"""The plan as an iCalendar file (RFC 5545) that Google Calendar, Apple's and Outlook take."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.block import BlockKind, Phase
from bot.domain.countdown import SlotKind, leave_at
from bot.domain.localtime import instant
from bot.present.blocks import block_name, slot_name
from bot.present.words import Words
from bot.usecases.dated import PlanSaved

PRODUCT = "-//Tminus//tutor//EN"
HOST = "tminus"  # after the @ of a UID
A_WORD = timedelta(minutes=10)  # how long an entry is that takes no study time
ALARMS = (timedelta(days=1), timedelta(hours=2))  # before the exam
AT_START = timedelta(0)
SECOND = timedelta(seconds=1)
SLOTS = frozenset({BlockKind.WEAK, BlockKind.SET, BlockKind.MISSED, BlockKind.LIGHT})  # entries of their own


def calendar(outcome: PlanSaved, words: Words) -> bytes:
    """Exam, study blocks and the last appointments, each in the zone where it is kept.

    UIDs stay the same when the plan is made again and SEQUENCE grows, so a newer file replaces what an older one
    brought in.
    """
    import icalendar  # noqa: PLC0415 - a quarter of a second that a start need not wait for

    code = outcome.pack.exam.code
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", words("ics-name", code=code))
    for component in (
        *_exam(outcome, words, icalendar),
        *_blocks(outcome, words, icalendar),
        *_slots(outcome, words, icalendar),
    ):
        file.add_component(component)
    first, last = outcome.now - timedelta(days=1), outcome.booking.at + timedelta(days=1)
    for zone in dict.fromkeys((outcome.booking.tz, outcome.learner.tz)):
        file.subcomponents.insert(0, _zone(zone, first, last, icalendar))
    return bytes(file.to_ical())


def _zone(zone: ZoneInfo, first: datetime, last: datetime, icalendar: Any) -> Any:
    """A zone as far as the file needs it: what holds at first, then each change with a start of its own.

    The library's own zones list all changes since 1970 in one RDATE, whose commas some readers stop at.
    """
    told = icalendar.Timezone()
    told.add("tzid", zone.key)
    before = first.astimezone(zone)
    told.add_component(_observance(before.utcoffset(), before, icalendar))
    for change in _changes(zone, first, last):
        old, new = (change - SECOND).astimezone(zone), change.astimezone(zone)
        told.add_component(_observance(old.utcoffset(), new, icalendar))
    return told


def _observance(old: timedelta | None, new: datetime, icalendar: Any) -> Any:
    """What holds from an instant on; its onset is told on the clock as it was before."""
    part = icalendar.TimezoneDaylight() if new.dst() else icalendar.TimezoneStandard()
    assert old is not None  # noqa: S101 - the instant has a zone
    part.add("dtstart", (new.astimezone(UTC) + old).replace(tzinfo=None, microsecond=0))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new.utcoffset())
    part.add("tzname", new.tzname())
    return part


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants at which a zone's offset changes."""
    day = first.astimezone(UTC)
    while day < last:
        low, high = day, day + timedelta(days=1)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            before = low.astimezone(zone).utcoffset()
            while high - low > SECOND:
                middle = low + (high - low) / 2
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            yield high.replace(microsecond=0)
        day += timedelta(days=1)


def _exam(outcome: PlanSaved, words: Words, icalendar: Any) -> list[Any]:
    booking, exam = outcome.booking, outcome.pack.exam
    code = exam.code
    event = _event(outcome, icalendar, "exam", booking.at.astimezone(booking.tz), timedelta(minutes=exam.minutes))
    event.add("summary", words("ics-exam", code=code))
    event.add("description", words("ics-exam-about"))
    for before in ALARMS:
        event.add_component(_alarm(icalendar, before, words("ics-exam", code=code)))
    event.add_component(
        _alarm(icalendar, booking.at - leave_at(booking.exam(exam.minutes)), words("ics-leave", code=code))
    )
    return [event]


def _blocks(outcome: PlanSaved, words: Words, icalendar: Any) -> list[Any]:
    """Study blocks one after another, from the time of the daily question on."""
    learner, plan = outcome.learner, outcome.plan
    final = next((start for phase, start, _ in plan.phases if phase is Phase.FINAL), None)
    events: list[Any] = []
    used: dict[str, int] = {}
    day = None
    start = outcome.now
    for block in plan.blocks:
        if not block.minutes or (outcome.slots and final is not None and block.day >= final and block.kind in SLOTS):
            continue
        if block.day != day:
            day, start = block.day, instant(block.day, learner.push_time, learner.tz)
        name = f"block-{block.day.isoformat()}-{block.kind.value}-{block.domain or 'all'}"
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            name = f"{name}-{used[name]}"
        length = timedelta(minutes=block.minutes)
        event = _event(outcome, icalendar, name, start.astimezone(learner.tz), length)
        what = block_name(block, outcome.pack, words)
        event.add("summary", words("ics-block", what=what, code=outcome.pack.exam.code))
        events.append(event)
        start += length
    return events


def _slots(outcome: PlanSaved, words: Words, icalendar: Any) -> list[Any]:
    booking = outcome.booking
    events: list[Any] = []
    for slot in outcome.slots:
        length = timedelta(minutes=slot.minutes) if slot.minutes else A_WORD
        if slot.kind is SlotKind.LUCK:
            length = min(A_WORD, booking.at - slot.at)
        event = _event(outcome, icalendar, f"slot-{slot.name}", slot.at.astimezone(booking.tz), length)
        what = slot_name(slot, booking, words)
        event.add("summary", words("ics-block", what=what, code=outcome.pack.exam.code))
        event.add_component(_alarm(icalendar, AT_START, what))
        events.append(event)
    return events


def _event(outcome: PlanSaved, icalendar: Any, name: str, start: datetime, length: timedelta) -> Any:
    event = icalendar.Event()
    event.add("uid", f"{name}-{outcome.booking.id}@{HOST}")
    event.add("dtstamp", outcome.now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", outcome.sequence)
    event.add("dtstart", start.replace(microsecond=0))
    event.add("dtend", (start.astimezone(UTC) + length).astimezone(start.tzinfo).replace(microsecond=0))
    return event


def _alarm(icalendar: Any, before: timedelta, words: str) -> Any:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm
