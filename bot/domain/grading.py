"""Grading: is an answer right, and how likely is it right by luck."""

from collections import Counter
from dataclasses import dataclass
from math import comb, factorial, perm, prod
from typing import assert_never

from bot.domain.item import Case, Item, Matching, MultipleResponse, Ordering, SingleChoice


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options chosen, by index."""

    options: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Steps chosen, by index, in the order given."""

    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """For each prompt the index of the pair whose match was given; -1 = none."""

    matches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """The answers to a case's parts, in their order; None = not answered."""

    parts: tuple[Chosen | Ordered | Matched | None, ...]


Answer = Chosen | Ordered | Matched | Parted


@dataclass(frozen=True, slots=True)
class Grade:
    """Points earned of points to earn; more than one only for a case, whose parts count each for itself."""

    points: int
    of: int

    @property
    def is_right(self) -> bool:
        """Every point was earned."""
        return self.points == self.of


def grade(item: Item, answer: Answer | None) -> Grade:
    """The grade of an answer, all or nothing for each item or part; no answer is wrong.

    Raises:
        TypeError: the answer is of another type of item.
    """
    if isinstance(item, Case):
        grades = [grade(part, reply) for part, reply in zip(item.parts, _parts(item, answer), strict=True)]
        return Grade(sum(one.points for one in grades), len(grades))
    return Grade(int(answer is not None and _is_right(item, answer)), 1)


def _parts(item: Case, answer: Answer | None) -> tuple[Chosen | Ordered | Matched | None, ...]:
    if answer is None:
        return (None,) * len(item.parts)
    if not isinstance(answer, Parted):
        raise TypeError(f"{item.id} is of type {item.type}, the answer is {type(answer).__name__}")
    if len(answer.parts) != len(item.parts):
        raise TypeError(f"{item.id} has {len(item.parts)} parts, the answer {len(answer.parts)}")
    return answer.parts


def _is_right(item: SingleChoice | MultipleResponse | Ordering | Matching, answer: Answer) -> bool:
    match item, answer:
        case ((SingleChoice() | MultipleResponse()), Chosen(options)):
            return options == item.keys
        case Ordering(), Ordered(steps):
            placed = [(step.place, index) for index, step in enumerate(item.steps) if step.place is not None]
            return steps == tuple(index for _, index in sorted(placed))
        case Matching(), Matched(matches):
            # two pairs may share a response: what counts is the response, not the pair it came from
            given = [item.pairs[index].match if 0 <= index < len(item.pairs) else None for index in matches]
            return given == [pair.match for pair in item.pairs]
        case _:
            raise TypeError(f"{item.id} is of type {item.type}, the answer is {type(answer).__name__}")


def guess_rate(item: Item) -> float:
    """The probability that an answer drawn blindly among the allowed ones is right.

    Multiple response says how many to choose, so a blind answer is one of C(n, k).
    """
    match item:
        case SingleChoice():
            return 1 / len(item.options)
        case MultipleResponse():
            return 1 / comb(len(item.options), len(item.keys))
        case Ordering():
            return 1 / perm(len(item.steps), sum(step.place is not None for step in item.steps))
        case Matching():
            # each response is given once; those that read the same can change places
            alike = Counter(pair.match for pair in item.pairs).values()
            return prod(map(factorial, alike)) / factorial(len(item.pairs))
        case Case():
            rate = 1.0
            for part in item.parts:
                rate *= guess_rate(part)
            return rate
        case _:
            assert_never(item)
