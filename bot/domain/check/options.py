"""Rules on the options: as many keys as there should be, options alike, and none that gives the key away."""

import re
from collections.abc import Iterator
from itertools import combinations
from statistics import fmean

from rapidfuzz import fuzz

from bot.domain.check.rules import Finding
from bot.domain.check.subject import Answer, Subject, has_choice
from bot.domain.item import MultipleResponse, Ordering, SingleChoice

SAME_OPTION = 90  # per cent of tokens, in order, that two options may share
KEY_LENGTH = 1.5  # times the mean length of the distractors
LENGTH_RANGE = 3  # longest to shortest option
CLUE_CHARACTERS = 12  # a key that is longer by fewer (`Recall`, `F1 score`) gives nothing away
LONG_OPTION = 40  # characters; among shorter options (names, metrics) a range of lengths is natural
ECHOES = 3  # words of the stem in the key from which an echo is heard
ABSOLUTE = re.compile(
    r"(?<![\w-])(?:always|never|only|all|must|every(?! (?:\d|other|\w+th|\w+ (?:second|minute|hour|day)s|"
    r"second|minute|hour|day|night|week|month|quarter|year|epoch|morning|evening)))(?![\w-])",
    re.IGNORECASE,
)
VAGUE = re.compile(r"(?<![\w-])(?:often|usually|Often|Usually|may)(?![\w-])")

_COMBINED = re.compile(
    r"\b(?:all|none|any|both|neither|two) of (?:the )?above\b|\ball (?:the )?above\b|\b(?:all|none) are correct\b"
    r"|\b(?:all|none|any|both|neither|two) of (?:these|the following)(?: options| answers)?\.?$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[B-F]\b|(?<!^)(?<![.?!] )\bA\b")  # a letter that the stem gives to something
_BOTH = re.compile(
    r"\b(?:[Bb]oth|[Oo]ptions?|[Aa]nswers?|[Ee]ither|[Nn]either) "
    r"\(?([A-F])\)?(?:,? (?:and|or|nor) \(?([A-F])\)?)?(?!\w)"
)
_NUMBER = re.compile(r"[~≈]?\s*([$€£]?)\s*([+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(\D{0,30})")
_WORD = re.compile(r"[A-Za-z0-9][\w'%./+-]*[\w%+]|[A-Za-z0-9]")
_COMMON = re.compile(
    r"with|that|this|from|into|then|than|when|which|their|them|they|have|each|more|most|less|also|should|would|could"
    r"|will|uses|used|using|data|amazon|model|models|training|sagemaker"
)


def check_options(subject: Subject) -> Iterator[Finding]:
    """Every finding on the options of one item."""
    yield from _key_count(subject)
    yield from _places(subject)
    yield from _near_duplicates(subject)
    if not has_choice(subject):
        return
    yield from _combined(subject)
    yield from _unsorted(subject)
    yield from _lengths(subject)
    yield from _loose_words(subject)
    yield from _echo(subject)


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return [word.lower() for word in _WORD.findall(text)]


def _key_count(subject: Subject) -> Iterator[Finding]:
    item, count = subject.item, len(subject.keys)
    if isinstance(item, SingleChoice) and count != 1:
        yield subject.breaks("key-count", f"single choice with {count} keys instead of one")
    elif isinstance(item, MultipleResponse) and count not in {2, 3}:
        yield subject.breaks("key-count", f"multiple response with {count} keys instead of two or three")


def _places(subject: Subject) -> Iterator[Finding]:
    if isinstance(subject.item, Ordering):
        places = sorted(step.place for step in subject.item.steps if step.place is not None)
        if len(places) < 2 or places != list(range(1, len(places) + 1)):
            yield subject.breaks("ordering-places", f"places are {places}, not 1 to {max(2, len(places))}")


def _near_duplicates(subject: Subject) -> Iterator[Finding]:
    for one, other in combinations(subject.answers, 2):
        if _number_of(one) not in (None, _number_of(other)):
            continue  # tokens know no minus sign
        mine, theirs = tokens(one.text), tokens(other.text)
        differ = set(mine) ^ set(theirs)
        if differ and all(any(letter.isdigit() for letter in word) for word in differ):
            continue  # the same sentence with another number is an honest alternative
        if mine == theirs or fuzz.ratio(mine, theirs) > SAME_OPTION:
            yield subject.breaks("near-duplicate-options", f"{_short(one)} and {_short(other)} are nearly the same")


def _number_of(answer: Answer) -> float | None:
    """The value of an answer that is a number with a unit or none, else None."""
    found = _NUMBER.fullmatch(answer.text.rstrip("."))
    return float(found[2].replace(",", "")) if found else None


def _combined(subject: Subject) -> Iterator[Finding]:
    named = set(_NAME.findall(subject.stem))  # the stem may speak of models A and B
    for answer in subject.answers:
        letters = _BOTH.search(answer.text)
        if _COMBINED.search(answer.text) or (letters and not {part for part in letters.groups() if part} <= named):
            yield subject.breaks("combined-option", f"{_short(answer)} stands for other options")


def _unsorted(subject: Subject) -> Iterator[Finding]:
    found = [_NUMBER.fullmatch(answer.text.rstrip(".")) for answer in subject.answers]
    numbers = [match for match in found if match]
    units = {(match[1], match[3].strip().lower().rstrip("s")) for match in numbers}
    if len(numbers) < len(found) or len(units) > 1:
        return
    values = [float(match[2].replace(",", "")) for match in numbers]
    if values != sorted(values) and values != sorted(values, reverse=True):
        yield subject.breaks("unsorted-numbers", f"numeric options are in the order {', '.join(m[2] for m in numbers)}")


def _lengths(subject: Subject) -> Iterator[Finding]:
    lengths = [len(answer.text) for answer in subject.answers]
    others = [len(answer.text) for answer in subject.distractors]
    longest = max((len(answer.text) for answer in subject.keys), default=0)
    mean = fmean(others) if others else 0
    if mean and longest >= KEY_LENGTH * mean and longest - mean >= CLUE_CHARACTERS:
        message = f"a key has {longest} characters, the distractors {mean:.0f} on average ({longest / mean:.2f} x)"
        yield subject.breaks("key-length", message)
    if max(lengths) > LENGTH_RANGE * min(lengths) and max(lengths) >= LONG_OPTION:
        yield subject.breaks("option-lengths", f"options have {min(lengths)} to {max(lengths)} characters")


def _loose_words(subject: Subject) -> Iterator[Finding]:
    for rule, pattern in (("absolute-word", ABSOLUTE), ("vague-word", VAGUE)):
        found = [(word, answer) for answer in subject.answers for word in pattern.findall(answer.text)[:1]]
        if found:
            said = ", ".join(f"{word.lower()!r} in {_short(answer)}" for word, answer in found)
            yield subject.breaks(rule, said)


def _echo(subject: Subject) -> Iterator[Finding]:
    stem = _content(subject.stem)
    loudest = max((len(_content(answer.text) & stem) for answer in subject.distractors), default=0)
    for key in subject.keys:
        echo = _content(key.text) & stem
        if len(echo) >= ECHOES and len(echo) > 2 * loudest:
            yield subject.breaks("stem-echo", f"{_short(key)} repeats {', '.join(sorted(echo))}; distractors {loudest}")


def _content(text: str) -> set[str]:
    """The words that carry meaning, without the plural's s."""
    return {word.rstrip("s") for word in tokens(text) if len(word) > 3 and not _COMMON.fullmatch(word)}


def _short(answer: Answer) -> str:
    text = answer.text
    return f"{text[:40].rstrip()}..." if len(text) > 43 else text
