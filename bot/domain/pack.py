"""The pack: one exam's spec, its taxonomy (domain > task > topic > concept) and its items."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, WithJsonSchema

from bot.domain.card import Card
from bot.domain.exercise import GENERATORS, Exercise, exercise, family_of
from bot.domain.guide import Guide
from bot.domain.ids import CardId, ConceptId, DomainId, ItemId, PackId, Slug, TaskId, TopicId
from bot.domain.item import Case, Item, Model, MultiplePart, MultipleResponse, SingleChoice, SinglePart, Status, Text
from bot.domain.service import Service


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
    first_day: date | None = None  # first day it can be sat, where that is still to come
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

    def questions_in(self, minutes: int) -> int:
        """How many questions so many minutes hold at the pace of the exam, at most a whole paper."""
        return min(self.questions.total, minutes * self.questions.total // self.minutes)


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


class Readiness(Model):
    """The topics that the last checks before the exam look at (S208-S211), by the name of the check."""

    core: dict[Text, tuple[Slug, ...]] = Field(default_factory=dict)  # e.g. training, tuning, deployment
    metrics: tuple[Slug, ...] = ()
    deployment: dict[Text, tuple[Slug, ...]] = Field(default_factory=dict)  # e.g. options, security layers
    streaming: tuple[Slug, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """All of them."""
        grouped = (*self.core.values(), *self.deployment.values())
        return (*(topic for group in grouped for topic in group), *self.metrics, *self.streaming)


class Outline(Model):
    """What `pack.yaml` holds: everything but the items."""

    id: Slug
    version: Text
    license: Text
    exam: Exam
    domains: tuple[Domain, ...] = Field(min_length=1)
    services: dict[Slug, Service] = Field(default_factory=dict)
    readiness: Readiness = Readiness()


GeneratorId = Annotated[Slug, WithJsonSchema({"type": "string", "enum": sorted(GENERATORS)})]


class Concept(Model):
    """The one thing a reader must know; what memory is kept for."""

    id: Slug
    knows: Text  # the thing itself, in one sentence
    items: tuple[Item, ...] = Field(min_length=1)  # its variants
    exercises: tuple[GeneratorId, ...] = ()  # generators of further variants (bot/domain/exercise)

    @property
    def concept_id(self) -> ConceptId:
        """The id, typed."""
        return ConceptId(self.id)


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
    case: Case | None = None  # the case that this is a part of

    def fresh(self, seed: int) -> "Entry":
        """The same exercise with the numbers of that seed; any other item as it is."""
        family = family_of(self.item.item_id)
        return replace(self, item=GENERATORS[family].make(seed)) if family else self


@dataclass(frozen=True)
class CardEntry:
    """A card with both faces, its place, and its concept if it names one."""

    card: Card
    front: str
    back: tuple[str, ...]  # line by line
    place: Place
    concept: Concept | None


@dataclass(frozen=True)
class Pack:
    """One exam, whole: the outline and all topic files, with lookups by id."""

    outline: Outline
    topics: tuple[TopicFile, ...]
    cards: tuple[Card, ...] = ()  # drafts too
    guides: tuple[Guide, ...] = ()

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
    def concepts(self) -> dict[ConceptId, tuple[Concept, Place]]:
        """Each concept with its place, in the order of the files."""
        return {
            concept.concept_id: (concept, self.places[TopicId(file.topic)])
            for file in self.topics
            for concept in file.concepts
        }

    @cached_property
    def written(self) -> tuple[Entry, ...]:
        """Every item as its author wrote it, cases whole, in the order of the files."""
        return tuple(Entry(item, concept, place) for concept, place in self.concepts.values() for item in concept.items)

    @cached_property
    def entries(self) -> dict[ItemId, Entry]:
        """Every item by id, drafts and sealed ones too, in the order of the files.

        After a case come those of its parts that have options, as items that can be asked by themselves; after a
        concept's items one specimen of each exercise. `find` knows all other exercises.
        """
        return {entry.item.item_id: entry for entry in self._walk()}

    def _walk(self) -> Iterator[Entry]:
        for entry in self.written:
            yield entry
            if isinstance(entry.item, Case):
                yield from self._parts(entry, entry.item)
            if entry.item is entry.concept.items[-1]:
                yield from (self.exercises[name] for name in entry.concept.exercises if name in GENERATORS)

    def _parts(self, entry: Entry, case: Case) -> Iterator[Entry]:
        """A case's parts, each under the concept it is about, with the scenario and all else that it needs."""
        for part in case.parts:
            if isinstance(part, SinglePart | MultiplePart):
                concept, place = self.concepts.get(ConceptId(part.concept or ""), (entry.concept, entry.place))
                is_reviewed = Status.REVIEWED is part.status is case.status
                own = {name: getattr(part, name) for name in type(part).model_fields}
                whole = type(part).model_construct(
                    **own
                    | {
                        "stem": f"{case.stem}\n\n{part.stem}",
                        "status": Status.REVIEWED if is_reviewed else Status.DRAFT,
                        "pool": part.pool or case.pool,
                        "note": part.note or case.note,
                        "services": tuple(dict.fromkeys((*case.services, *part.services))),
                    }
                )
                yield Entry(whole, concept, place, case)

    def find(self, item: ItemId) -> Entry | None:
        """The item of that id, as `entries` has it, or any exercise that a concept of this pack declares."""
        if (entry := self.entries.get(item)) or (family := family_of(item)) is None:
            return entry
        specimen, made = self.exercises.get(family), exercise(item)
        return replace(specimen, item=made) if specimen and made else None

    @cached_property
    def exercises(self) -> dict[str, Entry]:
        """A specimen of each exercise that a concept declares, by its generator."""
        return {
            name: Entry(GENERATORS[name].make(0), concept, place)
            for concept, place in self.concepts.values()
            for name in concept.exercises
            if name in GENERATORS
        }

    @cached_property
    def served(self) -> dict[ConceptId, tuple[Entry, ...]]:
        """The variants that practice may ask, by concept: reviewed, not sealed, and with options to tap.

        Of an exercise it is the specimen; whoever asks it makes one with fresh numbers.
        """
        found: dict[ConceptId, list[Entry]] = {}
        for entry in filter(_is_served, self.entries.values()):
            found.setdefault(entry.concept.concept_id, []).append(entry)
        return {concept: tuple(variants) for concept, variants in found.items()}

    @cached_property
    def variants(self) -> Counter[ConceptId]:
        """How many wordings each concept has outside the sealed pools, drafts counted; exercises are not."""
        return Counter(
            entry.concept.concept_id
            for entry in self.entries.values()
            if entry.item.pool is None and not isinstance(entry.item, Case | Exercise)
        )

    @cached_property
    def cases(self) -> dict[ItemId, tuple[Entry, ...]]:
        """The parts that practice may ask of each case that has any, in order."""
        found: dict[ItemId, list[Entry]] = {}
        for entry in filter(_is_served, self.entries.values()):
            if entry.case:
                found.setdefault(entry.case.item_id, []).append(entry)
        return {case: tuple(parts) for case, parts in found.items()}

    @cached_property
    def deck(self) -> dict[CardId, CardEntry]:
        """Every reviewed card whose topic the pack has, by id, in the order of the files."""
        services, places = self.outline.services, self.places
        return {
            card.card_id: CardEntry(
                card,
                card.front(services),
                card.back(services),
                places[TopicId(card.topic)],
                self.concepts.get(ConceptId(card.concept or ""), (None, None))[0],
            )
            for card in self.cards
            if card.status is Status.REVIEWED and TopicId(card.topic) in places
        }

    @cached_property
    def domains(self) -> dict[DomainId, Domain]:
        """The scored sections by id, in exam order."""
        return {domain.domain_id: domain for domain in self.outline.domains}

    @cached_property
    def tasks(self) -> dict[TaskId, Task]:
        """The task statements by id."""
        return {TaskId(task.id): task for domain in self.outline.domains for task in domain.tasks}


def _is_served(entry: Entry) -> bool:
    item = entry.item
    return item.status is Status.REVIEWED and item.pool is None and isinstance(item, SingleChoice | MultipleResponse)
