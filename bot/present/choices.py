"""The onboarding and the settings."""

from datetime import datetime

from babel.dates import get_day_names

from bot.chat.intent import Choose, Open, Practice, Settings, Skip
from bot.chat.view import Button, Style, View
from bot.domain.learner import OF_AN_EXAM, ONBOARDING, Field, Learner
from bot.domain.pack import ExamStatus, Pack
from bot.domain.practice import DEFAULT_SIZE
from bot.present.layout import Page, button, clock, day, locale_of
from bot.present.words import Words
from bot.usecases.join import OFF, ON
from bot.usecases.outcome import Choices, Picker, Ready, Refusal

PUSH_TIMES = ("7:00", "8:00", "12:30", "18:00", "20:00", "21:00")
MINUTES = (10, 20, 30, 45, 60, 90)
QUIET_HOURS = ("22:00-7:00", "23:00-8:00")


def picker(outcome: Picker, words: Words) -> View:  # noqa: C901 - one case a field
    """One choice: what is asked, what holds now, values to tap, a way past."""
    learner, field = outcome.learner, outcome.field
    page = Page()
    if learner.step is field:
        if field is ONBOARDING[0] and not outcome.refusal:
            page.line(words("help-head")).gap()
        page.line(words("step", number=ONBOARDING.index(field) + 1, of=len(ONBOARDING)))
    if outcome.refusal:
        page.line(_refusal(outcome, words)).gap()
    match field:
        case Field.PACK:
            _pack(outcome, words, page)
        case Field.ZONE:
            _zone(outcome, words, page)
        case Field.PUSH_TIME:
            _push_time(learner, words, page)
        case Field.MINUTES:
            _minutes(learner, words, page)
        case Field.QUIET:
            _quiet(learner, words, page)
        case Field.PUSHES | Field.CONFIDENCE:
            page.line(words(f"pick-{field.value}"), Style.STRONG)
            page.row(button(words("on"), Choose(field, ON)), button(words("off"), Choose(field, OFF)))
        case Field.EXAM | Field.EXAM_ZONE | Field.TRAVEL | Field.SCORE | Field.HOLIDAY:
            raise AssertionError(f"{field} has messages of its own")
    onward = button(words("skip"), Skip(field)) if learner.step is field else button(words("back"), Settings())
    return page.row(onward).view()


def ready(outcome: Ready, words: Words) -> View:
    """What the onboarding came to, and the first question a tap away."""
    learner = outcome.learner
    page = Page().line(words("ready-head"), Style.STRONG)
    page.line(words("ready-exam", code=outcome.pack.exam.code))
    page.line(words("ready-zone", zone=learner.zone, time=_local(outcome.now, learner)))
    if learner.pushes_on:
        page.line(words("ready-push", time=clock(learner.push_time)))
    else:
        page.line(words("ready-no-push"))
    page.line(words("ready-minutes", minutes=learner.minutes, questions=learner.daily_goal))
    page.gap().line(words("ready-begin"))
    return page.row(button(words("begin"), Practice("", DEFAULT_SIZE), primary=True)).view()


def choices(outcome: Choices, words: Words) -> View:
    """All that was chosen, each a tap from being changed."""
    learner = outcome.learner
    page = Page().line(words("settings-changed" if outcome.changed else "settings-head"), Style.STRONG)
    page.line(words("settings-exam", code=outcome.pack.exam.code))
    page.line(words("settings-zone", zone=learner.zone, time=_local(outcome.now, learner)))
    push = words("settings-push-on", time=clock(learner.push_time)) if learner.pushes_on else words("settings-push-off")
    page.line(push)
    if learner.week:
        days = [get_day_names("abbreviated", locale=locale_of(words))[day] for day in range(7)]
        week = " · ".join(f"{name} {minutes}" for name, minutes in zip(days, learner.week, strict=True))
        page.line(words("settings-week", week=week))
    else:
        page.line(words("settings-minutes", minutes=learner.minutes))
    start, end = learner.quiet
    if start == end:
        page.line(words("settings-quiet-none"))
    else:
        page.line(words("settings-quiet", **{"from": clock(start), "to": clock(end)}))
    page.line(words("settings-confidence", on=ON if learner.confidence_on else OFF))
    return page.rows(
        [button(words(f"field-{field.value}"), Open(field)) for field in Field if field not in OF_AN_EXAM], 2
    ).view()


def _pack(outcome: Picker, words: Words, page: Page) -> None:
    page.line(words("pick-pack"), Style.STRONG)
    for pack in outcome.packs:
        page.gap().line(words("pack-line", code=pack.exam.code, name=pack.exam.name))
        _lifetime(pack, words, page)
    page.rows([button(words("study", code=pack.exam.code), Choose(Field.PACK, pack.id)) for pack in outcome.packs], 2)


def _lifetime(pack: Pack, words: Words, page: Page) -> None:
    exam = pack.exam
    if exam.status in (ExamStatus.RETIRED, ExamStatus.RETIRING) and exam.last_day:
        page.line(words(f"pack-{exam.status.value}", code=exam.code, day=day(words, exam.last_day)))
        page.line(exam.audience)
        if exam.successors:
            page.line(words("pack-successors", codes=", ".join(successor.code for successor in exam.successors)))


def _zone(outcome: Picker, words: Words, page: Page) -> None:
    page.line(words("pick-zone"), Style.STRONG)
    learner = outcome.learner
    page.line(words("pick-zone-current", zone=learner.zone, time=_local(outcome.now, learner)))
    page.rows(
        [
            button(words("town", name=town.name, country=town.country, zone=town.zone), Choose(Field.ZONE, town.zone))
            for town in outcome.towns
        ],
        1,
    )
    page.row(_entry(words, "type-zone", Field.ZONE, "zone-entry"))


def _push_time(learner: Learner, words: Words, page: Page) -> None:
    page.line(words("pick-push-time"), Style.STRONG)
    if learner.pushes_on:
        page.line(words("pick-push-time-current", time=clock(learner.push_time), zone=learner.zone))
    else:
        page.line(words("pick-push-time-off"))
    page.rows([button(at, Choose(Field.PUSH_TIME, at)) for at in PUSH_TIMES], 3)
    page.row(button(words("no-push"), Choose(Field.PUSH_TIME, OFF)))
    page.row(_entry(words, "type-time", Field.PUSH_TIME, "time-entry"))


def _minutes(learner: Learner, words: Words, page: Page) -> None:
    page.line(words("pick-minutes"), Style.STRONG)
    page.line(words("pick-minutes-current", minutes=learner.minutes, questions=learner.daily_goal))
    page.rows([button(words("minutes", n=n), Choose(Field.MINUTES, str(n))) for n in MINUTES], 3)
    page.row(_entry(words, "type-minutes", Field.MINUTES, "minutes-entry"))


def _quiet(learner: Learner, words: Words, page: Page) -> None:
    page.line(words("pick-quiet"), Style.STRONG)
    start, end = learner.quiet
    if start == end:
        page.line(words("pick-quiet-none-current"))
    else:
        page.line(words("pick-quiet-current", **{"from": clock(start), "to": clock(end)}))
    for hours in QUIET_HOURS:
        begin, _, until = hours.partition("-")
        page.row(button(words("quiet-range", **{"from": begin, "to": until}), Choose(Field.QUIET, hours)))
    page.row(button(words("quiet-none"), Choose(Field.QUIET, OFF)))
    page.row(_entry(words, "type-quiet", Field.QUIET, "quiet-entry"))


def _entry(words: Words, label: str, field: Field, caption: str) -> Button:
    """A button that opens a line to type in; where a platform has none, the person just types."""
    return button(words(label), Open(field), entry=words(caption))


def _refusal(outcome: Picker, words: Words) -> str:
    learner, given = outcome.learner, outcome.given
    match outcome.refusal:
        case Refusal.SEVERAL_TOWNS:
            return words("pick-zone-several")
        case Refusal.UNKNOWN_ZONE:
            return words("zone-unknown", given=given)
        case Refusal.IN_QUIET_HOURS:
            start, end = learner.quiet
            if outcome.field is not Field.PUSH_TIME:  # pushes were switched on: it is their time that can't be
                given = clock(learner.push_time)
            return words("in-quiet-hours", given=given, **{"from": clock(start), "to": clock(end)})
        case Refusal.HOURS_HOLD_PUSH:
            return words("hours-hold-push", time=clock(learner.push_time))
        case Refusal.NO_TIME | Refusal.NO_MINUTES | Refusal.NO_HOURS | Refusal.NO_SUCH_PACK | Refusal.NO_SUCH_CHOICE:
            return words(outcome.refusal.value, given=given)
        case None:
            return ""


def _local(now: datetime, learner: Learner) -> str:
    return clock(now.astimezone(learner.tz).time())
