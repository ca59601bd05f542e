"""What a battle asks next, in the shipped pack and in small ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.battle import WEAK, Rules
from bot.domain.draw import Known, draw, words_of
from bot.domain.exercise import Exercise
from bot.domain.ids import ConceptId, DomainId, ItemId
from bot.domain.item import Difficulty, Status
from bot.domain.pack import Entry, Pack
from bot.library import load_library
from tests.domain.items import case, choice, multiple, pack, single

SHIPPED = load_library(Path(__file__).parents[2] / "content").default
CASE = case(single("part-1"), multiple(name="part-2")).model_dump(mode="json")
OTHER_PARTS = [{**part, "id": f"other-{part['id']}"} for part in CASE["parts"]]
SMALL = pack(
    {
        "streams/log": [choice("log-1", difficulty="easy"), choice("log-2", (0, 1), 5, difficulty="hard")],
        "streams/queue": [choice("queue-1"), choice("queue-2")],
        "stores/lake": [choice("lake-1", difficulty="hard"), choice("lake-2", pool="mock-a"), CASE],
        "training/split": [choice("split-1"), choice("split-2", pool="mock-a"), choice("split-3", status="draft")],
        "training/sealed": [choice("sealed-1", pool="mock-a")],
        "training/parted": [CASE | {"id": "case-2", "parts": OTHER_PARTS}],
    }
)
LOG, QUEUE, LAKE, SPLIT = (ConceptId(name) for name in ("log", "queue", "lake", "split"))
Group = Mapping[ConceptId, Known]


def due(count: int) -> Known:
    return Known(due=count, met=4, seen=4, right=2)


def met(by: int) -> Known:
    return Known(due=0, met=by, seen=by, right=by)


def answered(seen: int, right: int) -> Known:
    return Known(due=0, met=1, seen=seen, right=right)


def drawn(
    known: Group | None = None,
    asked: Sequence[ConceptId] = (),
    fought: Mapping[ItemId, int] | None = None,
    bank: Pack = SMALL,
    **rules: Any,
) -> set[str]:
    """All items that sixty draws give."""
    draws = [draw(bank, Rules(**rules), known or {}, asked, fought or {}, Random(seed)) for seed in range(60)]
    return {entry.item.id for entry in draws if entry}


def game(bank: Pack, rounds: int, known: Group | None = None, seed: int = 1, **rules: Any) -> list[Entry]:
    """What a battle of so many rounds asks."""
    rng, asked, fought, found = Random(seed), list[ConceptId](), Counter[ItemId](), list[Entry]()
    for _ in range(rounds):
        entry = draw(bank, Rules(**rules), known or {}, asked, fought, rng)
        assert entry is not None
        found.append(entry)
        asked.append(entry.concept.concept_id)
        fought[entry.item.item_id] += 1
    return found


def domain_of(bank: Pack, concept: ConceptId) -> DomainId:
    return bank.served[concept][0].place.domain.domain_id


def test_what_is_due_for_most_of_those_present_comes_first() -> None:
    known = {LOG: due(1), QUEUE: due(3), SPLIT: due(2)}
    assert drawn(known) == {"queue-1", "queue-2"}
    assert drawn(known, scope="training") == {"split-1"}
    assert drawn(known, [QUEUE]) == {"split-1"}, "then for the next most"
    assert drawn(known, [QUEUE, SPLIT]) == {"log-1", "log-2"}
    assert drawn(known | {LAKE: due(3)}) == {"queue-1", "queue-2", "lake-1"}, "by lot where it is for as many"
    assert drawn({LOG: answered(9, 0), LAKE: due(1)}, scope=WEAK) == {"lake-1"}


def test_sealed_items_drafts_and_parts_of_cases_never_come() -> None:
    everything = {"log-1", "log-2", "queue-1", "queue-2", "lake-1", "split-1"}
    served = {concept: due(1) for concept in SMALL.concepts}
    assert drawn() <= everything
    assert drawn(served) == everything
    assert {entry.item.id for entry in game(SMALL, 40)} == everything
    for concept in ("sealed", "parted"):
        assert drawn({ConceptId(concept): due(9)}) <= everything
    only_sealed = pack({"training/sealed": [choice("sealed-1", pool="mock-a"), choice("draft", status="draft")]})
    only_parts = pack({"training/parted": [CASE]})
    assert drawn(bank=only_sealed) == drawn(bank=only_parts) == set()


def test_of_the_shipped_pack_all_comes_in_time_that_is_neither_sealed_nor_part_of_a_case() -> None:
    rng, fought = Random(7), Counter[ItemId]()
    known = {concept: due(1) for concept in SHIPPED.concepts}
    found: dict[ItemId, Entry] = {}
    for concept in SHIPPED.served:
        others = [other for other in SHIPPED.served if other != concept]
        for _ in range(6):  # more than any concept has wordings
            entry = draw(SHIPPED, Rules(), known, others, fought, rng)
            assert entry is not None
            assert entry.concept.concept_id == concept
            found[entry.item.item_id] = entry
            fought[entry.item.item_id] += 1
    for entry in found.values():
        assert (entry.item.pool, entry.case, entry.item.status) == (None, None, Status.REVIEWED)
    open_ = {
        name
        for name, entry in SHIPPED.entries.items()
        if entry.item.pool is None and entry.case is None and hasattr(entry.item, "options")
    }
    assert set(found) == open_
    assert any(isinstance(entry.item, Exercise) for entry in found.values())


concepts = st.sampled_from(sorted(SHIPPED.served))
groups = st.dictionaries(
    concepts,
    st.builds(
        lambda due_, met_, seen, right: Known(due_, met_, seen, min(seen, right)),
        st.integers(0, 5), st.integers(0, 5), st.integers(0, 20), st.integers(0, 20),
    ),
    max_size=12,
)  # fmt: skip
scopes = st.sampled_from(["", WEAK, *SHIPPED.domains, *SHIPPED.places])


@given(groups, st.sets(concepts), scopes, st.none() | st.sampled_from(Difficulty), st.integers(0, 99))
def test_a_draw_is_open_in_scope_new_while_it_can_be_and_due_before_all_else(
    known: Group, asked: set[ConceptId], scope: str, difficulty: Difficulty | None, seed: int
) -> None:
    rules = Rules(scope=scope, difficulty=difficulty)
    entry = draw(SHIPPED, rules, known, sorted(asked), {}, Random(seed))
    inside = {
        concept: [one.item for one in variants if one.case is None]
        for concept, variants in SHIPPED.served.items()
        if scope in ("", WEAK, domain_of(SHIPPED, concept), variants[0].place.topic.id)
    }
    if not inside:
        assert entry is None
        return
    assert entry is not None
    assert (entry.item.pool, entry.case) == (None, None)
    assert entry.item in inside[entry.concept.concept_id]
    suits = {concept for concept, items in inside.items() if any(difficulty in (None, one.difficulty) for one in items)}
    assert not suits or difficulty in (None, entry.item.difficulty)
    able = (suits or set(inside)) - asked or suits or set(inside)
    assert entry.concept.concept_id in able
    counts = {concept: known[concept].due if concept in known else 0 for concept in able}
    assert counts[entry.concept.concept_id] == max(counts.values())


@pytest.mark.parametrize(("data", "models"), [(50, 50), (30, 70), (80, 20)])
def test_domains_come_by_their_weights(data: int, models: int) -> None:
    concepts = [f"{topic}/{topic}-{n}" for topic in ("streams", "training") for n in range(100)]
    large = pack({name: [choice(f"{name.split('/')[1]}-a")] for name in concepts}, weights=(data, models))
    found = [domain_of(large, entry.concept.concept_id) for entry in game(large, 100)]
    assert found[0] == ("data" if data > models else "models") or data == models, "the weightier one before the other"
    for count in range(10, 101, 10):
        assert found[:count].count(DomainId("models")) == pytest.approx(count * models / 100, abs=1)


@pytest.mark.parametrize("rounds", [10, 20, 30])
@pytest.mark.parametrize("seed", range(3))
def test_every_battle_over_the_shipped_pack_has_each_domain_by_its_weight(rounds: int, seed: int) -> None:
    """However much of one domain is known: what is not due does not tilt the rest."""
    one = next(iter(SHIPPED.domains))
    known = {concept: met(3) for concept in SHIPPED.served if domain_of(SHIPPED, concept) == one}
    came = Counter(domain_of(SHIPPED, entry.concept.concept_id) for entry in game(SHIPPED, rounds, known, seed))
    for name, domain in SHIPPED.domains.items():
        assert came[name] == pytest.approx(rounds * domain.weight / 100, abs=1.01)


def test_what_was_due_counts_for_the_balance_too() -> None:
    assert drawn(asked=[LOG, QUEUE]) == {"split-1"}
    assert drawn(asked=[SPLIT]) <= {"log-1", "log-2", "queue-1", "queue-2", "lake-1"}


def test_of_a_domain_what_the_fewest_have_met_comes_first() -> None:
    assert drawn({LOG: met(3), QUEUE: met(1), LAKE: met(2)}, scope="data") == {"queue-1", "queue-2"}
    assert drawn({LOG: met(3), QUEUE: met(1)}, scope="data") == {"lake-1"}
    assert drawn({LOG: met(3), QUEUE: met(1), LAKE: met(2)}, [QUEUE], scope="data") == {"lake-1"}


def test_the_weak_scope_asks_what_those_present_are_worst_at_in_their_worst_domain() -> None:
    known = {LOG: answered(9, 9), QUEUE: answered(9, 6), LAKE: answered(9, 7), SPLIT: answered(9, 8)}
    assert drawn(known, scope=WEAK) == {"queue-1", "queue-2"}
    assert drawn(known, [QUEUE], scope=WEAK) == {"lake-1"}
    assert drawn(known | {SPLIT: answered(9, 2)}, scope=WEAK) == {"split-1"}
    assert drawn(known | {LAKE: answered(0, 0)}, scope=WEAK) == {"lake-1"}, "what nobody has answered is in the middle"
    assert drawn(known | {LAKE: answered(0, 0), QUEUE: answered(9, 3)}, scope=WEAK) == {"queue-1", "queue-2"}
    assert drawn(known, [QUEUE, LAKE, LOG], scope=WEAK) == {"split-1"}, "then the next domain"


def test_no_concept_comes_twice_while_there_is_another() -> None:
    for scope in ("", WEAK, "modeling"):
        count = len([c for c in SHIPPED.served if scope in ("", WEAK, domain_of(SHIPPED, c))])
        asked = [entry.concept.id for entry in game(SHIPPED, count, scope=scope)]
        assert len(set(asked)) == count
    known = {QUEUE: due(5), LOG: due(1)}
    assert len({entry.concept.id for entry in game(SMALL, 4, known)}) == 4, "however due one is"


def test_what_this_group_has_fought_over_least_comes_of_the_variants() -> None:
    known, one, two = {QUEUE: due(1)}, ItemId("queue-1"), ItemId("queue-2")
    assert drawn(known) == drawn(known, fought={one: 2, two: 2}) == {one, two}
    assert drawn(known, fought={one: 1}) == drawn(known, fought={one: 4, two: 3}) == {two}


def test_a_difficulty_is_kept_to_where_the_scope_has_it() -> None:
    assert drawn(difficulty=Difficulty.HARD) == {"log-2", "lake-1"}
    assert drawn(difficulty=Difficulty.EASY, fought={ItemId("log-1"): 9}) == {"log-1"}
    assert drawn(difficulty=Difficulty.HARD, scope="training") == {"split-1"}, "else any comes"
    assert {entry.item.difficulty for entry in game(SMALL, 9, difficulty=Difficulty.HARD)} == {Difficulty.HARD}


def test_a_scope_that_holds_nothing_gives_nothing() -> None:
    assert drawn(scope="nowhere") == set()


def test_the_words_of_a_question_are_those_of_its_stem_and_its_options() -> None:
    entry = SMALL.entries[ItemId("log-1")]  # "Which one?", and four times "Option N."
    assert words_of(entry) == 2 + 4 * 2


def test_when_all_were_asked_none_comes_again_before_the_others_did() -> None:
    asked = [entry.concept.concept_id for entry in game(SMALL, 9, {QUEUE: due(1)}, scope="data")]
    assert set(Counter(asked).values()) == {3}


def test_an_exercise_fought_over_with_fresh_numbers_has_been_fought_over() -> None:
    concept = next(c for c, all_ in SHIPPED.served.items() if any(isinstance(one.item, Exercise) for one in all_))
    known = {concept: due(1)}
    rng, fought, drills = Random(1), Counter[ItemId](), 0
    for _ in range(12):
        entry = draw(SHIPPED, Rules(), known, [], fought, rng)
        assert entry is not None
        drills += isinstance(entry.item, Exercise)
        fought[entry.fresh(rng.randrange(1000)).item.item_id] += 1
    assert drills < 12 - len([one for one in SHIPPED.served[concept] if not isinstance(one.item, Exercise)])
