"""What the blocks of a plan and the appointments of the last 72 hours are called, wherever they are shown."""

from datetime import datetime

from bot.domain.booking import Booking
from bot.domain.countdown import Slot, SlotKind, leave_at
from bot.domain.pack import Pack
from bot.domain.plan import Block
from bot.present.layout import clock
from bot.present.words import Words


def block_name(block: Block, pack: Pack, words: Words) -> str:
    """A block in a few words, with its minutes."""
    minutes = words("minutes", n=block.minutes)
    return words(
        f"block-{block.kind.value}", domain=domain_name(block, pack, words), minutes=minutes, size=block.size or "short"
    )


def slot_name(slot: Slot, booking: Booking, words: Words) -> str:
    """An appointment of the last 72 hours in a few words."""
    if slot.kind is SlotKind.LUCK and booking.is_remote:
        return words("slot-luck-remote")
    return words("slot-name", kind=slot.kind.value, minutes=slot.minutes)


def left(now: datetime, booking: Booking, words: Words) -> str:
    """How many days are left, as the calendar at the test counts them."""
    return words("days-left", n=max(0, (booking.when.day - now.astimezone(booking.tz).date()).days))


def leaving(booking: Booking, pack: Pack) -> str:
    """When to leave, or to check in, as the clock at the test has it."""
    return clock(leave_at(booking.exam(pack.exam.minutes)).astimezone(booking.tz).time())


def domain_name(block: Block, pack: Pack, words: Words) -> str:
    """The domain that a block is about."""
    return next((one.name for id_, one in pack.domains.items() if id_ == block.domain), words("all-domains"))
