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
    is_private: bool = True
    room: str | None = None  # the group it happened in, as a `Channel` can send to it; None = none


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

    def __post_init__(self) -> None:
        if len(self.locale) > LONGEST_LOCALE:
            object.__setattr__(self, "locale", "")  # nobody's language
