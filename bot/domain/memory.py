"""What a learner remembers of a concept: FSRS-6 in fractional days, held as a belief.

Source: FSRS-6 by open-spaced-repetition (the algorithm page of its wiki; py-fsrs 6.3 is the reference in the tests).
Three things differ, all on purpose. Time is counted in fractional days, because whole days say nothing about the last
72 hours. A review belongs to the same day within half a day, so that a daily question answered five minutes earlier
than yesterday is not a second look of the same day. And an answer to a multiple-choice question is evidence, not
truth: a right answer may be luck, so the new state is the mean of "knew it" and "did not", weighted by the probability
that the learner knew.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, log

from bot.domain.answer import Confidence

# Default parameters of FSRS-6; fitting them to one learner's four weeks predicts worse (learning.md).
W = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
DECAY = W[20]
FACTOR = 0.9 ** (-1 / DECAY) - 1
RETENTION = 0.9  # a concept is due when its recall has fallen to this
AGAIN, GOOD, EASY = 1, 3, 4
# py-fsrs has 1.0; on 12,580 real reviews 0.5 lowers the log loss from .476 to .464, after gaps of 12-24 h .550 to .494
SAME_DAY_DAYS = 0.5
STABILITY_RANGE = (0.001, 36_500.0)  # days; the lower end as in py-fsrs, the upper its longest interval
KNOWN_BEFORE_DAYS = 30.0  # stability of what was known before study began (learning.md, "Belief")
SURE_BY_LUCK = 0.05  # P(says sure | guessed right) / P(says sure | knew); ours, to be fitted from answers
PRIOR_KNOWN = (2.0, 3.0)  # Beta prior of "knew it before": successes, failures; ours, mean 0.4


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of one concept in one head."""

    stability: float  # days until recall falls to 0.9
    difficulty: float  # 1-10
    reviewed_at: datetime
    seen: int  # answers
    right: int  # right answers, lucky ones too
    first_right: bool  # whether the first answer was
    last_right: bool = True  # whether the newest was

    @property
    def due_at(self) -> datetime:
        """When recall will have fallen to the wanted retention."""
        return self.reviewed_at + timedelta(days=interval(self.stability, RETENTION))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer, as memory sees it."""

    right: bool
    confidence: Confidence | None
    guess_rate: float  # 0-1, chance that a blind answer is right


def retrievability(elapsed_days: float, stability: float) -> float:
    """Probability of recall after so many days."""
    return float((1 + FACTOR * elapsed_days / stability) ** -DECAY)


def interval(stability: float, retention: float) -> float:
    """Days until recall falls to `retention`."""
    return float(stability / FACTOR * (retention ** (-1 / DECAY) - 1))


def first_stability(rating: int) -> float:
    """Stability in days after the first rating (1-4)."""
    return W[rating - 1]


def first_difficulty(rating: int, *, clamped: bool = True) -> float:
    """Difficulty after the first rating (1-4)."""
    value = W[4] - exp(W[5] * (rating - 1)) + 1
    return _clamp(value, 1.0, 10.0) if clamped else value


def next_difficulty(difficulty: float, rating: int) -> float:
    """Difficulty after one more rating, damped near 10 and drawn towards that of Easy."""
    moved = difficulty - W[6] * (rating - 3) * (10 - difficulty) / 9
    return _clamp(W[7] * first_difficulty(EASY, clamped=False) + (1 - W[7]) * moved, 1.0, 10.0)


def next_stability(stability: float, difficulty: float, elapsed_days: float, rating: int) -> float:
    """Stability in days after a review with rating Again or Good."""
    if elapsed_days < SAME_DAY_DAYS:
        growth = exp(W[17] * (rating - 3 + W[18])) * stability ** -W[19]
        after = stability * (max(growth, 1.0) if rating >= GOOD else growth)
    else:
        recall = retrievability(elapsed_days, stability)
        if rating == AGAIN:
            long = W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * exp(W[14] * (1 - recall))
            after = min(long, stability / exp(W[17] * W[18]))
        else:
            gain = exp(W[8]) * (11 - difficulty) * stability ** -W[9] * (exp(W[10] * (1 - recall)) - 1)
            after = stability * (1 + gain)
    return _clamp(after, *STABILITY_RANGE)


def knew(recall: float, evidence: Evidence) -> float:
    """Probability that the answer came from knowing, given the recall expected before it."""
    if not evidence.right or evidence.confidence is Confidence.GUESS:
        return 0.0
    luck = evidence.guess_rate * (SURE_BY_LUCK if evidence.confidence is Confidence.SURE else 1.0)
    return recall / (recall + (1 - recall) * luck)


def prior_known(first_right: int, first_answers: int) -> float:
    """Chance that an unseen concept is known, from the first answers given to its neighbors."""
    successes, failures = PRIOR_KNOWN
    return (successes + first_right) / (successes + failures + first_answers)


def meet(prior: float, evidence: Evidence, now: datetime) -> Memory:
    """The memory after the first answer to a concept, known before with probability `prior`."""
    share = knew(prior, evidence)
    return Memory(
        stability=_blend(KNOWN_BEFORE_DAYS, first_stability(AGAIN), share),
        difficulty=share * first_difficulty(GOOD) + (1 - share) * first_difficulty(AGAIN),
        reviewed_at=now,
        seen=1,
        right=int(evidence.right),
        first_right=evidence.right,
        last_right=evidence.right,
    )


def review(memory: Memory, evidence: Evidence, now: datetime) -> Memory:
    """The memory after one more answer; a clock that went backwards counts as no time."""
    elapsed = max(0.0, (now - memory.reviewed_at) / timedelta(days=1))
    share = knew(retrievability(elapsed, memory.stability), evidence)
    hit, miss = (next_stability(memory.stability, memory.difficulty, elapsed, rating) for rating in (GOOD, AGAIN))
    easier, harder = (next_difficulty(memory.difficulty, rating) for rating in (GOOD, AGAIN))
    return replace(
        memory,
        stability=_blend(hit, miss, share),
        difficulty=share * easier + (1 - share) * harder,
        reviewed_at=max(now, memory.reviewed_at),
        seen=memory.seen + 1,
        right=memory.right + int(evidence.right),
        last_right=evidence.right,
    )


def _blend(known: float, unknown: float, share: float) -> float:
    """The geometric mean weighted by `share`, the right mean for stabilities."""
    return _clamp(exp(share * log(known) + (1 - share) * log(unknown)), *STABILITY_RANGE)


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
