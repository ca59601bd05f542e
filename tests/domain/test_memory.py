"""Memory against its reference, and the promises that the belief adds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import memory as memories
from bot.domain.answer import Confidence
from bot.domain.memory import (
    AGAIN,
    EASY,
    GOOD,
    KNOWN_BEFORE_DAYS,
    SAME_DAY_DAYS,
    STABILITY_RANGE,
    Evidence,
    Memory,
    first_difficulty,
    first_stability,
    knew,
    meet,
    next_difficulty,
    next_stability,
    prior_known,
    retrievability,
    review,
)

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
REFERENCE = Scheduler(enable_fuzzing=False)

stabilities = st.floats(*STABILITY_RANGE)
difficulties = st.floats(1, 10)
spans = st.floats(0, 4000)  # days
guess_rates = st.sampled_from([0.05, 0.1, 0.25, 0.5])
confidences = st.sampled_from([None, *Confidence])
answers = st.builds(Evidence, st.booleans(), confidences, guess_rates)


def at(stability: float, difficulty: float = 5.0) -> Memory:
    return Memory(stability, difficulty, START, seen=1, right=1, first_right=True)


def after(memory: Memory, days: float, *, right: bool, confidence: Confidence | None = None) -> Memory:
    return review(memory, Evidence(right, confidence, 0.25), memory.reviewed_at + timedelta(days=days))


# Same-day gaps are minutes: between half a day and a whole one we differ from the reference on purpose.
gaps = st.one_of(
    st.integers(1, 60).map(lambda days: timedelta(days=days)), st.integers(0, 600).map(lambda n: timedelta(minutes=n))
)


@given(st.sampled_from([AGAIN, GOOD]), st.lists(st.tuples(gaps, st.sampled_from([AGAIN, GOOD])), max_size=12))
def test_ratings_change_stability_and_difficulty_as_in_py_fsrs(first: int, rest: list[tuple[timedelta, int]]) -> None:
    card, _ = REFERENCE.review_card(Card(card_id=1), Rating(first), START)
    stability, difficulty, now = first_stability(first), first_difficulty(first), START
    for gap, rating in rest:
        now += gap
        card, _ = REFERENCE.review_card(card, Rating(rating), now)
        days = gap / timedelta(days=1)
        stability = next_stability(stability, difficulty, days, rating)
        difficulty = next_difficulty(difficulty, rating)
        assert card.stability is not None
        if card.stability > STABILITY_RANGE[1]:
            return  # we stop at a hundred years
        assert stability == pytest.approx(card.stability, rel=1e-9)
        assert difficulty == pytest.approx(card.difficulty, rel=1e-9)


@given(st.integers(0, 3000), stabilities)
def test_recall_is_that_of_py_fsrs_at_whole_days(days: int, stability: float) -> None:
    card = Card(card_id=1, stability=stability, difficulty=5.0, last_review=START)
    expected = REFERENCE.get_card_retrievability(card, START + timedelta(days=days))
    assert retrievability(days, stability) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rating", [AGAIN, GOOD, EASY])
def test_the_first_rating_gives_what_it_gives_in_py_fsrs(rating: int) -> None:
    card, _ = REFERENCE.review_card(Card(card_id=1), Rating(rating), START)
    assert (first_stability(rating), first_difficulty(rating)) == pytest.approx((card.stability, card.difficulty))


def test_an_answer_that_surely_came_from_knowing_is_the_rating_good() -> None:
    certain = Evidence(right=True, confidence=None, guess_rate=0.0)
    got = review(at(3.0, 6.0), certain, START + timedelta(days=4))
    assert got.stability == pytest.approx(next_stability(3.0, 6.0, 4, GOOD))
    assert got.difficulty == pytest.approx(next_difficulty(6.0, GOOD))


def test_a_daily_question_answered_minutes_early_counts_as_the_next_day() -> None:
    early = after(at(1.0), 23.9 / 24, right=True, confidence=Confidence.SURE)
    late = after(at(1.0), 24.1 / 24, right=True, confidence=Confidence.SURE)
    assert early.stability == pytest.approx(late.stability, rel=0.02)


@pytest.mark.parametrize(
    ("ratings", "recall"),
    [
        ([(72, AGAIN)], 0.66),
        ([(72, GOOD)], 0.88),
        ([(72, AGAIN), (24, GOOD)], 0.95),
        ([(72, AGAIN), (48, GOOD), (24, GOOD)], 0.97),
    ],
    ids=["missed and left", "right once", "missed, then right near the end", "missed, then right twice"],
)
def test_the_last_72_hours_are_worth_what_learning_md_says(ratings: Sequence[tuple[int, int]], recall: float) -> None:
    (before, first), *rest = ratings  # hours before the exam
    stability, difficulty = first_stability(first), first_difficulty(first)
    for hours, rating in rest:
        stability = next_stability(stability, difficulty, (before - hours) / 24, rating)
        difficulty = next_difficulty(difficulty, rating)
        before = hours
    assert round(retrievability(before / 24, stability), 2) == recall


@given(st.floats(0.01, 0.99), st.lists(st.tuples(spans, answers), min_size=1, max_size=15), answers)
def test_stability_and_difficulty_stay_in_their_ranges(
    prior: float, rest: list[tuple[float, Evidence]], first: Evidence
) -> None:
    memory = meet(prior, first, START)
    for days, evidence in rest:
        memory = review(memory, evidence, memory.reviewed_at + timedelta(days=days))
        assert STABILITY_RANGE[0] <= memory.stability <= STABILITY_RANGE[1]
        assert 1 <= memory.difficulty <= 10
    assert memory.seen == 1 + len(rest)
    assert memory.right == first.right + sum(evidence.right for _, evidence in rest)
    assert memory.first_right is first.right


@given(stabilities, difficulties, spans, confidences, guess_rates)
def test_right_never_leaves_less_than_wrong(
    stability: float, difficulty: float, days: float, confidence: Confidence | None, rate: float
) -> None:
    then = START + timedelta(days=days)
    right, wrong = (review(at(stability, difficulty), Evidence(r, confidence, rate), then) for r in (True, False))
    assert right.stability >= wrong.stability * (1 - 1e-12)
    assert right.difficulty <= wrong.difficulty + 1e-12


@given(stabilities, difficulties, spans)
def test_right_by_a_guess_is_worth_as_much_as_wrong(stability: float, difficulty: float, days: float) -> None:
    lucky = after(at(stability, difficulty), days, right=True, confidence=Confidence.GUESS)
    wrong = after(at(stability, difficulty), days, right=False)
    assert (lucky.stability, lucky.difficulty) == (wrong.stability, wrong.difficulty)
    assert lucky.right == wrong.right + 1


@given(stabilities, difficulties, spans)
def test_the_surer_a_right_answer_the_more_it_is_worth(stability: float, difficulty: float, days: float) -> None:
    sure, leaning, guess = (
        after(at(stability, difficulty), days, right=True, confidence=confidence).stability
        for confidence in (Confidence.SURE, Confidence.LEANING, Confidence.GUESS)
    )
    assert sure >= leaning * (1 - 1e-12) >= guess * (1 - 1e-9)


@given(st.floats(0.01, 0.99))
def test_the_surer_a_first_right_answer_the_more_it_is_worth(prior: float) -> None:
    sure, leaning, unsaid, guess, wrong = (
        meet(prior, Evidence(right, confidence, 0.25), START).stability
        for right, confidence in (
            (True, Confidence.SURE),
            (True, Confidence.LEANING),
            (True, None),
            (True, Confidence.GUESS),
            (False, None),
        )
    )
    assert KNOWN_BEFORE_DAYS > sure > leaning == unsaid > guess == wrong


@given(stabilities, spans, spans)
def test_recall_falls_with_time(stability: float, one: float, other: float) -> None:
    short, long = sorted((one, other))
    assert 1 >= retrievability(short, stability) >= retrievability(long, stability) > 0


@given(stabilities, difficulties, st.sampled_from([AGAIN, GOOD]), spans, spans)
def test_a_longer_gap_makes_the_same_rating_worth_more(
    stability: float, difficulty: float, rating: int, one: float, other: float
) -> None:
    short, long = (max(days, SAME_DAY_DAYS) for days in sorted((one, other)))
    less, more = (next_stability(stability, difficulty, days, rating) for days in (short, long))
    assert less <= more * (1 + 1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), guess_rates)
def test_a_right_answer_says_more_of_who_was_expected_to_know(one: float, other: float, rate: float) -> None:
    low, high = sorted((one, other))
    evidence = Evidence(right=True, confidence=None, guess_rate=rate)
    assert low <= knew(low, evidence) <= knew(high, evidence) <= 1


def test_a_wrong_answer_never_came_from_knowing() -> None:
    assert knew(0.99, Evidence(right=False, confidence=Confidence.SURE, guess_rate=0.25)) == 0


@given(stabilities, difficulties, answers, st.floats(0, 400))
def test_a_clock_that_goes_backwards_counts_as_no_time(
    stability: float, difficulty: float, evidence: Evidence, days: float
) -> None:
    memory = at(stability, difficulty)
    back = review(memory, evidence, START - timedelta(days=days))
    assert back == review(memory, evidence, START)
    assert back.reviewed_at == START


@given(stabilities)
def test_a_concept_is_due_after_as_many_days_as_its_stability(stability: float) -> None:
    memory = at(stability)
    assert memory.due_at - memory.reviewed_at == pytest.approx(
        timedelta(days=stability), abs=timedelta(microseconds=2 + stability * 1e-3)
    )
    assert retrievability(stability, stability) == pytest.approx(memories.RETENTION)


def test_the_prior_follows_the_first_answers_and_starts_below_a_half() -> None:
    assert prior_known(0, 0) == pytest.approx(0.4)
    assert prior_known(0, 20) < prior_known(5, 20) < prior_known(20, 20) < 1
