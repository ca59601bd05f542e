"""The bank as a whole: what gives keys away on average, and whether every domain has what it should."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.domain.card import CardKind
from bot.domain.check.options import ABSOLUTE
from bot.domain.check.rules import Finding, Severity, broken
from bot.domain.check.stem import is_negative
from bot.domain.check.subject import Subject, has_choice
from bot.domain.exercise import Exercise
from bot.domain.item import Case, Difficulty, Format, SingleChoice, Status
from bot.domain.pack import Domain, Pack

Thing = TypeVar("Thing")

BINDING = 100  # reviewed items from which the limits are errors
ADVISORY = 30  # items, drafts too, from which they warn; a share of fewer says nothing

KEY_LONGEST = 33.0  # per cent, as every limit below
KEY_STRICTLY_LONGEST = 28.0
KEY_MUCH_LONGER = 10.0
MUCH_LONGER = 1.25  # times the second longest option
POSITION = (20.0, 30.0)
NEGATIVE_STEMS = 5.0
ABSOLUTE_DISTRACTORS = 10.0
SCENARIOS = 75.0
WEIGHT_SLACK = 2.0  # points


class Force(StrEnum):
    """What the limits do in a bank of this size."""

    BINDING = "binding"
    ADVISORY = "advisory"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the bank beside its limits."""

    rule: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = "%"  # or nothing: a count
    detail: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the figure keeps its limits."""
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)


@dataclass(frozen=True, slots=True)
class Bank:
    """The statistics of a pack's items."""

    items: int  # all, parts of cases counted for themselves
    reviewed: int
    served: int  # that practice may ask
    sealed: int  # kept for mock exams
    concepts: int
    cases: int
    exercises: int  # generators that concepts declare
    cards: dict[str, int]  # by kind
    guide: dict[str, int]  # tips, labs, pages
    counted: int  # items that the measures and counts below speak of
    force: Force
    measures: tuple[Measure, ...]
    counts: dict[str, dict[str, int]]  # by domain, topic, format, difficulty, type, level, pool: name -> items


def bank_of(pack: Pack, subjects: Iterable[Subject]) -> Bank:
    """The statistics: over the reviewed items once there are enough of them, else over drafts too."""
    asked = [subject for subject in subjects if not isinstance(subject.item, Case)]
    reviewed = [subject for subject in asked if subject.item.status is Status.REVIEWED]
    if len(reviewed) >= BINDING:
        force, basis = Force.BINDING, reviewed
    else:
        force, basis = (Force.ADVISORY if len(asked) >= ADVISORY else Force.SKIPPED), asked
    return Bank(
        items=len(asked),
        reviewed=len(reviewed),
        served=sum(not isinstance(entry.item, Exercise) for variants in pack.served.values() for entry in variants),
        sealed=sum(subject.item.pool is not None for subject in asked),
        concepts=sum(len(file.concepts) for file in pack.topics),
        cases=sum(isinstance(entry.item, Case) for entry in pack.written),
        exercises=len(pack.exercises),
        cards={kind.value: sum(card.kind is kind for card in pack.cards) for kind in CardKind},
        guide={
            "tip": sum(len(guide.tips) for guide in pack.guides),
            "lab": sum(len(guide.labs) for guide in pack.guides),
            "page": sum(len(guide.reading) for guide in pack.guides),
        },
        counted=len(basis),
        force=force,
        measures=tuple(_measures(pack, basis)),
        counts=_counts(pack, basis),
    )


def check_bank(bank: Bank) -> Iterator[Finding]:
    """A finding for every limit that the bank exceeds: an error, or a warning while it is small."""
    if bank.force is Force.SKIPPED:
        return
    severity = Severity.ERROR if bank.force is Force.BINDING else Severity.WARNING
    for measure in bank.measures:
        if not measure.is_within:
            detail = f" ({measure.detail})" if measure.detail else ""
            said = f"{measure.label}: {amount(measure.value, measure.unit)}, limit {limit(measure)}{detail}"
            yield broken(measure.rule, said, severity=severity)


def amount(value: float, unit: str) -> str:
    """A figure with its unit: `31.2 %`, or `3`."""
    return f"{value:.1f} {unit}" if unit else f"{value:g}"


def limit(measure: Measure) -> str:
    """The limits in few characters: `<= 33 %`, `20-30 %`, `>= 4`."""
    unit = f" {measure.unit}" if measure.unit else ""
    if measure.low is not None and measure.high is not None:
        return f"{measure.low:g}-{measure.high:g}{unit}"
    return f"<= {measure.high:g}{unit}" if measure.high is not None else f">= {measure.low:g}{unit}"


def _measures(pack: Pack, basis: Sequence[Subject]) -> Iterator[Measure]:
    single = [subject for subject in basis if isinstance(subject.item, SingleChoice) and len(subject.keys) == 1]
    choices = [subject for subject in basis if has_choice(subject)]
    yield from _key_lengths(single)
    yield from _positions(single)
    negative = _share(choices, is_negative)
    yield Measure("bank-negative-stems", "stems with NOT or EXCEPT", negative, high=NEGATIVE_STEMS)
    absolute = _share(choices, _is_absolute_in_distractors_only)
    yield Measure(
        "bank-absolute-distractors", "absolute words in distractors only", absolute, high=ABSOLUTE_DISTRACTORS
    )
    scenarios = _share(basis, lambda subject: subject.item.scenario)
    yield Measure("bank-scenarios", "scenarios", scenarios, low=SCENARIOS)
    for domain in pack.outline.domains:
        yield from _domain(domain, basis)


def _key_lengths(single: Sequence[Subject]) -> Iterator[Measure]:
    ratios = []
    for subject in single:
        second = max(len(answer.text) for answer in subject.distractors)
        ratios.append(len(subject.keys[0].text) / second)
    longest = _share(ratios, lambda ratio: ratio >= 1)
    strictly = _share(ratios, lambda ratio: ratio > 1)
    much = _share(ratios, lambda ratio: ratio >= MUCH_LONGER)
    yield Measure("bank-key-longest", "key is longest, ties count", longest, high=KEY_LONGEST)
    yield Measure("bank-key-strictly-longest", "key alone is longest", strictly, high=KEY_STRICTLY_LONGEST)
    yield Measure("bank-key-much-longer", "key is 1.25 x the second longest", much, high=KEY_MUCH_LONGER)


def _positions(single: Sequence[Subject]) -> Iterator[Measure]:
    places = Counter(subject.answers.index(subject.keys[0]) for subject in single)
    low, high = POSITION
    for place in range(4 if single else 0):
        share = 100 * places[place] / len(single)
        yield Measure("bank-key-positions", f"key stands at {place + 1} in the file", share, low, high)


def _domain(domain: Domain, basis: Sequence[Subject]) -> Iterator[Measure]:
    own = [subject for subject in basis if subject.place.domain is domain]
    share = 100 * len(own) / len(basis) if basis else 0.0
    low, high = domain.weight - WEIGHT_SLACK, domain.weight + WEIGHT_SLACK
    yield Measure("bank-domain-weights", f"items in {domain.id}", share, low, high)
    formats = {subject.item.format for subject in own}
    difficulties = {subject.item.difficulty for subject in own}
    yield _presence("bank-formats", f"formats in {domain.id}", formats, tuple(Format))
    yield _presence("bank-difficulties", f"difficulties in {domain.id}", difficulties, tuple(Difficulty))


def _presence(rule: str, label: str, found: set[Format] | set[Difficulty], wanted: tuple[StrEnum, ...]) -> Measure:
    missing = ", ".join(name for name in wanted if name not in found)
    return Measure(rule, label, len(found), low=len(wanted), unit="", detail=f"missing: {missing}" if missing else "")


def _is_absolute_in_distractors_only(subject: Subject) -> bool:
    return any(ABSOLUTE.search(answer.text) for answer in subject.distractors) and not any(
        ABSOLUTE.search(answer.text) for answer in subject.keys
    )


def _share(things: Sequence[Thing], holds: Callable[[Thing], bool]) -> float:
    return 100 * sum(map(holds, things)) / len(things) if things else 0.0


def _counts(pack: Pack, basis: Sequence[Subject]) -> dict[str, dict[str, int]]:
    """Items by each property; domains, topics, formats and difficulties without one are listed with 0."""
    known: dict[str, Iterable[str]] = {
        "domain": pack.domains,
        "topic": pack.places,
        "format": Format,
        "difficulty": Difficulty,
        "type": (),
        "level": (),
        "pool": (),
    }
    counts = {name: dict.fromkeys(map(str, keys), 0) for name, keys in known.items()}
    for subject in basis:
        item, place = subject.item, subject.place
        for name, key in (
            ("domain", place.domain.id),
            ("topic", place.topic.id),
            ("format", item.format),
            ("difficulty", item.difficulty),
            ("type", item.type),
            ("level", item.level),
            ("pool", item.pool),
        ):
            if key is not None:
                counts[name][str(key)] = counts[name].get(str(key), 0) + 1
    return counts
