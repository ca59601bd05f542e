"""Stems that say nearly the same: a pack of 500 items has 125,000 pairs, so most are ruled out by their words."""

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from bot.domain.check.options import tokens
from bot.domain.check.rules import Finding
from bot.domain.check.subject import Subject

SAME_STEM = 85  # per cent, token-set ratio
COMMON_WORDS = 0.5  # share of the smaller stem's words without which two stems don't come near that ratio


def near_duplicate_stems(subjects: Sequence[Subject]) -> Iterator[Finding]:
    """A finding for every stem that is nearly that of an earlier item.

    Parts of a case share its scenario and are left out. So are pairs of which one has under half of the other's words:
    a set ratio calls a short question the twin of every long stem that happens to hold its words.
    """
    whole = [subject for subject in subjects if subject.case is None]
    texts = [" ".join(sorted(set(tokens(subject.stem)))) for subject in whole]
    words = [frozenset(text.split()) for text in texts]
    for later, mine in enumerate(words):
        for earlier in range(later):
            theirs = words[earlier]
            less, more = sorted((len(mine), len(theirs)))
            if 2 * less < more or len(mine & theirs) < COMMON_WORDS * less:
                continue
            ratio = fuzz.token_set_ratio(texts[later], texts[earlier], score_cutoff=SAME_STEM)
            if ratio > SAME_STEM:
                twin = whole[earlier].item.id
                yield whole[later].breaks("near-duplicate-stem", f"the stem is {ratio / 100:.2f} like that of {twin}")
