"""What is asked next: due, then new by weight and weakness, in the wording met least."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.exercise import Exercise
from bot.domain.ids import ConceptId, DomainId, ItemId
from bot.domain.item import Difficulty, SingleChoice
from bot.domain.pack import Concept, Pack, Rating
from bot.domain.selection import (
    Seen,
    Standing,
    choose_concept,
    choose_variant,
    due_concepts,
    in_scope,
    weakness,
)
from bot.library import load_library
from tests.domain.items import choice, pack

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHIPPED = load_library(Path(__file__).parents[2] / "content").default
Met = dict[ConceptId, Standing]

SMALL = pack(
    {
        "streams/log": [choice("log-1", difficulty="easy"), choice("log-2", (0, 1), 5, difficulty="easy")],
        "streams/queue": [choice("queue-1"), choice("queue-2")],
        "stores/lake": [choice("lake-1")],
        "training/split": [choice("split-1"), choice("split-2", pool="mock-a"), choice("split-3", status="draft")],
        "training/sealed": [choice("sealed-1", pool="mock-a")],
    }
)
LOG, QUEUE, LAKE, SPLIT = (ConceptId(name) for name in ("log", "queue", "lake", "split"))


def standing(days: float, *, seen: int = 1, right: int = 1) -> Standing:
    """A concept that is due in so many days."""
    return Standing(NOW + timedelta(days=days), seen, right)


def domain_of(bank: Pack, concept: ConceptId) -> DomainId:
    return bank.served[concept][0].place.domain.domain_id


def chosen(met: Mapping[ConceptId, Standing], scope: str = "", avoid: tuple[ConceptId, ...] = ()) -> set[ConceptId]:
    """All that a hundred draws choose."""
    draws = {choose_concept(SMALL, scope, met, NOW, Random(seed), avoid) for seed in range(100)}
    return {concept for concept in draws if concept is not None}


def test_drafts_and_sealed_items_are_never_served() -> None:
    assert set(SMALL.served) == {LOG, QUEUE, LAKE, SPLIT}
    assert [entry.item.id for entry in SMALL.served[SPLIT]] == ["split-1"]


def test_what_is_due_comes_first_and_the_longest_overdue_before_all() -> None:
    met = {LOG: standing(-1), QUEUE: standing(-3), LAKE: standing(0), SPLIT: standing(2)}
    assert due_concepts(list(met), met, NOW) == [QUEUE, LOG, LAKE]
    assert chosen(met) == {QUEUE}
    assert chosen({QUEUE: standing(-1)}) == {QUEUE}, "before anything new"


def test_without_anything_due_a_new_concept_comes() -> None:
    assert chosen({LOG: standing(1), QUEUE: standing(2), SPLIT: standing(3)}) == {LAKE}


def test_with_everything_met_the_one_due_next_comes() -> None:
    assert chosen({LOG: standing(4), QUEUE: standing(2), SPLIT: standing(3), LAKE: standing(9)}) == {QUEUE}


def test_what_was_asked_a_moment_ago_comes_only_if_nothing_else_is_left() -> None:
    met = {LOG: standing(-1), QUEUE: standing(-3)}
    assert chosen(met, avoid=(QUEUE,)) == {LOG}
    assert QUEUE not in chosen({QUEUE: standing(-3)}, avoid=(QUEUE,))
    assert chosen({}, "stores", avoid=(LAKE,)) == {LAKE}
    assert chosen({LAKE: standing(-1)}, "stores", avoid=(LAKE,)) == {LAKE}
    everything = {LOG: standing(4), QUEUE: standing(2), SPLIT: standing(3), LAKE: standing(9)}
    assert chosen(everything, avoid=(QUEUE,)) == {SPLIT}


@pytest.mark.parametrize(
    ("scope", "within"),
    [
        ("", {LOG, QUEUE, LAKE, SPLIT}),
        ("data", {LOG, QUEUE, LAKE}),
        ("1.1", {LOG, QUEUE, LAKE}),
        ("streams", {LOG, QUEUE}),
        ("stores", {LAKE}),
        ("models", {SPLIT}),
        ("nowhere", set()),
    ],
)
def test_a_scope_is_a_domain_a_task_or_a_topic(scope: str, within: set[ConceptId]) -> None:
    assert set(in_scope(SMALL, scope)) == within
    assert chosen({}, scope) <= within
    assert chosen({SPLIT: standing(-9), LOG: standing(-8)}, scope) <= within
    assert bool(chosen({}, scope)) is bool(within)


def test_topics_that_the_exam_asks_often_come_before_those_it_asks_rarely() -> None:
    assert chosen({SPLIT: standing(3)}, "data") == {LOG, QUEUE}
    assert chosen({SPLIT: standing(3), LOG: standing(3)}, "data") == {QUEUE}
    assert chosen({SPLIT: standing(3), LOG: standing(3), QUEUE: standing(3)}, "data") == {LAKE}


def test_the_first_question_ever_is_an_easy_single_choice() -> None:
    assert chosen({}) == {LOG}
    for seed in range(50):
        assert choose_variant(SMALL.served[LOG], {}, Random(seed), warm_up=True).item.id == "log-1"
        first = choose_concept(SHIPPED, "", {}, NOW, Random(seed))
        assert first is not None
        item = choose_variant(SHIPPED.served[first], {}, Random(seed), warm_up=True).item
        assert isinstance(item, SingleChoice)
        assert item.difficulty is Difficulty.EASY


def test_where_there_is_no_easy_item_the_first_question_is_another() -> None:
    assert chosen({}, "models") == {SPLIT}
    assert choose_variant(SMALL.served[SPLIT], {}, Random(1), warm_up=True).item.id == "split-1"


def test_the_variant_seen_least_and_longest_ago_comes() -> None:
    bank = pack({"streams/one": [choice(f"one-{n}") for n in range(4)]})
    variants = bank.served[ConceptId("one")]

    def drawn(**seen: tuple[int, int]) -> set[str]:
        known = {ItemId(f"one-{key[1:]}"): Seen(n, NOW - timedelta(days=days)) for key, (n, days) in seen.items()}
        return {choose_variant(variants, known, Random(seed), warm_up=False).item.id for seed in range(100)}

    assert drawn() == {"one-0", "one-1", "one-2", "one-3"}
    assert drawn(v0=(1, 9), v1=(1, 3)) == {"one-2", "one-3"}, "never seen"
    assert drawn(v0=(2, 90), v1=(1, 3), v2=(1, 5), v3=(1, 4)) == {"one-2"}, "least, then longest ago"


DRILLED = [concept for concept, _ in SHIPPED.concepts.values() if concept.exercises]


@pytest.mark.parametrize("concept", DRILLED, ids=[concept.id for concept in DRILLED])
@pytest.mark.parametrize("seed", range(3))
def test_exercises_take_one_turn_in_a_round_however_many_there_are(concept: Concept, seed: int) -> None:
    variants = SHIPPED.served[concept.concept_id]
    drills = {entry.item.id for entry in variants if isinstance(entry.item, Exercise)}
    written = {entry.item.id for entry in variants} - drills
    seen: dict[ItemId, Seen] = {}
    asked: list[str] = []
    rng = Random(seed)
    rounds = range(0, 12 * (len(written) + 1), len(written) + 1)  # a year of reviews and more
    for day in range(rounds.stop):
        item = choose_variant(variants, seen, rng, warm_up=day == 0).item.item_id
        seen[item] = Seen(seen[item].times + 1 if item in seen else 1, NOW + timedelta(days=day))
        asked.append(item)
    assert drills
    assert {bool(set(asked[start : start + len(written) + 1]) & drills) for start in rounds} == {True}
    assert set(asked[: len(written) + 1]) >= written, "every angle within a turn more than there are"
    assert {times.times for item, times in seen.items() if item in written} == {12}
    shares = [sum(item == drill for item in asked) for drill in drills]
    assert sum(shares) == 12
    assert max(shares) - min(shares) <= 1
    in_a_row = sum(one in drills and other in drills for one, other in pairwise(asked))
    assert in_a_row == 0, "longest ago comes first, so the order of the first round stays"


def test_a_concept_of_exercises_alone_is_drilled() -> None:
    drills = [entry for entry in SHIPPED.exercises.values() if entry.concept.id == "rates-from-matrix"]
    assert len({choose_variant(drills, {}, Random(seed), warm_up=True).item.id for seed in range(50)}) == 3


def large(weights: tuple[int, int]) -> Pack:
    """Two hundred concepts in each of two domains."""
    return pack(
        {
            f"{topic}/{topic}-{n}": [choice(f"{topic}-{n}-1", difficulty="easy")]
            for topic in ("streams", "training")
            for n in range(200)
        },
        weights=weights,
    )


def meet_new(bank: Pack, count: int, right: Mapping[str, float], seed: int = 5) -> Counter[str]:
    """How many new concepts of each domain are met by one who is right so often in each, nothing coming due."""
    rng, met = Random(seed), Met()
    for _ in range(count):
        concept = choose_concept(bank, "", met, NOW, rng)
        assert concept is not None
        assert concept not in met
        is_right = rng.random() < right[domain_of(bank, concept)]
        met[concept] = standing(3, right=int(is_right))
    return Counter(str(domain_of(bank, concept)) for concept in met)


def test_new_concepts_follow_the_weights_of_the_domains() -> None:
    assert meet_new(large((30, 70)), 100, {"data": 0.0, "models": 0.0})["models"] == pytest.approx(70, abs=3)
    assert meet_new(large((50, 50)), 100, {"data": 0.0, "models": 0.0})["models"] == pytest.approx(50, abs=3)


def test_a_weak_domain_gets_more_than_its_weight() -> None:
    even = meet_new(large((50, 50)), 100, {"data": 0.5, "models": 0.5})
    weak = meet_new(large((50, 50)), 100, {"data": 0.9, "models": 0.4})
    assert 40 <= even["models"] <= 60
    assert weak["models"] >= 70


def test_the_shipped_pack_is_learnt_by_weight_until_a_domain_runs_out() -> None:
    half = meet_new(SHIPPED, len(SHIPPED.served) // 2, dict.fromkeys(SHIPPED.domains, 0.0))
    for domain_id, domain in SHIPPED.domains.items():
        assert half[domain_id] / half.total() == pytest.approx(domain.weight / 100, abs=0.06)
    assert meet_new(SHIPPED, len(SHIPPED.served), dict.fromkeys(SHIPPED.domains, 0.6)).total() == len(SHIPPED.served)


def test_in_each_domain_of_the_shipped_pack_frequent_topics_come_first() -> None:
    rng, met = Random(3), Met()
    rare_met: set[DomainId] = set()
    while (concept := choose_concept(SHIPPED, "", met, NOW, rng)) not in met:
        assert concept is not None
        place = SHIPPED.served[concept][0].place
        if place.topic.frequency is Rating.LOW and met:  # the very first is the warm-up
            rare_met.add(place.domain.domain_id)
        else:
            assert place.domain.domain_id not in rare_met or not met
        met[concept] = standing(3)
    assert set(met) == set(SHIPPED.served)


def test_weakness_starts_in_the_middle_and_follows_the_answers() -> None:
    assert set(weakness({}, SMALL).values()) == {0.5}
    met = {LOG: standing(1, seen=8, right=8), SPLIT: standing(1, seen=8, right=0), ConceptId("gone"): standing(1)}
    weak = weakness(met, SMALL)
    assert weak[DomainId("data")] == pytest.approx(0.1)
    assert weak[DomainId("models")] == pytest.approx(0.9)


concepts = st.sampled_from(sorted(SMALL.served))


@given(
    st.dictionaries(concepts, st.builds(standing, st.floats(-30, 30))),
    st.sets(concepts),
    st.sampled_from(["", "data", "1.1", "streams", "stores", "training", "2.1"]),
    st.integers(0, 99),
)
def test_a_scope_that_holds_something_always_gives_something(
    met: Met, avoid: set[ConceptId], scope: str, seed: int
) -> None:
    concept = choose_concept(SMALL, scope, met, NOW, Random(seed), avoid)
    within = in_scope(SMALL, scope)
    assert concept in within
    if set(within) - avoid:
        assert concept not in avoid
    assert choose_concept(SMALL, "nowhere", met, NOW, Random(seed), avoid) is None
