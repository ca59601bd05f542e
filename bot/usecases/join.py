"""Getting to know a learner: the onboarding, and the same choices later on."""

from dataclasses import replace

from bot.domain.ids import PackId
from bot.domain.learner import MINUTES_RANGE, ONBOARDING, Field, Learner
from bot.domain.localtime import is_quiet, next_instant
from bot.domain.typed import read_hours, read_time, read_week
from bot.ports import Town, Turn
from bot.usecases import count_down
from bot.usecases.dated import AskWhen
from bot.usecases.outcome import Choices, Hitch, Hitched, Outcome, Picker, Ready, Refusal
from bot.usecases.plan import replan_all

ON, OFF = "on", "off"
MOST_TOWNS = 6
TIMED_BY = (Field.ZONE, Field.PUSH_TIME, Field.MINUTES, Field.QUIET)  # what a plan and its appointments go by


def start(turn: Turn, learner: Learner, *, is_new: bool) -> Outcome:
    """The first step of the onboarding; whoever is new will get the daily question unless they say no."""
    learner = replace(learner, step=ONBOARDING[0], awaits=ONBOARDING[0], pushes_on=learner.pushes_on or is_new)
    turn.work.save(learner)
    return _picker(turn, learner, ONBOARDING[0])


def skip(turn: Turn, learner: Learner, field: Field) -> Outcome:
    """Leaves a step as it is; a step that is over says so."""
    return _advance(turn, learner) if learner.step is field else Hitched(Hitch.BEHIND)


def open_picker(turn: Turn, learner: Learner, field: Field) -> Outcome:
    """Offers one choice; outside the onboarding, unless that stands at this very choice."""
    learner = replace(learner, step=field if learner.step is field else None, awaits=field)
    turn.work.save(learner)
    return _picker(turn, learner, field)


def show_choices(turn: Turn, learner: Learner) -> Outcome:
    """All that was chosen."""
    return Choices(learner, turn.pack(learner), turn.now)


def choose(turn: Turn, learner: Learner, field: Field, value: str) -> Outcome:
    """Takes a value as a person types it, or says why not and asks again."""
    taken = _take(turn, learner, field, value.strip())
    if not isinstance(taken, Learner):
        if learner.awaits is not field:  # a button of an older message: what is typed next corrects it
            learner = replace(learner, awaits=field)
            turn.work.save(learner)
        if isinstance(taken, Refusal):
            return _picker(turn, learner, field, taken, value)
        return Picker(field, learner, tuple(turn.packs.values()), turn.now, Refusal.SEVERAL_TOWNS, value, taken)
    if field in TIMED_BY:
        replan_all(turn, taken)
        count_down.schedule_all(turn, taken)
    if learner.step is field:
        return _advance(turn, taken)
    if learner.awaits is field:
        taken = replace(taken, awaits=learner.step)
    turn.work.save(taken)
    schedule(turn, taken)
    return Choices(taken, turn.pack(taken), turn.now, changed=field)


def speaks(turn: Turn, learner: Learner, locale: str) -> Learner:
    """Takes the language that their platform says now, if it says one: it is the one that pushes come in."""
    if locale in ("", learner.locale):
        return learner
    learner = replace(learner, locale=locale)
    turn.work.save(learner)
    return learner


def leave(turn: Turn, learner: Learner) -> Learner:
    """They went on to something else: no typed word is a value any more, and what was chosen so far holds."""
    learner = replace(learner, awaits=None)
    turn.work.save(learner)
    if learner.step is not None:
        schedule(turn, learner)
    return learner


def schedule(turn: Turn, learner: Learner) -> None:
    """Sets the next daily push from the choices as they are now: one a local date, whatever zone it was booked in."""
    if not learner.pushes_on:
        turn.work.remind_at(learner.id, None)
        return
    booked = turn.work.reminded_on(learner.id)
    turn.work.remind_at(learner.id, next_instant(turn.now, learner.push_time, learner.tz, not_on=booked))


def _advance(turn: Turn, learner: Learner) -> Outcome:
    """On to the next step; past the last one the onboarding is through."""
    assert learner.step is not None  # noqa: S101 - both callers compared it to a field
    place = ONBOARDING.index(learner.step) + 1
    step = ONBOARDING[place] if place < len(ONBOARDING) else None
    learner = replace(learner, step=step, awaits=step)
    turn.work.save(learner)
    if step is None or place > ONBOARDING.index(Field.PUSH_TIME):
        schedule(turn, learner)
    return _picker(turn, learner, step) if step else Ready(learner, turn.pack(learner), turn.now)


def _picker(
    turn: Turn, learner: Learner, field: Field, refusal: Refusal | None = None, given: str = ""
) -> Picker | AskWhen:
    if field is Field.EXAM:
        return AskWhen(learner, turn.pack(learner), turn.now)
    return Picker(field, learner, tuple(turn.packs.values()), turn.now, refusal, given[:60])


def _take(  # noqa: C901 - one case a field
    turn: Turn, learner: Learner, field: Field, value: str
) -> Learner | Refusal | tuple[Town, ...]:
    match field:
        case Field.PACK:
            known = PackId(value.lower())
            return replace(learner, pack=known) if known in turn.packs else Refusal.NO_SUCH_PACK
        case Field.ZONE:
            towns = tuple(turn.atlas.zones(value))
            if len({town.zone for town in towns}) == 1:
                return replace(learner, zone=towns[0].zone)
            return towns[:MOST_TOWNS] or Refusal.UNKNOWN_ZONE
        case Field.PUSH_TIME:
            return _take_push_time(turn, learner, value)
        case Field.MINUTES:
            return _take_minutes(learner, value)
        case Field.QUIET:
            return _take_quiet(turn, learner, value)
        case Field.PUSHES | Field.CONFIDENCE:
            if value.lower() not in (ON, OFF):
                return Refusal.NO_SUCH_CHOICE
            on = value.lower() == ON
            if field is Field.CONFIDENCE:
                return replace(learner, confidence_on=on)
            # quiet hours may have been laid over the push time while pushes were off
            return Refusal.IN_QUIET_HOURS if on and _falls_in_quiet(turn, learner) else replace(learner, pushes_on=on)
        case Field.EXAM | Field.EXAM_ZONE | Field.TRAVEL | Field.SCORE | Field.HOLIDAY:  # have doors of their own
            return Refusal.NO_SUCH_CHOICE


def _take_minutes(learner: Learner, value: str) -> Learner | Refusal:
    """The minutes of every day, and of single weekdays where they differ: "45, sat 180, sun 0"."""
    low, high = MINUTES_RANGE
    read = read_week(value)
    if read is None:
        return Refusal.NO_MINUTES
    usual, days = read
    usual = learner.minutes if usual is None else usual
    if not low <= usual <= high or any(minutes and not low <= minutes <= high for minutes in days.values()):
        return Refusal.NO_MINUTES
    week = tuple(days.get(day, usual) for day in range(7)) if days else None
    return replace(learner, minutes=usual, week=week if week and any(week) else None)


def _take_push_time(turn: Turn, learner: Learner, value: str) -> Learner | Refusal:
    if value.lower() in (OFF, "no", "none", "never"):
        return replace(learner, pushes_on=False)
    at = read_time(value)
    if at is None:
        return Refusal.NO_TIME
    moved = replace(learner, push_time=at, pushes_on=True)
    return Refusal.IN_QUIET_HOURS if _falls_in_quiet(turn, moved) else moved


def _take_quiet(turn: Turn, learner: Learner, value: str) -> Learner | Refusal:
    if value.lower() in (OFF, "no", "none"):
        return replace(learner, quiet=(learner.quiet[0], learner.quiet[0]))
    hours = read_hours(value)
    if hours is None:
        return Refusal.NO_HOURS
    moved = replace(learner, quiet=hours)
    return Refusal.HOURS_HOLD_PUSH if learner.pushes_on and _falls_in_quiet(turn, moved) else moved


def _falls_in_quiet(turn: Turn, learner: Learner) -> bool:
    return is_quiet(next_instant(turn.now, learner.push_time, learner.tz), learner.quiet, learner.tz)
