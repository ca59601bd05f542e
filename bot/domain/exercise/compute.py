"""What training takes: savings of Spot capacity, and steps per epoch when many devices share the data."""

from fractions import Fraction
from math import ceil
from random import Random

from bot.domain.exercise.generator import Generator, Question, Result, among, percent
from bot.domain.item import Difficulty, Format

SPOT = (
    "A weather service trains a precipitation model",
    "A cheese dairy trains a defect detector",
    "A library trains a subject classifier",
    "A ferry line trains a delay model",
)
SHARED = (
    ("A satellite firm", "image tiles"),
    ("A bird society", "sound clips"),
    ("A translation office", "sentence pairs"),
    ("A map maker", "street photographs"),
)


def draw_savings(rng: Random, place: int) -> Question | None:
    """A managed Spot training with what it took and what was billed."""
    trained = rng.randrange(30, 240) * 100
    billed = trained * rng.randrange(18, 82) // 100
    waited = rng.randrange(4, 60) * 100
    saved = 1 - Fraction(billed, trained)
    key = Result(
        saved, f"Because 1 - {billed:,} / {trained:,} = {percent(saved)}: billable is set against training time."
    )
    mistakes = [
        Result(
            Fraction(billed, trained),
            f"Because {billed:,} / {trained:,} is the share that is paid, and the savings are the rest.",
        ),
        Result(
            Fraction(trained - billed, billed),
            f"Because this sets the {trained - billed:,} seconds saved against those billed, not against those "
            "trained.",
        ),
        Result(
            1 - Fraction(billed, trained + waited),
            f"Because this counts the wait of {waited:,} seconds as training, and the formula knows training time "
            "alone.",
        ),
        Result(
            1 - Fraction(billed + waited, trained),
            f"Because this adds the wait of {waited:,} seconds to what is billed, though waiting is free.",
        ),
        Result(
            Fraction(trained - billed, trained + billed),
            "Because this divides by the sum of both times; the whole is the training time alone.",
        ),
        Result(
            Fraction(waited, trained),
            f"Because this sets the wait of {waited:,} seconds against training time, and no price depends on it.",
        ),
    ]
    plausible = [mistake for mistake in mistakes if 0 < mistake.value < 1]
    options = among(rng, place, key, plausible, percent, Fraction(1, 100))
    if not options:
        return None
    times = f"a training time of {trained:,} seconds and a billable time of {billed:,} seconds"
    stem = (
        f"{rng.choice(SPOT)} with managed Spot training in SageMaker and checkpoints in S3. The job waited {waited:,} "
        f"seconds for capacity before it began. In the end it reports {times}. The team notes what this saved against "
        "on-demand capacity. Which savings does SageMaker state for the job?"
    )
    return Question(stem, (times,), options)


def draw_steps(rng: Random, place: int) -> Question | None:
    """A data-parallel training, and how many steps make an epoch."""
    batch, devices, instances = rng.choice((16, 24, 32, 48, 64)), rng.choice((4, 8)), rng.choice((2, 3, 4, 6))
    samples, epochs = rng.randrange(200, 2000) * 1000, rng.choice((2, 3, 5, 12))
    together = batch * devices * instances
    if samples % together == 0 or devices == instances:
        return None
    key = Result(
        ceil(Fraction(samples, together)),
        f"Because {instances} x {devices} GPUs with {batch} rows each take {together:,} rows a step, and the last "
        "step has what is left.",
    )
    mistakes = [
        Result(
            ceil(Fraction(samples, batch)),
            f"Because {samples:,} / {batch} lets one GPU do it all; the {instances * devices} share the rows.",
        ),
        Result(
            ceil(Fraction(samples, batch * devices)),
            f"Because this counts the {devices} GPUs of one instance; there are {instances} instances.",
        ),
        Result(
            ceil(Fraction(samples, batch * instances)),
            f"Because this counts {instances} instances as one worker each, though each has {devices} GPUs.",
        ),
        Result(
            samples // together,
            "Because this drops the last step, which the team keeps though it is not full.",
        ),
        Result(
            ceil(Fraction(samples, together)) * epochs,
            f"Because this counts the steps of all {epochs} epochs, and the question is about one.",
        ),
        Result(
            ceil(Fraction(samples, together * epochs)),
            f"Because this spreads the rows over {epochs} epochs, though each epoch sees all of them.",
        ),
        Result(
            ceil(Fraction(samples, together * 2)),
            "Because this lets a step take twice as many rows as the GPUs are given.",
        ),
    ]
    options = among(rng, place, key, mistakes, lambda value: f"{value:,} steps")
    if not options:
        return None
    who, things = rng.choice(SHARED)
    size = f"{instances} instances with {devices} GPUs each"
    per = f"{batch} rows per GPU"
    stem = (
        f"{who} trains a model on {samples:,} {things} by data parallelism on {size}. The batch is {per} and step, "
        f"every row is seen once per epoch, and a last step that is not full is kept. Training runs for {epochs} "
        "epochs. How many steps does one epoch have?"
    )
    return Question(stem, (size, per), options)


GENERATORS = (
    Generator(
        id="spot-savings",
        draw=draw_savings,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.EASY,
        services=("sagemaker", "s3"),
        sources=("https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",),
    ),
    Generator(
        id="steps-per-epoch",
        draw=draw_steps,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        sources=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/distributed-training.html",
            "https://docs.aws.amazon.com/sagemaker/latest/dg/data-parallel.html",
        ),
    ),
)
