"""Items: the questions of a pack, in the five types that certification exams use."""

import hashlib
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from bot.domain.ids import ItemId, Slug

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Format(StrEnum):
    """What kind of judgment an item asks for (the four formats of seed S83)."""

    TRADE_OFF = "trade-off"
    INTEGRATION = "integration"
    FAILURE_ANALYSIS = "failure-analysis"
    SECURITY = "security"


class Difficulty(StrEnum):
    """How many of the candidates who studied the topic are expected to be right."""

    EASY = "easy"  # about four in five
    MEDIUM = "medium"  # about three in five
    HARD = "hard"  # two in five or fewer


class Level(StrEnum):
    """What the answer takes: remembering, using, or bending what is known to a new case."""

    RECALL = "recall"
    APPLY = "apply"
    ADAPT = "adapt"


class Status(StrEnum):
    """Whether a second reader has confirmed the key and every rationale."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Model(BaseModel):
    """A frozen part of a pack; unknown fields are errors, so that a typo is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Model):
    """One answer on offer, with the reason why it is or is not the best."""

    text: Text
    key: bool = False
    why: Text


class Step(Model):
    """One response of an ordering item; a step outside the sequence is a distractor."""

    text: Text
    place: int | None = Field(default=None, ge=1, le=5)  # 1 = first; None = does not belong
    why: Text


class Pair(Model):
    """One prompt of a matching item with the response that belongs to it."""

    prompt: Text
    match: Text
    why: Text


class Facts(Model):
    """What every item says of itself, whatever its type."""

    id: Slug
    status: Status = Status.DRAFT
    reviewed_on: date | None = None
    format: Format
    difficulty: Difficulty
    level: Level
    scenario: bool = True  # False: a direct question without a case
    services: tuple[Slug, ...] = ()
    also: tuple[str, ...] = ()  # further tasks that the item draws on, by id
    pool: Slug | None = None  # the sealed mock pool it is kept for
    as_of: date
    sources: tuple[HttpUrl, ...] = Field(min_length=1)
    note: Text | None = None  # what a learner of today should know besides, e.g. of a closed service
    waive: dict[str, Text] = Field(default_factory=dict)  # check rule -> reason

    @property
    def item_id(self) -> ItemId:
        """The id, typed."""
        return ItemId(self.id)


class Choice(Facts):
    """A question with options: single choice, or multiple response if it has several keys."""

    stem: Text
    decides: tuple[Text, ...] = Field(min_length=1)  # the words of the stem that decide, verbatim
    options: tuple[Option, ...]

    @cached_property
    def keys(self) -> frozenset[int]:
        """Indices of the right options."""
        return frozenset(i for i, option in enumerate(self.options) if option.key)

    @cached_property
    def version(self) -> str:
        """A mark that changes when the stem, the options or the key do; an ask keeps it."""
        parts = [self.stem, *(f"{option.key}{option.text}" for option in self.options)]
        return hashlib.blake2s("\0".join(parts).encode(), digest_size=6).hexdigest()


class SingleChoice(Choice):
    """One best answer of four."""

    type: Literal["single"]
    options: tuple[Option, ...] = Field(min_length=4, max_length=4)


class MultipleResponse(Choice):
    """Two or more right answers of five or six, all or nothing."""

    type: Literal["multiple"]
    options: tuple[Option, ...] = Field(min_length=5, max_length=6)


class Ordering(Facts):
    """Choose the steps that belong and put them in order, all or nothing."""

    type: Literal["ordering"]
    stem: Text
    steps: tuple[Step, ...] = Field(min_length=3, max_length=5)


class Matching(Facts):
    """Give every prompt its response, all or nothing."""

    type: Literal["matching"]
    stem: Text
    pairs: tuple[Pair, ...] = Field(min_length=3, max_length=7)


class About(Model):
    """What a part of a case says besides."""

    concept: Slug | None = None  # what the part is about; None: the concept under which the case stands


class SinglePart(SingleChoice, About):
    """A single choice on a case's scenario."""


class MultiplePart(MultipleResponse, About):
    """A multiple response on a case's scenario."""


class OrderingPart(Ordering, About):
    """An ordering on a case's scenario."""


class MatchingPart(Matching, About):
    """A matching on a case's scenario."""


Part = Annotated[SinglePart | MultiplePart | OrderingPart | MatchingPart, Field(discriminator="type")]


class Case(Facts):
    """One scenario and several items on it, each graded for itself (S75)."""

    type: Literal["case"]
    stem: Text
    parts: tuple[Part, ...] = Field(min_length=2)


Item = Annotated[SingleChoice | MultipleResponse | Ordering | Matching | Case, Field(discriminator="type")]
