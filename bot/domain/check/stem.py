"""Rules on the stem: it tells a case, marks what decides, and ends in one question without hints."""

import re
from collections.abc import Iterator

from bot.domain.check.rules import Finding
from bot.domain.check.subject import Subject, has_choice
from bot.domain.item import Case, Choice, MultipleResponse, SingleChoice

SCENARIO_WORDS = 40

_CHOOSE = re.compile(r"\bChoose (TWO|THREE)\.")
_ANY_CHOOSE = re.compile(r"\b(?:choose|select|pick) (?:two|three|four|five|\d)\b", re.IGNORECASE)
_COUNTS = {2: "TWO", 3: "THREE"}
_CAPITAL_NEGATIVE = re.compile(r"\b(?:NOT|EXCEPT)\b")
_SMALL_NEGATIVE = re.compile(
    r"\b(?:which|what)(?: of (?:the|these|those)(?: [\w-]+){0,2}| [\w-]+(?: [\w-]+)?)? "
    r"(?:(?:is|are|does|do|can|will|would|should|was|were) not|isn't|aren't|doesn't|don't|can't|cannot|won't)\b"
    r"|\bexcept\b"
)
_NOUN = (
    r"(?:(?!combination|set|pair)[\w-]+ ){0,2}?"
    r"(?:solution|service|action|step|approach|change|metric|technique|feature|algorithm|option|statement|design"
    r"|configuration|method|reason|strateg|tool|measure|task|component)"
)
_MODAL = r"should|would|will|can|could|must"
_PLURAL = re.compile(rf"\bwhich (?:(?:two|three|four) )?{_NOUN}(?:s|es|ies)(?= (?:{_MODAL}|are|do|have|were|meet)\b)")
_SINGULAR = re.compile(rf"\bwhich (?!two|three){_NOUN}y?(?= (?:{_MODAL}|is|does|has|was|meets)\b)")
_OPEN_END = re.compile(r"\b(?:a|an|a\(n\))\s*[:._]*$")
_ARTICLE = re.compile(r"(?:(?<![\w'.-])(an?)|(?:^|(?<=[.?!:] ))(An?)) ([a-z]{2,})(?![\w.]*\d)")
_AS_CONSONANT = re.compile(r"uni(?!n|m)|us[aeu]|uti|ubi|ura|eu|ew|one(?!r)|once")
_AS_VOWEL = re.compile(r"hour|honest|honor|heir|xgboost|ml|mse|rmse|http|html")


def check_stem(subject: Subject) -> Iterator[Finding]:
    """Every finding on the stem of one item."""
    yield from _decides(subject)
    yield from _choose(subject)
    if not isinstance(subject.item, Case):
        yield from _question(subject)
    if subject.case is None and subject.item.scenario:
        words = len(subject.stem.split())
        if words < SCENARIO_WORDS:
            yield subject.breaks("short-scenario", f"the scenario has {words} words, fewer than {SCENARIO_WORDS}")
    cues = [*_articles(subject), *_number(subject)]
    if cues:
        yield subject.breaks("grammar-cue", "; ".join(cues))


def is_negative(subject: Subject) -> bool:
    """Whether the question asks for what is not so."""
    return bool(_CAPITAL_NEGATIVE.search(subject.item.stem) or _SMALL_NEGATIVE.search(subject.lead_in.lower()))


def _decides(subject: Subject) -> Iterator[Finding]:
    if not isinstance(subject.item, Choice):
        return
    for words in subject.item.decides:
        if words not in subject.item.stem and not (subject.case and words in subject.case.stem):
            yield subject.breaks("decides-not-in-stem", f"{words!r} is not in the stem")


def _choose(subject: Subject) -> Iterator[Finding]:
    said = _CHOOSE.findall(subject.item.stem)
    count = len(subject.keys)
    if isinstance(subject.item, MultipleResponse) and count in _COUNTS and said != [_COUNTS[count]]:
        yield subject.breaks("choose-count", f"the stem does not say 'Choose {_COUNTS[count]}.' once, for {count} keys")
    elif isinstance(subject.item, SingleChoice) and (said or _ANY_CHOOSE.search(subject.lead_in)):
        yield subject.breaks("choose-count", "a single choice asks for several options")


def _question(subject: Subject) -> Iterator[Finding]:
    negative = _SMALL_NEGATIVE.search(_decapitalized(subject.lead_in))
    if negative and not _CAPITAL_NEGATIVE.search(subject.lead_in):
        yield subject.breaks("not-in-capitals", f"{negative[0]!r} is easily overlooked")
    if has_choice(subject) and not subject.lead_in.endswith("?"):
        yield subject.breaks("lead-in", f"the stem ends in {subject.lead_in[-60:]!r}, not in a question")


def _articles(subject: Subject) -> Iterator[str]:
    if _OPEN_END.search(subject.lead_in):
        yield "the stem ends in an article that fits some options only"
    for text in (subject.item.stem, *(answer.text for answer in subject.answers)):
        for small, capital, word in _ARTICLE.findall(text):
            article = small or capital
            is_vowel = (word[0] in "aeiou" and not _AS_CONSONANT.match(word)) or bool(_AS_VOWEL.match(word))
            if is_vowel != (article.lower() == "an") and re.search("[aeiouy]", word[:4]):
                yield f"{article} {word}"


def _number(subject: Subject) -> Iterator[str]:
    question = _decapitalized(subject.lead_in)
    plural, singular = _PLURAL.search(question), _SINGULAR.search(question)
    if isinstance(subject.item, SingleChoice) and plural and " of " not in plural[0]:
        yield f"{plural[0]!r} asks for several in a single choice"
    elif isinstance(subject.item, MultipleResponse) and singular and not plural and " of " not in singular[0]:
        yield f"{singular[0]!r} asks for one in a multiple response"


def _decapitalized(sentence: str) -> str:
    """The sentence with a small first letter; NOT and EXCEPT keep their capitals."""
    return sentence[:1].lower() + sentence[1:]
