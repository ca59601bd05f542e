"""What a battle asks next: what is due for those present first, sealed items never."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.domain.battle import WEAK, Rules
from bot.domain.exercise import family_of
from bot.domain.ids import ConceptId, DomainId, ItemId
from bot.domain.pack import Entry, Pack
from bot.domain.selection import in_scope


@dataclass(frozen=True, slots=True)
class Known:
    """How those present know a concept, all of them together."""

    due: int  # for how many it is due
    met: int  # how many have met it
    seen: int  # answers
    right: int


NOBODY = Known(0, 0, 0, 0)


def draw(
    pack: Pack,
    rules: Rules,
    known: Mapping[ConceptId, Known],
    asked: Sequence[ConceptId],
    fought: Mapping[ItemId, int],
    rng: Random,
) -> Entry | None:
    """The next question, None if there is none.

    What is due for most of those present comes first; then, by choice, what they are weakest at, else something of the
    domain that is furthest behind its weight, the fewest have met. Of its variants the one that this group has fought
    over least. No concept comes twice while there is another.
    """
    pool = _pool(pack, rules)
    if not pool:
        return None
    came = Counter(asked)
    rarest = min(came[concept] for concept in pool)
    fresh = {concept: entries for concept, entries in pool.items() if came[concept] == rarest}
    concept = _choose(pack, rules, fresh, known, asked, rng)
    times = Counter[str]()
    for item, count in fought.items():  # an exercise is the same whatever its numbers are
        times[family_of(item) or item] += count
    variants = {entry.item.item_id: entry for entry in fresh[concept]}
    least = min(times[family_of(item) or item] for item in variants)
    return rng.choice([entry for item, entry in variants.items() if times[family_of(item) or item] == least])


def words_of(entry: Entry) -> int:
    """How many words a question has, stem and options."""
    item = entry.item
    texts = [getattr(item, "stem", ""), *(option.text for option in getattr(item, "options", ()))]
    return sum(len(text.split()) for text in texts)


def _pool(pack: Pack, rules: Rules) -> dict[ConceptId, list[Entry]]:
    """What may be asked by concept; a case's part is too long for a chat in a hurry."""
    scope = "" if rules.scope == WEAK else rules.scope
    wanted = {concept: [one for one in pack.served[concept] if one.case is None] for concept in in_scope(pack, scope)}
    of_kind = {
        concept: [one for one in entries if rules.difficulty in (None, one.item.difficulty)]
        for concept, entries in wanted.items()
    }
    kept = {concept: entries for concept, entries in of_kind.items() if entries}
    return kept or {concept: entries for concept, entries in wanted.items() if entries}


def _choose(
    pack: Pack,
    rules: Rules,
    pool: Collection[ConceptId],
    known: Mapping[ConceptId, Known],
    asked: Sequence[ConceptId],
    rng: Random,
) -> ConceptId:
    order = sorted(pool)
    if most := max(known.get(concept, NOBODY).due for concept in order):
        return rng.choice([concept for concept in order if known.get(concept, NOBODY).due == most])
    domains = {concept: pack.served[concept][0].place.domain.domain_id for concept in order}
    if rules.scope == WEAK:
        worst = max(set(domains.values()), key=lambda domain: (_weakness(domain, pack, known), domain))
        inside = [concept for concept in order if domains[concept] == worst]
        return min(inside, key=lambda concept: (-_doubt(known.get(concept, NOBODY)), rng.random()))
    came = Counter(pack.served[concept][0].place.domain.domain_id for concept in asked if concept in pack.served)
    behind = min(set(domains.values()), key=lambda name: ((came[name] + 1) / pack.domains[name].weight, name))
    inside = [concept for concept in order if domains[concept] == behind]
    return min(inside, key=lambda concept: (known.get(concept, NOBODY).met, rng.random()))


def _doubt(known: Known) -> float:
    """The chance of a wrong answer, one right and one wrong one assumed before any was given."""
    return 1 - (known.right + 1) / (known.seen + 2)


def _weakness(domain: DomainId, pack: Pack, known: Mapping[ConceptId, Known]) -> float:
    """The same over a domain."""
    of_domain = [
        one
        for concept, one in known.items()
        if concept in pack.served and pack.served[concept][0].place.domain.domain_id == domain
    ]
    return _doubt(Known(0, 0, sum(one.seen for one in of_domain), sum(one.right for one in of_domain)))
