"""The mock paper: as many items as the exam asks, drawn from a sealed pool as the exam weighs its domains.

No command serves papers yet: sittings come later, and will keep what is drawn here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from bot.domain.ids import DomainId
from bot.domain.item import MultipleResponse, SingleChoice, Status
from bot.domain.pack import Entry, Pack


@dataclass(frozen=True, slots=True)
class Question:
    """An item in its place on a paper."""

    entry: Entry
    is_scored: bool  # whether it counts, which the learner is never told


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole exam."""

    pool: str
    questions: tuple[Question, ...]  # in the order in which they are asked

    @property
    def scored(self) -> int:
        """How many questions count."""
        return sum(question.is_scored for question in self.questions)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A pool that can't give a paper."""

    pool: str
    lacking: Mapping[DomainId, int]  # items that are missing, by domain

    def __str__(self) -> str:
        missing = ", ".join(f"{count} in {domain}" for domain, count in self.lacking.items())
        return f"pool {self.pool!r} can't give a paper: it lacks {missing}"


def pools(pack: Pack) -> Mapping[str, Sequence[Entry]]:
    """The reviewed items of each sealed pool that can be asked by themselves, a case's parts among them."""
    found: dict[str, list[Entry]] = {}
    for entry in pack.entries.values():
        item = entry.item
        if item.pool and item.status is Status.REVIEWED and isinstance(item, SingleChoice | MultipleResponse):
            found.setdefault(item.pool, []).append(entry)
    return found


def blueprint(pack: Pack) -> Mapping[DomainId, int]:
    """How many of a paper's questions each domain has."""
    return apportion(pack.exam.questions.total, _weights(pack))


def draw(pack: Pack, pool: str, rng: Random) -> Paper | Shortage:
    """A paper from a sealed pool, or what the pool lacks.

    Domains and difficulties are mixed: wherever one looks, neither is told by the place (S21).
    """
    wanted = blueprint(pack)
    there: dict[DomainId, list[Entry]] = {domain: [] for domain in wanted}
    for entry in pools(pack).get(pool, ()):
        there[entry.place.domain.domain_id].append(entry)
    if lacking := {domain: n - len(there[domain]) for domain, n in wanted.items() if len(there[domain]) < n}:
        return Shortage(pool, lacking)
    drawn = {domain: rng.sample(there[domain], n) for domain, n in wanted.items()}
    scored = apportion(min(pack.exam.questions.scored, sum(wanted.values())), _weights(pack), most=wanted)
    counting = {entry.item.id for domain, entries in drawn.items() for entry in rng.sample(entries, scored[domain])}
    mixed = _mix([entry for entries in drawn.values() for entry in entries], rng)
    return Paper(pool, tuple(Question(entry, entry.item.id in counting) for entry in mixed))


def apportion(
    size: int, weights: Mapping[DomainId, int], most: Mapping[DomainId, int] | None = None
) -> Mapping[DomainId, int]:
    """`size` places by weight, what is left over to the largest remainders; no domain gets more than its `most`.

    Source: the method of Hamilton; of equal remainders the first domain's goes first.
    """
    whole = sum(weights.values())
    exact = {domain: Fraction(size * weight, whole) for domain, weight in weights.items()}
    limits = most or dict.fromkeys(weights, size)
    places = {domain: min(int(share), limits[domain]) for domain, share in exact.items()}
    in_turn = sorted(exact, key=lambda domain: int(exact[domain]) - exact[domain])
    while (left := size - sum(places.values())) > 0:
        open_ = [domain for domain in in_turn if places[domain] < limits[domain]]
        if not open_:
            raise ValueError(f"{size} places are more than {sum(limits.values())}")
        for domain in open_[:left]:
            places[domain] += 1
    return places


def _weights(pack: Pack) -> Mapping[DomainId, int]:
    return {domain.domain_id: domain.weight for domain in pack.outline.domains}


def _mix(entries: Sequence[Entry], rng: Random) -> list[Entry]:
    """The entries by lot, those of one domain and difficulty spread over the whole."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        alike.setdefault((entry.place.domain.id, entry.item.difficulty), []).append(entry)
    placed: list[tuple[float, Entry]] = []
    for group in alike.values():
        rng.shuffle(group)
        placed += [((place + rng.random()) / len(group), entry) for place, entry in enumerate(group)]
    return [entry for _, entry in sorted(placed, key=lambda one: one[0])]
