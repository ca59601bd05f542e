"""What an answer carries besides right and wrong."""

from enum import StrEnum


class Confidence(StrEnum):
    """How sure the learner says they are, before they see the verdict."""

    SURE = "sure"
    LEANING = "leaning"
    GUESS = "guess"


class Cause(StrEnum):
    """Why an answer was missed, in the learner's own judgment (S154, S155)."""

    CONCEPTUAL = "conceptual"
    FACTUAL = "factual"
    MISREAD = "misread"
    RUSHED = "rushed"
    GUESSED = "guessed"
