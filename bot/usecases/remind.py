"""The daily push: booked when it is due, written when it is sent."""

from datetime import datetime

from bot.domain import remind
from bot.domain.learner import Learner
from bot.domain.localtime import midnight
from bot.domain.practice import PUSH_SIZE, AskState, SessionKind
from bot.domain.remind import PATIENCE, Push, Unwelcome
from bot.domain.selection import due_concepts
from bot.ports import Outbox, Turn
from bot.usecases.outcome import Asked, Pushed
from bot.usecases.practice import begin, settle


def book_due(outbox: Outbox, now: datetime, most: int) -> int:
    """Moves up to `most` pushes whose time has come into the outbox; how many were due."""
    due = outbox.due(now, most)
    wanted = [reminder for reminder in due if reminder.pushes_on and reminder.chat is not None]
    outbox.book(
        [remind.push_for(reminder) for reminder in wanted],
        {reminder.learner: remind.following(reminder, now) for reminder in due},
    )
    return len(due)


def compose(turn: Turn, learner: Learner, push: Push) -> Pushed | Unwelcome:
    """The message of a booked push as of now, or why it had better not go.

    Composing twice gives the same question: the push's key opens one session.
    """
    settle(turn, learner)  # an answer left without saying how sure is an answer: it was no ignored push
    activity = turn.work.activity(learner.id, midnight(turn.now, learner.tz))
    if reason := remind.unwelcome(learner, activity, turn.now):
        return reason
    pack = turn.pack(learner)
    met = turn.work.met(learner.id, pack.id)
    due = len(due_concepts(list(pack.served), met, turn.now))
    if due == 0 and all(concept in met for concept in pack.served):
        return Unwelcome.EMPTY
    asked = begin(turn, learner, SessionKind.DAILY, "", PUSH_SIZE, push.key)
    if not isinstance(asked, Asked) or asked.posed.ask.state is not AskState.OPEN:
        return Unwelcome.ANSWERED
    return Pushed(asked.posed, due, is_slow=activity.ignored >= PATIENCE)
