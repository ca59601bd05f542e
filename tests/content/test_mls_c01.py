"""The MLS-C01 pack holds what it promises: so many items, pools by the blueprint, cases, cards, exercises, guides."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from random import Random

import pytest

from bot.domain.card import CardKind, ServiceCard
from bot.domain.check.rules import Severity
from bot.domain.check.text import line
from bot.domain.exercise import Exercise
from bot.domain.ids import ConceptId, TaskId
from bot.domain.item import Case, Difficulty, Format, MultipleResponse, SingleChoice, Status
from bot.domain.pack import Entry, Pack, Rating, Topic
from bot.domain.paper import Paper, blueprint, draw, pools
from bot.library import check_pack, load_pack
from bot.settings import CHECKOUT

FOLDER = CHECKOUT / "content" / "mls-c01"
POOLS = ("mock-1", "mock-2", "mock-3")


@cache
def pack() -> Pack:
    return load_pack(FOLDER)


@cache
def items() -> tuple[Entry, ...]:
    """Every item as written; cases, their parts and exercises are counted for themselves."""
    return tuple(entry for entry in pack().written if isinstance(entry.item, SingleChoice | MultipleResponse))


@cache
def cases() -> tuple[Entry, ...]:
    return tuple(entry for entry in pack().written if isinstance(entry.item, Case))


def parts(case: Entry) -> list[Entry]:
    return [entry for entry in pack().entries.values() if entry.case is case.item]


def share(count: int) -> float:
    return 100 * count / len(items())


def is_cross_domain(entry: Entry) -> bool:
    """The item draws on a task of another domain, too."""
    own = {task.id for task in entry.place.domain.tasks}
    return any(task not in own for task in entry.item.also)


def topics(*quadrants: tuple[Rating, Rating]) -> list[Topic]:
    """The topics rated so: complexity, frequency."""
    found = (place.topic for place in pack().places.values())
    return [topic for topic in found if (topic.complexity, topic.frequency) in quadrants]


def fewest_in(wanted: list[Topic], counted: Iterator[Entry]) -> int:
    counts = Counter(entry.place.topic.id for entry in counted)
    return min(counts[topic.id] for topic in wanted)


def fewest_variants() -> int:
    """Wordings that practice has of a concept of an HH or LH topic."""
    wanted = {topic.id for topic in topics((Rating.HIGH, Rating.HIGH), (Rating.LOW, Rating.HIGH))}
    concepts = [concept.concept_id for concept, place in pack().concepts.values() if place.topic.id in wanted]
    return min(map(wordings, concepts))


def wordings(concept: ConceptId) -> int:
    return sum(not isinstance(entry.item, Exercise) for entry in pack().served.get(concept, ()))


def guide_entries(kind: str) -> int:
    """What the domain has that has least."""
    guides = {guide.domain: guide for guide in pack().guides}
    return min(len(getattr(guides.get(domain.id), kind, ())) for domain in pack().outline.domains)


HIGH = (Rating.HIGH, Rating.HIGH)
AT_LEAST: dict[str, tuple[int, Callable[[], float]]] = {
    "single choices and multiple responses": (430, lambda: len(items())),
    "of them reviewed": (430, lambda: sum(entry.item.status is Status.REVIEWED for entry in items())),
    "of them for practice": (235, lambda: sum(entry.item.pool is None for entry in items())),
    "items of a topic": (1, lambda: fewest_in([place.topic for place in pack().places.values()], iter(items()))),
    "items of a topic rated HH": (6, lambda: fewest_in(topics(HIGH), iter(items()))),
    "scenarios, per cent": (75, lambda: share(sum(entry.item.scenario for entry in items()))),
    "multiple responses, per cent": (15, lambda: share(sum(isinstance(e.item, MultipleResponse) for e in items()))),
    "cross-domain items": (20, lambda: sum(map(is_cross_domain, items()))),
    "case studies": (4, lambda: len(cases())),
    "parts of a case study": (4, lambda: min((len(parts(case)) for case in cases()), default=0)),
    "domains of a case study": (
        3,
        lambda: min((len({part.place.domain.id for part in parts(case)}) for case in cases()), default=0),
    ),
    "concepts": (150, lambda: len(pack().concepts)),
    "wordings of a concept of an HH or LH topic": (2, fewest_variants),
    "cards": (250, lambda: len(pack().deck)),
    "generators of exercises": (8, lambda: len(pack().exercises)),
    "tips of a domain": (5, lambda: guide_entries("tips")),
    "labs of a domain": (3, lambda: guide_entries("labs")),
    "pages of a domain": (5, lambda: guide_entries("reading")),
}
AT_MOST: dict[str, tuple[int, Callable[[], float]]] = {
    "multiple responses, per cent": (25, lambda: share(sum(isinstance(e.item, MultipleResponse) for e in items()))),
    "drafts": (0, lambda: sum(entry.item.status is Status.DRAFT for entry in pack().entries.values())),
    "draft cards": (0, lambda: sum(card.status is Status.DRAFT for card in pack().cards)),
    "warnings": (9, lambda: sum(one.severity is Severity.WARNING for one in check_pack(FOLDER).findings)),
}


@pytest.mark.parametrize("what", AT_LEAST)
def test_there_are_enough(what: str) -> None:
    least, count = AT_LEAST[what]
    assert count() >= least


@pytest.mark.parametrize("what", AT_MOST)
def test_there_are_not_too_many(what: str) -> None:
    most, count = AT_MOST[what]
    assert count() <= most


@pytest.mark.parametrize("domain", [domain.id for domain in load_pack(FOLDER).outline.domains])
def test_a_domain_has_its_share_within_two_points(domain: str) -> None:
    weight = next(one.weight for one in pack().outline.domains if one.id == domain)
    assert share(sum(entry.place.domain.id == domain for entry in items())) == pytest.approx(weight, abs=2)


def test_there_are_three_sealed_pools_and_no_item_in_two() -> None:
    found = pools(pack())
    assert sorted(found) == list(POOLS)
    names = {pool: {entry.item.item_id for entry in entries} for pool, entries in found.items()}
    assert all(not names[one] & names[other] for one, other in combinations(POOLS, 2))
    served = {entry.item.item_id for variants in pack().served.values() for entry in variants}
    assert all(not served & sealed for sealed in names.values())


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_is_exactly_one_paper(pool: str) -> None:
    entries = pools(pack())[pool]
    counts = Counter(entry.place.domain.domain_id for entry in entries)
    assert [counts[domain] for domain in pack().domains] == [13, 16, 23, 13]
    assert counts == blueprint(pack())
    drawn = draw(pack(), pool, Random(1))
    assert isinstance(drawn, Paper)
    assert {one.entry.item.id for one in drawn.questions} == {entry.item.id for entry in entries}


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_has_every_difficulty_and_every_format(pool: str) -> None:
    entries = pools(pack())[pool]
    assert {entry.item.difficulty for entry in entries} == set(Difficulty)
    assert {entry.item.format for entry in entries} == set(Format)


def test_every_service_has_a_card() -> None:
    carded = {entry.card.service for entry in pack().deck.values() if isinstance(entry.card, ServiceCard)}
    assert set(pack().outline.services) == carded


def test_there_are_cards_of_every_kind() -> None:
    assert {entry.card.kind for entry in pack().deck.values()} == set(CardKind)


def test_every_exercise_stands_under_one_concept_beside_written_items() -> None:
    for entry in pack().exercises.values():
        assert wordings(entry.concept.concept_id) >= 2, entry.concept.id


def test_what_items_draw_on_exists() -> None:
    assert all(TaskId(task) in pack().tasks for entry in pack().entries.values() for task in entry.item.also)


def test_the_check_passes_within_five_seconds_of_work_and_every_statistic_is_within_its_limits() -> None:
    began = time.process_time()
    report = check_pack(FOLDER)
    assert time.process_time() - began < 5  # seconds of work, whatever else the machine does
    assert report.is_ok, "\n".join(map(line, report.findings))
    assert report.bank is not None
    assert [measure.label for measure in report.bank.measures if not measure.is_within] == []
