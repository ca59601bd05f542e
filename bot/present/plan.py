"""The plan: a week of it, a block of it, today's; as text, as a picture, as a calendar file."""

from datetime import date, timedelta

from bot.chat.intent import Cards, Energize, Exam, Lab, Open, Pause, Plan, PlanFile, PlanPicture, Today, Work
from bot.chat.view import File, Picture, Style, View
from bot.domain.learner import Energy, Field
from bot.domain.pack import Pack
from bot.domain.plan import Block, BlockKind
from bot.present.blocks import block_name, domain_name, left, slot_name
from bot.present.exam import fits
from bot.present.ics import calendar
from bot.present.layout import Page, button, clock, day, short_day
from bot.present.weeks import draw
from bot.present.words import Words
from bot.usecases.dated import AskPause, Energized, Paused, PlanDrawn, PlanSaved, PlanShown, Stint
from bot.usecases.outcome import Day

WEEK = timedelta(days=7)
SLOTTED = {BlockKind.WEAK, BlockKind.SET, BlockKind.MISSED, BlockKind.LIGHT}  # of a day in the last 72 hours
PAUSES = (3, 7, 14)  # days on offer


def plan_shown(outcome: PlanShown, words: Words) -> View:
    """A week, day by day; the last 72 hours by the hour."""
    learner, booking, plan = outcome.learner, outcome.booking, outcome.plan
    page = Page().line(
        words("plan-head", code=outcome.pack.exam.code, left=left(outcome.now, booking, words)), Style.STRONG
    )
    first = outcome.now.astimezone(learner.tz).date() + outcome.week * WEEK
    last = min(first + WEEK - timedelta(days=1), booking.at.astimezone(learner.tz).date())
    for phase, starts, ends in plan.phases:
        if starts <= last and ends >= first:
            page.line(words("plan-phase", phase=phase.value, day=short_day(words, ends)))
    if not outcome.week:
        fits(plan, page, words)
    page.gap()
    shown = 0
    one = first
    while one <= last:
        shown += _day(page, words, outcome, one)
        one += timedelta(days=1)
    if not shown:
        page.line(words("plan-empty"))
    _last_days(page, outcome, first, last, words)
    turning = []
    if outcome.week:
        turning.append(button(words("earlier"), Plan(outcome.week - 1)))
    if last < booking.at.astimezone(learner.tz).date():
        turning.append(button(words("later"), Plan(outcome.week + 1)))
    page.row(*turning)
    return page.row(
        button(words("calendar-file"), PlanFile()),
        button(words("picture"), PlanPicture()),
        button(words("field-pack"), Exam()),
    ).view()


def plan_saved(outcome: PlanSaved, words: Words) -> View:
    """The calendar file."""
    content = calendar(outcome, words)
    page = Page().line(words("plan-file"))
    name = f"tminus-{outcome.pack.id}.ics"
    return View(page.view().spans, attached=File(name, "text/calendar", content))


def plan_drawn(outcome: PlanDrawn, words: Words) -> View:
    """The weeks as a picture, with its text twin as the description."""
    title = words("plan-picture", code=outcome.pack.exam.code, day=short_day(words, outcome.booking.when.day))
    png, alt = draw(outcome, words)
    return View(Page().line(title, Style.STRONG).view().spans, attached=Picture(png, alt))


def today(outcome: Day, words: Words, page: Page) -> View:
    """Today's blocks, which is next, and why."""
    assert outcome.booking is not None and outcome.now is not None  # noqa: S101, PT018 - it has a plan
    if outcome.paused_until:
        page.line(words("today-paused", day=day(words, outcome.paused_until)))
        return page.view()
    page.line(words("today-plan", left=left(outcome.now, outcome.booking, words), code=outcome.pack.exam.code)).gap()
    for stint in outcome.stints:
        mark = "✅" if stint.done >= stint.items else "▫️"
        what = block_name(stint.block, outcome.pack, words)
        page.line(words("today-stint", mark=mark, what=what, done=stint.done, items=stint.items))
    open_ = next((stint for stint in outcome.stints if stint.done < stint.items), None)
    if not outcome.stints:
        page.line(words("today-no-block"))
    elif open_ is None:
        page.gap().line(words("today-all-done"))
    else:
        page.gap().line(_why(open_.block, outcome.pack, words))
        page.row(button(words("start-block"), start_of(open_), primary=True))
    page.row(button(words("low-energy"), Energize(Energy.LOW)), button(words("high-energy"), Energize(Energy.HIGH)))
    return page.row(button(words("see-plan"), Plan(0))).view()


def start_of(stint: Stint) -> Work:
    """What begins the rest of a block."""
    return Work(stint.block.kind.value, stint.block.domain or "", max(1, stint.items - stint.done))


def ask_pause(outcome: AskPause, words: Words) -> View:
    """Until when."""
    page = Page().line(
        words("ask-pause-again", given=outcome.given) if outcome.given else words("ask-pause"), Style.STRONG
    )
    buttons = []
    for days in PAUSES:
        label = words("pause-week", n=days // 7) if days % 7 == 0 else words("pause-days", n=days)
        buttons.append(button(label, Pause((outcome.today + timedelta(days=days)).isoformat())))
    page.row(*buttons)
    return page.row(button(words("type-date"), Open(Field.HOLIDAY), entry=words("holiday-entry"))).view()


def paused(outcome: Paused, words: Words) -> View:
    """The holiday begins."""
    until = day(words, outcome.until)
    if outcome.exam:
        code = outcome.pack.exam.code if outcome.pack else outcome.exam.pack
        return Page().line(words("paused-exam", code=code, day=until)).view()
    return Page().line(words("paused", day=until)).view()


def energized(outcome: Energized, words: Words) -> View:
    """What it means for today."""
    low = button(words("low-energy"), Energize(Energy.LOW))
    high = button(words("high-energy"), Energize(Energy.HIGH))
    if outcome.energy is None:
        return Page().line(words("ask-energy"), Style.STRONG).row(low, high).view()
    page = Page().line(words(f"energized-{outcome.energy.value}"))
    if outcome.has_cards:
        page.line(words("energized-cards"))
        page.row(button(words("all-cards"), Cards(), primary=True))
    page.row(button(words("today-head"), Today(), primary=not outcome.has_cards))
    if outcome.lab:
        page.line(words("energized-lab", title=outcome.lab.title, minutes=outcome.lab.minutes))
        page.row(button(words("show-lab"), Lab(outcome.lab.id)))
    return page.view()


def _day(page: Page, words: Words, outcome: PlanShown, one: date) -> int:
    """A day's lines; how many blocks it has. Those of the last 72 hours stand by the hour below."""
    pack, booking = outcome.pack, outcome.booking
    slotted = {slot.at.astimezone(booking.tz).date() for slot in outcome.slots}
    left_out = {BlockKind.REST} | (SLOTTED if one in slotted else set())
    blocks = [block for block in outcome.plan.on(one) if block.kind not in left_out]
    if blocks:
        minutes = sum(block.minutes for block in blocks)
        page.gap().line(words("plan-day", day=short_day(words, one), minutes=minutes), Style.STRONG)
        page.line(" · ".join(block_name(block, pack, words) for block in blocks))
    if one == booking.when.day:
        when = booking.when
        page.line(
            words("plan-exam-day", day=short_day(words, one), time=clock(when.clock), code=pack.exam.code), Style.STRONG
        )
        return len(blocks) + 1
    return len(blocks)


def _last_days(page: Page, outcome: PlanShown, first: date, last: date, words: Words) -> None:
    """The appointments of the last 72 hours that fall into the week."""
    booking = outcome.booking
    slots = [slot for slot in outcome.slots if first <= slot.at.astimezone(outcome.learner.tz).date() <= last]
    if not slots:
        return
    page.gap().line(words("plan-slots", zone=booking.when.zone), Style.STRONG)
    for slot in slots:
        local = slot.at.astimezone(booking.tz)
        page.line(
            words(
                "plan-slot",
                day=short_day(words, local.date()),
                time=clock(local.time()),
                what=slot_name(slot, booking, words),
            )
        )


def _why(block: Block, pack: Pack, words: Words) -> str:
    kind = "mixed" if block.kind is BlockKind.LEARN and block.domain is None else block.kind.value
    return words("today-why", kind=kind, domain=domain_name(block, pack, words))
