"""Arithmetic on rows: a stratified split, and standardization and scaling of a value."""

from fractions import Fraction
from random import Random

from bot.domain.exercise.generator import Generator, Number, Question, Result, among, decimal
from bot.domain.item import Difficulty, Format

SPLITS = ((60, 25, 15), (70, 20, 10), (75, 15, 10), (70, 18, 12), (80, 12, 8), (65, 20, 15))  # per cent
SPLITTERS = (
    ("A dental insurer", "claims", "are forged"),
    ("A pump maker", "shifts", "ended in a breakdown"),
    ("A blood bank", "donors", "fell ill"),
    ("A streaming service", "subscribers", "left"),
)
COLUMNS = (
    ("A bus company", "trip lengths in minutes"),
    ("A grain mill", "load weights in kilograms"),
    ("A ski maker", "bend tests in newtons"),
    ("A call center", "waiting times in seconds"),
)
PREPROCESSING = "https://scikit-learn.org/stable/modules/preprocessing.html"


def draw_split(rng: Random, place: int) -> Question | None:
    """An imbalanced set, and the positives in one of the smaller parts."""
    shares = rng.choice(SPLITS)
    train, validation, test = shares
    positives, rows = rng.randrange(2, 40) * 100, rng.randrange(60, 400) * 1000
    if not 2 <= 100 * positives / rows <= 9:
        return None
    name = rng.choice(("validation", "test"))
    share, other = (validation, test) if name == "validation" else (test, validation)
    key = Result(
        positives * share // 100,
        f"Because a stratified split keeps the share of positives in each part: {share} percent of {positives:,}.",
    )
    mistakes = [
        Result(
            positives * other // 100,
            f"Because {other} percent of {positives:,} is what the {'test' if name == 'validation' else 'validation'} "
            "set gets.",
        ),
        Result(positives * train // 100, f"Because {train} percent of {positives:,} is what the training set gets."),
        Result(
            Fraction(positives, 3),
            f"Because this gives each part a third of the {positives:,} positives; they follow the sizes of the parts.",
        ),
        Result(
            positives * (100 - train) // 100,
            f"Because {100 - train} percent of {positives:,} is what validation and test set get together.",
        ),
        Result(
            Fraction(positives * (100 - train) * share, 10_000),
            f"Because this takes {share} percent of what training leaves; the shares are of the whole set.",
        ),
        Result(
            Fraction(positives * share, 200),
            f"Because this halves the {share} percent of {positives:,}, as if both classes had to be given up alike.",
        ),
        Result(rows * share // 100, f"Because {share} percent of {rows:,} counts the rows of both classes."),
    ]
    options = among(rng, place, key, mistakes, lambda value: f"{decimal(value, 0)} rows")
    if not options:
        return None
    who, things, did = rng.choice(SPLITTERS)
    split = f"{train} percent for training, {validation} for validation and {test} for testing"
    asked = f"the {name} set"
    stem = (
        f"{who} has {rows:,} rows on {things}, {positives:,} of which {did}. It splits them at random, stratified by "
        f"this label: {split}. Nothing is resampled before the split. The team wants to be sure that {asked} holds "
        f"enough of the rare class to be trusted. How many such rows does {asked} hold?"
    )
    return Question(stem, ("stratified by this label", split, asked), options)


def draw_z_score(rng: Random, place: int) -> Question | None:
    """A value of the test set, standardized with what the training set taught."""
    mean, spread = rng.randrange(40, 200), rng.choice((4, 5, 8, 10, 16, 20, 25))
    value = mean + rng.choice((-1, 1)) * rng.randrange(1, 3 * spread)
    test_mean, test_spread = mean + rng.choice((-1, 1)) * rng.randrange(2, spread + 2), spread + rng.randrange(1, 7)
    z = Fraction(value - mean, spread)
    key = Result(
        z, f"Because ({value} - {mean}) / {spread} = {decimal(z, 2)}, with mean and deviation of the training set."
    )
    mistakes = [
        Result(
            Fraction(value - test_mean, test_spread),
            "Because this uses mean and deviation of the test set, which the scaler must not have seen.",
        ),
        Result(-z, f"Because ({mean} - {value}) / {spread} has the wrong sign: a value above the mean is positive."),
        Result(
            Fraction(value - mean, spread**2),
            f"Because this divides by the variance, {spread**2}, instead of the deviation, {spread}.",
        ),
        Result(
            Fraction(value, spread),
            f"Because {value} / {spread} scales the value but does not center it on the mean of {mean}.",
        ),
        Result(
            Fraction(value - mean, mean),
            f"Because this divides by the mean, {mean}, which gives a relative difference and no z-score.",
        ),
        Result(
            Fraction(value - test_mean, spread),
            f"Because this mixes the mean of the test set, {test_mean}, with the deviation of the training set.",
        ),
        Result(
            Fraction(value - mean, test_spread),
            f"Because this mixes the mean of the training set with the deviation of the test set, {test_spread}.",
        ),
    ]
    options = among(rng, place, key, mistakes, _two_places, Fraction(3, 100))
    if not options:
        return None
    who, what = rng.choice(COLUMNS)
    fitted = "fitted on the training set"
    stem = (
        f"{who} standardizes {what} for a support vector machine, with a scaler {fitted}. There, the mean is {mean} "
        f"and the standard deviation {spread}; in the test set, they are {test_mean} and {test_spread}. One row of the "
        f"test set has the value {value}. What does the scaler make of it, to two decimals?"
    )
    return Question(stem, (fitted,), options)


def draw_min_max(rng: Random, place: int) -> Question | None:
    """A value of production, scaled by the range that the training set had."""
    low, width = rng.randrange(5, 60), rng.choice((40, 50, 80, 120, 125, 160, 200, 250))
    high = low + width
    new_low, new_high = low + rng.choice((-1, 1)) * rng.randrange(1, 5), high + width * rng.randrange(10, 90) // 100
    value = rng.randrange(new_low + 1, new_high)
    scaled = Fraction(value - low, width)
    key = Result(
        scaled, f"Because ({value} - {low}) / ({high} - {low}) = {decimal(scaled, 2)}, with the range of training."
    )
    mistakes = [
        Result(
            Fraction(value - new_low, new_high - new_low),
            f"Because this uses the range of the new data, {new_low} to {new_high}; the scaler is not fitted again.",
        ),
        Result(
            Fraction(value, high),
            f"Because {value} / {high} divides by the maximum, and the minimum of {low} has to be subtracted first.",
        ),
        Result(
            Fraction(value, width),
            f"Because {value} / {width} divides by the range and does not subtract the minimum of {low} first.",
        ),
        Result(
            Fraction(high - value, width),
            f"Because ({high} - {value}) / {width} measures from the maximum; the minimum is to become 0.",
        ),
        Result(
            Fraction(value - low, high),
            f"Because this divides by the maximum, {high}, instead of the range, {width}.",
        ),
        Result(
            Fraction(2 * (value - low), width) - 1,
            "Because this maps to the range from -1 to 1, while the scaler maps to the one from 0 to 1.",
        ),
    ]
    if scaled > 1:
        mistakes.append(
            Result(1, "Because this cuts at 1 what lies beyond the training range, which a plain scaler does not.")
        )
    options = among(rng, place, key, mistakes, _two_places, Fraction(3, 100))
    if not options:
        return None
    who, what = rng.choice(COLUMNS)
    fitted = f"the training set, {low} to {high}"
    stem = (
        f"{who} scales {what} to the range from 0 to 1 for a neural network. The scaler was fitted on {fitted}, and "
        f"does not clip. Since last month, the values in production run from {new_low} to {new_high}; one of them is "
        f"{value}. What does the scaler make of it, to two decimals?"
    )
    return Question(stem, (fitted,), options)


def _two_places(value: Number) -> str:
    return decimal(value, 2)


GENERATORS = (
    Generator(
        id="stratified-split",
        draw=draw_split,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.EASY,
        sources=(
            "https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html",
            "https://scikit-learn.org/stable/modules/cross_validation.html",
        ),
    ),
    Generator(
        id="z-score",
        draw=draw_z_score,
        format=Format.INTEGRATION,
        difficulty=Difficulty.EASY,
        sources=(PREPROCESSING,),
    ),
    Generator(
        id="min-max-value",
        draw=draw_min_max,
        format=Format.FAILURE_ANALYSIS,
        difficulty=Difficulty.MEDIUM,
        sources=(PREPROCESSING,),
    ),
)
