"""Rules on the rationales: each gives a reason and still holds when the options are shuffled."""

import re
from collections.abc import Iterator

from bot.domain.check.rules import Finding
from bot.domain.check.subject import Subject

RATIONALE_WORDS = 8

_POSITION = re.compile(
    r"\b(?:[Oo]ption|[Aa]nswer|[Cc]hoice|[Dd]istractor)s? (?:[A-F]|\([A-Fa-f]\)|[1-6])(?![\w.%])"
    r"|\b(?:[Cc]hoose|[Ss]elect|[Pp]ick) [A-F]\b(?! |-)"
    r"|(?:^|(?<=[.;:] ))[A-F](?:[.)]| (?:is|are|was|would|does|can|cannot|fails|works|and [A-F])\b)"
    r"|\b[Tt]he (?:first|second|third|fourth|fifth|sixth|last|previous|next|preceding) (?:option|answer|distractor)s?\b"
    r"|\b(?:[Oo]ption|[Aa]nswer|[Cc]hoice)s? (?:above|below)\b"
    r"|\b(?:above|below) (?:option|answer|choice)s?\b",
)


def check_rationales(subject: Subject) -> Iterator[Finding]:
    """Every finding on the rationales of one item."""
    for answer in subject.answers:
        words = len(answer.why.split())
        if words < RATIONALE_WORDS:
            yield subject.breaks("short-rationale", f"{answer.why!r} has {words} words, fewer than {RATIONALE_WORDS}")
        if position := _POSITION.search(answer.why):
            yield subject.breaks("rationale-names-position", f"{position[0]!r} in {answer.why[:60]!r}")
