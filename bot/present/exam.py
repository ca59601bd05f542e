"""The date of an exam: asking for it, confirming it, showing it; and what came of it."""

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.chat.intent import (
    Book,
    Cancel,
    Exam,
    Log,
    Needs,
    Open,
    Plan,
    PlanFile,
    Practice,
    Schedule,
    Settings,
    Sit,
    Skip,
    Unbook,
)
from bot.chat.view import Button, Span, Style, View
from bot.domain.booking import Booking, Caution, Verdict, When, retake_from, start_of
from bot.domain.learner import ONBOARDING, Field
from bot.domain.pack import Pack
from bot.domain.plan import Phase, Short
from bot.domain.plan import Plan as WholePlan
from bot.domain.practice import DEFAULT_SIZE
from bot.present.blocks import leaving
from bot.present.layout import Page, button, clock, day, locale_of
from bot.present.words import Words
from bot.usecases.dated import (
    AskCancel,
    AskResult,
    AskTravel,
    AskWhen,
    AskZone,
    Canceled,
    Confirm,
    ExamShown,
    NoExam,
    ResultNoted,
    Snag,
)

MONTHS = 12  # on offer
STARTS = range(8, 18)  # hours on offer
WEEK = timedelta(days=7)
TAPPED_TO_MONTH, TAPPED_TO_WEEK, TAPPED_TO_DAY = (
    7,
    12,
    10,
)  # characters of what is chosen: 2026-12, 2026-12-07.., 2026-12-15


def ask_when(outcome: AskWhen, words: Words) -> View:
    """Asks for the date, one tap at a time or in words."""
    learner, chosen = outcome.learner, outcome.chosen
    page = Page()
    is_step = learner.step is Field.EXAM
    if is_step:
        page.line(words("step", number=ONBOARDING.index(Field.EXAM) + 1, of=len(ONBOARDING)))
        here = outcome.now.astimezone(learner.tz).time()
        page.line(words("ready-zone", zone=learner.zone, time=clock(here)))
    if outcome.snag:
        page.line(_snag(outcome, words)).gap()
    today = outcome.now.astimezone(learner.tz).date()
    if len(chosen) == TAPPED_TO_MONTH:
        _weeks(page, words, chosen, today)
    elif chosen.endswith(".."):
        _days(page, words, chosen, today)
    elif len(chosen) == TAPPED_TO_DAY:
        if outcome.snag is not Snag.NO_CLOCK:
            page.line(words("ask-clock", day=_long(words, date.fromisoformat(chosen))), Style.STRONG)
        starts = [f"{hour:02}:00" for hour in STARTS]
        page.rows([button(start.lstrip("0"), Schedule(f"{chosen}T{start}")) for start in starts], 5)
    else:
        _months(outcome, page, words, today)
    has_day = len(chosen) == TAPPED_TO_DAY
    caption = words("clock-entry") if has_day else words("date-entry")
    page.row(button(words("type-time") if has_day else words("type-date"), Open(Field.EXAM), entry=caption))
    if is_step:
        page.row(button(words("not-booked-yet"), Skip(Field.EXAM)))
    elif chosen:
        page.row(button(words("other-date"), Schedule("")))
    return page.view()


def ask_zone(outcome: AskZone, words: Words) -> View:
    """Asks where the test is."""
    page = Page()
    if outcome.snag is Snag.SEVERAL_TOWNS:
        page.line(words("pick-zone-several"))
    elif outcome.snag:
        page.line(words("no-place", given=outcome.given))
    page.gap().line(words("ask-exam-zone"), Style.STRONG)
    for town in outcome.towns:
        label = words("town", name=town.name, country=town.country, zone=town.zone)
        page.row(button(label, Schedule(f"{outcome.chosen.partition('@')[0]}@{town.zone}")))
    page.row(button(words("type-zone"), Open(Field.EXAM_ZONE), entry=words("zone-entry-exam")))
    return page.row(button(words("other-date"), Schedule(""))).view()


def confirm(outcome: Confirm, words: Words) -> View:
    """A whole date, to be said yes to."""
    when, pack = outcome.when, outcome.pack
    at = start_of(when)
    page = Page().line(f"{_long(words, when.day)}, {clock(when.clock)}", Style.STRONG)
    left = words("days-left", n=(when.day - outcome.now.astimezone(ZoneInfo(when.zone)).date()).days)
    page.line(words("confirm-place", zone=when.zone, left=left))
    home = at.astimezone(outcome.learner.tz)
    if home.replace(tzinfo=None) != datetime.combine(when.day, when.clock):
        here = words("confirm-home", zone=outcome.learner.zone, day=_long(words, home.date()), time=clock(home.time()))
        page.line(here)
    if outcome.ahead:
        old = outcome.ahead.when
        page.line(words("confirm-move", day=_long(words, old.day), time=clock(old.clock)))
    if outcome.caution:
        _caution(page.gap(), pack, outcome.caution, outcome.now.date(), words)
    page.row(button(words("book-it"), Book(_value(when)), primary=True))
    other_zone = button(words("other-zone"), Open(Field.EXAM_ZONE), entry=words("zone-entry-exam"))
    page.row(button(words("other-date"), Schedule("")))
    return page.row(other_zone).view()


def shown(outcome: ExamShown, words: Words) -> View:
    """A booking: when, where, whether the time is enough, and what can be done with it."""
    booking, pack, when = outcome.booking, outcome.pack, outcome.booking.when
    page = Page()
    if outcome.news:
        page.line(words(f"exam-{outcome.news}")).gap()
    page.line(words("exam-head", code=pack.exam.code, day=_long(words, when.day), time=clock(when.clock)), Style.STRONG)
    days = (when.day - outcome.now.astimezone(booking.tz).date()).days
    page.spans(Span(f"{when.zone} · "), Span(words("days-left", n=days), until=booking.at))
    _where(page, booking, pack, words)
    for other, its in outcome.others:
        page.line(words("exam-other", code=its.exam.code, day=_long(words, other.when.day)))
    fits(outcome.plan, page.gap(), words)
    if outcome.news in ("booked", "moved"):
        page.gap().line(words("exam-writes"))
    if outcome.news and outcome.learner.step is Field.EXAM:
        page.row(button(words("next-step"), Skip(Field.EXAM), primary=True))
    else:
        page.row(
            button(words("see-plan"), Plan(0), primary=True),
            button(words("calendar-file"), PlanFile()),
        )
    center = button(words("at-center"), Sit(booking.id, is_remote=False))
    home = button(words("at-home"), Sit(booking.id, is_remote=True))
    if booking.is_remote is None:
        page.row(center, home)
    elif booking.is_remote:
        page.row(center)
    else:
        page.row(
            button(words("travel"), Open(Field.TRAVEL), entry=words("travel-entry")),
        ).row(home)
    return page.row(button(words("move-exam"), Schedule("")), button(words("cancel-exam"), Unbook(booking.id))).view()


def fits(plan: WholePlan, page: Page, words: Words) -> None:
    """Whether the time is enough, in numbers, and what would be."""
    verdict = plan.verdict
    is_tight = verdict.have_minutes < verdict.needed_minutes
    have, need = _hours(words, verdict.have_minutes), _hours(words, verdict.needed_minutes)
    page.line(words("plan-short" if is_tight else "plan-fits", have=have, need=need))
    if verdict.late_new and any(phase is Phase.LEARN for phase, *_ in plan.phases):
        page.line(words("plan-late-new", n=verdict.late_new))
    if not isinstance(verdict, Short):
        return
    if is_tight and verdict.needed_a_day:
        page.line(words("plan-short-day", minutes=verdict.needed_a_day))
    if is_tight and verdict.concepts_that_fit < plan.terms.new:
        page.line(words("plan-short-items", n=verdict.concepts_that_fit))
    if verdict.long_day_needed:
        page.line(words("plan-short-long-day", minutes=verdict.long_day_needed))


def ask_cancel(outcome: AskCancel, words: Words) -> View:
    """Whether to cancel."""
    page = Page().line(words("ask-cancel", code=outcome.pack.exam.code, day=_long(words, outcome.booking.when.day)))
    return page.row(button(words("cancel-yes"), Cancel(outcome.booking.id)), button(words("forget-no"), Exam())).view()


def canceled(outcome: Canceled, words: Words) -> View:
    """It is canceled."""
    return Page().line(words("canceled", code=outcome.pack.exam.code)).view()


def ask_travel(outcome: AskTravel, words: Words) -> View:
    """How long the way takes."""
    page = Page()
    if outcome.snag:
        page.line(words("no-travel", given=outcome.given))
    page.gap().line(words("ask-travel"), Style.STRONG)
    page.row(button(words("travel"), Open(Field.TRAVEL), entry=words("travel-entry")))
    return page.row(button(words("skip"), Exam())).view()


def no_exam(outcome: NoExam, words: Words) -> View:
    """There is no date yet."""
    page = Page().line(words("no-exam", code=outcome.pack.exam.code))
    return page.row(button(words("book-exam"), Schedule(""), primary=True)).view()


def ask_result(outcome: AskResult, words: Words) -> View:
    """How it was."""
    exam = outcome.pack.exam
    page = Page().line(words("ask-result", code=exam.code), Style.STRONG)
    page.line(words("ask-result-rule", results=exam.results))
    buttons = [
        button(words(f"result-{verdict.value}"), Log(outcome.booking.id, verdict))
        for verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.WAITING, Verdict.NOT_SAT)
    ]
    return page.rows(buttons, 2).row(button(words("other-date"), Schedule(""))).view()


def result_noted(outcome: ResultNoted, words: Words) -> View:
    """What came of it, and what comes next."""
    booking, exam = outcome.booking, outcome.pack.exam
    assert booking.verdict is not None  # noqa: S101 - it is what was noted
    page = Page()
    if outcome.snag:
        low, high = exam.scale
        page.line(words("no-score", given=outcome.given, low=low, high=high)).gap()
    page.line(words(f"noted-{booking.verdict.value}", results=exam.results), Style.STRONG)
    if booking.score is not None:
        page.line(words("noted-score", score=booking.score, **{"pass": exam.pass_mark}))
    score: Button | None = None
    if outcome.asks_score and booking.score is None:
        low, high = exam.scale
        page.gap().line(words("ask-score", low=low, high=high))
        score = button(words("score-entry"), Open(Field.SCORE), entry=words("score-entry"))
    if booking.verdict is Verdict.FAILED:
        _again(page, outcome, words, score)
    elif score:
        page.row(score)
    if booking.verdict is Verdict.PASSED:
        page.gap().line(words("what-next"), Style.STRONG)
        for line in ("next-project", "next-publish", "next-teach"):
            page.line(words(line))
        if exam.successors:
            page.line(words("next-exam", codes=", ".join(successor.code for successor in exam.successors)))
        page.line(words("next-keep"))
        page.row(button(words("settings-button"), Settings()))
    if booking.verdict in (Verdict.WAITING, Verdict.NOT_SAT):
        page.row(button(words("today-go"), Practice("", DEFAULT_SIZE)))
    return page.view()


def _again(page: Page, outcome: ResultNoted, words: Words, score: Button | None) -> None:
    """A failed exam: which domains need work, and from when it can be sat again."""
    booking = outcome.booking
    again = retake_from(booking, outcome.pack)
    page.gap().line(words("retake", day=_long(words, again)))
    page.line(words("ask-needs"))
    domains = [
        button(("✓ " if id_ in booking.weak else "") + domain.name, Needs(booking.id, id_, id_ not in booking.weak))
        for id_, domain in outcome.pack.domains.items()
    ]
    page.rows(domains, 1)
    page.row(
        button(words("book-retake"), Schedule(again.isoformat()[:TAPPED_TO_MONTH]), primary=True),
        *([score] if score else []),
    )


def _snag(outcome: AskWhen, words: Words) -> str:
    first = outcome.pack.exam.first_day
    day_ = outcome.chosen[:TAPPED_TO_DAY]
    return words(
        f"snag-{outcome.snag.value if outcome.snag else ''}",
        given=outcome.given,
        code=outcome.pack.exam.code,
        day=_long(words, date.fromisoformat(day_))
        if len(day_) == TAPPED_TO_DAY
        else day(words, first)
        if first
        else "",
    )


def _months(outcome: AskWhen, page: Page, words: Words, today: date) -> None:
    if outcome.ahead:
        when = outcome.ahead.when
        page.line(words("ask-when-move", day=_long(words, when.day), time=clock(when.clock)), Style.STRONG)
    else:
        page.line(words("ask-when", code=outcome.pack.exam.code), Style.STRONG)
    buttons: list[Button] = []
    month = today.replace(day=1)
    for _ in range(MONTHS):
        label = format_date(month, "MMM y", locale=locale_of(words))
        buttons.append(button(label, Schedule(f"{month:%Y-%m}")))
        month = (month + timedelta(days=31)).replace(day=1)
    page.rows(buttons, 3 if outcome.learner.step is not Field.EXAM else 4)  # a step has a row more


def _weeks(page: Page, words: Words, chosen: str, today: date) -> None:
    first = date.fromisoformat(f"{chosen}-01")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    page.line(words("ask-week", month=format_date(first, "LLLL y", locale=locale_of(words))), Style.STRONG)
    monday = first - timedelta(days=first.weekday())
    buttons: list[Button] = []
    while monday <= last:
        start, end = max(monday, first, today), min(monday + timedelta(days=6), last)
        if start <= end:
            label = str(start.day) if start == end else f"{start.day}-{end.day}"
            buttons.append(button(label, Schedule(f"{start.isoformat()}..")))
        monday += WEEK
    page.rows(buttons, 3)


def _days(page: Page, words: Words, chosen: str, today: date) -> None:
    first = date.fromisoformat(chosen.removesuffix(".."))
    end = min(
        first + timedelta(days=6 - first.weekday()),
        first.replace(day=calendar.monthrange(first.year, first.month)[1]),
    )
    page.line(words("ask-day"), Style.STRONG)
    days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    page.rows(
        [
            button(format_date(one, "EEE d", locale=locale_of(words)), Schedule(one.isoformat()))
            for one in days
            if one >= today
        ],
        4,
    )


def _caution(page: Page, pack: Pack, said: Caution, today: date, words: Words) -> None:
    key = "caution" if said.last_day < today else "caution-ahead"
    page.line(words(key, code=pack.exam.code, last=day(words, said.last_day)))
    if said.successors:
        page.line(words("caution-successors", codes=", ".join(said.successors)))
    page.line(words("caution-target"))


def _where(page: Page, booking: Booking, pack: Pack, words: Words) -> None:
    leave = leaving(booking, pack)
    if booking.is_remote is None:
        page.line(words("exam-where"))
    elif booking.is_remote:
        page.line(words("exam-remote", leave=leave))
    elif booking.travel_minutes is None:
        page.line(words("exam-center-unknown"))
    else:
        page.line(words("exam-center", minutes=booking.travel_minutes, leave=leave))


def _value(when: When) -> str:
    return f"{when.day.isoformat()}T{when.clock:%H:%M}@{when.zone}"


def _long(words: Words, value: date) -> str:
    """A date with its weekday: Tuesday, December 15, 2026."""
    return format_date(value, "full", locale=locale_of(words))


def _hours(words: Words, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return words("minutes", n=rest)
    return words("hours-minutes", h=hours, m=rest) if rest and hours < 10 else words("hours", n=round(minutes / 60))
