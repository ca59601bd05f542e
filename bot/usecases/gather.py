"""A group's calendar of exams, of those who asked to be in it."""

from datetime import UTC, datetime
from unicodedata import category

from bot.domain.booking import Room
from bot.domain.learner import Learner
from bot.ports import Turn
from bot.usecases.dated import CalendarShown
from bot.usecases.outcome import Outcome, Word

LAST = datetime.max.replace(tzinfo=UTC)
LONGEST_NAME = 40  # characters
NAMELESS = "\U0001f464"  # a bust in silhouette, for a name that nobody could see
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # the line's direction
UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing


def calendar(turn: Turn, room: Room) -> Outcome:
    """Who sits when, the earliest first."""
    seats = []
    for seat in turn.work.seats(room):
        ahead = [(one, turn.packs[one.pack]) for one in seat.bookings if one.at > turn.now and one.pack in turn.packs]
        seats.append((seat, sorted(ahead, key=lambda pair: pair[0].at)))
    seats.sort(key=lambda entry: (entry[1][0][0].at if entry[1] else LAST, entry[0].name))
    return CalendarShown(seats, turn.now)


def show_me(turn: Turn, learner: Learner | None, room: Room, name: str, *, on: bool) -> Outcome:
    """Puts somebody into the calendar or takes them out; twice changes nothing."""
    ahead = [one for one in turn.work.bookings(learner.id) if one.at > turn.now] if learner else []
    if on and not ahead:
        return Word.NO_EXAM_TO_SHOW
    if learner and on:
        turn.work.seat(learner.id, room, called(name))
    elif learner:
        turn.work.unseat(learner.id, room)
    return calendar(turn, room)


def called(name: str) -> str:
    """A name as it can stand in a line among others: one line, not endless, that turns, mentions and hides nothing."""
    whole = [one for one in name if one not in TURNING and category(one) not in ("Cs", "Co")]
    kept = " ".join("".join(" " if category(one) in ("Cc", "Zl", "Zp") else one for one in whole).split())
    if len(kept) > LONGEST_NAME:
        kept = f"{kept[: LONGEST_NAME - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    is_seen = any(category(one)[0] in "LNPS" and one not in UNSEEN for one in kept)
    return kept.replace("@", "@\N{WORD JOINER}") if is_seen else NAMELESS
