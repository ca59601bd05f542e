"""Reading a confusion matrix: precision, recall, F1 and specificity, each from the four counts (S92)."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from random import Random

from bot.domain.exercise.generator import Generator, Question, Result, among, percent
from bot.domain.item import Difficulty, Format

SOURCES = (
    "https://docs.aws.amazon.com/machine-learning/latest/dg/binary-classification.html",
    "https://developers.google.com/machine-learning/crash-course/classification/accuracy-precision-recall",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose classifier it is, and how its case is told."""

    who: str
    things: str  # what is classified
    do: str  # what positives do
    dont: str  # what negatives do
    act: str  # what happens to each flagged one


SETTINGS = (
    Setting("A water utility", "pipe sections", "leak", "hold tight", "is dug up by a crew"),
    Setting("A bank", "card payments", "are fraudulent", "are honest", "is held back until a clerk has called"),
    Setting("A clinic", "X-ray images", "show a fracture", "show no fracture", "is read by a second doctor"),
    Setting("A factory", "circuit boards", "are faulty", "are sound", "is tested again by hand"),
    Setting("A forest agency", "camera pictures", "show smoke", "show no smoke", "sends a ranger on the way"),
    Setting("A toll operator", "license plates", "are forged", "are genuine", "is looked up by an officer"),
)
ASKS = {  # metric: why it is wanted, the question by its name, the question by its meaning
    "precision": (
        "Each flagged one {act}, so the team asks how far an alarm can be trusted.",
        "What is the precision of the classifier?",
        "Which share of the flagged {things} really {do}?",
    ),
    "recall": (
        "Each flagged one {act}, but what is not flagged is never looked at, and that worries the team.",
        "What is the recall of the classifier?",
        "Which share of the {things} that {do} does the classifier find?",
    ),
    "specificity": (
        "Each flagged one {act}, and the team wants to spare those that {dont} this trouble.",
        "What is the specificity of the classifier?",
        "Which share of the {things} that {dont} does the classifier leave alone?",
    ),
    "F1": (
        "Each flagged one {act}, and misses are bad too, so the team wants one figure in which both errors count.",
        "What is the F1 score of the classifier?",
        "What is the harmonic mean of precision and recall?",
    ),
}
MISTAKES = {  # metric: what is taken for it
    "precision": ("recall", "false discovery rate", "accuracy", "F1", "specificity", "prevalence"),
    "recall": ("precision", "miss rate", "accuracy", "specificity", "F1", "prevalence"),
    "specificity": ("recall", "false positive rate", "negative predictive value", "accuracy", "precision"),
    "F1": ("arithmetic mean", "precision", "recall", "accuracy", "Jaccard index", "specificity", "miss rate"),
}
POINT = Fraction(1, 100)  # what two options differ by at least
PREVALENCE = {  # metric: tenths of a negative for each positive, from and to
    "precision": (20, 120),
    "recall": (20, 120),
    "specificity": (20, 120),
    "F1": (4, 60),  # where positives are common, F1 may exceed accuracy
}


TOLD = {  # what each rate tells of those that {do} and those that {dont}
    "precision": "this is precision: of what was flagged, the share that was flagged rightly.",
    "recall": "this is recall: of those that {do}, the share that was flagged.",
    "specificity": "this is specificity: of those that {dont}, the share that was left alone.",
    "F1": "this is F1, the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).",
    "accuracy": "this is accuracy: rows of both classes count in it, and the larger class dominates.",
    "false discovery rate": "this is the share of flagged ones that were flagged wrongly, the rest of precision.",
    "miss rate": "this is the share of those that {do} and slip through, the rest of recall.",
    "false positive rate": "this is the share of those that {dont} and are flagged, the rest of specificity.",
    "negative predictive "
    "value": "this tells how far silence can be trusted: of what was passed over, the share rightly so.",
    "prevalence": "this is how common those are that {do}, whatever the classifier says of them.",
    "Jaccard index": "this divides by hits and errors but counts hits once, where F1 counts them twice.",
}
MEAN = "arithmetic mean"  # of precision and recall


@dataclass(frozen=True, slots=True)
class Matrix:
    """The four counts of a binary confusion matrix."""

    tp: int
    fn: int
    fp: int
    tn: int

    def rate(self, name: str) -> tuple[int, int]:
        """Which count is divided by which for a rate."""
        tp, fn, fp, tn = self.tp, self.fn, self.fp, self.tn
        return {
            "precision": (tp, tp + fp),
            "recall": (tp, tp + fn),
            "specificity": (tn, tn + fp),
            "F1": (2 * tp, 2 * tp + fp + fn),
            "accuracy": (tp + tn, tp + fn + fp + tn),
            "false discovery rate": (fp, tp + fp),
            "miss rate": (fn, tp + fn),
            "false positive rate": (fp, tn + fp),
            "negative predictive value": (tn, tn + fn),
            "prevalence": (tp + fn, tp + fn + fp + tn),
            "Jaccard index": (tp, tp + fp + fn),
        }[name]

    def value(self, name: str) -> Fraction:
        """A rate, or the arithmetic mean of precision and recall."""
        return (self.value("precision") + self.value("recall")) / 2 if name == MEAN else Fraction(*self.rate(name))

    def why(self, name: str, setting: Setting) -> str:
        """How a rate is calculated, and what it tells."""
        value = percent(self.value(name))
        if name == MEAN:
            precision, recall = percent(self.value("precision")), percent(self.value("recall"))
            return (
                f"Because ({precision} + {recall}) / 2 = {value}, this is the arithmetic mean of precision and recall; "
                "F1 is the harmonic mean, which the smaller of the two pulls down."
            )
        over, under = self.rate(name)
        return f"Because {over:,} / {under:,} = {value}, {TOLD[name].format(do=setting.do, dont=setting.dont)}"


def draw(rng: Random, place: int, *, metric: str) -> Question | None:
    """One matrix and what is asked of it."""
    setting = rng.choice(SETTINGS)
    positives = rng.randrange(40, 400)
    tp = positives * rng.randrange(45, 97) // 100
    negatives = positives * rng.randrange(*PREVALENCE[metric]) // 10 + rng.randrange(100)
    fp = negatives * rng.randrange(2, 62) // 100 if metric == "specificity" else tp * rng.randrange(6, 180) // 100
    if not 0 < fp < negatives or tp == positives:
        return None
    matrix = Matrix(tp, positives - tp, fp, negatives - fp)
    key, *mistakes = (Result(matrix.value(name), name) for name in (metric, *MISTAKES[metric]))
    named = among(rng, place, key, mistakes, percent, POINT)  # by names at first: most draws end here
    if not named:
        return None
    options = tuple(option.model_copy(update={"why": matrix.why(option.why, setting)}) for option in named)
    need, *questions = (
        text.format(things=setting.things, do=setting.do, dont=setting.dont, act=setting.act) for text in ASKS[metric]
    )
    question = rng.choice(questions)
    stem = (
        f"{setting.who} tests a classifier on {positives + negatives:,} {setting.things}, {positives:,} of which "
        f"{setting.do}. The confusion matrix shows {matrix.tp:,} true positives, {matrix.fn:,} false negatives, "
        f"{matrix.fp:,} false positives and {matrix.tn:,} true negatives. {need} {question}"
    )
    return Question(stem, (question.rstrip("?"),), options)


GENERATORS = tuple(
    Generator(
        id=f"matrix-{metric.lower()}",
        draw=partial(draw, metric=metric),
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM if metric == "F1" else Difficulty.EASY,
        sources=SOURCES,
    )
    for metric in ASKS
)
