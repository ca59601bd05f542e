"""Everything that is sent because an exam has a date: booked when it is due, written when it is sent."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.booking import Booking, BookingState, Room
from bot.domain.countdown import (
    DEBRIEF,
    OPENING,
    WINDOW,
    Slot,
    SlotKind,
    compile_slots,
    in_window,
    is_muted,
    milestones,
    missed_pass,
    nights,
)
from bot.domain.ids import ConceptId, PackId
from bot.domain.learner import Learner, items_in
from bot.domain.localtime import day_of, midnight
from bot.domain.pack import Pack
from bot.domain.practice import SessionKind
from bot.domain.remind import CHEER, EXAM, MOST_A_DAY, Push, Unwelcome
from bot.ports import DueBooking, Errand, Outbox, Turn
from bot.usecases.dated import AskResult, Cheer, Milestone, SlotReached
from bot.usecases.plan import plan_of, slots_ahead
from bot.usecases.practice import settle

log = logging.getLogger(__name__)
LATER = timedelta(hours=1)  # until a booking is looked at again whose pack is not there, or that can't be read
SHORTEST_SET = 5  # questions
# Lower goes first; the daily question has 50.
PRIORITY = {SlotKind.LUCK.value: 5, SlotKind.MORNING.value: 6, OPENING: 12, CHEER: 35, DEBRIEF: 30}
OF_A_SLOT, OF_A_MILESTONE = 10, 20
UNCAPPED = (SlotKind.LUCK, SlotKind.MORNING, SlotKind.TACTICS)  # words of the last evening and day: always welcome


@dataclass(frozen=True, slots=True)
class Moment:
    """One message that a booking will bring."""

    name: str
    at: datetime
    until: datetime
    priority: int
    late: datetime | None = None  # until then it comes at once where the booking is later than it; None = never


def timetable(booking: Booking, learner: Learner, pack: Pack) -> list[Moment]:
    """Every message of a booking in order, past ones too."""
    exam = booking.exam(pack.exam.minutes)
    slots = _slots(booking, learner, pack)
    found = [
        Moment(
            name=slot.name,
            at=slot.at,
            until=slot.until,
            priority=PRIORITY.get(slot.kind.value, OF_A_SLOT),
            late=slot.until - timedelta(minutes=slot.minutes),
        )
        for slot in slots
    ]
    found += [
        Moment(one.name, one.at, one.until, PRIORITY.get(one.name, OF_A_MILESTONE))
        for one in milestones(exam, learner.push_time, learner.tz, learner.quiet)
    ]
    morning = next(slot.at for slot in slots if slot.kind is SlotKind.MORNING)
    found.append(Moment(CHEER, morning, exam.at, PRIORITY[CHEER], late=exam.at))
    return sorted(found, key=lambda moment: (moment.at, moment.priority))


def schedule(turn: Turn, booking: Booking, learner: Learner) -> None:
    """Sets when the next message of a booking is due, or was if it is not too late; one that came has its key taken."""
    pack = turn.packs.get(booking.pack)
    coming = timetable(booking, learner, pack) if pack and booking.state is BookingState.BOOKED else []
    ahead = (one.at for one in coming if turn.now <= one.at or (one.late and turn.now < one.late))
    turn.work.wake_at(Errand(EXAM, booking.learner, booking.id), next(ahead, None))


def schedule_all(turn: Turn, learner: Learner) -> None:
    """The same for every booking, after the learner's zone, hours or minutes have changed."""
    for booking in turn.work.bookings(learner.id):
        schedule(turn, booking, learner)


def book_exams(outbox: Outbox, packs: Mapping[PackId, Pack], now: datetime, most: int) -> int:
    """Moves what is due of up to `most` bookings into the outbox; how many were due."""
    due = outbox.due_bookings(now, most)
    pushes: list[Push] = []
    following: dict[Errand, datetime | None] = {}
    for one in due:
        errand = Errand(EXAM, one.learner.id, one.booking.id)
        pack = packs.get(one.booking.pack)
        try:
            moments = timetable(one.booking, one.learner, pack) if pack else None
        except (ValueError, LookupError, ArithmeticError):  # e.g. a zone that this machine does not know
            log.exception("booking %s can't be read; it is looked at again later", one.booking.id)
            moments = None
        if moments is None:
            following[errand] = now + LATER
            continue
        for moment in moments:
            if one.at <= moment.at <= now < moment.until:
                pushes += _pushes(one, moment)
        following[errand] = next((moment.at for moment in moments if moment.at > now), None)
    outbox.book(pushes, following)
    return len(due)


def compose(turn: Turn, learner: Learner, push: Push) -> Milestone | SlotReached | AskResult | Cheer | Unwelcome:
    """The message of a booking as of now, or why it had better not go."""
    booking = turn.work.booking(push.subject) if push.subject else None
    pack = turn.packs.get(booking.pack) if booking else None
    if booking is None or pack is None or not brings(booking, learner, pack, push):
        return Unwelcome.MOVED
    if turn.work.ticks(learner.id, push.origin):
        return Unwelcome.TICKED
    if push.what == CHEER:
        return _cheer(turn, learner, booking, pack, push)
    if push.what == DEBRIEF:
        return AskResult(booking, pack) if booking.verdict is None else Unwelcome.DONE
    slot = slot_of(booking, learner, pack, push.what)
    if learner.is_paused(day_of(turn.now, learner.tz)) and not in_window(booking.exam(pack.exam.minutes), turn.now):
        return Unwelcome.PAUSED
    if slot is None or slot.kind not in UNCAPPED:
        if _is_other_exam_near(turn, booking):
            return Unwelcome.MUTED
        if _is_enough(turn, learner, push):
            return Unwelcome.ENOUGH
    settle(turn, learner)
    return (
        _reached(turn, learner, booking, pack, slot, push)
        if slot
        else _milestone(turn, learner, booking, pack, push.what)
    )


def _is_other_exam_near(turn: Turn, booking: Booking) -> bool:
    """Whether another exam of theirs is so near that this one's messages have to wait for its end."""
    return any(
        is_muted(other.exam(pack.exam.minutes), turn.now)
        for other in turn.work.bookings(booking.learner)
        if other.id != booking.id and (pack := turn.packs.get(other.pack))
    )


def key_of(booking: Booking, moment: Moment | Slot) -> str:
    """The outbox key of a message: one for each name and day of the exam, so a moved exam brings its own.

    Not the message's own date, which is another where the learner is than where the exam is.
    """
    return f"{EXAM}:{booking.id}:{moment.name}:{booking.when.day.isoformat()}"


def brings(booking: Booking, learner: Learner, pack: Pack, push: Push) -> bool:
    """Whether the booking still brings that message on that date."""
    moment = next((one for one in timetable(booking, learner, pack) if one.name == push.what), None)
    is_ahead = booking.state is BookingState.BOOKED
    return is_ahead and moment is not None and push.key.startswith(key_of(booking, moment))


def slot_of(booking: Booking, learner: Learner, pack: Pack, name: str) -> Slot | None:
    """The appointment of that name in the last 72 hours, past or to come; None if it has none."""
    return next((slot for slot in _slots(booking, learner, pack) if slot.name == name), None)


def missed_left(turn: Turn, learner: Learner, booking: Booking, pack: Pack) -> list[ConceptId]:
    """Missed concepts that had no pass since T-36 h."""
    begins, _ = missed_pass(booking.exam(pack.exam.minutes))
    missed = {c: one for c, one in turn.work.met(learner.id, pack.id).items() if c in pack.served and one.is_missed}
    return [concept for concept, one in missed.items() if one.reviewed_at is None or one.reviewed_at < begins]


def _pushes(one: DueBooking, moment: Moment) -> list[Push]:
    key = key_of(one.booking, moment)
    rooms: Sequence[tuple[str, str, str]]
    if moment.name == CHEER:
        rooms = [(room.platform, room.chat, f"{key}:{room.platform}:{room.chat}") for room in one.rooms]
    elif one.platform is None or one.chat is None:
        rooms = []
    else:
        rooms = [(one.platform, one.chat, key)]
    return [
        Push(
            key=key,
            kind=EXAM,
            learner=one.learner.id,
            platform=platform,
            chat=chat,
            priority=moment.priority,
            due_at=moment.at,
            expires_at=moment.until,
            subject=one.booking.id,
            what=moment.name,
        )
        for platform, chat, key in rooms
    ]


def _slots(booking: Booking, learner: Learner, pack: Pack) -> tuple[Slot, ...]:
    exam = booking.exam(pack.exam.minutes)
    return compile_slots(exam, exam.at - WINDOW, learner.quiet, learner.minutes_on)


def _cheer(turn: Turn, learner: Learner, booking: Booking, pack: Pack, push: Push) -> Cheer | Unwelcome:
    seats = turn.work.seats(Room(push.platform, push.chat))
    name = next((seat.name for seat in seats if seat.learner == learner.id), None)
    return Cheer(name, booking, pack) if name else Unwelcome.OFF


def _is_enough(turn: Turn, learner: Learner, push: Push) -> bool:
    since = midnight(turn.now, learner.tz)
    return not push.is_again and turn.work.pushes_since(learner.id, since, push.key) >= MOST_A_DAY


def _milestone(turn: Turn, learner: Learner, booking: Booking, pack: Pack, name: str) -> Milestone:
    met = turn.work.met(learner.id, pack.id)
    served = [met[concept] for concept in pack.served if concept in met]
    return Milestone(
        name=name,
        learner=learner,
        pack=pack,
        booking=booking,
        plan=plan_of(turn, learner, booking),
        slots=slots_ahead(turn, learner, booking),
        met=len(served),
        concepts=len(pack.served),
        missed=sum(one.is_missed for one in served),
        now=turn.now,
    )


def _reached(turn: Turn, learner: Learner, booking: Booking, pack: Pack, slot: Slot, push: Push) -> SlotReached:
    exam = booking.exam(pack.exam.minutes)
    missed = missed_left(turn, learner, booking, pack)
    today = day_of(slot.at, booking.tz)
    later = [one for one in slots_ahead(turn, learner, booking) if one.at > turn.now]
    night = next((one for one in nights(exam, learner.quiet) if one.start > turn.now), None)
    items, carried = _items(slot, pack, len(missed)), 0
    if slot.kind is SlotKind.WEAK:
        met = turn.work.met(learner.id, pack.id)
        items = min(items, sum(concept in met for concept in pack.served) or items)
    if slot.kind is SlotKind.MISSED:
        carried = _carried(turn, learner, booking, pack, slot)
    return SlotReached(
        slot=slot,
        key=push.key,
        learner=learner,
        pack=pack,
        booking=booking,
        missed=missed,
        items=items,
        carried=carried,
        ahead=next((one for one in later if day_of(one.at, booking.tz) == today), None),
        bed=night.start if night and day_of(night.start - timedelta(hours=4), booking.tz) == today else None,
        now=turn.now,
    )


def _items(slot: Slot, pack: Pack, missed: int) -> int:
    match slot.kind:
        case SlotKind.SET:
            return max(SHORTEST_SET, pack.exam.questions_in(slot.minutes))
        case SlotKind.WEAK:
            return min(items_in(slot.minutes), 50)
        case SlotKind.MISSED | SlotKind.LIGHT:
            return min(items_in(slot.minutes), missed) if slot.minutes else 0
        case _:
            return 0


def _carried(turn: Turn, learner: Learner, booking: Booking, pack: Pack, evening: Slot) -> int:
    """The midday set that was not done becomes the evening's, as far as its minutes go; half of it counts as done."""
    today = day_of(evening.at, booking.tz)
    of_today = (one for one in _slots(booking, learner, pack) if day_of(one.at, booking.tz) == today)
    midday = next((one for one in of_today if one.kind is SlotKind.SET), None)
    if midday is None or turn.work.ticks(learner.id, key_of(booking, midday)):
        return 0
    since = midnight(evening.at, booking.tz)
    sets = turn.work.stretches(learner.id, pack.id, SessionKind.SET)
    if 2 * sum(one.tally.answers for one in sets if one.opened_at >= since) >= _items(midday, pack, 0):
        return 0
    fits = pack.exam.questions_in(evening.minutes)
    return fits if fits >= SHORTEST_SET else 0
