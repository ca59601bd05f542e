"""Tells a learner where they stand and what is next."""

from collections import Counter
from datetime import timedelta

from bot.domain.learner import Learner, items_in
from bot.domain.localtime import day_of, midnight
from bot.domain.selection import due_concepts
from bot.ports import Turn
from bot.usecases.outcome import Day, Outcome, Standings
from bot.usecases.plan import ahead, plan_of, stints
from bot.usecases.practice import settle

GHOST_FOR = timedelta(days=1)  # how long a missed battle is offered as a replay


def today(turn: Turn, learner: Learner) -> Outcome:
    """What is due, what is new, and how much of the day's work is done."""
    settle(turn, learner)
    pack = turn.pack(learner)
    met = turn.work.met(learner.id, pack.id)
    day = day_of(turn.now, learner.tz)
    booking = ahead(turn, learner)
    if booking is not None and booking.at <= turn.now:
        booking = None
    plan = plan_of(turn, learner, booking) if booking else None
    return Day(
        learner=learner,
        pack=pack,
        due=len(due_concepts(list(pack.served), met, turn.now)),
        new=sum(concept not in met for concept in pack.served),
        done=turn.work.answered_since(learner.id, midnight(turn.now, learner.tz)),
        goal=items_in(learner.minutes_on(day)),
        booking=booking,
        plan=plan,
        stints=stints(turn, learner, plan) if plan else (),
        paused_until=learner.paused_until if learner.is_paused(day) else None,
        now=turn.now,
        ghost=next(iter(turn.work.missed_battles(learner.id, turn.now - GHOST_FOR, 1)), None),
    )


def progress(turn: Turn, learner: Learner) -> Outcome:
    """Answers and concepts by domain."""
    settle(turn, learner)
    pack = turn.pack(learner)
    met = turn.work.met(learner.id, pack.id)
    domains = {concept: variants[0].place.domain.domain_id for concept, variants in pack.served.items()}
    return Standings(
        pack=pack,
        answers=turn.work.tallies(learner.id, pack.id),
        met=Counter(domain for concept, domain in domains.items() if concept in met),
        concepts=Counter(domains.values()),
        due=len(due_concepts(list(domains), met, turn.now)),
    )
