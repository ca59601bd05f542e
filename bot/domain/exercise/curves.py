"""Reading learning curves told in words: overfit, underfit, learning rate too high, leakage, or all well (S87, S88).

The verdict is what `diagnose` says of the figures, whatever they were drawn for. Its rules, in this order: training
loss that rises between two of the epochs named means steps that are too large; production `FAR` points below validation
means information that production lacks; validation `FAR` points below training means overfitting; training `FAR` points
below the target means underfitting; and what reaches the target in production is well. All other gaps of a draw are
within `NEAR`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

from bot.domain.exercise.generator import OPTIONS, Generator, Question, many
from bot.domain.item import Difficulty, Format, Option

FAR, NEAR = 12, 3  # points of accuracy
EPOCHS = ((1, 5, 10, 20), (1, 4, 8, 16), (2, 10, 20, 40), (1, 10, 20, 30))


class Diagnosis(StrEnum):
    """What can be the matter, as an option says it."""

    OVERFIT = "The model overfits the rows it was trained on."
    UNDERFIT = "The model underfits; it is too simple for this."
    TOO_FAST = "The learning rate is too high to converge."
    LEAK = "Information leaks in that production lacks."
    WELL = "The model generalizes well enough as it is."


SETTINGS = (
    "An insurer trains a network that recognizes storm damage on photographs of roofs",
    "A dairy trains a network that recognizes sick cows by their gait",
    "A publisher trains a network that recognizes which comments break the rules",
    "A harbor trains a network that recognizes damaged containers on video frames",
    "A lender trains a network that recognizes which applications will default",
)


@dataclass(frozen=True, slots=True)
class Curves:
    """What the curves show at four epochs, and the accuracy in the end."""

    epochs: tuple[int, ...]
    training: tuple[int, ...]  # loss, in hundredths
    validation: tuple[int, ...]
    target: int  # per cent, as every accuracy
    on_training: int
    on_validation: int
    in_production: int

    @property
    def rise(self) -> tuple[int, int] | None:
        """The first two losses of training between which it rises, in hundredths."""
        return next(((before, after) for before, after in pairwise(self.training) if after > before), None)


def diagnose(curves: Curves) -> Diagnosis | None:
    """What the figures show by the rules above; None if they show nothing clearly."""
    if curves.rise:
        return Diagnosis.TOO_FAST
    if curves.on_validation - curves.in_production >= FAR:
        return Diagnosis.LEAK
    if curves.on_training - curves.on_validation >= FAR:
        return Diagnosis.OVERFIT
    if curves.target - curves.on_training >= FAR:
        return Diagnosis.UNDERFIT
    return Diagnosis.WELL if curves.in_production >= curves.target else None


def draw(rng: Random, place: int) -> Question | None:
    """Curves drawn for one diagnosis, beside three others."""
    wanted = rng.choice(list(Diagnosis))
    curves = _curves(rng, wanted)
    if diagnose(curves) is not wanted:
        return None
    diagnoses = rng.sample([each for each in Diagnosis if each is not wanted], OPTIONS - 1)
    diagnoses.insert(place, wanted)
    train, validation = _losses(curves.training), _losses(curves.validation)
    accuracies = {
        "training": f"{curves.on_training} percent on training data",
        "validation": f"{curves.on_validation} percent on validation data",
        "production": f"{curves.in_production} percent in the first week of production",
    }
    goal = f"wants {curves.target} percent accuracy"
    stem = (
        f"{rng.choice(SETTINGS)}, and {goal}. After epochs {_list(curves.epochs)}, training loss is {train} and "
        f"validation loss is {validation}. Accuracy in the end is {accuracies['training']}, {accuracies['validation']} "
        f"and {accuracies['production']}. Which diagnosis do these figures support?"
    )
    decides = {
        Diagnosis.OVERFIT: (accuracies["training"], accuracies["validation"]),
        Diagnosis.UNDERFIT: (goal, accuracies["training"]),
        Diagnosis.TOO_FAST: (f"training loss is {train}",),
        Diagnosis.LEAK: (accuracies["validation"], accuracies["production"]),
        Diagnosis.WELL: (goal, accuracies["production"]),
    }[wanted]
    options = tuple(
        Option(
            text=each.value, key=each is wanted, why=_right(curves, each) if each is wanted else _wrong(curves, each)
        )
        for each in diagnoses
    )
    return Question(stem, decides, options)


def _curves(rng: Random, wanted: Diagnosis) -> Curves:
    """Figures that look as the diagnosis would."""
    training: tuple[int, ...]
    validation: tuple[int, ...]
    match wanted:
        case Diagnosis.OVERFIT:
            training = _falling(rng, low=3, high=9)
            best = rng.randrange(36, 46)
            validation = (rng.randrange(58, 68), best, best + rng.randrange(4, 9), best + rng.randrange(12, 30))
            on_training, gap, drop = rng.randrange(96, 100), rng.randrange(FAR + 2, 22), rng.randrange(NEAR)
            target = rng.randrange(90, 95)
        case Diagnosis.UNDERFIT:
            training = _falling(rng, low=54, high=60)
            validation = _beside(rng, training)
            on_training, gap, drop = rng.randrange(66, 76), rng.randrange(NEAR), rng.randrange(NEAR)
            target = on_training + rng.randrange(FAR + 2, 21)
        case Diagnosis.TOO_FAST:
            start = rng.randrange(66, 76)
            training = (
                start,
                start + rng.randrange(15, 40),
                start + rng.randrange(2, 12),
                start + rng.randrange(20, 60),
            )
            validation = _beside(rng, training)
            on_training, gap, drop = rng.randrange(52, 64), rng.randrange(NEAR), rng.randrange(NEAR)
            target = rng.randrange(85, 93)
        case Diagnosis.LEAK:
            training = _falling(rng, low=2, high=6)
            validation = _beside(rng, training)
            on_training, gap, drop = rng.randrange(97, 100), rng.randrange(NEAR), rng.randrange(FAR + 6, 30)
            target = rng.randrange(88, 95)
        case Diagnosis.WELL:
            training = _falling(rng, low=12, high=20)
            validation = _beside(rng, training)
            on_training, gap, drop = rng.randrange(92, 97), rng.randrange(NEAR), rng.randrange(NEAR)
            target = on_training - gap - drop - rng.randrange(1, 4)
    on_validation = on_training - gap
    in_production = on_validation - drop
    return Curves(rng.choice(EPOCHS), training, validation, target, on_training, on_validation, in_production)


def _falling(rng: Random, *, low: int, high: int) -> tuple[int, ...]:
    """Losses that fall ever more slowly to an end between the two."""
    end, start = rng.randrange(low, high), rng.randrange(64, 76)
    return (start, end + (start - end) * 3 // 8, end + (start - end) // 6, end)


def _beside(rng: Random, losses: Sequence[int]) -> tuple[int, ...]:
    return tuple(loss + rng.randrange(1, NEAR) for loss in losses)


def _losses(losses: Sequence[int]) -> str:
    return _list([f"{loss / 100:.2f}" for loss in losses])


def _list(values: Sequence[object]) -> str:
    *head, last = map(str, values)
    return f"{', '.join(head)} and {last}"


def _right(curves: Curves, diagnosis: Diagnosis) -> str:
    match diagnosis:
        case Diagnosis.OVERFIT:
            lowest = min(curves.validation)
            return (
                f"Because validation is {curves.on_training - curves.on_validation} points below training, and its "
                f"loss rises again from {lowest / 100:.2f} to {curves.validation[-1] / 100:.2f} while training loss "
                "falls, the model has learned noise; regularization, more data or an earlier stop help."
            )
        case Diagnosis.UNDERFIT:
            return (
                f"Because {curves.on_training} percent on training data itself is {curves.target - curves.on_training} "
                "points short of the target and both losses have settled, it lacks capacity or features, not data."
            )
        case Diagnosis.TOO_FAST:
            before, after = curves.rise or (0, 0)
            return (
                f"Because training loss itself rises, from {before / 100:.2f} to {after / 100:.2f}, and swings on, the "
                "steps jump over the minimum; a smaller rate or a schedule helps."
            )
        case Diagnosis.LEAK:
            return (
                f"Because production is {curves.on_validation - curves.in_production} points below a validation result "
                "that equals training, both sets share something that is not there when predictions are made."
            )
        case Diagnosis.WELL:
            gap = many(curves.on_training - curves.in_production, "point")
            return (
                f"Because {curves.in_production} percent in production exceeds the {curves.target} percent wanted, and "
                f"from training to production accuracy falls by {gap}, there is nothing to mend."
            )


def _wrong(curves: Curves, diagnosis: Diagnosis) -> str:
    match diagnosis:
        case Diagnosis.OVERFIT:
            return (
                "Because overfitting shows as validation far below training, and here the gap is "
                f"{many(curves.on_training - curves.on_validation, 'point')}, the model has not learned its rows by "
                "heart."
            )
        case Diagnosis.UNDERFIT if curves.rise:
            return (
                "Because a model that is too simple settles on a plateau, and this training loss rises and swings, it "
                "is the steps that fail and not the capacity."
            )
        case Diagnosis.UNDERFIT:
            return (
                f"Because {curves.on_training} percent on training data shows that the model is flexible enough for "
                "what it learns from; underfitting would hold it low there, too."
            )
        case Diagnosis.TOO_FAST:
            return (
                "Because training loss falls from each epoch named to the next, down to "
                f"{curves.training[-1] / 100:.2f}, the steps are not too large; at too high a rate it would rise or "
                "swing."
            )
        case Diagnosis.LEAK:
            return (
                f"Because production, at {curves.in_production} percent, keeps what validation promised with "
                f"{curves.on_validation} percent, the data held nothing that production lacks."
            )
        case Diagnosis.WELL:
            return (
                f"Because {curves.in_production} percent in production is short of the {curves.target} percent wanted, "
                "it can't stay as it is; it would do for a lower target."
            )


GENERATORS = (
    Generator(
        id="learning-curves",
        draw=draw,
        format=Format.FAILURE_ANALYSIS,
        difficulty=Difficulty.MEDIUM,
        sources=(
            "https://docs.aws.amazon.com/machine-learning/latest/dg/model-fit-underfitting-vs-overfitting.html",
            "https://developers.google.com/machine-learning/crash-course/overfitting/interpreting-loss-curves",
        ),
    ),
)
