"""The daily push: booked when it is due, written when it is sent."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain import remind
from bot.domain.booking import Booking
from bot.domain.countdown import is_muted
from bot.domain.learner import Learner
from bot.domain.localtime import day_of, instant, midnight
from bot.domain.plan import BlockKind
from bot.domain.practice import PUSH_SIZE, AskState, SessionKind
from bot.domain.remind import CHEER, DAILY, PATIENCE, Push, Unwelcome
from bot.domain.selection import due_concepts
from bot.ports import Errand, Outbox, Turn
from bot.usecases.count_down import timetable
from bot.usecases.outcome import Asked, Pushed
from bot.usecases.plan import plan_of, stints
from bot.usecases.practice import begin, settle


def book_due(outbox: Outbox, now: datetime, most: int) -> int:
    """Moves up to `most` pushes whose time has come into the outbox; how many were due."""
    due = outbox.due(now, most)
    wanted = [reminder for reminder in due if reminder.pushes_on and reminder.chat is not None]
    outbox.book(
        [remind.push_for(reminder) for reminder in wanted],
        {Errand(DAILY, reminder.learner): remind.following(reminder, now) for reminder in due},
    )
    return len(due)


def compose(turn: Turn, learner: Learner, push: Push) -> Pushed | Unwelcome:
    """The message of a booked push as of now, or why it had better not go.

    Composing twice gives the same question: the push's key opens one session.
    """
    settle(turn, learner)  # an answer left without saying how sure is an answer: it was no ignored push
    since = midnight(turn.now, learner.tz)
    activity = turn.work.activity(learner.id, since)
    reason = remind.unwelcome(learner, activity, turn.now)
    if reason and not (push.is_again and reason is Unwelcome.BACKED_OFF):  # what was put off was asked for
        return reason
    if turn.work.ticks(learner.id, push.origin):
        return Unwelcome.TICKED
    pack, bookings = turn.pack(learner), turn.work.bookings(learner.id)
    exams = [one.exam(turn.pack_of(one.pack, learner).exam.minutes) for one in bookings]
    if any(is_muted(exam, turn.now) for exam in exams):
        return Unwelcome.MUTED
    if _is_enough(turn, learner, push, bookings, is_next_welcome=reason is None):
        return Unwelcome.ENOUGH
    met = turn.work.met(learner.id, pack.id)
    due = len(due_concepts(list(pack.served), met, turn.now))
    if due == 0 and all(concept in met for concept in pack.served):
        return Unwelcome.EMPTY
    booking = next((one for one in bookings if one.pack == learner.pack and one.at > turn.now), None)
    block = days = None
    if booking is not None:
        plan = plan_of(turn, learner, booking)
        block = next((one.block for one in stints(turn, learner, plan) if one.done < one.items), None)
        days = (booking.when.day - day_of(turn.now, booking.tz)).days
    scope = block.domain or "" if block and block.kind is BlockKind.LEARN else ""
    asked = begin(turn, learner, SessionKind.DAILY, scope, PUSH_SIZE, push.origin)
    if not isinstance(asked, Asked) or asked.posed.ask.state is not AskState.OPEN:
        return Unwelcome.ANSWERED
    is_slow = activity.ignored >= PATIENCE
    return Pushed(asked.posed, pack, due, is_slow, push.key, booking, days, block)


def _is_enough(turn: Turn, learner: Learner, push: Push, bookings: Sequence[Booking], *, is_next_welcome: bool) -> bool:
    """Whether something else comes today instead: an appointment of an exam, or after a put-off one the next one."""
    today = day_of(turn.now, learner.tz)
    if push.is_again:
        is_of_today = push.origin == remind.daily_key(learner.id, today)
        if is_of_today or turn.now < instant(today, learner.push_time, learner.tz):
            return False
        if is_next_welcome:
            return True
    elif any(_falls_on(turn, learner, booking, today) for booking in bookings):
        return True
    return turn.work.pushes_since(learner.id, midnight(turn.now, learner.tz), push.key) >= 1


def _falls_on(turn: Turn, learner: Learner, booking: Booking, day: date) -> bool:
    """Whether a booking has a message for the learner on a local day."""
    pack = turn.packs.get(booking.pack)
    moments = timetable(booking, learner, pack) if pack else []
    return any(day_of(one.at, learner.tz) == day for one in moments if one.name != CHEER)
