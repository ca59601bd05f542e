"""What the rules look at: every item and every part of a case, with its place and its options seen alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.domain.check.rules import Finding, broken
from bot.domain.ids import ConceptId
from bot.domain.item import Case, Choice, Item, Ordering, Part
from bot.domain.pack import Entry, Pack, Place

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_CHOOSE = re.compile(r"\s*\(?Choose \w+\.?\)?\.?$")


@dataclass(frozen=True, slots=True)
class Answer:
    """An option, a step or a pair: the text a learner chooses by, and why it is or is not right."""

    text: str
    is_key: bool
    why: str


@dataclass(frozen=True)
class Subject:
    """One item, or one part of a case, as the rules see it."""

    item: Item | Part
    entry: Entry
    case: Case | None = None  # the case this is a part of
    about: Place | None = None  # where a part's concept stands, if that is not where its case does

    @property
    def place(self) -> Place:
        """Where in the taxonomy it counts."""
        return self.about or self.entry.place

    def breaks(self, rule: str, message: str) -> Finding:
        """A finding on this item."""
        return broken(rule, message, self.item.item_id)

    @cached_property
    def stem(self) -> str:
        """What is read before the options: for a part, the case's scenario too."""
        return f"{self.case.stem} {self.item.stem}" if self.case else self.item.stem

    @cached_property
    def lead_in(self) -> str:
        """The last sentence of the stem, which asks; `Choose TWO.` is left out."""
        return _SENTENCE.split(_CHOOSE.sub("", self.item.stem))[-1]

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """What there is to choose from; nothing for a case, whose parts are subjects of their own."""
        item = self.item
        if isinstance(item, Choice):
            return tuple(Answer(option.text, option.key, option.why) for option in item.options)
        if isinstance(item, Ordering):
            return tuple(Answer(step.text, step.place is not None, step.why) for step in item.steps)
        if isinstance(item, Case):
            return ()
        return tuple(Answer(f"{pair.prompt}: {pair.match}", True, pair.why) for pair in item.pairs)

    @cached_property
    def keys(self) -> tuple[Answer, ...]:
        """The right ones."""
        return tuple(answer for answer in self.answers if answer.is_key)

    @cached_property
    def distractors(self) -> tuple[Answer, ...]:
        """The wrong ones."""
        return tuple(answer for answer in self.answers if not answer.is_key)


def subjects(pack: Pack) -> Iterator[Subject]:
    """Every item of the pack in the order of its files, a case before its parts."""
    for entry in pack.written:
        yield Subject(entry.item, entry)
        if isinstance(entry.item, Case):
            for part in entry.item.parts:
                _, about = pack.concepts.get(ConceptId(part.concept or ""), (None, None))
                yield Subject(part, entry, entry.item, about)


def has_choice(subject: Subject) -> bool:
    """Whether options are tapped, so that their lengths and words can give the key away."""
    return isinstance(subject.item, Choice)
