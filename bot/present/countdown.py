"""What is written on the way to the exam: milestones, the appointments of the last 72 hours, a group's cheer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.intent import Done, Later, Plan, Snooze, Today, Work
from bot.chat.view import Style, View
from bot.domain.booking import Booking
from bot.domain.countdown import OPENING, SlotKind
from bot.domain.plan import BlockKind
from bot.present.blocks import leaving, slot_name
from bot.present.layout import Page, button, clock, short_day
from bot.present.words import Words
from bot.usecases.dated import Cheer, Milestone, SlotReached, Snoozed

WORK_OF = {
    SlotKind.WEAK: BlockKind.WEAK,
    SlotKind.SET: BlockKind.SET,
    SlotKind.MISSED: BlockKind.MISSED,
    SlotKind.LIGHT: BlockKind.LIGHT,
}


def milestone(outcome: Milestone, words: Words) -> View:
    """So many days to go: where one stands and what they are for."""
    booking, code = outcome.booking, outcome.pack.exam.code
    page = Page().line(words(f"milestone-{outcome.name}", code=code), Style.STRONG)
    page.line(words(f"milestone-{outcome.name}-text"))
    page.line(words("milestone-met", met=outcome.met, concepts=outcome.concepts, missed=outcome.missed))
    if outcome.name == OPENING:
        page.gap().line(words("plan-slots", zone=booking.when.zone), Style.STRONG)
        for slot in outcome.slots:
            local = slot.at.astimezone(booking.tz)
            what = slot_name(slot, booking, words)
            page.line(words("plan-slot", day=short_day(words, local.date()), time=clock(local.time()), what=what))
    return page.row(button(words("today-head"), Today(), primary=True), button(words("see-plan"), Plan(0))).view()


def slot_reached(outcome: SlotReached, words: Words) -> View:
    """One appointment of the last 72 hours."""
    match outcome.slot.kind:
        case SlotKind.WEAK | SlotKind.SET | SlotKind.MISSED | SlotKind.LIGHT:
            return _study(outcome, words)
        case SlotKind.CHECK:
            return _check(outcome, words)
        case SlotKind.TACTICS:
            return _tactics(outcome, words)
        case SlotKind.MORNING:
            return _morning(outcome, words)
        case SlotKind.LUCK:
            return _luck(outcome, words)


def cheer(outcome: Cheer, words: Words) -> View:
    """A group hears who sits today."""
    when = outcome.booking.when
    code = outcome.pack.exam.code
    return Page().line(words("cheer", name=outcome.name, code=code, time=clock(when.clock), zone=when.zone)).view()


def snoozed(outcome: Snoozed, words: Words) -> View:
    """When it comes again."""
    then = outcome.until.astimezone(ZoneInfo(outcome.zone))
    return Page().line(words("snoozed", day=short_day(words, then.date()), time=clock(then.time()))).view()


def put_off(page: Page, key: str, words: Words, *, tomorrow: bool) -> Page:
    """The buttons that put a push off, or tick it."""
    buttons = [
        button(words("snooze-hour"), Snooze(Later.HOUR, key)),
        button(words("snooze-tonight"), Snooze(Later.TONIGHT, key)),
    ]
    if tomorrow:
        buttons.append(button(words("snooze-tomorrow"), Snooze(Later.TOMORROW, key)))
    return page.row(*buttons).row(button(words("push-done"), Done(key)))


def _study(outcome: SlotReached, words: Words) -> View:
    slot = outcome.slot
    page = Page().line(words(f"slot-{slot.kind.value}-head"), Style.STRONG)
    page.line(words(f"slot-{slot.kind.value}-text", items=outcome.items, minutes=slot.minutes))
    if outcome.carried:
        page.line(words("slot-carried", items=outcome.carried))
    _next(page, outcome, words)
    _bed(page, outcome, words)
    if outcome.items:
        intent = Work(WORK_OF[slot.kind].value, "", outcome.items)
        page.row(button(words("start-now"), intent, primary=True))
    if outcome.carried:
        what = words("block-set", size="short", minutes="")
        page.row(button(what.strip(), Work(BlockKind.SET.value, "", outcome.carried)))
    if not outcome.items and not outcome.carried:
        return page.view()
    return put_off(page, outcome.key, words, tomorrow=False).view()


def _check(outcome: SlotReached, words: Words) -> View:
    booking = outcome.booking
    page = Page().line(words("slot-check-head"), Style.STRONG)
    leave = leaving(booking, outcome.pack)
    if booking.is_remote:
        page.line(words("slot-check-remote", leave=leave))
    elif booking.travel_minutes is None:
        page.line(words("slot-check-center-unknown"))
    else:
        page.line(words("slot-check-center", minutes=booking.travel_minutes, leave=leave))
    _next(page, outcome, words)
    return put_off(page, outcome.key, words, tomorrow=False).view()


def _tactics(outcome: SlotReached, words: Words) -> View:
    page = Page().line(words("slot-tactics-head"), Style.STRONG)
    page.line(words("slot-tactics-text")).line(words("slot-tactics-guess"))
    _bed(page, outcome, words)
    return page.view()


def _morning(outcome: SlotReached, words: Words) -> View:
    booking = outcome.booking
    page = Page().line(words("slot-morning-head", code=outcome.pack.exam.code), Style.STRONG)
    page.line(words("slot-morning-text"))
    where = "remote" if booking.is_remote else "center"
    leave = leaving(booking, outcome.pack)
    return page.line(words(f"slot-morning-{where}", leave=leave, time=clock(booking.when.clock))).view()


def _luck(outcome: SlotReached, words: Words) -> View:
    exam = outcome.pack.exam
    page = Page().line(words("slot-luck-head-remote" if outcome.booking.is_remote else "slot-luck-head"), Style.STRONG)
    return page.line(words("slot-luck-text", minutes=exam.minutes)).view()


def _next(page: Page, outcome: SlotReached, words: Words) -> None:
    ahead = outcome.ahead
    if ahead is not None:
        what = slot_name(ahead, outcome.booking, words)
        page.gap().line(words("slot-next", time=_at(ahead.at, outcome.booking), what=what))


def _bed(page: Page, outcome: SlotReached, words: Words) -> None:
    if outcome.bed is not None and outcome.ahead is None:
        page.gap().line(words("slot-bed", time=_at(outcome.bed, outcome.booking)))


def _at(moment: datetime, booking: Booking) -> str:
    return clock(moment.astimezone(booking.tz).time())
