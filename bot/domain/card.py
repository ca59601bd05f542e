"""Cards: one question and one answer, for what is worth knowing by heart.

A card's front asks for all that its back tells, so that turning it over is a fair test. Both are made from the card's
own fields, alike for every card of a kind; they fit a phone's screen (`FRONT`, `BACK`).
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, HttpUrl, RootModel

from bot.domain.ids import CardId, Slug
from bot.domain.item import Model, Status, Text
from bot.domain.service import Service

FRONT = 200  # characters that a front may have
BACK = 700  # and a back, its line breaks counted

Services = Mapping[str, Service]


class CardKind(StrEnum):
    """What a card is about; also the name of the file it stands in."""

    SERVICE = "service"
    METRIC = "metric"
    ALGORITHM = "algorithm"
    DECISION = "decision"
    CONTRAST = "contrast"


class Facts(Model):
    """What every card says of itself, whatever its kind."""

    kind: ClassVar[CardKind]

    id: Slug
    topic: Slug
    concept: Slug | None = None  # what the card is about; its memory is its own
    status: Status = Status.DRAFT
    reviewed_on: date | None = None
    as_of: date
    sources: tuple[HttpUrl, ...] = Field(min_length=1)
    note: Text | None = None  # what a learner of today should know besides, e.g. of a closed service

    @property
    def card_id(self) -> CardId:
        """The id, typed."""
        return CardId(self.id)

    @property
    @abstractmethod
    def subject(self) -> str:
        """What the card is about; no two cards of a kind share it."""

    @abstractmethod
    def front(self, services: Services) -> str:
        """The question."""

    def back(self, services: Services) -> tuple[str, ...]:
        """The answer, line by line."""
        return (*self._answer(services), *((self.note,) if self.note else ()))

    @abstractmethod
    def _answer(self, services: Services) -> tuple[str, ...]:
        """The answer without the note."""


class ServiceCard(Facts):
    """What a service is for, when it is the wrong one, and what tells it from its nearest neighbor (S103)."""

    kind: ClassVar[CardKind] = CardKind.SERVICE

    service: Slug
    does: Text
    not_for: Text
    neighbor: Slug
    difference: Text

    @property
    def subject(self) -> str:
        """The service's slug."""
        return self.service

    def front(self, services: Services) -> str:
        """The question."""
        name = services[self.service].full_name if self.service in services else self.service
        return f"{name}: what is it for, what is it not for, and how does {_name(services, self.neighbor)} differ?"

    def _answer(self, services: Services) -> tuple[str, ...]:
        return (
            f"For: {self.does}",
            f"Not for: {self.not_for}",
            f"{_name(services, self.neighbor)}: {self.difference}",
        )


class MetricCard(Facts):
    """How a metric is computed, when it is the right one, and when it misleads."""

    kind: ClassVar[CardKind] = CardKind.METRIC

    name: Text
    formula: Text  # plain text or Unicode: no markup
    right_when: Text
    misleading_when: Text

    @property
    def subject(self) -> str:
        """The metric's name."""
        return self.name

    def front(self, services: Services) -> str:  # noqa: ARG002 - it names none
        """The question."""
        return f"{self.name}: how is it computed, when is it the right metric, and when does it mislead?"

    def _answer(self, services: Services) -> tuple[str, ...]:  # noqa: ARG002
        return (self.formula, f"Right when: {self.right_when}", f"Misleads when: {self.misleading_when}")


class Hyperparameter(Model):
    """A setting of an algorithm that is worth knowing."""

    name: Text
    does: Text


class AlgorithmCard(Facts):
    """What an algorithm takes, what it is good at, and the settings that matter."""

    kind: ClassVar[CardKind] = CardKind.ALGORITHM

    name: Text
    input: Text
    strengths: Text
    hyperparameters: tuple[Hyperparameter, ...] = Field(min_length=1)

    @property
    def subject(self) -> str:
        """The algorithm's name."""
        return self.name

    def front(self, services: Services) -> str:  # noqa: ARG002
        """The question."""
        return f"{self.name}: what input does it take, what is it good at, and which hyperparameters matter?"

    def _answer(self, services: Services) -> tuple[str, ...]:  # noqa: ARG002
        settings = (f"{setting.name}: {setting.does}" for setting in self.hyperparameters)
        return (f"Input: {self.input}", f"Good at: {self.strengths}", *settings)


class DecisionCard(Facts):
    """A choice that comes again and again, and what decides it (S97-S100)."""

    kind: ClassVar[CardKind] = CardKind.DECISION

    question: Text
    answer: Text
    because: Text

    @property
    def subject(self) -> str:
        """The question."""
        return self.question

    def front(self, services: Services) -> str:  # noqa: ARG002
        """The question."""
        return self.question

    def _answer(self, services: Services) -> tuple[str, ...]:  # noqa: ARG002
        return (self.answer, f"Because: {self.because}")


class ContrastCard(Facts):
    """Two things that are confused, what tells them apart, and when to choose which."""

    kind: ClassVar[CardKind] = CardKind.CONTRAST

    left: Text
    right: Text
    difference: Text
    choose_left: Text
    choose_right: Text

    @property
    def subject(self) -> str:
        """Both names, in whichever order they are given."""
        return " ".join(sorted((self.left, self.right)))

    def front(self, services: Services) -> str:  # noqa: ARG002
        """The question."""
        return f"{self.left} or {self.right}: what is the difference, and when do you choose which?"

    def _answer(self, services: Services) -> tuple[str, ...]:  # noqa: ARG002
        return (self.difference, f"{self.left}: {self.choose_left}", f"{self.right}: {self.choose_right}")


Card = ServiceCard | MetricCard | AlgorithmCard | DecisionCard | ContrastCard


class ServiceCards(Model):
    """Cards on services."""

    kind: Literal["service"]
    cards: tuple[ServiceCard, ...] = Field(min_length=1)


class MetricCards(Model):
    """Cards on metrics."""

    kind: Literal["metric"]
    cards: tuple[MetricCard, ...] = Field(min_length=1)


class AlgorithmCards(Model):
    """Cards on algorithms."""

    kind: Literal["algorithm"]
    cards: tuple[AlgorithmCard, ...] = Field(min_length=1)


class DecisionCards(Model):
    """Cards on choices that come again and again."""

    kind: Literal["decision"]
    cards: tuple[DecisionCard, ...] = Field(min_length=1)


class ContrastCards(Model):
    """Cards on pairs that are confused."""

    kind: Literal["contrast"]
    cards: tuple[ContrastCard, ...] = Field(min_length=1)


class CardFile(
    RootModel[
        Annotated[
            ServiceCards | MetricCards | AlgorithmCards | DecisionCards | ContrastCards, Field(discriminator="kind")
        ]
    ]
):
    """What a file of cards holds: its kind, then cards of that kind."""

    @property
    def kind(self) -> CardKind:
        """What its cards are about."""
        return CardKind(self.root.kind)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Its cards."""
        return self.root.cards


def _name(services: Services, slug: str) -> str:
    return services[slug].name if slug in services else slug
