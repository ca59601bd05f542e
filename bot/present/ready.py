"""The eight checks before the exam, and a group's calendar."""

from bot.chat.intent import Practice, ShowMe, Tick, Work
from bot.chat.view import Style, View
from bot.domain.plan import BlockKind
from bot.domain.practice import DEFAULT_SIZE
from bot.present.layout import Page, button, clock, short_day
from bot.present.words import Words
from bot.usecases.assess import ROUTINE
from bot.usecases.dated import CalendarShown, Check, CheckId, Readied

TICKED, OPEN = "✅ ", "▫️ "
MOST_SEATS = 40  # lines a message holds


def readied(outcome: Readied, words: Words) -> View:
    """Each check with its evidence; the shortest way to the next one a tap away."""
    checks = outcome.checks
    done = sum(check.is_ticked for check in checks)
    page = Page().line(words("ready-checks", code=outcome.pack.exam.code, done=done, all=len(checks)), Style.STRONG)
    for check in checks:
        page.line((TICKED if check.is_ticked else OPEN) + _evidence(check, outcome, words))
    if done == len(checks):
        return page.gap().line(words("ready-all")).view()
    page.gap().line(words("check-rule"))
    open_ = [check for check in checks if not check.is_ticked]
    page.line(words("ready-shortest"))
    full = outcome.pack.exam.questions.total
    scoped = next((check for check in open_ if check.scope), None)
    if scoped:
        page.row(button(_title(scoped.scope, outcome), Practice(scoped.scope, DEFAULT_SIZE), primary=True))
    if any(check.id is CheckId.MOCKS for check in open_):
        page.row(button(words("ready-set"), Work(BlockKind.SET.value, "", full)))
    if any(check.id is CheckId.ROUTINE for check in open_):
        page.row(button(words("ready-routine"), Tick(ROUTINE)))
    return page.view()


def calendar_shown(outcome: CalendarShown, words: Words) -> View:
    """Who sits when."""
    page = Page().line(words("calendar-head"), Style.STRONG)
    lines = [(seat, booking, pack) for seat, ahead in outcome.seats for booking, pack in ahead][:MOST_SEATS]
    if not lines:
        page.line(words("calendar-empty"))
    for seat, booking, pack in lines:
        when = booking.when
        page.line(
            words(
                "calendar-line",
                day=short_day(words, when.day),
                time=clock(when.clock),
                code=pack.exam.code,
                name=seat.name,
            )
        )
    if lines:
        page.gap().line(words("calendar-opt"))
    return page.row(button(words("show-mine"), ShowMe(on=True)), button(words("hide-mine"), ShowMe(on=False))).view()


def _evidence(check: Check, outcome: Readied, words: Words) -> str:
    if check.id in (CheckId.DOMAINS, CheckId.WEAK, CheckId.MOCKS, CheckId.ROUTINE):
        size = outcome.pack.exam.questions.total
        return words(f"check-{check.id.value}", have=check.have, want=check.want, size=size)
    shares = []
    for name, right, answers in check.parts:
        if not answers:
            share = words("check-none")
            shares.append(f"{name} {share}" if name else share)
        elif name:
            shares.append(words("check-named", name=name, right=right, answers=answers))
        else:
            shares.append(words("check-part", right=right, answers=answers))
    return words(f"check-{check.id.value}", parts=" · ".join(shares))


def _title(scope: str, outcome: Readied) -> str:
    for domain in outcome.domains:
        if domain.id == scope:
            return domain.name
        for task in domain.tasks:
            for topic in task.topics:
                if topic.id == scope:
                    return topic.title
    return scope
