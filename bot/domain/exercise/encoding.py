"""Counting columns: what one-hot encoding and n-grams make of a table or of texts (S105)."""

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from random import Random

from bot.domain.exercise.generator import Generator, Number, Question, Result, among
from bot.domain.item import Difficulty, Format


@dataclass(frozen=True, slots=True)
class Table:
    """Whose table it is, and its categorical columns with the fewest and the most values they may have."""

    who: str
    columns: tuple[tuple[str, int, int], ...]


TABLES = (
    Table(
        "A car rental firm predicts the mileage of a rental",
        (("pick-up station", 12, 60), ("vehicle class", 4, 9), ("customer type", 3, 6)),
    ),
    Table(
        "A cinema chain predicts how many seats a show will fill",
        (("genre", 6, 14), ("weekday", 7, 8), ("cinema", 10, 45)),
    ),
    Table(
        "A hospital predicts how long a patient will stay",
        (("ward", 8, 24), ("insurance plan", 3, 7), ("referring practice", 20, 70)),
    ),
    Table(
        "A parcel carrier predicts the minutes until a delivery",
        (("depot", 9, 40), ("parcel size", 3, 6), ("weather type", 4, 8)),
    ),
)
FEATURES = ("phone", "camera", "screen", "battery", "price", "sound", "charger", "cable")
JUDGMENTS = ("great", "poor", "bright", "fair", "weak", "solid", "loud", "cheap")
PHRASES = (
    "{j0} {f0} and {j1} {f1}",
    "the {f0} is {j0}",
    "{j0} {f0} but {j1} {f1}",
    "the {f0} and the {f1} are {j0}",
    "{j0} {f0} {j0} {f1}",
    "not the {j0} {f0} we wanted",
)


def draw_one_hot(rng: Random, place: int) -> Question | None:
    """A table to encode, with or without a dropped indicator per column."""
    table = rng.choice(TABLES)
    sizes = [rng.randrange(low, high) for _, low, high in table.columns]
    numeric, is_dropped = rng.randrange(4, 30), rng.random() < 0.5
    total, count = sum(sizes), len(sizes)
    sums = " + ".join(f"{size - 1}" if is_dropped else f"{size}" for size in sizes)
    key = Result(
        numeric + total - count * is_dropped,
        f"Because {numeric} numeric columns stay and the categorical ones become {sums} indicators, "
        f"{'one fewer than each has values' if is_dropped else 'as many as each has values'}.",
    )
    other = Result(
        numeric + total - count * (not is_dropped),
        f"Because this makes {count} indicators more: one for each value, also for those that are to be dropped."
        if is_dropped
        else f"Because this drops one indicator of each of the {count} columns, which a model with an intercept asks "
        "for.",
    )
    mistakes = [
        other,
        Result(
            total - count * is_dropped, f"Because this counts the indicators and forgets the {numeric} numeric columns."
        ),
        Result(
            numeric + count,
            f"Because {numeric} + {count} is what label encoding gives: one column of integers for each categorical "
            "one.",
        ),
        Result(
            numeric + total - 1,
            "Because this drops a single indicator in all, as if the columns shared one base value.",
        ),
        Result(
            numeric + total - count * is_dropped + count,
            f"Because this keeps the {count} categorical columns as text beside their indicators, which replace them.",
        ),
        Result(
            numeric + total - count * is_dropped + 1,
            "Because this counts the target as an input, though it is what the model shall predict.",
        ),
        Result(
            numeric + prod(sizes),
            f"Because {' x '.join(map(str, sizes))} counts combinations of values, as a cross of the columns would.",
        ),
    ]
    options = among(rng, place, key, mistakes, _shown)
    if not options:
        return None
    named = [f"{name} with {size} values" for (name, _, _), size in zip(table.columns, sizes, strict=True)]
    rule = (
        "The categorical columns are one-hot encoded, and one indicator of each is dropped because the model has an "
        "intercept."
        if is_dropped
        else "The categorical columns are one-hot encoded, with an indicator for every value, as the model has no "
        "intercept."
    )
    stem = (
        f"{table.who} with a linear model. Beside the target, the table has {numeric} numeric columns and {count} "
        f"categorical ones: {', '.join(named[:-1])} and {named[-1]}. {rule} How many input columns does the model get?"
    )
    return Question(stem, (rule, f"{numeric} numeric columns"), options)


def draw_ngrams(rng: Random, place: int) -> Question | None:
    """Three short texts whose unigrams and bigrams are the columns of a TF-IDF matrix."""
    features, judgments = rng.sample(FEATURES, 3), rng.sample(JUDGMENTS, 3)
    texts = [
        phrase.format(
            f0=(pair := rng.sample(features, 2))[0], f1=pair[1], j0=(two := rng.sample(judgments, 2))[0], j1=two[1]
        )
        for phrase in rng.sample(PHRASES, 3)
    ]
    words = [text.split() for text in texts]
    unigrams = [word for each in words for word in each]
    bigrams = [pair for each in words for pair in pairwise(each)]
    across = [*bigrams, *((one[-1], other[0]) for one, other in pairwise(words))]
    ones, twos = len(set(unigrams)), len(set(bigrams))
    key = Result(ones + twos, f"Because the texts hold {ones} different words and {twos} different pairs of neighbors.")
    mistakes = [
        Result(ones, f"Because these are the {ones} different words alone; the pairs have columns of their own."),
        Result(twos, f"Because these are the {twos} different pairs alone; single words have columns as well."),
        Result(
            len(unigrams) + len(bigrams),
            f"Because {len(unigrams)} + {len(bigrams)} counts words and pairs again when they return; a column is "
            "shared.",
        ),
        Result(
            ones + len(bigrams),
            f"Because {ones} + {len(bigrams)} counts pairs that return once more; like words, they share a column.",
        ),
        Result(
            len(unigrams) + twos,
            f"Because {len(unigrams)} + {twos} counts words that return once more; they share one column.",
        ),
        Result(
            ones + len(set(across)),
            "Because this also pairs the last word of one text with the opening word of the next; pairs end with "
            "their text.",
        ),
        Result(ones + twos - len(texts), "Because this subtracts the number of texts, which is the number of rows."),
        Result(ones + twos + len(texts), "Because this adds the number of texts, which is the number of rows."),
    ]
    options = among(rng, place, key, mistakes, _shown)
    if not options:
        return None
    quoted = [f'"{text}"' for text in texts]
    rule = "unigrams and bigrams"
    stem = (
        f"A shop turns product reviews into a TF-IDF matrix of {rule}. It lowers the case, keeps stop words and does "
        f"not join texts. For a first test it takes three reviews: {quoted[0]}, {quoted[1]} and {quoted[2]}. How many "
        "columns does the matrix have?"
    )
    return Question(stem, (rule, "keeps stop words"), options)


def _shown(value: Number) -> str:
    return f"{value:,} columns"


GENERATORS = (
    Generator(
        id="one-hot-columns",
        draw=draw_one_hot,
        format=Format.INTEGRATION,
        difficulty=Difficulty.MEDIUM,
        sources=(
            "https://scikit-learn.org/stable/modules/preprocessing.html",
            "https://docs.aws.amazon.com/sagemaker/latest/dg/data-wrangler-transform.html",
        ),
    ),
    Generator(
        id="ngram-columns",
        draw=draw_ngrams,
        format=Format.INTEGRATION,
        difficulty=Difficulty.HARD,
        sources=("https://scikit-learn.org/stable/modules/feature_extraction.html",),
    ),
)
