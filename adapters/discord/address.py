"""Where a message goes: `123` is a person, `c123` a channel, `c123/t456` the thread off message 456 in channel 123."""

import re
from dataclasses import dataclass
from typing import Self

_FORM = re.compile(r"(?P<person>[0-9]{1,20})|c(?P<channel>[0-9]{1,20})(?:/t(?P<thread>[0-9]{1,20}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """A person's direct messages, a channel of a server, or a thread that branches off in one."""

    number: int  # the id of the person or the channel
    is_room: bool = True
    thread: int | None = None  # the id of the message that it branches off, which is its own too

    @classmethod
    def read(cls, chat: str) -> Self | None:
        """The address that `str` wrote, None if it is none."""
        found = _FORM.fullmatch(chat)
        if found is None:
            return None
        thread = found["thread"]
        return cls(int(found["person"] or found["channel"]), not found["person"], int(thread) if thread else None)

    def __str__(self) -> str:
        room = f"c{self.number}" if self.is_room else str(self.number)
        return room if self.thread is None else f"{room}/t{self.thread}"
