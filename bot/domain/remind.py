"""The daily push: when it comes, and when it had better not."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import BattleId, BookingId, LearnerId
from bot.domain.learner import Learner, items_in
from bot.domain.localtime import day_of, instant, is_quiet, next_instant

PATIENCE = 3  # ignored pushes after which every third day is enough
SLOW_DAYS = 3
USEFUL_FOR = timedelta(hours=4)  # a daily push that is later than this is dropped


@dataclass(frozen=True, slots=True)
class Reminder:
    """A learner whose push is due, with what the decision needs."""

    learner: LearnerId
    at: datetime  # when it was due
    zone: str
    push_time: time
    quiet: tuple[time, time]
    pushes_on: bool
    platform: str | None  # where they can be reached; None = nowhere
    chat: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What a learner did lately, as far as a push cares."""

    last_answer_at: datetime | None
    answers_today: int  # since local midnight
    ignored: int  # pushes sent since the last answer
    last_push_at: datetime | None


@dataclass(frozen=True, slots=True)
class Push:
    """A message booked for delivery."""

    key: str  # the same key is delivered once
    kind: str
    learner: LearnerId
    platform: str
    chat: str
    priority: int  # lower goes first
    due_at: datetime
    expires_at: datetime
    subject: BookingId | None = None  # the booking it is about
    what: str = ""  # which of the booking's or the battle's messages: the name of a slot or a milestone, "round-3"
    battle: BattleId | None = None  # the battle it is about
    edits: str = ""  # the key of the message that it makes into another; "" = it is a new one

    @property
    def origin(self) -> str:
        """The key of the push that this one is, or that it repeats as somebody wanted it later."""
        return self.key.partition(AGAIN)[0]

    @property
    def is_again(self) -> bool:
        """Whether it was put off and comes once more."""
        return AGAIN in self.key


AGAIN = "#"  # in the key of a push that was put off, before its number
DAILY = "daily"
EXAM = "exam"  # everything that is timed from an exam's date
CHEER = "cheer"  # the message to a group among those of an exam
BATTLE = "battle"  # everything that a battle shows in its rooms
NOBODY = LearnerId(0)  # whom a message is for that goes to a room
PLAN = "plan"  # the nightly making of a plan; nothing is sent
MOST_URGENT, URGENT, DAILY_PRIORITY = 0, 1, 50  # what is urgent waits for nothing else that waits
MOST_A_DAY = 4  # pushes of all kinds together; the last 72 hours have that many appointments


class Unwelcome(StrEnum):
    """Why a booked push is not sent after all."""

    OFF = "off"  # switched off since
    DONE = "done"  # today's work is done
    BACKED_OFF = "backed-off"  # ignored too often to come every day
    QUIET = "quiet"  # late, and quiet hours now
    EMPTY = "empty"  # nothing is due and nothing is new
    FORGOTTEN = "forgotten"  # the learner had everything deleted
    ANSWERED = "answered"  # its question was answered before this try
    PAUSED = "paused"  # on holiday
    MUTED = "muted"  # an exam is so near that nothing else matters
    ENOUGH = "enough"  # so many came today already
    MOVED = "moved"  # the exam was moved or canceled since
    TICKED = "ticked"  # said to be done


def unwelcome(learner: Learner, activity: Activity, now: datetime) -> Unwelcome | None:
    """Why a push had better not be sent now, None if it is welcome."""
    if not learner.pushes_on:
        return Unwelcome.OFF
    today = day_of(now, learner.tz)
    if learner.is_paused(today):
        return Unwelcome.PAUSED
    if learner.minutes_on(today) == 0:
        return Unwelcome.OFF
    if activity.answers_today >= items_in(learner.minutes_on(today)):
        return Unwelcome.DONE
    if is_quiet(now, learner.quiet, learner.tz):
        return Unwelcome.QUIET
    if activity.ignored >= PATIENCE and activity.last_push_at is not None:
        days = (today - day_of(activity.last_push_at, learner.tz)).days
        return None if days >= SLOW_DAYS else Unwelcome.BACKED_OFF
    return None


def following(reminder: Reminder, now: datetime) -> datetime:
    """The next instant of a reminder; after a long stop those that lost their use are left out."""
    return next_instant(max(reminder.at, now - USEFUL_FOR), reminder.push_time, ZoneInfo(reminder.zone))


def expiry(reminder: Reminder) -> datetime:
    """When the push loses its use: after some hours, at the quiet hours, or at midnight, whichever is first."""
    zone = ZoneInfo(reminder.zone)
    day = day_of(reminder.at, zone)
    ends = [reminder.at + USEFUL_FOR, instant(day + timedelta(days=1), time(0), zone)]
    start, end = reminder.quiet
    if start != end and not is_quiet(reminder.at, reminder.quiet, zone):
        ends += [quiet] if (quiet := instant(day, start, zone)) > reminder.at else []
    return min(ends)


def push_for(reminder: Reminder) -> Push:
    """The push that a reminder becomes; one for each local date."""
    assert reminder.platform is not None and reminder.chat is not None  # noqa: S101, PT018 - the caller has looked
    return Push(
        key=daily_key(reminder.learner, day_of(reminder.at, ZoneInfo(reminder.zone))),
        kind=DAILY,
        learner=reminder.learner,
        platform=reminder.platform,
        chat=reminder.chat,
        priority=DAILY_PRIORITY,
        due_at=reminder.at,
        expires_at=expiry(reminder),
    )


def daily_key(learner: LearnerId, day: date) -> str:
    """The outbox key of one learner's push of one local date."""
    return f"{DAILY}:{learner}:{day.isoformat()}"
