"""The pack: one exam's spec, its taxonomy (domain > task > topic > concept) and its items."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field, HttpUrl

from bot.domain.ids import ConceptId, DomainId, ItemId, PackId, Slug, TaskId, TopicId
from bot.domain.item import Item, Model, MultipleResponse, SingleChoice, Status, Text


class ExamStatus(StrEnum):
    """Whether the exam can be sat."""

    ACTIVE = "active"
    BETA = "beta"
    RETIRING = "retiring"
    RETIRED = "retired"


class Questions(Model):
    """How many questions a paper has."""

    total: int = Field(gt=0)
    scored: int = Field(gt=0)
    unscored: int = Field(ge=0)


class Successor(Model):
    """An exam that took this one's place, and where each domain's matter went."""

    code: Text
    name: Text
    mapping: dict[Slug, Text] = Field(default_factory=dict)  # our domain -> where it is found there


class Exam(Model):
    """The facts of the exam itself, as its owner publishes them."""

    code: Text
    name: Text
    provider: Text
    status: ExamStatus
    last_day: date | None = None  # last day it could or can be sat
    languages: tuple[Text, ...]
    minutes: int = Field(gt=0)
    questions: Questions
    pass_mark: int
    scale: tuple[int, int]
    item_types: tuple[Literal["single", "multiple", "ordering", "matching", "case"], ...]
    experience: Text  # what the owner recommends
    results: Text  # when and how results come
    scoring: Text
    retake_wait_days: int = Field(ge=0)
    predecessor: Text | None = None
    successors: tuple[Successor, ...] = ()
    audience: Text  # whom the pack serves
    sources: tuple[HttpUrl, ...] = Field(min_length=1)
    verified_on: date


class ServiceState(StrEnum):
    """Whether a new customer can still use a service."""

    OPEN = "open"
    CLOSED = "closed"  # existing customers only
    DISCONTINUED = "discontinued"


class Service(Model):
    """A product that items name, and where it stands in its life."""

    name: Text
    formerly: Text | None = None
    state: ServiceState = ServiceState.OPEN
    since: date | None = None  # of the state, where it is not open
    instead: Text | None = None  # what a newcomer uses today
    source: HttpUrl | None = None


class Rating(StrEnum):
    """High or low, on one axis of the complexity x frequency quadrant (S163-S169)."""

    HIGH = "high"
    LOW = "low"


class Topic(Model):
    """A part of a task that a learner would name."""

    id: Slug
    title: Text
    complexity: Rating
    frequency: Rating
    rated: Text | None = None  # why the rating differs from its source, where it does


class Task(Model):
    """A task statement of the exam guide."""

    id: str = Field(pattern=r"^\d+\.\d+$")
    name: Text
    topics: tuple[Topic, ...] = Field(min_length=1)


class Domain(Model):
    """A scored section of the exam."""

    id: Slug
    name: Text
    weight: int = Field(gt=0, le=100)  # per cent of the scored questions
    tasks: tuple[Task, ...] = Field(min_length=1)

    @property
    def domain_id(self) -> DomainId:
        """The id, typed."""
        return DomainId(self.id)


class Outline(Model):
    """What `pack.yaml` holds: everything but the items."""

    id: Slug
    version: Text
    license: Text
    exam: Exam
    domains: tuple[Domain, ...] = Field(min_length=1)
    services: dict[Slug, Service] = Field(default_factory=dict)


class Concept(Model):
    """The one thing a reader must know; what memory is kept for."""

    id: Slug
    knows: Text  # the thing itself, in one sentence
    items: tuple[Item, ...] = Field(min_length=1)  # its variants


class TopicFile(Model):
    """What a topic's own file holds."""

    topic: Slug
    concepts: tuple[Concept, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the taxonomy something belongs."""

    domain: Domain
    task: Task
    topic: Topic


@dataclass(frozen=True)
class Entry:
    """An item with its concept and its place."""

    item: Item
    concept: Concept
    place: Place


@dataclass(frozen=True)
class Pack:
    """One exam, whole: the outline and all topic files, with lookups by id."""

    outline: Outline
    topics: tuple[TopicFile, ...]

    @cached_property
    def id(self) -> PackId:
        """The folder name, and what a booking points at."""
        return PackId(self.outline.id)

    @property
    def exam(self) -> Exam:
        """The exam's facts."""
        return self.outline.exam

    @cached_property
    def places(self) -> dict[TopicId, Place]:
        """Each topic's place."""
        return {
            TopicId(topic.id): Place(domain, task, topic)
            for domain in self.outline.domains
            for task in domain.tasks
            for topic in task.topics
        }

    @cached_property
    def entries(self) -> dict[ItemId, Entry]:
        """Every item, drafts and sealed ones too, in the order of the files."""
        return {entry.item.item_id: entry for entry in self._walk()}

    def _walk(self) -> Iterator[Entry]:
        for file in self.topics:
            place = self.places[TopicId(file.topic)]
            for concept in file.concepts:
                for item in concept.items:
                    yield Entry(item, concept, place)

    @cached_property
    def served(self) -> dict[ConceptId, tuple[Entry, ...]]:
        """The variants that practice may ask, by concept: reviewed, not sealed, and with options to tap."""
        found: dict[ConceptId, list[Entry]] = {}
        for entry in self.entries.values():
            item = entry.item
            if (
                item.status is Status.REVIEWED
                and item.pool is None
                and isinstance(item, SingleChoice | MultipleResponse)
            ):
                found.setdefault(ConceptId(entry.concept.id), []).append(entry)
        return {concept: tuple(variants) for concept, variants in found.items()}

    @cached_property
    def domains(self) -> dict[DomainId, Domain]:
        """The scored sections by id, in exam order."""
        return {domain.domain_id: domain for domain in self.outline.domains}

    @cached_property
    def tasks(self) -> dict[TaskId, Task]:
        """The task statements by id."""
        return {TaskId(task.id): task for domain in self.outline.domains for task in domain.tasks}
