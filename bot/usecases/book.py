"""Takes the date of an exam: typed or tapped, confirmed, moved, canceled; and where it is sat."""

import re
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.domain.booking import Booking, BookingState, When, caution, hindrance, opens_on
from bot.domain.exam_day import MOST_TRAVEL
from bot.domain.ids import BookingId
from bot.domain.learner import Field, Learner
from bot.domain.localtime import day_of
from bot.domain.remind import EXAM, PLAN
from bot.domain.typed import read_minutes
from bot.ports import Errand, Town, Turn
from bot.usecases import count_down
from bot.usecases.dated import (
    AskCancel,
    AskResult,
    AskTravel,
    AskWhen,
    AskZone,
    Canceled,
    Confirm,
    ExamShown,
    Snag,
)
from bot.usecases.dates import Read, read_when
from bot.usecases.outcome import Hitch, Hitched, Outcome
from bot.usecases.plan import ahead, plan_of, renew

LONGEST_GIVEN = 60  # characters of a refused text that are shown back
MOST_TOWNS = 6
YEARS = range(2000, 2200)  # beyond them a forged date would leave what a calendar holds
_CHOSEN = re.compile(
    r"(?P<month>\d{4}-\d{2})(?:-(?P<day>\d{2})(?P<on>\.\.)?)?(?:T(?P<clock>\d{2}:\d{2}))?(?:@(?P<zone>[\w+/-]{1,40}))?",
    re.ASCII,
)


def exam(turn: Turn, learner: Learner, text: str) -> Outcome:
    """The booking of the learner's pack; with a text, that date for it."""
    if text.strip():
        return said(turn, learner, text)
    booking = ahead(turn, learner)
    if booking is not None and booking.at > turn.now:
        return shown(turn, learner, booking)
    if booking is not None:  # sat, and nobody said yet how it went
        return AskResult(booking, turn.pack(learner))
    return ask_when(turn, learner)


def ask_when(turn: Turn, learner: Learner, chosen: str = "", snag: Snag | None = None, given: str = "") -> AskWhen:
    """Asks for the date; from here on a typed text is one."""
    learner = _awaiting(turn, learner, Field.EXAM, chosen or None)
    booking = ahead(turn, learner)
    is_ahead = booking is not None and booking.at > turn.now
    shown, given = chosen.partition("@")[0], given[:LONGEST_GIVEN]
    return AskWhen(learner, turn.pack(learner), turn.now, shown, snag, given, ahead=booking if is_ahead else None)


def schedule(turn: Turn, learner: Learner, value: str) -> Outcome:
    """One tap further towards a whole date."""
    if not value:
        return ask_when(turn, learner)
    found = _CHOSEN.fullmatch(value)
    if found is None or _begins(found) is None:
        return Hitched(Hitch.GONE)
    if found["clock"] is None:
        return ask_when(turn, learner, value)
    begun = _CHOSEN.fullmatch(_draft(learner))
    when = _when(value, (begun and begun["zone"]) or _zone(turn, learner))
    return _propose(turn, learner, when) if when else Hitched(Hitch.GONE)


def said(turn: Turn, learner: Learner, text: str) -> Outcome:
    """A date as a person types it; what it lacks is taken from what was chosen before, or asked for."""
    read = read_when(text, turn.now, _zone(turn, learner), turn.atlas, learner.locale)
    if read is None:
        return ask_when(turn, learner, _draft(learner), Snag.UNREADABLE, text)
    if read.day is not None and read.day.year not in YEARS:
        return ask_when(turn, learner, "", Snag.TOO_FAR if read.day.year > max(YEARS) else Snag.PAST, text)
    begun = _CHOSEN.fullmatch(_draft(learner))
    day = read.day or _begun_day(begun)
    clock = read.clock or (time.fromisoformat(begun["clock"]) if begun and begun["clock"] else None)
    zone = read.zone or (begun and begun["zone"]) or None
    if day is None:
        return ask_when(turn, learner, "", Snag.NO_DAY, text)
    chosen = _chosen(day, clock, zone)
    if len({town.zone for town in read.towns}) > 1:
        return _ask_zone(turn, learner, chosen, Snag.SEVERAL_TOWNS, text, read)
    if clock is None:
        return ask_when(turn, learner, chosen, Snag.NO_CLOCK, text)
    return _propose(turn, learner, When(day, clock, zone or _zone(turn, learner)), text)


def ask_zone(turn: Turn, learner: Learner) -> Outcome:
    """Asks where the test is; what was chosen so far stands."""
    booking = ahead(turn, learner)
    chosen = _draft(learner) or (_chosen(*_parts(booking.when)) if booking else "")
    if not chosen:
        return ask_when(turn, learner)
    return _ask_zone(turn, learner, chosen)


def said_zone(turn: Turn, learner: Learner, text: str) -> Outcome:
    """The place of the test as a person types it."""
    chosen = _draft(learner).partition("@")[0]
    if not chosen:
        return ask_when(turn, learner)
    towns = turn.atlas.zones(text)
    if len({town.zone for town in towns}) == 1:
        return schedule(turn, learner, f"{chosen}@{towns[0].zone}")
    snag = Snag.SEVERAL_TOWNS if towns else Snag.NO_PLACE
    return _ask_zone(turn, learner, _draft(learner), snag, text, Read(None, None, None, towns))


def book(turn: Turn, learner: Learner, value: str) -> Outcome:
    """Books a confirmed date, or moves the booking there; the same date again changes nothing."""
    found = _CHOSEN.fullmatch(value)
    when = _when(value, learner.zone)
    pack = turn.pack(learner)
    if found is None or found["zone"] is None or when is None:
        return Hitched(Hitch.GONE)
    if snag := hindrance(pack, when, turn.now):
        return ask_when(turn, learner, "", Snag(snag.value), _spoken(when))
    learner = _awaiting(turn, learner, learner.step, None)
    booking = ahead(turn, learner)
    news = "moved"
    if booking is not None and booking.at <= turn.now:  # that one was sat, or not; this is another try
        turn.work.keep(replace(booking, state=BookingState.OVER))
        _silence(turn, booking)
        booking = None
    if booking is None:
        booking, news = turn.work.book(learner.id, pack.id, when, turn.now), "booked"
    elif booking.when == when:
        return shown(turn, learner, booking)
    else:
        booking = replace(booking, when=when, changes=booking.changes + 1)
        turn.work.keep(booking)
    return _changed(turn, learner, booking, news)


def shown(turn: Turn, learner: Learner, booking: Booking, news: str = "") -> Outcome:
    """A booking as it stands, the other packs' beside it."""
    others = [
        (one, turn.packs[one.pack])
        for one in turn.work.bookings(learner.id)
        if one.pack != booking.pack and one.pack in turn.packs and one.at > turn.now
    ]
    pack = turn.pack_of(booking.pack, learner)
    return ExamShown(learner, pack, booking, plan_of(turn, learner, booking), turn.now, news, others)


def ask_cancel(turn: Turn, learner: Learner, booking_id: BookingId) -> Outcome:
    """Asks back before a booking goes."""
    booking = own(turn, learner, booking_id)
    if booking is None or booking.state is not BookingState.BOOKED:
        return Hitched(Hitch.BEHIND)
    return AskCancel(booking, turn.pack_of(booking.pack, learner))


def cancel(turn: Turn, learner: Learner, booking_id: BookingId) -> Outcome:
    """Cancels a booking; nothing that was timed from it comes any more."""
    booking = own(turn, learner, booking_id)
    if booking is None or booking.state is BookingState.OVER:
        return Hitched(Hitch.BEHIND)
    turn.work.keep(replace(booking, state=BookingState.CANCELED))
    _silence(turn, booking)
    return Canceled(turn.pack_of(booking.pack, learner))


def sit(turn: Turn, learner: Learner, booking_id: BookingId, *, is_remote: bool) -> Outcome:
    """Notes where the exam is sat; at a center the way there is asked."""
    booking = own(turn, learner, booking_id)
    if booking is None or booking.state is not BookingState.BOOKED:
        return Hitched(Hitch.BEHIND)
    booking = replace(booking, is_remote=is_remote, travel_minutes=0 if is_remote else booking.travel_minutes)
    if not is_remote and not booking.travel_minutes:
        booking = replace(booking, travel_minutes=None)
    turn.work.keep(booking)
    changed = _changed(turn, learner, booking, "changed")
    if is_remote or booking.travel_minutes is not None:
        return changed
    return ask_travel(turn, learner)


def ask_travel(turn: Turn, learner: Learner) -> Outcome:
    """Asks how long the way to the test center takes."""
    booking = ahead(turn, learner)
    if booking is None:
        return ask_when(turn, learner)
    _awaiting(turn, learner, Field.TRAVEL, None)
    return AskTravel(booking)


def said_travel(turn: Turn, learner: Learner, text: str) -> Outcome:
    """The minutes from door to door."""
    booking = ahead(turn, learner)
    if booking is None:
        return ask_when(turn, learner)
    minutes = read_minutes(text)
    if minutes is None or minutes > MOST_TRAVEL:
        _awaiting(turn, learner, Field.TRAVEL, None)
        return AskTravel(booking, Snag.NO_TRAVEL, text[:LONGEST_GIVEN])
    learner = _awaiting(turn, learner, learner.step, None)
    booking = replace(booking, is_remote=False, travel_minutes=minutes)
    turn.work.keep(booking)
    return _changed(turn, learner, booking, "changed")


def own(turn: Turn, learner: Learner, booking_id: BookingId) -> Booking | None:
    """The learner's booking of that id, None if it is nobody's or somebody else's."""
    booking = turn.work.booking(booking_id)
    return booking if booking and booking.learner == learner.id else None


def _propose(turn: Turn, learner: Learner, when: When, given: str = "") -> Outcome:
    """Shows a whole date for a yes, or says why it can't be."""
    pack = turn.pack(learner)
    if snag := hindrance(pack, when, turn.now):
        return ask_when(turn, learner, "", Snag(snag.value), given or _spoken(when))
    learner = _awaiting(turn, learner, Field.EXAM, _chosen(*_parts(when)))
    booking = ahead(turn, learner)
    moves = booking if booking and booking.at > turn.now else None
    return Confirm(learner, pack, when, turn.now, caution(pack, when.day), moves)


def _ask_zone(
    turn: Turn, learner: Learner, chosen: str, snag: Snag | None = None, given: str = "", read: Read | None = None
) -> AskZone:
    learner = _awaiting(turn, learner, Field.EXAM_ZONE, chosen)
    towns: tuple[Town, ...] = tuple(read.towns)[:MOST_TOWNS] if read else ()
    return AskZone(learner, chosen, snag, given[:LONGEST_GIVEN], towns)


def _changed(turn: Turn, learner: Learner, booking: Booking, news: str) -> Outcome:
    """After any change: another plan, other appointments, no pause that reaches into the last 72 hours."""
    if booking.at > turn.now and learner.is_paused(opens := opens_on(booking, learner.tz)):
        is_ahead = opens > day_of(turn.now, learner.tz)
        learner = replace(learner, paused_until=opens if is_ahead else None)
        turn.work.save(learner)
    renew(turn, learner, booking)
    count_down.schedule(turn, booking, learner)
    return shown(turn, learner, booking, news)


def _draft(learner: Learner) -> str:
    """The date that was begun, "" if what is kept is something else, or names a zone that there is none of."""
    found = _CHOSEN.fullmatch(learner.draft or "")
    if found is None:
        return ""
    if found["zone"] is not None:
        try:
            ZoneInfo(found["zone"])
        except (ValueError, KeyError, OSError):
            return ""
    return found[0]


def _silence(turn: Turn, booking: Booking) -> None:
    for kind in (EXAM, PLAN):
        turn.work.wake_at(Errand(kind, booking.learner, booking.id), None)


def _awaiting(turn: Turn, learner: Learner, field: Field | None, draft: str | None) -> Learner:
    if (learner.awaits, learner.draft) != (field, draft):
        learner = replace(learner, awaits=field, draft=draft)
        turn.work.save(learner)
    return learner


def _zone(turn: Turn, learner: Learner) -> str:
    """Where a test is sat if nobody says: where the present booking is, else where the learner is."""
    booking = ahead(turn, learner)
    return booking.when.zone if booking and booking.at > turn.now else learner.zone


def _when(value: str, home: str) -> When | None:
    found = _CHOSEN.fullmatch(value)
    if found is None or not found["day"] or not found["clock"] or found["on"]:
        return None
    try:
        day, clock = date.fromisoformat(f"{found['month']}-{found['day']}"), time.fromisoformat(found["clock"])
        when = When(day, clock, found["zone"] or home)
        ZoneInfo(when.zone)
    except (ValueError, KeyError, OSError):  # forged: no such day, no such zone
        return None
    return when if day.year in YEARS else None


def _begun_day(begun: re.Match[str] | None) -> date | None:
    return _begins(begun) if begun and begun["day"] and not begun["on"] else None


def _begins(found: re.Match[str]) -> date | None:
    """The day that was chosen, or the first one of its week or month; None for one that no calendar has."""
    try:
        day = date.fromisoformat(f"{found['month']}-{found['day'] or '01'}")
    except ValueError:  # forged
        return None
    return day if day.year in YEARS else None


def _parts(when: When) -> tuple[date, time, str]:
    return when.day, when.clock, when.zone


def _chosen(day: date, clock: time | None, zone: str | None) -> str:
    return day.isoformat() + (f"T{clock:%H:%M}" if clock else "") + (f"@{zone}" if zone else "")


def _spoken(when: When) -> str:
    return f"{when.day.isoformat()} {when.clock:%H:%M} {when.zone}"
