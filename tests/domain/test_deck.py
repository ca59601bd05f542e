"""Which card is dealt next, and what an answer leaves in memory."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answer import Confidence
from bot.domain.deck import choose_card, in_deck, recalled
from bot.domain.ids import CardId, ConceptId
from bot.domain.memory import KNOWN_BEFORE_DAYS, Evidence, W, review
from bot.domain.pack import Pack
from bot.domain.selection import Standing
from tests.domain.decks import card, decked

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PACK = decked(streams=2, stores=1, training=2)
S0, S1, L0, T0, T1 = (
    CardId(f"card-{name}") for name in ("streams-0", "streams-1", "stores-0", "training-0", "training-1")
)
Known = dict[CardId, Standing]


def due(days: float) -> Standing:
    return Standing(NOW + timedelta(days=days), 1, 1)


def dealt(
    known: Mapping[CardId, Standing],
    scope: str = "",
    gone: Collection[str] = (),
    met: Mapping[ConceptId, Standing] | None = None,
) -> set[CardId | None]:
    """All that a hundred draws deal."""
    return {choose_card(PACK, scope, known, met or {}, NOW, Random(seed), gone) for seed in range(100)}


def test_what_is_due_comes_before_what_is_new_the_longest_overdue_first() -> None:
    assert dealt({T0: due(-1), S0: due(-3), S1: due(2)}) == {S0}
    assert dealt({T0: due(-1), S0: due(-3), S1: due(2)}, gone=[S0]) == {T0}


def test_new_cards_come_before_those_that_are_not_due_frequent_topics_first() -> None:
    assert dealt({T0: due(3), T1: due(1)}) == {S0, S1}
    assert dealt({T0: due(3), T1: due(1), S0: due(1), S1: due(1)}) == {L0}


def test_with_nothing_due_and_nothing_new_the_one_due_next_comes() -> None:
    assert dealt({S0: due(4), S1: due(2), L0: due(9), T0: due(3), T1: due(7)}) == {S1}


def test_no_card_comes_twice_in_a_session_and_then_there_is_none() -> None:
    assert dealt({S0: due(-4)}, gone=[S0, S1, L0, T0, T1]) == {None}
    assert dealt({}, "stores", [L0]) == {None}
    assert dealt({}, "nowhere") == {None}


@pytest.mark.parametrize(
    ("scope", "within"),
    [("", 5), ("data", 3), ("1.1", 3), ("streams", 2), ("stores", 1), ("models", 2), ("2.1", 2), ("nowhere", 0)],
)
def test_a_scope_is_a_domain_a_task_or_a_topic(scope: str, within: int) -> None:
    cards = set(in_deck(PACK, scope))
    assert len(cards) == within
    assert dealt({}, scope) <= cards | {None}


def first_cards(bank: Pack, count: int, met: Mapping[ConceptId, Standing]) -> Counter[str]:
    """The domains of so many new cards."""
    rng, known = Random(5), Known()
    while len(known) < count:
        chosen = choose_card(bank, "", known, met, NOW, rng, ())
        assert chosen is not None
        assert chosen not in known
        known[chosen] = due(30)
    return Counter(bank.deck[one].place.domain.id for one in known)


def test_new_cards_follow_the_weights_and_the_weakness_shown_in_questions() -> None:
    assert first_cards(decked(streams=99, training=99, weights=(30, 70)), 100, {})["models"] == pytest.approx(70, abs=2)
    even = decked(streams=99, training=99)
    assert first_cards(even, 100, {})["models"] == pytest.approx(50, abs=2)
    met = {ConceptId("log"): Standing(NOW, 8, 8), ConceptId("split"): Standing(NOW, 8, 2)}
    assert first_cards(even, 100, met)["models"] >= 75


def test_a_card_that_left_the_pack_is_in_nobodys_way() -> None:
    assert dealt({CardId("card-gone"): due(-9)}) <= {S0, S1, T0, T1}
    assert card("card-x", "nowhere").card_id not in PACK.deck


def test_a_card_known_at_first_sight_comes_late_and_one_not_known_soon() -> None:
    knew, not_yet = (recalled(None, NOW, knew=said) for said in (True, False))
    assert knew.stability == pytest.approx(KNOWN_BEFORE_DAYS)
    assert not_yet.stability == pytest.approx(W[0])
    assert (knew.seen, knew.right, knew.last_right) == (1, 1, True)
    assert (not_yet.seen, not_yet.right, not_yet.last_right) == (1, 0, False)
    assert not_yet.due_at - NOW < timedelta(hours=8) < knew.due_at - NOW


@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 60)), min_size=1, max_size=12))
def test_an_answer_on_a_card_is_taken_at_its_word(answers: list[tuple[bool, float]]) -> None:
    """As of a question that nobody can guess, answered surely."""
    now, memory = NOW, None
    for knew, days in answers:
        now += timedelta(days=days)
        before, memory = memory, recalled(memory, now, knew=knew)
        if before is not None:
            assert memory == review(before, Evidence(knew, Confidence.SURE, 0.0), now)
            other = recalled(before, now, knew=not knew)
            assert (memory.stability > other.stability) is knew
    assert memory is not None
    assert memory.seen == len(answers)
    assert memory.right == sum(knew for knew, _ in answers)
