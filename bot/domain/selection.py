"""Which item comes next: what is due, then what is new, by weight and weakness."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from bot.domain.exercise import Exercise
from bot.domain.ids import ConceptId, DomainId, ItemId
from bot.domain.item import Difficulty, SingleChoice
from bot.domain.pack import Entry, Pack, Place, Rating

Thing = TypeVar("Thing", bound=str)


@dataclass(frozen=True, slots=True)
class Standing:
    """What selection needs to know of a concept that was met."""

    due_at: datetime
    seen: int
    right: int
    reviewed_at: datetime | None = None
    is_missed: bool = False  # the newest answer was wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """How often and how lately an item was asked."""

    times: int
    last_at: datetime


def in_scope(pack: Pack, scope: str) -> list[ConceptId]:
    """The concepts that practice may ask within a domain, task or topic; all of them for ""."""
    if not scope:
        return list(pack.served)
    return [
        concept
        for concept, variants in pack.served.items()
        if scope in (variants[0].place.domain.id, variants[0].place.task.id, variants[0].place.topic.id)
    ]


def due_concepts(concepts: Collection[ConceptId], met: Mapping[ConceptId, Standing], now: datetime) -> list[ConceptId]:
    """Those whose time has come, the longest overdue first."""
    return sorted((c for c in concepts if c in met and met[c].due_at <= now), key=lambda c: (met[c].due_at, c))


def choose_concept(
    pack: Pack,
    scope: str,
    met: Mapping[ConceptId, Standing],
    now: datetime,
    rng: Random,
    avoid: Collection[ConceptId] = (),
    *,
    is_new_welcome: bool = True,
) -> ConceptId | None:
    """The concept to ask: the longest overdue, else a new one, else the one that will be due first.

    Concepts in `avoid` (asked a moment ago) come only if nothing else is left, and new ones that are not welcome only
    if nothing was met. None if the scope holds nothing.
    """
    concepts = in_scope(pack, scope)
    if not is_new_welcome:
        concepts = [concept for concept in concepts if concept in met] or concepts
    fresh = [concept for concept in concepts if concept not in avoid]
    if due := due_concepts(fresh, met, now):
        return due[0]
    if new := [concept for concept in fresh if concept not in met]:
        return _choose_new(pack, new, met, rng)
    return min(fresh or concepts, key=lambda c: (met[c].due_at, c) if c in met else (now, c), default=None)


def weakness(met: Mapping[ConceptId, Standing], pack: Pack) -> dict[DomainId, float]:
    """The chance of a wrong answer by domain, one right and one wrong answer assumed before any was given."""
    right: Counter[DomainId] = Counter()
    seen: Counter[DomainId] = Counter()
    for concept, standing in met.items():
        if concept in pack.served:
            domain = pack.served[concept][0].place.domain.domain_id
            right[domain] += standing.right
            seen[domain] += standing.seen
    return {domain: 1 - (right[domain] + 1) / (seen[domain] + 2) for domain in pack.domains}


def _choose_new(pack: Pack, new: list[ConceptId], met: Mapping[ConceptId, Standing], rng: Random) -> ConceptId:
    """A new concept; a warm-up comes first: somebody who has met nothing gets an easy single choice."""
    if not met and (easy := [concept for concept in new if any(map(_is_warm_up, pack.served[concept]))]):
        new = easy
    met_in = Counter(pack.served[concept][0].place.domain.domain_id for concept in met if concept in pack.served)
    return choose_new({concept: pack.served[concept][0].place for concept in new}, met_in, weakness(met, pack), rng)


def choose_new(
    new: Mapping[Thing, Place], met_in: Mapping[DomainId, int], weak: Mapping[DomainId, float], rng: Random
) -> Thing:
    """Something new of the domain that is furthest behind its share, frequent topics first.

    A domain's share goes by weight x weakness (S32), given how many were met in it; within it what belongs to a topic
    that the exam asks often comes before what belongs to one that it asks rarely.
    """
    domains = {place.domain.domain_id: place.domain for place in new.values()}
    behind = {name: (met_in.get(name, 0) + 1) / (domain.weight * weak[name]) for name, domain in domains.items()}
    target = min(behind, key=lambda name: (behind[name], name))
    pool = [thing for thing, place in new.items() if place.domain.domain_id == target]
    frequent = [thing for thing in pool if new[thing].topic.frequency is Rating.HIGH]
    return rng.choice(sorted(frequent or pool))


def choose_variant(variants: Collection[Entry], seen: Mapping[ItemId, Seen], rng: Random, *, warm_up: bool) -> Entry:
    """The variant seen least often, then longest ago, then by lot; a warm-up where one is wanted and there.

    The exercises of a concept count as one variant together: however many there are, no other angle waits for them
    longer than a turn.
    """
    candidates = [entry for entry in variants if warm_up and _is_warm_up(entry)] or list(variants)
    drills = [entry for entry in candidates if isinstance(entry.item, Exercise)]
    written = [[entry] for entry in candidates if not isinstance(entry.item, Exercise)]
    turn = _rarest([*written, drills] if drills else written, seen, rng)
    return turn[0] if len(turn) == 1 else _rarest([[drill] for drill in turn], seen, rng)[0]


def _rarest(groups: Sequence[Sequence[Entry]], seen: Mapping[ItemId, Seen], rng: Random) -> Sequence[Entry]:
    """The group whose entries were asked least often, then longest ago, then by lot."""

    def rank(group: Sequence[Entry]) -> tuple[int, float]:
        known = [seen[entry.item.item_id] for entry in group if entry.item.item_id in seen]
        return sum(one.times for one in known), max((one.last_at.timestamp() for one in known), default=0.0)

    best = min(map(rank, groups))
    return rng.choice([group for group in groups if rank(group) == best])


def _is_warm_up(entry: Entry) -> bool:
    item = entry.item
    is_drill = isinstance(item, Exercise)
    return isinstance(item, SingleChoice) and item.difficulty is Difficulty.EASY and entry.case is None and not is_drill
