"""Takes it easy: a pause from all pushes, a day of low or high energy."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.booking import Booking, opens_on
from bot.domain.learner import Energy, Field, Learner
from bot.domain.localtime import day_of
from bot.ports import Turn
from bot.usecases import count_down, join
from bot.usecases.dated import AskPause, Energized, Paused
from bot.usecases.dates import read_day
from bot.usecases.guide import next_lab
from bot.usecases.outcome import Outcome, Word
from bot.usecases.plan import replan_all

LONGEST_PAUSE = timedelta(days=365)
ENDING = frozenset({"off", "end", "stop", "no", "resume", "back", "over", "today"})


def pause(turn: Turn, learner: Learner, text: str) -> Outcome:
    """No pushes and no work until a day, which a person types or taps; "off" ends a pause."""
    today = day_of(turn.now, learner.tz)
    said = text.strip()
    if not said:
        return _ask(turn, learner, today)
    if said.lower() in ENDING:
        _keep(turn, learner, None)
        return Word.RESUMED
    until = read_day(said, today, learner.locale)
    if until is None or not today < until <= today + LONGEST_PAUSE:
        return _ask(turn, learner, today, said)
    exam = _cutting(turn, learner, until)
    if exam is not None:
        until = max(today, opens_on(exam, learner.tz))
    _keep(turn, learner, until if until > today else None)
    return Paused(until, exam, turn.packs.get(exam.pack) if exam else None)


def energize(turn: Turn, learner: Learner, energy: Energy | None) -> Outcome:
    """Fits what is left of today to how much the learner has in them."""
    today = day_of(turn.now, learner.tz)
    if energy is not None:
        learner = replace(learner, energy=energy, energy_on=today)
        turn.work.save(learner)
        replan_all(turn, learner)
    pack = turn.pack(learner)
    lab = next_lab(turn, learner, pack) if energy is Energy.HIGH else None
    return Energized(energy, learner.minutes_on(today), lab, has_cards=energy is Energy.LOW and bool(pack.deck))


def _ask(turn: Turn, learner: Learner, today: date, given: str = "") -> AskPause:
    learner = replace(learner, awaits=Field.HOLIDAY)
    turn.work.save(learner)
    return AskPause(learner, today, given[:60])


def _keep(turn: Turn, learner: Learner, until: date | None) -> None:
    learner = replace(learner, paused_until=until, awaits=learner.step)
    turn.work.save(learner)
    join.schedule(turn, learner)
    replan_all(turn, learner)
    count_down.schedule_all(turn, learner)


def _cutting(turn: Turn, learner: Learner, until: date) -> Booking | None:
    """The first exam whose last 72 hours would fall into the pause."""
    for booking in turn.work.bookings(learner.id):
        if booking.at > turn.now and opens_on(booking, learner.tz) < until:
            return booking
    return None
