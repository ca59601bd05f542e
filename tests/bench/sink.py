"""A platform that takes everything at once."""

from bot.chat.view import View
from bot.domain.pace import Pace
from bot.ports import Delivered, Receipt


class Sink:
    """A `bot.ports.Channel` that delivers to nobody, at the pace it is given."""

    platform = "telegram"

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def send(self, chat: str, view: View) -> Receipt:
        """Takes it."""
        return Delivered(f"{chat}:{len(view.spans)}")

    async def edit(self, chat: str, message: str, view: View) -> Receipt:  # noqa: ARG002 - as the port has it
        """Takes it."""
        return Delivered(message)

    async def close(self, chat: str, message: str) -> Receipt:  # noqa: ARG002 - as the port has it
        """Takes it."""
        return Delivered(message)

    def pace(self, chat: str) -> Pace:  # noqa: ARG002 - as the port has it
        """The same for all."""
        return self._pace
