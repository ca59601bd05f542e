"""Exercises: exact keys, honest form, every rule for items, and the same again from the same id."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from math import ceil, isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.codec import LIMIT
from bot.domain.check.facts import check_facts
from bot.domain.check.options import check_options
from bot.domain.check.rationale import check_rationales
from bot.domain.check.rules import Finding
from bot.domain.check.stem import check_stem
from bot.domain.check.subject import Subject, subjects
from bot.domain.check.twins import near_duplicate_stems
from bot.domain.exercise import GENERATORS, SEEDS, Exercise, exercise, family_of
from bot.domain.exercise.generator import OPTIONS, decimal, exact
from bot.domain.ids import ItemId
from bot.domain.item import Difficulty
from bot.domain.pack import Entry
from bot.library import load_library

PACK = load_library(Path(__file__).parents[2] / "content").default
ENTRY = next(iter(PACK.entries.values()))
SPREAD = [number * (SEEDS // 300) + number for number in range(300)]
LONGEST_ID = 40  # characters that a column for ids has (bot/store/tables.py)
NAMES = sorted(GENERATORS)
NUMERIC = sorted(set(NAMES) - {"learning-curves"})
WHOLE = r"\d[\d,]*(?![\d.]*\d)"

seeds = st.integers(0, SEEDS - 1)
each_generator = pytest.mark.parametrize("name", NAMES)


@cache
def made(name: str, seed: int) -> Exercise:
    return GENERATORS[name].make(seed)


def key_of(item: Exercise) -> str:
    (key,) = (option.text for option in item.options if option.key)
    return key


def number(text: str) -> float:
    """The number that an option says."""
    found = re.search(r"-?\d[\d,]*(?:\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


def read(pattern: str, text: str) -> list[float]:
    """The numbers that a pattern finds in a text, which it must fit."""
    found = re.search(pattern, text)
    assert found, (pattern, text)
    return [float(group.replace(",", "")) for group in found.groups()]


# Each key once more, from nothing but the words of the stem.
def _rates(stem: str) -> tuple[float, float, float, float]:
    tp, fn, fp, tn = read(
        r"([\d,]+) true positives, ([\d,]+) false negatives, ([\d,]+) false positives and ([\d,]+) true neg", stem
    )
    total, positives = read(r"classifier on ([\d,]+) .+?, ([\d,]+) of which", stem)
    assert (tp + fn, tp + fn + fp + tn) == (positives, total)
    return tp, fn, fp, tn


def _precision(stem: str) -> float:
    tp, _, fp, _ = _rates(stem)
    return 100 * tp / (tp + fp)


def _recall(stem: str) -> float:
    tp, fn, _, _ = _rates(stem)
    return 100 * tp / (tp + fn)


def _specificity(stem: str) -> float:
    _, _, fp, tn = _rates(stem)
    return 100 * tn / (tn + fp)


def _f1(stem: str) -> float:
    precision, recall = _precision(stem), _recall(stem)
    return 2 / (1 / precision + 1 / recall)


def _threshold(stem: str) -> float:
    rows = [
        (float(at), int(alarms.replace(",", "")), int(misses.replace(",", "")))
        for at, alarms, misses in re.findall(r"at (0\.\d\d), ([\d,]+) false alarms and ([\d,]+) misses", stem)
    ]
    assert len(rows) == OPTIONS
    alarm, miss = read(r"A false alarm, .+?, costs \$(\d+); a miss, .+?, costs \$(\d+)\.", stem)
    totals = sorted((alarms * alarm + misses * miss, at) for at, alarms, misses in rows)
    assert totals[0][0] < totals[1][0]
    return totals[0][1]


def _one_hot(stem: str) -> float:
    (numeric,) = read(r"has (\d+) numeric columns", stem)
    sizes = [int(size) for size in re.findall(r"with (\d+) values", stem)]
    assert len(sizes) == 3
    is_dropped = "one indicator of each is dropped" in stem
    assert is_dropped != ("an indicator for every value" in stem)
    return numeric + sum(size - 1 if is_dropped else size for size in sizes)


def _ngrams(stem: str) -> float:
    columns = set()
    for text in re.findall(r'"([^"]+)"', stem):
        words = re.findall(r"\b\w\w+\b", text.lower())  # as scikit-learn's default tokens
        columns |= {(word,) for word in words} | {(words[at], words[at + 1]) for at in range(len(words) - 1)}
    return len(columns)


def _shards(stem: str) -> float:
    records, kilobytes = read(r"write ([\d,]+) records of (\d+(?:\.\d)?) KB", stem)
    readers = next(n for n, word in enumerate(("One", "Two", "Three", "Four"), 1) if f"{word} application" in stem)
    needs = set()
    for megabyte in (1000, 1024):  # kilobytes
        rate = round(records * kilobytes, 6) / megabyte
        needs.add(max(ceil(records / 1000), ceil(rate), ceil(round(readers * rate / 2, 9))))
    assert len(needs) == 1, "both sizes of a megabyte give the same number"
    return needs.pop()


def _trainings(stem: str) -> float:
    a, b, c = read(r"over (\d+) [\w ]+, (\d+) [\w ]+ and (\d+) ", stem)
    (folds,) = read(r"(\d+)-fold", stem)
    return sum(folds for _ in range(int(a)) for _ in range(int(b)) for _ in range(int(c))) + 1


def _wall_time(stem: str) -> float:
    jobs, parallel, minutes = read(r"runs (\d+) trainings, (\d+) at a time, and each takes (\d+) minutes", stem)
    free = [0.0] * int(parallel)  # when each slot is free again
    for _ in range(int(jobs)):
        free.sort()
        free[0] += minutes
    return max(free)


def _width(stem: str) -> float:
    (width,) = read(r"square images, (\d+) pixels wide", stem)
    kernel, _, stride, padding = read(
        r"filters of (\d+) x (\d+) pixels, a stride of (\d+) and a padding of (\d+)", stem
    )
    start, count = -padding, 0
    while start + kernel <= width + padding:
        start, count = start + stride, count + 1
    return count


def _convolution(stem: str) -> float:
    (ins,) = read(r"in (\d+) channels", stem)
    filters, high, wide = read(r"has (\d+) filters of (\d+) x (\d+) pixels", stem)
    return filters * (high * wide * ins + 1)


def _dense(stem: str) -> float:
    ins, hidden, outs = read(r"(\d+) inputs, one hidden layer of (\d+) units and (\d+) output units", stem)
    return (ins + 1) * hidden + (hidden + 1) * outs


def _split(stem: str) -> float:
    _, positives = read(r"has ([\d,]+) rows on [\w ]+, ([\d,]+) of which", stem)
    train, validation, test = read(r"(\d+) percent for training, (\d+) for validation and (\d+) for testing", stem)
    assert train + validation + test == 100
    return positives * (validation if "does the validation set hold?" in stem else test) / 100


def _z_score(stem: str) -> float:
    mean, spread = read(r"There, the mean is (\d+) and the standard deviation (\d+)", stem)
    (value,) = read(r"has the value (-?\d+)\.", stem)
    return (value - mean) / spread


def _min_max(stem: str) -> float:
    low, high = read(r"fitted on the training set, (\d+) to (\d+)", stem)
    (value,) = read(r"one of them is (\d+)\.", stem)
    return (value - low) / (high - low)


def _savings(stem: str) -> float:
    trained, billed = read(r"training time of ([\d,]+) seconds and a billable time of ([\d,]+) seconds", stem)
    return 100 - 100 * billed / trained


def _steps(stem: str) -> float:
    (samples,) = read(r"on ([\d,]+) ", stem)
    instances, devices = read(r"on (\d+) instances with (\d+) GPUs each", stem)
    (batch,) = read(r"batch is (\d+) rows per GPU", stem)
    return -(-samples // (instances * devices * batch))


AGAIN: dict[str, Callable[[str], float]] = {
    "matrix-precision": _precision,
    "matrix-recall": _recall,
    "matrix-specificity": _specificity,
    "matrix-f1": _f1,
    "threshold-by-cost": _threshold,
    "one-hot-columns": _one_hot,
    "ngram-columns": _ngrams,
    "kinesis-shards": _shards,
    "grid-search-trainings": _trainings,
    "tuning-wall-time": _wall_time,
    "conv-output-width": _width,
    "conv-parameters": _convolution,
    "dense-parameters": _dense,
    "stratified-split": _split,
    "z-score": _z_score,
    "min-max-value": _min_max,
    "spot-savings": _savings,
    "steps-per-epoch": _steps,
}


def test_every_numeric_exercise_is_calculated_again_here() -> None:
    assert sorted(AGAIN) == NUMERIC


def _holds(item: Exercise, value: float) -> bool:
    """Whether the key says the value, as exactly as it is written."""
    text = re.sub(r"[^\d.]", "", key_of(item))
    places = len(text.partition(".")[2])
    return (
        isclose(number(key_of(item)), value, abs_tol=0.5 * 10**-places + 1e-9)
        if places
        else (number(key_of(item)) == value)
    )


@pytest.mark.parametrize("name", NUMERIC)
def test_the_key_is_what_the_stem_comes_to_and_no_distractor_is(name: str) -> None:
    for seed in SPREAD:
        item = made(name, seed)
        value = AGAIN[name](item.stem)
        assert _holds(item, value), (item.stem, key_of(item), value)
        others = [number(option.text) for option in item.options if not option.key]
        assert number(key_of(item)) not in others


@pytest.mark.parametrize("name", NUMERIC)
@given(seed=seeds)
def test_the_key_is_right_for_any_seed(name: str, seed: int) -> None:
    item = GENERATORS[name].make(seed)
    assert _holds(item, AGAIN[name](item.stem)), (item.stem, key_of(item))


@given(seed=seeds)
def test_the_diagnosis_follows_from_the_figures_told(seed: int) -> None:
    item = GENERATORS["learning-curves"].make(seed)
    (target,) = read(r"wants (\d+) percent", item.stem)
    losses = [float(loss) for loss in re.findall(r"0\.\d\d|1\.\d\d", item.stem)]
    train, validation, production = read(
        r"is (\d+) percent on training data, (\d+) percent on validation data and (\d+) percent in the first", item.stem
    )
    training = losses[:4]
    assert len(losses) == 8
    if any(after > before for before, after in pairwise(training)):
        wanted = "The learning rate is too high"
    elif validation - production >= 12:
        wanted = "Information leaks"
    elif train - validation >= 12:
        wanted = "The model overfits"
    elif target - train >= 12:
        wanted = "The model underfits"
    else:
        assert production >= target
        wanted = "The model generalizes"
    assert key_of(item).startswith(wanted)
    if "rate is too high" not in wanted:  # no other diagnosis is half true: a gap is wide, or next to none
        gaps = (train - validation, validation - production)
        assert all(gap >= 12 or 0 <= gap < 3 for gap in gaps)
        assert sum(gap >= 12 for gap in gaps) <= 1


@each_generator
def test_an_exercise_is_the_same_again_from_its_id(name: str) -> None:
    for seed in SPREAD[:50]:
        item = made(name, seed)
        again = exercise(item.item_id)
        assert again == item
        assert again is not item
        assert again is not None
        assert again.version == item.version
        assert family_of(item.item_id) == name


@each_generator
def test_two_seeds_hardly_ever_give_the_same_question(name: str) -> None:
    stems = {made(name, seed).stem for seed in SPREAD}
    assert len(stems) > 0.85 * len(SPREAD)


@each_generator
def test_an_id_fits_wherever_ids_are_kept_and_carried(name: str) -> None:
    item = made(name, SEEDS - 1)
    assert len(item.id) <= LONGEST_ID < LIMIT
    assert item.id.endswith("~zzzzz")


@pytest.mark.parametrize(
    "wrong",
    ["matrix-recall", "matrix-recall~", "matrix-recall~01", "matrix-recall~Z", "matrix-recall~zzzzzz", "nobody~1", "~1",
     "matrix-recall~-1", "matrix-recall~1~2", "matrix-recall~ 1", ""],
)  # fmt: skip
def test_what_no_generator_would_have_written_is_no_exercise(wrong: str) -> None:
    assert exercise(ItemId(wrong)) is None


@pytest.mark.parametrize("seed", [-1, SEEDS])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="no seed"):
        GENERATORS["matrix-recall"].make(seed)


def _findings(item: Exercise) -> Iterator[Finding]:
    subject = Subject(item, Entry(item, ENTRY.concept, ENTRY.place))
    yield from check_facts(subject, PACK)
    yield from check_stem(subject)
    yield from check_options(subject)
    yield from check_rationales(subject)


@each_generator
def test_every_rule_for_items_holds_without_a_warning(name: str) -> None:
    for seed in SPREAD:
        assert list(_findings(made(name, seed))) == [], made(name, seed)


def test_no_exercise_asks_what_an_item_asks() -> None:
    specimens = [Subject(made(name, 0), ENTRY) for name in NAMES]
    assert list(near_duplicate_stems((*subjects(PACK), *specimens))) == list(
        near_duplicate_stems(tuple(subjects(PACK)))
    )


@each_generator
def test_rationales_differ_and_give_a_reason(name: str) -> None:
    for seed in SPREAD[:100]:
        reasons = [option.why for option in made(name, seed).options]
        assert len(set(reasons)) == OPTIONS
        assert all(reason.startswith("Because ") and reason.endswith(".") for reason in reasons)
        assert not any(re.search(r"\s\s|\bNone\b|Fraction|[{}]|\.\.", reason) for reason in reasons), reasons


@pytest.mark.parametrize("name", NUMERIC)
def test_numbers_are_in_ascending_order_and_look_alike(name: str) -> None:
    for seed in SPREAD:
        texts = [option.text for option in made(name, seed).options]
        values = [number(text) for text in texts]
        assert values == sorted(set(values)), texts
        assert len({re.sub(r"-?[\d,]+", "0", text) for text in texts}) == 1, texts


@each_generator
def test_the_place_of_the_key_tells_nothing(name: str) -> None:
    places = Counter(next(at for at, option in enumerate(made(name, seed).options) if option.key) for seed in SPREAD)
    assert all(0.15 < places[at] / len(SPREAD) < 0.36 for at in range(OPTIONS)), places


def _of_the_closest(values: list[float], key: int) -> float:
    def distance(one: int, other: int) -> float:
        return abs(values[one] - values[other]) / (max(abs(values[one]), abs(values[other])) or 1)

    near = [min(distance(one, other) for other in range(OPTIONS) if other != one) for one in range(OPTIONS)]
    closest = [one for one in range(OPTIONS) if near[one] == min(near)]
    return (key in closest) / len(closest)


def _nearest_the_mean(values: list[float], key: int) -> float:
    return float(min(range(OPTIONS), key=lambda one: abs(values[one] - sum(values) / OPTIONS)) == key)


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("trick", [_of_the_closest, _nearest_the_mean])
def test_no_trick_with_numbers_beats_half(name: str, trick: Callable[[list[float], int], float]) -> None:
    won = 0.0
    for seed in SPREAD:
        options = made(name, seed).options
        won += trick([number(option.text) for option in options], next(at for at in range(OPTIONS) if options[at].key))
    assert won / len(SPREAD) < 0.55


def test_the_generators_cover_the_bands_of_difficulty() -> None:
    assert {generator.difficulty for generator in GENERATORS.values()} == set(Difficulty)
    assert len(GENERATORS) >= 10


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1, 0, "1"),
        (1234567, 0, "1,234,567"),
        (0.125, 2, "0.13"),
        (-0.125, 2, "-0.13"),
        (-0.001, 2, "0.00"),
        (2.5, 0, "3"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: float, places: int, shown: str) -> None:
    from fractions import Fraction

    assert decimal(Fraction(value), places) == shown


@given(st.integers(-(10**9), 10**9))
def test_thousandths_are_written_without_idle_zeros(thousandths: int) -> None:
    from fractions import Fraction

    text = exact(Fraction(thousandths, 1000))
    assert Fraction(text.replace(",", "")) == Fraction(thousandths, 1000)
    assert not re.search(r"\.\d*0$|\.$", text)
