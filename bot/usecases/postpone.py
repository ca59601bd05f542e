"""Puts a push off, or ticks off what it asks for."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.intent import Later
from bot.domain.booking import Booking
from bot.domain.countdown import MUTED, STUDY, Slot, SlotKind, nights
from bot.domain.learner import Learner
from bot.domain.localtime import day_of, instant, is_quiet
from bot.domain.pack import Pack
from bot.domain.remind import AGAIN, DAILY, Push
from bot.ports import Turn
from bot.usecases import count_down
from bot.usecases.dated import Snoozed
from bot.usecases.outcome import Hitch, Hitched, Outcome, Word

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
EVENING = time(19, 30)
USEFUL_FOR = timedelta(hours=4)
MOST_TIMES = 5  # one push is put off
CAN_WAIT = (*STUDY, SlotKind.LIGHT, SlotKind.CHECK)


def snooze(turn: Turn, learner: Learner, how: Later, key: str) -> Outcome:
    """Sends the same push again later; one that would come too late to be of use says so."""
    push = _sent(turn, learner, key)
    if push is None:
        return Hitched(Hitch.BEHIND)
    if push.kind == DAILY:
        until = _instant(turn, learner, how, learner.tz)
        end = until if is_quiet(until, learner.quiet, learner.tz) else until + USEFUL_FOR
        return _again(turn, push, until, end, learner.zone)
    booking = turn.work.booking(push.subject) if push.subject else None
    pack = turn.packs.get(booking.pack) if booking else None
    if booking is None or pack is None or not count_down.brings(booking, learner, pack, push):
        return Hitched(Hitch.BEHIND)
    slot = count_down.slot_of(booking, learner, pack, push.what)
    if slot is None or slot.kind not in CAN_WAIT:
        return Hitched(Hitch.BEHIND)
    until = _instant(turn, learner, how, booking.tz)
    return _again(turn, push, until, _end(learner, booking, pack, slot, until), booking.when.zone)


def done(turn: Turn, learner: Learner, key: str) -> Outcome:
    """Notes that what the push asks for is done; twice is once."""
    push = _sent(turn, learner, key)
    if push is None:
        return Hitched(Hitch.BEHIND)
    turn.work.tick(learner.id, push.origin, turn.now)
    return Word.NOTED


def _sent(turn: Turn, learner: Learner, key: str) -> Push | None:
    return turn.work.sent(learner.id, key) if key.isprintable() else None  # a forged one may hold what no text may


def _again(turn: Turn, push: Push, until: datetime, end: datetime, zone: str) -> Outcome:
    """Books the push once more; where that was done from this message already, it stays as it is."""
    nth = int(push.key.partition(AGAIN)[2] or 0) + 1
    if until >= end or nth > MOST_TIMES:
        return Hitched(Hitch.TOO_LATE)
    key = f"{push.origin}{AGAIN}{nth}"
    again = replace(push, key=key, due_at=until, expires_at=min(end, until + USEFUL_FOR))
    return Snoozed(until, zone) if turn.work.post(again) else Hitched(Hitch.BEHIND)


def _instant(turn: Turn, learner: Learner, how: Later, zone: ZoneInfo) -> datetime:
    match how:
        case Later.HOUR:
            return turn.now + AN_HOUR
        case Later.TONIGHT:
            tonight = instant(day_of(turn.now, zone), EVENING, zone)
            return max(tonight, turn.now + AN_HOUR)
        case Later.TOMORROW:
            return instant(day_of(turn.now, zone) + A_DAY, learner.push_time, zone)


def _end(learner: Learner, booking: Booking, pack: Pack, slot: Slot, until: datetime) -> datetime:
    """When an appointment has lost its use for good: before sleep, no study on the rest day, none near the exam."""
    exam = booking.exam(pack.exam.minutes)
    sleep = nights(exam, learner.quiet)
    if any(night.start <= until < night.end for night in sleep):
        return until
    ends = [night.start for night in sleep if night.start > until]
    if slot.kind in STUDY:
        ends.append(instant(exam.day - A_DAY, time(0), booking.tz))
    if slot.kind is SlotKind.LIGHT:
        ends.append(exam.at - MUTED)
    return min([*ends, exam.at])
