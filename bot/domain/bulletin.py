"""Bulletins: the messages that a battle shows in its rooms, each booked once, and each a message that may be edited."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.battle import Battle, Hall
from bot.domain.remind import BATTLE, MOST_URGENT, NOBODY, URGENT, Push

USEFUL_FOR = timedelta(minutes=10)
THREAD = "/t"  # in an address: before the message that a thread branches off from


class What(StrEnum):
    """Which message of a battle."""

    LOBBY = "lobby"  # and its board, once it runs
    ROUND = "round"
    RESULT = "result"  # of a round that was a quiz poll, which can't be made into its result
    WAIT = "wait"  # for a room that can't be reached
    FINAL = "final"


def bulletin(battle: Battle, hall: Hall, what: What, now: datetime, number: int = 0) -> Push:
    """A message for a room of a battle."""
    name = f"{what}-{number}" if number else what.value
    # The lobby stands in the room itself, where the thread of the rounds branches off.
    chat = hall.chat.partition(THREAD)[0] if what is What.LOBBY else hall.chat
    return Push(
        key=f"{BATTLE}:{battle.id}:{name}:{hall.place}",
        kind=BATTLE,
        learner=NOBODY,
        platform=hall.room.platform,
        chat=chat,
        priority=URGENT if what is What.LOBBY else MOST_URGENT,
        due_at=now,
        expires_at=now + USEFUL_FOR,
        what=name,
        battle=battle.id,
    )


def edit_of(push: Push) -> Push:
    """The edit that makes this message into what it should be by then."""
    return Push(
        key=f"{push.key}~",
        kind=push.kind,
        learner=push.learner,
        platform=push.platform,
        chat=push.chat,
        priority=push.priority,
        due_at=push.due_at,
        expires_at=push.expires_at,
        what=push.what,
        battle=push.battle,
        edits=push.key,
    )


def read(push: Push) -> tuple[What, int, int]:
    """Which message of a battle a push is, of which round, in which hall."""
    name, _, number = push.what.partition("-")
    place = push.key.removesuffix("~").rpartition(":")[2]
    return What(name), int(number or 0), int(place)
