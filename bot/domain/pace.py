"""Pace: how many messages and edits a chat bears."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """One message each so many seconds, and after a rest a few at once."""

    spacing_s: float
    burst: int = 1


# Telegram allows 20 messages and edits a minute in a group, and a few at once, of which it gives no number. At most
# 60 / spacing_s + burst fall into any minute, which is 16 here, and 5 into any 5 s; what people say to us in the group,
# each answered, shares it.
ROOM = Pace(5.2, 5)
KEPT_FREE = 2  # slots of a chat that only a question or its result takes: nobody waits for a board or an answer
AT_ONCE = Pace(0.001, 1000)
CHAT = Pace(1.0)  # Telegram: one message a second to a person


def lane(platform: str, chat: str) -> str:
    """The lane of a chat, whatever spot of it a message goes to."""
    return f"{platform}:{chat.partition('/')[0]}"
