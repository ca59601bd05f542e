"""Grading: only the key is right, and luck is counted exactly."""

from collections.abc import Sequence
from itertools import combinations, permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.grading import Answer, Chosen, Grade, Matched, Ordered, Parted, grade, guess_rate
from bot.domain.item import Item
from tests.domain.items import case, matching, multiple, ordering, single

RIGHT, WRONG = Grade(1, 1), Grade(0, 1)


@pytest.mark.parametrize(
    ("item", "answer", "expected"),
    [
        (single(key=2), Chosen(frozenset({2})), RIGHT),
        (single(key=2), Chosen(frozenset({1})), WRONG),
        (single(key=2), Chosen(frozenset()), WRONG),
        (single(key=2), Chosen(frozenset({1, 2})), WRONG),
        (single(key=2), None, WRONG),
        (multiple((0, 2)), Chosen(frozenset({0, 2})), RIGHT),
        (multiple((0, 2)), Chosen(frozenset({0})), WRONG),
        (multiple((0, 2)), Chosen(frozenset({0, 3})), WRONG),
        (multiple((0, 2)), Chosen(frozenset({0, 2, 3})), WRONG),
        (ordering((2, 1, None, 3)), Ordered((1, 0, 3)), RIGHT),
        (ordering((2, 1, None, 3)), Ordered((0, 1, 3)), WRONG),
        (ordering((2, 1, None, 3)), Ordered((1, 0, 2, 3)), WRONG),
        (ordering((2, 1, None, 3)), Ordered((1, 0)), WRONG),
        (matching(), Matched((0, 1, 2)), RIGHT),
        (matching(), Matched((1, 0, 2)), WRONG),
        (matching(), Matched((0, 1, -1)), WRONG),
        (matching(), Matched((0, 1)), WRONG),
        (matching(), Matched((0, 1, 99)), WRONG),
        (matching(("x", "y", "x")), Matched((2, 1, 0)), RIGHT),
    ],
)
def test_an_answer_is_all_right_or_wrong(item: Item, answer: Answer | None, expected: Grade) -> None:
    assert grade(item, answer) == expected
    assert grade(item, answer).is_right is (expected is RIGHT)


def test_every_part_of_a_case_counts_for_itself() -> None:
    item = case(single("part-1", 1), multiple((0, 2)), ordering())
    right, wrong = Chosen(frozenset({1})), Chosen(frozenset({0, 1}))
    assert grade(item, Parted((right, wrong, Ordered((1, 0, 3))))) == Grade(2, 3)
    assert grade(item, Parted((right, None, None))) == Grade(1, 3)
    assert grade(item, Parted((right, Chosen(frozenset({0, 2})), Ordered((1, 0, 3))))).is_right
    assert grade(item, None) == Grade(0, 3)


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (single(), Ordered((0,))),
        (single(), Parted(())),
        (multiple(), Matched((0,))),
        (ordering(), Chosen(frozenset({0}))),
        (matching(), Ordered((0, 1, 2))),
        (case(single("part-1"), single("part-2")), Chosen(frozenset({0}))),
        (case(single("part-1"), single("part-2")), Parted((Chosen(frozenset({0})),))),
        (case(single("part-1"), single("part-2")), Parted((Ordered((0,)), None))),
    ],
)
def test_an_answer_to_another_type_of_item_is_an_error(item: Item, answer: Answer) -> None:
    with pytest.raises(TypeError, match="the answer"):
        grade(item, answer)


@given(st.sampled_from([5, 6]), st.data())
def test_of_all_sets_of_options_only_the_key_is_right(size: int, data: st.DataObject) -> None:
    keys = data.draw(st.sets(st.integers(0, size - 1), min_size=2, max_size=size - 1))
    chosen = data.draw(st.frozensets(st.integers(-1, size)))
    item = multiple(sorted(keys), size)
    assert grade(item, Chosen(chosen)).is_right is (chosen == keys)
    assert grade(item, Chosen(frozenset(keys))).is_right


@given(st.permutations([1, 2, 3, None, None]), st.lists(st.integers(-1, 5), max_size=5))
def test_of_all_orders_only_the_sequence_is_right(places: list[int | None], given_steps: list[int]) -> None:
    sequence = [places.index(place) for place in (1, 2, 3)]
    assert grade(ordering(places), Ordered(tuple(sequence))).is_right
    assert grade(ordering(places), Ordered(tuple(given_steps))).is_right is (given_steps == sequence)


def share(item: Item, blind: Sequence[Answer]) -> float:
    """How many of the blind answers are right."""
    return sum(grade(item, answer).is_right for answer in blind) / len(blind)


def test_the_guess_rate_is_the_share_of_right_answers_among_all_allowed_ones() -> None:
    for size in (4, 5, 6):
        for count in range(1, 2) if size == 4 else range(2, size):
            item = single() if size == 4 else multiple(range(count), size)
            blind = [Chosen(frozenset(chosen)) for chosen in combinations(range(size), count)]
            assert guess_rate(item) == pytest.approx(share(item, blind))
    for places in ((1, 2, 3), (2, 1, None, 3), (None, 1, None, 2, 3)):
        steps = [Ordered(chosen) for chosen in permutations(range(len(places)), 3)]
        assert guess_rate(ordering(places)) == pytest.approx(share(ordering(places), steps))
    for matches in ("xyz", "xyx", "xyzuv", "xxyyz"):
        pairs = [Matched(chosen) for chosen in permutations(range(len(matches)))]
        assert guess_rate(matching(matches)) == pytest.approx(share(matching(matches), pairs))


def test_the_guess_rates_of_common_items_are_exact() -> None:
    assert guess_rate(single()) == 1 / 4
    assert guess_rate(multiple((0, 1), 5)) == 1 / 10
    assert guess_rate(multiple((0, 1, 2), 6)) == 1 / 20
    assert guess_rate(ordering((1, 2, 3))) == 1 / factorial(3)
    assert guess_rate(case(single("part-1"), multiple((0, 1), 5))) == 1 / 40
