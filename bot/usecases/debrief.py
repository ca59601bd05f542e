"""After the exam: how it was, what came of it, what comes next."""

from dataclasses import replace

from bot.domain.booking import Booking, BookingState, Verdict
from bot.domain.ids import BookingId, DomainId
from bot.domain.learner import Field, Learner
from bot.ports import Turn
from bot.usecases.book import own
from bot.usecases.dated import ResultNoted, Snag
from bot.usecases.outcome import Hitch, Hitched, Outcome


def log(turn: Turn, learner: Learner, booking_id: BookingId, verdict: Verdict) -> Outcome:
    """Notes how it went; a later word replaces an earlier one, as a result comes after days."""
    booking = own(turn, learner, booking_id)
    if booking is None or booking.at > turn.now or booking.state is BookingState.CANCELED:
        return Hitched(Hitch.BEHIND)
    others = [one for one in turn.work.bookings(learner.id) if one.pack == booking.pack and one.id != booking.id]
    is_open = verdict is Verdict.WAITING and not others  # /exam asks again, unless it has the next date to show
    state = BookingState.BOOKED if is_open else BookingState.OVER
    score = booking.score if verdict is booking.verdict else None
    booking = replace(booking, verdict=verdict, state=state, score=score)
    turn.work.keep(booking)
    asks_score = verdict in (Verdict.PASSED, Verdict.FAILED)
    awaits = Field.SCORE if asks_score else learner.step
    turn.work.save(replace(learner, awaits=awaits, draft=f"{booking.id}" if asks_score else None))
    return _noted(turn, learner, booking, asks_score=asks_score)


def said_score(turn: Turn, learner: Learner, text: str) -> Outcome:
    """The score, on the exam's own scale."""
    draft = learner.draft or ""
    booking = own(turn, learner, BookingId(int(draft))) if draft.isdecimal() else None
    if booking is None:
        return Hitched(Hitch.BEHIND)
    pack = turn.pack_of(booking.pack, learner)
    low, high = pack.exam.scale
    digits = text.strip().partition("/")[0].strip()
    if not digits.isdecimal() or len(digits) > len(str(high)) or not low <= int(digits) <= high:
        return replace(_noted(turn, learner, booking, asks_score=True), snag=Snag.NO_SCORE, given=text[:60])
    score = int(digits)
    verdict = Verdict.PASSED if score >= pack.exam.pass_mark else Verdict.FAILED
    booking = replace(booking, score=score, verdict=verdict)
    turn.work.keep(booking)
    turn.work.save(replace(learner, awaits=learner.step, draft=None))
    return _noted(turn, learner, booking)


def needs(turn: Turn, learner: Learner, booking_id: BookingId, domain: str, *, on: bool) -> Outcome:
    """Notes a domain that the result says needs work, or takes it back."""
    booking = own(turn, learner, booking_id)
    if booking is None or booking.verdict is None:
        return Hitched(Hitch.BEHIND)
    pack = turn.pack_of(booking.pack, learner)
    if DomainId(domain) not in pack.domains:
        return Hitched(Hitch.GONE)
    weak = {*booking.weak, DomainId(domain)} if on else {*booking.weak} - {DomainId(domain)}
    booking = replace(booking, weak=tuple(one for one in pack.domains if one in weak))
    turn.work.keep(booking)
    return _noted(turn, learner, booking)


def _noted(turn: Turn, learner: Learner, booking: Booking, *, asks_score: bool = False) -> ResultNoted:
    pack = turn.pack_of(booking.pack, learner)
    return ResultNoted(booking, pack, turn.now, asks_score)
