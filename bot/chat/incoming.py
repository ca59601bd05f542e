"""What a person did, without any platform's types."""

from dataclasses import dataclass

from bot.chat.intent import Intent

LONGEST_LOCALE = 35  # characters that BCP 47 asks implementations to hold


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: one account on one platform."""

    platform: str  # "telegram", "discord", "terminal"
    account: str  # the platform's own id, which never changes


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened."""

    chat: str  # the platform's own id; a private chat's is where pushes go
    is_private: bool = True  # what is said here is for one person's eyes; true of a room where others see no answer
    room: str | None = None  # the group it happened in, as a `Channel` can send to it; None = none
    spot: str | None = None  # the part of the room it happened in, a forum's topic, likewise; None = the room itself
    is_loud: bool = False  # what is answered there to a command is seen by all
    has_threads: bool = False  # the room can branch off a conversation: `room/tID`, from a message of that id


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a platform."""

    key: str  # the platform's own id of the event: the same event twice has the same key
    person: Person
    place: Place
    locale: str  # BCP 47, "" if the platform does not say
    intent: Intent
    is_tap: bool = False  # came from a button: the answer edits the button's message
    name: str = ""  # what the platform calls the person; anything at all
    is_admin: bool = False  # of the room, as far as the platform said it or was asked (`intent.CONTROLS`)

    def __post_init__(self) -> None:
        if len(self.locale) > LONGEST_LOCALE:
            object.__setattr__(self, "locale", "")  # nobody's language
