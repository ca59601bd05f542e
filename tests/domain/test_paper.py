"""Mock papers: the exam's size and blueprint, mixed, with the unscored questions hidden among the others."""

from collections import Counter
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import DomainId
from bot.domain.item import Difficulty
from bot.domain.pack import Pack, Questions
from bot.domain.paper import Paper, Shortage, apportion, blueprint, draw, pools
from bot.library import load_library
from tests.domain.items import choice, facts, pack

SHIPPED = load_library(Path(__file__).parents[2] / "content").packs
MLS = next(pack for pack in SHIPPED.values() if pack.exam.code == "MLS-C01")
SEALED = [(bank, pool) for bank in SHIPPED.values() for pool in pools(bank)]
DATA, MODELS = DomainId("data"), DomainId("models")
BANDS = ("easy", "medium", "hard")

seeds = st.integers(0, 2**32)
each_pool = pytest.mark.parametrize(("bank", "pool"), SEALED, ids=[f"{bank.id} {pool}" for bank, pool in SEALED])


def paper(bank: Pack, pool: str, seed: int = 1) -> Paper:
    drawn = draw(bank, pool, Random(seed))
    assert isinstance(drawn, Paper), drawn
    return drawn


def domains(drawn: Paper, *, scored: bool = False) -> Counter[str]:
    return Counter(one.entry.place.domain.id for one in drawn.questions if one.is_scored or not scored)


def small(data: int, models: int, total: int, unscored: int = 0, weights: tuple[int, int] = (40, 60)) -> Pack:
    """A pack with so many sealed items in each domain, beside some that are no part of the pool."""
    others: list[dict[str, Any]] = [
        choice("free"),
        choice("draft", pool="mock", status="draft"),
        choice("of-another", pool="other"),
        facts("steps", "ordering", pool="mock", stem="Order.", steps=[{"text": "x", "why": "y"}] * 3),
    ]
    sealed = {
        f"{topic}/{topic}-{n}": [choice(f"{topic}-{n}", pool="mock", difficulty=BANDS[n % 3])]
        for topic, count in (("streams", data), ("training", models))
        for n in range(count)
    }
    made = pack({"streams/beside": others, **sealed}, weights=weights)
    questions = Questions(total=total, scored=total - unscored, unscored=unscored)
    exam = made.exam.model_copy(update={"questions": questions})
    return replace(made, outline=made.outline.model_copy(update={"exam": exam}))


def test_the_blueprint_of_mls_c01_is_as_the_exam_guide_weighs() -> None:
    assert list(blueprint(MLS).values()) == [13, 16, 23, 13]
    assert list(apportion(50, {domain.domain_id: domain.weight for domain in MLS.outline.domains}).values()) == [
        10,
        12,
        18,
        10,
    ]


@each_pool
@given(seeds)
def test_a_shipped_pool_gives_a_whole_paper_by_the_blueprint(bank: Pack, pool: str, seed: int) -> None:
    drawn, exam = paper(bank, pool, seed), bank.exam.questions
    names = [one.entry.item.id for one in drawn.questions]
    assert (len(names), len(set(names)), drawn.scored) == (exam.total, exam.total, exam.scored)
    assert domains(drawn) == blueprint(bank)
    assert {one.entry.item.pool for one in drawn.questions} == {pool}


@each_pool
@given(seeds)
def test_every_third_of_a_shipped_paper_has_every_domain_and_every_difficulty(bank: Pack, pool: str, seed: int) -> None:
    questions = paper(bank, pool, seed).questions
    size = len(questions) // 3
    for start in range(0, 3 * size, size):
        third = [one.entry for one in questions[start : start + size]]
        assert {entry.place.domain.domain_id for entry in third} == set(bank.domains)
        assert {entry.item.difficulty for entry in third} == set(Difficulty)


@each_pool
@given(seeds)
def test_no_domain_comes_in_a_block(bank: Pack, pool: str, seed: int) -> None:
    runs = groupby(paper(bank, pool, seed).questions, key=lambda one: one.entry.place.domain.id)
    assert max(len(list(run)) for _, run in runs) <= 8


@each_pool
def test_what_counts_can_be_told_from_neither_place_nor_item(bank: Pack, pool: str) -> None:
    times = 2_000
    share = bank.exam.questions.scored / bank.exam.questions.total
    papers = [paper(bank, pool, seed) for seed in range(times)]
    for place in range(bank.exam.questions.total):
        assert sum(one.questions[place].is_scored for one in papers) / times == pytest.approx(share, abs=0.06)
    scored = Counter(one.entry.item.id for drawn in papers for one in drawn.questions if one.is_scored)
    assert min(scored.values()) / times == pytest.approx(share, abs=0.06)
    assert max(scored.values()) / times == pytest.approx(share, abs=0.06)
    assert {frozenset(domains(one, scored=True).items()) for one in papers[:50]} == {
        frozenset(apportion(bank.exam.questions.scored, blueprint(bank)).items())
    }


def test_the_same_dice_give_the_same_paper_and_others_another() -> None:
    pool = next(iter(pools(MLS)))
    assert paper(MLS, pool, 3) == paper(MLS, pool, 3)
    orders = {tuple(one.entry.item.id for one in paper(MLS, pool, seed).questions) for seed in range(20)}
    assert len(orders) == 20


def test_a_pool_holds_what_is_sealed_reviewed_and_can_be_asked() -> None:
    bank = small(2, 1, total=3)
    assert {pool: [entry.item.id for entry in entries] for pool, entries in pools(bank).items()} == {
        "other": ["of-another"],
        "mock": ["streams-0", "streams-1", "training-0"],
    }
    assert pools(pack({"streams/log": [choice("log-1")]})) == {}


def test_a_pool_that_has_too_little_says_what_it_lacks() -> None:
    lacking = draw(small(3, 9, total=20), "mock", Random(1))
    assert lacking == Shortage("mock", {DATA: 5, MODELS: 3})
    assert str(lacking) == "pool 'mock' can't give a paper: it lacks 5 in data, 3 in models"
    assert draw(small(3, 9, total=20), "nowhere", Random(1)) == Shortage("nowhere", {DATA: 8, MODELS: 12})


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 30),
    st.integers(0, 29),
    st.integers(1, 99),
    st.integers(0, 9),
)
def test_a_pool_gives_a_paper_exactly_if_each_domain_has_its_share(
    data: int, models: int, total: int, unscored: int, weight: int, seed: int
) -> None:
    bank = small(data, models, total, min(unscored, total - 1), weights=(weight, 100 - weight))
    wanted = blueprint(bank)
    assert sum(wanted.values()) == total
    drawn = draw(bank, "mock", Random(seed))
    if data >= wanted[DATA] and models >= wanted[MODELS]:
        assert isinstance(drawn, Paper)
        assert domains(drawn) == {domain: count for domain, count in wanted.items() if count}
        assert drawn.scored == bank.exam.questions.scored
        assert len({one.entry.item.id for one in drawn.questions}) == total
    else:
        assert isinstance(drawn, Shortage)
        assert all(count > 0 for count in drawn.lacking.values())


weights_of = st.lists(st.integers(1, 100), min_size=1, max_size=6).map(
    lambda numbers: {DomainId(str(place)): number for place, number in enumerate(numbers)}
)


@given(weights_of, st.integers(0, 100), st.integers(0, 100))
def test_shares_are_whole_near_the_exact_ones_and_add_up(weights: dict[DomainId, int], size: int, part: int) -> None:
    places = apportion(size, weights)
    whole = sum(weights.values())
    assert sum(places.values()) == size
    assert all(abs(places[domain] - size * weight / whole) < 1 for domain, weight in weights.items())
    some = apportion(min(size, part), weights, most=places)
    assert sum(some.values()) == min(size, part)
    assert all(some[domain] <= places[domain] for domain in weights)


def test_more_places_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(ValueError, match="3 places are more than 2"):
        apportion(3, {DATA: 1, MODELS: 1}, most={DATA: 1, MODELS: 1})
