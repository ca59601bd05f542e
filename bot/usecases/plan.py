"""Makes the plan of a booking from the terms that are kept, renews those every night, and opens its blocks."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain import plan as plans
from bot.domain.booking import Booking, KeptPlan
from bot.domain.countdown import Slot, compile_slots
from bot.domain.drill import domains_of_set
from bot.domain.ids import DomainId
from bot.domain.learner import Learner, items_in
from bot.domain.localtime import day_of, midnight, next_instant
from bot.domain.pack import Pack
from bot.domain.plan import Block, BlockKind, Plan, Terms
from bot.domain.practice import SIZE_RANGE, SessionKind
from bot.domain.rehearsal import size_of
from bot.domain.remind import PLAN
from bot.domain.selection import due_concepts, weakness
from bot.ports import Errand, Store, Stretch, Turn, Work
from bot.usecases.dated import AskResult, NoExam, PlanDrawn, PlanSaved, PlanShown, Stint
from bot.usecases.outcome import Finished, Hitch, Hitched, Outcome, Word
from bot.usecases.practice import begin, settle

log = logging.getLogger(__name__)
NIGHT = time(3, 0)  # local; when the terms of the new day are taken
CHECKPOINT_ITEMS = 10
SESSION_OF = {
    BlockKind.LEARN: SessionKind.QUIZ,
    BlockKind.REVIEW: SessionKind.REVIEW,
    BlockKind.CHECKPOINT: SessionKind.SET,
    BlockKind.SET: SessionKind.SET,
    BlockKind.SET_REVIEW: SessionKind.MISSED,
    BlockKind.RECAP: SessionKind.RECAP,
    BlockKind.REVISE: SessionKind.WEAK,
    BlockKind.WEAK: SessionKind.WEAK,
    BlockKind.MISSED: SessionKind.MISSED,
    BlockKind.LIGHT: SessionKind.MISSED,
}


def ahead(turn: Turn, learner: Learner) -> Booking | None:
    """The booking of the pack that the learner studies now."""
    return next((one for one in turn.work.bookings(learner.id) if one.pack == learner.pack), None)


def plan_of(turn: Turn, learner: Learner, booking: Booking) -> Plan:
    """The plan of a booking as of today; its terms are taken now if that has not happened yet."""
    terms = _kept_terms(turn.work.plan_of(booking.id))
    if terms is None or terms.today != day_of(turn.now, learner.tz):
        terms = renew(turn, learner, booking)
    return plans.make_plan(terms)


def renew(turn: Turn, learner: Learner, booking: Booking) -> Terms:
    """Takes the terms of the plan from what is known now, keeps them, and sets when that is done again."""
    pack = turn.pack_of(booking.pack, learner)
    kept = turn.work.plan_of(booking.id)
    old = _kept_terms(kept)
    terms = _terms(turn, learner, booking, pack, since=old.start if old else None)
    is_rest = old is not None and replace(old, today=terms.today) == terms  # the same terms leave the rest of the plan
    sequence = kept.sequence + (not is_rest) if kept else 0
    turn.work.keep_plan(booking.id, KeptPlan(terms.to_json(), terms.today, sequence))
    tonight = next_instant(turn.now, NIGHT, learner.tz, not_on=terms.today)
    errand = Errand(PLAN, learner.id, booking.id)
    turn.work.wake_at(errand, tonight if tonight < booking.at else None)
    return terms


def replan_all(turn: Turn, learner: Learner) -> None:
    """Takes the terms of all bookings' plans anew, after something that they are made from has changed."""
    for booking in turn.work.bookings(learner.id):
        renew(turn, learner, booking)


def replan_due(store: Store, turn_of: Callable[[Work], Turn], now: datetime, most: int) -> int:
    """Renews up to `most` plans whose night has come, in one short transaction; how many were due."""
    with store.begin() as work:
        turn = turn_of(work)
        errands = sorted(work.wakes(PLAN, now, most), key=lambda errand: errand.learner)  # locks in one order
        for errand in errands:
            learner = work.learner(errand.learner)  # first of all, as a turn does
            if not work.is_due(errand, now):  # renewed by a turn or another process a moment ago
                continue
            booking = work.booking(errand.subject) if errand.subject else None
            try:
                if learner is None or booking is None or booking.pack not in turn.packs or booking.at <= now:
                    work.wake_at(errand, None)
                else:
                    renew(turn, learner, booking)
            except (ValueError, LookupError, ArithmeticError):  # e.g. a zone that this machine does not know
                log.exception("the plan of booking %s can't be made; it is tried again tomorrow", errand.subject)
                work.wake_at(errand, now + timedelta(days=1))
    return len(errands)


def show(turn: Turn, learner: Learner, week: int) -> Outcome:
    """A week of the plan, the last one for any after it."""
    booking = _planned(turn, learner)
    if not isinstance(booking, Booking):
        return booking
    week = min(max(0, week), (day_of(booking.at, learner.tz) - day_of(turn.now, learner.tz)).days // 7)
    pack, plan = turn.pack(learner), plan_of(turn, learner, booking)
    return PlanShown(learner, pack, booking, plan, slots_ahead(turn, learner, booking), turn.now, week)


def save(turn: Turn, learner: Learner) -> Outcome:
    """The plan as a calendar file."""
    booking = _planned(turn, learner)
    if not isinstance(booking, Booking):
        return booking
    pack, plan = turn.pack(learner), plan_of(turn, learner, booking)
    kept = turn.work.plan_of(booking.id)
    slots = slots_ahead(turn, learner, booking)
    return PlanSaved(learner, pack, booking, plan, slots, kept.sequence if kept else 0, turn.now)


def draw(turn: Turn, learner: Learner) -> Outcome:
    """The plan as a picture."""
    booking = _planned(turn, learner)
    if not isinstance(booking, Booking):
        return booking
    return PlanDrawn(turn.pack(learner), booking, plan_of(turn, learner, booking), turn.now)


def after(turn: Turn, learner: Learner, outcome: Outcome) -> Outcome:
    """The outcome of an answer; the end of a set makes the plan anew (S193)."""
    if isinstance(outcome, Finished) and outcome.session.kind is SessionKind.SET:
        replan_all(turn, learner)
    return outcome


def _planned(turn: Turn, learner: Learner) -> Booking | Outcome:
    """The booking that there is a plan to; what to say if there is none, or its exam is over."""
    booking = ahead(turn, learner)
    if booking is None:
        return NoExam(turn.pack(learner))
    return booking if booking.at > turn.now else AskResult(booking, turn.pack(learner))


def work_on(turn: Turn, learner: Learner, kind: str, domain: str, size: int, key: str) -> Outcome:
    """The first question of a block of the plan."""
    pack = turn.pack(learner)
    if kind not in (one.value for one in SESSION_OF) or (domain and DomainId(domain) not in pack.domains):
        return Hitched(Hitch.GONE)
    session = SESSION_OF[BlockKind(kind)]
    low, high = SIZE_RANGE
    size = min(max(size, low), max(high, pack.exam.questions.total) if session is SessionKind.SET else high)
    outcome = begin(turn, learner, session, domain, size, key)
    if outcome is not Word.EMPTY_PACK or session in (SessionKind.SET, SessionKind.QUIZ):
        return outcome
    return begin(turn, learner, SessionKind.RECAP, domain, min(size, high), f"{key}+")  # nothing missed, weak or due


def slots_ahead(turn: Turn, learner: Learner, booking: Booking) -> tuple[Slot, ...]:
    """The appointments of the last 72 hours that are still to come."""
    pack = turn.pack_of(booking.pack, learner)
    return compile_slots(booking.exam(pack.exam.minutes), turn.now, learner.quiet, learner.minutes_on)


def stints(turn: Turn, learner: Learner, plan: Plan) -> tuple[Stint, ...]:
    """The blocks of today, each with what is done of it: of a set its own answers, of the others those of the rest.

    A set that was taken and is in the plan no more, as that was made anew at its end, stands before them.
    """
    today, pack = day_of(turn.now, learner.tz), turn.pack(learner)
    since = midnight(turn.now, learner.tz)
    sets = [one for one in turn.work.stretches(learner.id, pack.id, SessionKind.SET) if one.opened_at >= since]
    left: Counter[str] = Counter(one.domain for one in turn.work.answers(learner.id, pack.id) if one.at >= since)
    for one in sets:
        left -= Counter(domains_of_set(pack, one.size)[: one.tally.answers])
    blocks = [block for block in plan.on(today) if block.kind in SESSION_OF]
    found = []
    if all(block.kind is not BlockKind.SET for block in blocks):
        found += [_set_taken(one, today, pack) for one in sets if _is_taken(one, pack)]
    in_sets = sum(one.tally.answers for one in sets) - sum(stint.done for stint in found)
    for block in blocks:
        items = items_of(block, pack)
        if SESSION_OF[block.kind] is SessionKind.SET:
            done = min(in_sets, items)
            in_sets -= done
        else:
            done = _take(left, block.domain, items)
        found.append(Stint(block, items, done))
    return tuple(found)


def _take(left: Counter[str], domain: str | None, most: int) -> int:
    """Takes up to so many answers of a domain, None for any, out of those that are left; how many there were."""
    done = 0
    for one in [domain] if domain else list(left):
        taken = min(left[one], most - done)
        left[one] -= taken
        done += taken
    return done


def _set_taken(one: Stretch, today: date, pack: Pack) -> Stint:
    minutes = one.size * pack.exam.minutes // pack.exam.questions.total
    block = Block(today, BlockKind.SET, minutes, None, size_of(minutes, pack.exam.minutes))
    return Stint(block, one.size, one.tally.answers)


def _is_taken(one: Stretch, pack: Pack) -> bool:
    """A set longer than a quiz, or as long as the exam, of which at least half was answered."""
    return one.size >= min(CHECKPOINT_ITEMS + 1, pack.exam.questions.total) and 2 * one.tally.answers >= one.size


def items_of(block: Block, pack: Pack) -> int:
    """How many questions fill a block; those of a set at the pace of the exam."""
    if block.kind is BlockKind.SET:
        return max(1, pack.exam.questions_in(block.minutes))
    if block.kind is BlockKind.CHECKPOINT:
        return min(CHECKPOINT_ITEMS, items_in(block.minutes))
    return min(items_in(block.minutes), SIZE_RANGE[1])


def _terms(turn: Turn, learner: Learner, booking: Booking, pack: Pack, since: date | None) -> Terms:
    settle(turn, learner)
    met = turn.work.met(learner.id, pack.id)
    today = day_of(turn.now, learner.tz)
    weak = weakness(met, pack)
    taken = [one for one in turn.work.stretches(learner.id, pack.id, SessionKind.SET) if _is_taken(one, pack)]
    energy = learner.energy_of(today)
    return Terms(
        today=today,
        exam=booking.exam(pack.exam.minutes),
        home=learner.zone,
        quiet=learner.quiet,
        week=learner.weekdays,
        weights=tuple((domain.id, domain.weight) for domain in pack.outline.domains),
        weakness=tuple((domain.id, round(weak[domain.domain_id], 3)) for domain in pack.outline.domains),
        new=sum(concept not in met for concept in pack.served),
        due=len(due_concepts(list(pack.served), met, turn.now + timedelta(days=1))),
        sets_done=tuple(sorted({day_of(one.opened_at, learner.tz) for one in taken})),
        paused_until=learner.paused_until,
        energy=energy,
        since=since or today,
    )


def _kept_terms(kept: KeptPlan | None) -> Terms | None:
    """The terms that are kept, None if there are none or another version wrote them."""
    try:
        return Terms.from_json(kept.terms) if kept else None
    except ValueError:
        return None
