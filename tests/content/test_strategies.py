"""Nobody passes by the look of the options: every rule of thumb does about as well as chance on the shipped items.

Where a rule leaves several options, one of them is taken by lot; the share of right answers is then computed exactly.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from bot.domain.check.options import ABSOLUTE, tokens
from bot.domain.exercise import GENERATORS, SEEDS, Exercise
from bot.domain.item import SingleChoice, Status
from bot.library import load_library
from bot.settings import CHECKOUT

MOST = Fraction(33, 100)
FEWEST = 20  # items of which a share says something
DRAWS = 60  # exercises of each generator
WIDER = re.compile(  # absolutes that the check lets through
    r"\b(?:always|never|only|all|every|must|none|no|any|each|entire|entirely|complete|completely|cannot|can't|ever"
    r"|whole|fully|exclusively|guarantees?)\b",
    re.IGNORECASE,
)

Score = Callable[[SingleChoice, int], object]  # of an option; a rule takes those with the highest


def longest(item: SingleChoice, place: int) -> int:
    return len(item.options[place].text)


def most_words(item: SingleChoice, place: int) -> int:
    return len(tokens(item.options[place].text))


def of_length(rank: int) -> Score:
    """The option that is the longest but so many."""

    def score(item: SingleChoice, place: int) -> int:
        return -abs(sum(longest(item, other) > longest(item, place) for other in range(len(item.options))) - rank)

    return score


def stem_words(item: SingleChoice, place: int, over: int = 0) -> int:
    """Different words longer than so much that stand in the stem, too."""
    stem = {word for word in tokens(item.stem) if len(word) > over}
    return len(stem & set(tokens(item.options[place].text)))


def stem_share(item: SingleChoice, place: int) -> Fraction:
    words = set(tokens(item.options[place].text))
    return Fraction(len(words & set(tokens(item.stem))), len(words))


def likeness(item: SingleChoice, place: int) -> Fraction:
    """How much of its words an option shares with the others."""
    mine = set(tokens(item.options[place].text))
    others = (set(tokens(option.text)) for other, option in enumerate(item.options) if other != place)
    return sum((Fraction(len(mine & their), len(mine | their)) for their in others), Fraction())


RULES: dict[str, Score] = {
    "the longest": longest,
    "the one with most words": most_words,
    "the second longest": of_length(1),
    "the third longest": of_length(2),
    "the shortest": lambda item, place: -longest(item, place),
    "the first as stored": lambda _, place: -place,
    "the second as stored": lambda _, place: place == 1,
    "the third as stored": lambda _, place: place == 2,
    "the last as stored": lambda _, place: place,
    "the one with most words of the stem": stem_words,
    "the one with most long words of the stem": lambda item, place: stem_words(item, place, over=3),
    "the one with the largest share of words of the stem": stem_share,
    "the one with fewest words of the stem": lambda item, place: -stem_words(item, place),
    "one without an absolute word": lambda item, place: not ABSOLUTE.search(item.options[place].text),
    "one with an absolute word": lambda item, place: bool(ABSOLUTE.search(item.options[place].text)),
    "one without any absolute": lambda item, place: not WIDER.search(item.options[place].text),
    "the one most like the others": likeness,
    "the one least like the others": lambda item, place: -likeness(item, place),
}
each_rule = pytest.mark.parametrize("rule", RULES)


@cache
def singles() -> dict[str, Sequence[SingleChoice]]:
    """The reviewed single choices of all packs, parts of cases too, by where they are served."""
    found: dict[str, list[SingleChoice]] = {"all": [], "practice": [], "mock exams": []}
    for pack in load_library(CHECKOUT / "content").packs.values():
        for entry in pack.entries.values():
            item = entry.item
            if isinstance(item, SingleChoice) and not isinstance(item, Exercise) and item.status is Status.REVIEWED:
                found["all"].append(item)
                found["mock exams" if item.pool else "practice"].append(item)
    return {name: items for name, items in found.items() if len(items) >= FEWEST}


@cache
def drills() -> Sequence[SingleChoice]:
    return [
        generator.make((draw * (SEEDS // DRAWS) + 7919 * number) % SEEDS)
        for number, generator in enumerate(GENERATORS.values())
        for draw in range(DRAWS)
    ]


def hits(items: Sequence[SingleChoice], score: Score) -> Fraction:
    """The share of right answers of one who always takes the option with the highest score, of several one by lot."""
    return sum((_chance(item, score) for item in items), Fraction()) / len(items)


def _chance(item: SingleChoice, score: Score) -> Fraction:
    scores: list[object] = [score(item, place) for place in range(len(item.options))]
    best = max(scores)  # type: ignore[type-var]
    taken = {place for place, value in enumerate(scores) if value == best}
    return Fraction(len(taken & item.keys), len(taken))


@each_rule
def test_no_rule_of_thumb_beats_the_limit(rule: str) -> None:
    shares = {name: float(hits(items, RULES[rule])) for name, items in singles().items()}
    assert shares
    assert all(share < MOST for share in shares.values()), shares
    print(rule, {name: f"{share:.1%}" for name, share in shares.items()})  # shown by pytest -s


@each_rule
def test_nor_on_exercises(rule: str) -> None:
    share = float(hits(drills(), RULES[rule]))
    assert share < MOST, share
    print(rule, f"{share:.1%}")


def test_as_shuffled_every_place_holds_the_key_equally_often() -> None:
    counts = [0, 0, 0, 0]
    items, seeds = singles()["all"], 50
    for number, item in enumerate(items):
        for seed in range(seeds):
            order = list(range(4))
            Random(seed * len(items) + number).shuffle(order)  # as bot/usecases/practice.py does
            (key,) = item.keys
            counts[order.index(key)] += 1
    assert all(abs(count / (len(items) * seeds) - 0.25) < 0.02 for count in counts), counts


def test_the_measure_itself_is_right() -> None:
    option = {"why": "Because of this, it is so and not otherwise, in this case."}
    texts = ("Bags.", "Boxes and bags.", "Boxes and cans.", "Cans.")
    item = SingleChoice.model_validate(
        {
            "id": "one", "type": "single", "format": "trade-off", "difficulty": "easy", "level": "apply",
            "as_of": "2026-01-01", "sources": ["https://docs.example.com"], "stem": "Boxes or bags?", "decides": ["or"],
            "options": [option | {"text": text, "key": place == 1} for place, text in enumerate(texts)],
        }
    )  # fmt: skip
    assert hits([item], longest) == Fraction(1, 2)
    assert hits([item], RULES["the first as stored"]) == 0
    assert hits([item], RULES["one without an absolute word"]) == Fraction(1, 4)
    assert hits([item], stem_words) == 1
    assert hits([item, item], RULES["the second longest"]) == Fraction(1, 4), "there is none: any is as near"
