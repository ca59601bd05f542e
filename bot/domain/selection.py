"""Which item comes next: what is due, then what is new, by weight and weakness."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.domain.ids import ConceptId, DomainId, ItemId
from bot.domain.item import Difficulty, SingleChoice
from bot.domain.pack import Entry, Pack, Rating


@dataclass(frozen=True, slots=True)
class Standing:
    """What selection needs to know of a concept that was met."""

    due_at: datetime
    seen: int
    right: int


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
) -> ConceptId | None:
    """The concept to ask: the longest overdue, else a new one, else the one that will be due first.

    Concepts in `avoid` (asked a moment ago) come only if nothing else is left. None if the scope holds nothing.
    """
    concepts = in_scope(pack, scope)
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
    """A new concept of the domain that is furthest behind its share, frequent topics first.

    A domain's share goes by weight x weakness (S32); within it a concept of a topic that the exam asks often comes
    before one that it asks rarely. A warm-up comes first: somebody who has met nothing gets an easy single choice.
    """
    if not met and (easy := [concept for concept in new if any(map(_is_warm_up, pack.served[concept]))]):
        new = easy
    weak = weakness(met, pack)
    met_in = Counter(pack.served[concept][0].place.domain.domain_id for concept in met if concept in pack.served)
    behind: dict[DomainId, float] = {}
    for concept in new:
        domain = pack.served[concept][0].place.domain
        behind[domain.domain_id] = (met_in[domain.domain_id] + 1) / (domain.weight * weak[domain.domain_id])
    target = min(behind, key=lambda domain: (behind[domain], domain))
    pool = [concept for concept in new if pack.served[concept][0].place.domain.domain_id == target]
    frequent = [concept for concept in pool if pack.served[concept][0].place.topic.frequency is Rating.HIGH]
    return rng.choice(sorted(frequent or pool))


def choose_variant(variants: Collection[Entry], seen: Mapping[ItemId, Seen], rng: Random, *, warm_up: bool) -> Entry:
    """The variant seen least often, then longest ago, then by lot; a warm-up where one is wanted and there."""
    candidates = [entry for entry in variants if warm_up and _is_warm_up(entry)] or list(variants)

    def rank(entry: Entry) -> tuple[int, float]:
        known = seen.get(entry.item.item_id)
        return (known.times, known.last_at.timestamp()) if known else (0, 0.0)

    best = min(map(rank, candidates))
    return rng.choice([entry for entry in candidates if rank(entry) == best])


def _is_warm_up(entry: Entry) -> bool:
    return isinstance(entry.item, SingleChoice) and entry.item.difficulty is Difficulty.EASY
