"""A channel that keeps the port's contract and remembers what it was given."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.view import View
from bot.domain.pace import CHAT, ROOM, Pace
from bot.ports import Delivered, Receipt
from tests.dialogues.chat import MovedClock


@dataclass(frozen=True)
class Sent:
    """A message that the platform took, or refused."""

    chat: str
    view: View
    at: datetime


@dataclass
class Post:
    """A platform under a test's control: what it answers is put into `answers`, else it takes everything."""

    clock: MovedClock
    platform: str = "telegram"
    answers: list[Receipt | Exception] = field(default_factory=list)
    always: Callable[[str], Receipt] | None = None  # the answer by chat, when `answers` is used up
    sent: list[Sent] = field(default_factory=list)  # taken or not
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: bool = False  # it takes the message, and its answer never comes

    async def edit(self, chat: str, message: str, view: View) -> Receipt:  # noqa: ARG002 - as the port has it
        """Edits a message; it is taken or not as a new one is."""
        return await self.send(chat, view)

    async def close(self, chat: str, message: str) -> Receipt:  # noqa: ARG002 - as the port has it
        """Ends a quiz poll."""
        return Delivered(message)

    def pace(self, chat: str) -> Pace:
        """Telegram's."""
        return ROOM if chat.startswith("-") else CHAT

    async def send(self, chat: str, view: View) -> Receipt:
        """Sends a message to the private chat of a person."""
        self.sent.append(Sent(chat, view, self.clock()))
        self.arrived.set()
        if self.hangs:
            await asyncio.Event().wait()
        answer = self.answers.pop(0) if self.answers else self.always(chat) if self.always else None
        if isinstance(answer, Exception):
            raise answer
        return answer or Delivered(f"message-{len(self.sent)}")
