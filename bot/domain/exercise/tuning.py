"""Counting trainings: how many a grid search needs, and how long a tuning job takes with so many at once (S106)."""

from fractions import Fraction
from math import ceil
from random import Random

from bot.domain.exercise.generator import Generator, Number, Question, Result, among, many
from bot.domain.item import Difficulty, Format

GRIDS = (
    ("A wind farm tunes gradient boosted trees", ("depths", "learning rates", "row samples")),
    ("A bakery tunes a support vector machine", ("kernels", "penalties", "kernel widths")),
    ("A museum tunes a small neural network", ("layer sizes", "dropout rates", "learning rates")),
    ("An airline tunes a random forest", ("numbers of trees", "depths", "leaf sizes")),
)
TUNERS = (
    "A hotel chain tunes a demand model",
    "A seed grower tunes an image classifier",
    "A radio station tunes a speech model",
    "A tax office tunes an anomaly detector",
)


def draw_grid(rng: Random, place: int) -> Question | None:
    """A grid of three hyperparameters, scored by cross-validation, with a last training of the winner."""
    who, names = rng.choice(GRIDS)
    sizes = [rng.randrange(2, 7) for _ in names]
    folds = rng.choice((3, 4, 5, 8, 10))
    a, b, c = sizes
    cells = a * b * c
    grid = f"{a} {names[0]}, {b} {names[1]} and {c} {names[2]}"
    key = Result(
        cells * folds + 1,
        f"Because {a} x {b} x {c} = {cells} combinations are trained {folds} times each, and the best one once more.",
    )
    mistakes = [
        Result(cells * folds, "Because this leaves out the last training, of the best combination on all rows."),
        Result(cells, f"Because this counts the {cells} combinations, and each is trained once for every fold."),
        Result(
            cells + folds,
            f"Because this adds the {folds} folds to the combinations, though every combination goes through all "
            "folds.",
        ),
        Result(
            (a + b + c) * folds + 1,
            f"Because {a} + {b} + {c} varies one hyperparameter at a time; a grid holds every combination.",
        ),
        Result(
            cells * (folds - 1) + 1,
            f"Because one fold is held out of each training, not of their number: {folds} folds make {folds} "
            "trainings.",
        ),
        Result(
            cells * (folds + 1),
            "Because this trains each combination on all rows as well, which is done with the best one alone.",
        ),
        Result(
            (cells + 1) * folds,
            f"Because this puts the best combination through the {folds} folds again, while it is trained once on all "
            "rows.",
        ),
        Result(
            2 * cells * folds + 1,
            "Because this counts a training and a validation for each fold, while a validation trains nothing.",
        ),
    ]
    options = among(rng, place, key, mistakes, lambda value: f"{value:,} trainings")
    if not options:
        return None
    scored = f"scored by {folds}-fold cross-validation"
    stem = (
        f"{who} by grid search over {grid}. Each combination is {scored}, and the best one is finally trained on all "
        "rows. Before it asks for compute, the team wants to know the size of the task. How many trainings does it "
        "run?"
    )
    return Question(stem, (grid, scored, "finally trained on all rows"), options)


def draw_wall_time(rng: Random, place: int) -> Question | None:
    """A tuning job whose trainings run in rounds, the last of which is not full."""
    jobs, parallel, minutes = (
        rng.randrange(18, 130),
        rng.randrange(3, 13),
        rng.choice((6, 8, 9, 12, 14, 15, 18, 25, 35)),
    )
    if jobs % parallel == 0:
        return None
    rounds = ceil(Fraction(jobs, parallel))
    whole = jobs // parallel
    key = Result(
        rounds * minutes,
        f"Because {jobs} trainings at {parallel} a time take {rounds} rounds, the last with {jobs % parallel}, of "
        f"{minutes} minutes each.",
    )
    mistakes = [
        Result(
            whole * minutes,
            f"Because {whole} full rounds leave {many(jobs % parallel, 'training')} over, and one more round is due.",
        ),
        Result(
            Fraction(jobs * minutes, parallel),
            f"Because {jobs} / {parallel} x {minutes} splits the last round, though its trainings take {minutes} "
            "minutes, too.",
        ),
        Result(
            jobs * minutes, f"Because {jobs} x {minutes} runs one training after the other, with nothing in parallel."
        ),
        Result(
            (rounds + 1) * minutes,
            f"Because this adds a round to the {rounds} that hold all trainings, the {jobs % parallel} left over too.",
        ),
        Result(
            parallel * minutes,
            f"Because {parallel} x {minutes} multiplies by what runs at once instead of dividing by it.",
        ),
        Result(
            rounds * minutes + jobs % parallel * minutes,
            f"Because this runs the last {jobs % parallel} trainings one by one, though they fit into one round.",
        ),
    ]
    options = among(rng, place, key, mistakes, _minutes)
    if not options:
        return None
    size = f"{jobs} trainings, {parallel} at a time"
    stem = (
        f"{rng.choice(TUNERS)} by random search with a SageMaker tuning job. The job runs {size}, and each takes "
        f"{minutes} minutes from start to end; none is stopped early. Instances are free at once. The results are "
        "needed for a meeting. After how many minutes is the job done?"
    )
    return Question(stem, (size,), options)


def _minutes(value: Number) -> str:
    return f"{round(value):,} minutes"


GENERATORS = (
    Generator(
        id="grid-search-trainings",
        draw=draw_grid,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        sources=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html",
            "https://scikit-learn.org/stable/modules/grid_search.html",
        ),
    ),
    Generator(
        id="tuning-wall-time",
        draw=draw_wall_time,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.EASY,
        services=("sagemaker",),
        sources=("https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-considerations.html",),
    ),
)
