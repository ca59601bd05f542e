"""Rules on what an item says of itself, and on the outline of the pack."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from bot.domain.check.rules import Finding, broken
from bot.domain.check.subject import Subject
from bot.domain.exercise import GENERATORS
from bot.domain.ids import ConceptId, ItemId, TaskId
from bot.domain.item import About, Case, Status
from bot.domain.pack import Outline, Pack, Rating
from bot.domain.service import Service, ServiceState

CHARACTERS = 3_400  # one Telegram message holds 4,096, a Discord embed's description too; the rest is layout

_VENDOR = re.compile(r"^(?:Amazon|AWS) ")
_PAREN = re.compile(r"\s*\([^)]+\)")
_ACRONYM = re.compile(r"\(([A-Z0-9]+)\)")


def check_outline(outline: Outline) -> Iterator[Finding]:
    """Every finding on `pack.yaml` itself."""
    weights = sum(domain.weight for domain in outline.domains)
    if weights != 100:
        yield broken("weights-sum", f"the domains' weights add up to {weights}")
    questions = outline.exam.questions
    if questions.scored + questions.unscored != questions.total:
        yield broken("questions-sum", f"{questions.scored} + {questions.unscored} is not {questions.total}")
    known = {domain.id for domain in outline.domains}
    for successor in outline.exam.successors:
        for domain in successor.mapping:
            if domain not in known:
                yield broken("unknown-domain", f"{successor.code}'s mapping names {domain!r}")
    topics = {topic.id for domain in outline.domains for task in domain.tasks for topic in task.topics}
    for topic in outline.readiness.topics:
        if topic not in topics:
            yield broken("unknown-topic", f"readiness names topic {topic!r}, which is not in pack.yaml")
    for slug, service in outline.services.items():
        if service.state is not ServiceState.OPEN and not (service.since and service.source):
            yield broken("service-undated", f"{slug} is {service.state} without since or source")


def check_exercises(pack: Pack) -> Iterator[Finding]:
    """Every finding on the exercises that concepts declare."""
    homes: dict[str, str] = {}
    for concept, _ in pack.concepts.values():
        for name in concept.exercises:
            if name not in GENERATORS:
                near = get_close_matches(name, GENERATORS, n=1)
                meant = f"did you mean {near[0]}? " if near else ""
                said = f"there is no exercise {name!r}; {meant}known are {', '.join(sorted(GENERATORS))}"
                yield broken("unknown-exercise", said, ItemId(concept.id))
            elif name in homes:
                yield broken("duplicate-exercise", f"{name} is declared by {homes[name]}", ItemId(concept.id))
            homes.setdefault(name, concept.id)


def check_facts(subject: Subject, pack: Pack) -> Iterator[Finding]:
    """Every finding on the fields beside stem and options."""
    item = subject.item
    yield from _names_what_exists(subject, pack)
    if item.status is Status.REVIEWED and item.reviewed_on is None:
        yield subject.breaks("reviewed-undated", "status is reviewed, but reviewed_on is missing")
    if subject.case and item.pool != subject.case.pool:
        yield subject.breaks("sealed-outside-pool", f"pool is {item.pool}, the case's is {subject.case.pool}")
    if subject.case and item.status is not subject.case.status:
        said = f"status is {item.status}, the case's is {subject.case.status}"
        yield subject.breaks("case-half-reviewed", said)
    if not isinstance(item, Case) and item.type not in pack.exam.item_types:  # a case trains for what its parts ask
        yield subject.breaks("type-outside-exam", f"{pack.exam.code} has no items of type {item.type}")
    length = len(subject.stem) + sum(len(answer.text) + len(answer.why) for answer in subject.answers)
    if length > CHARACTERS:
        yield subject.breaks("too-long", f"stem, options and rationales have {length:,} characters")
    yield from _closed_service(subject, pack.outline.services)
    yield from _variants(subject, pack)


def _names_what_exists(subject: Subject, pack: Pack) -> Iterator[Finding]:
    item = subject.item
    for slug in item.services:
        if slug not in pack.outline.services:
            yield subject.breaks("unknown-service", f"service {slug!r} is not in pack.yaml")
    for task in item.also:
        if TaskId(task) not in pack.tasks:
            yield subject.breaks("unknown-task", f"task {task!r} is not in pack.yaml")
    if isinstance(item, About) and item.concept and ConceptId(item.concept) not in pack.concepts:
        yield subject.breaks("unknown-concept", f"concept {item.concept!r} is in no topic file")


def _closed_service(subject: Subject, services: dict[str, Service]) -> Iterator[Finding]:
    item = subject.item
    if item.note or (subject.case and subject.case.note):
        return
    listed = {*item.services, *(subject.case.services if subject.case else ())}
    text = " | ".join(key.text for key in subject.keys)
    for slug, service in services.items():
        if service.state is ServiceState.OPEN:
            continue
        names = _names(service, is_listed=slug in listed)
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names):
            since = f" since {service.since}" if service.since else ""
            yield subject.breaks("closed-service-key", f"the key relies on {service.name}, {service.state}{since}")


def _names(service: Service, *, is_listed: bool) -> set[str]:
    """What an option may call a service; short names, which may be common words, only if the item lists it."""
    full = {name for name in (service.name, service.formerly) if name}
    plain = {_PAREN.sub("", name) for name in full} | {inner for name in full for inner in _ACRONYM.findall(name)}
    short = {_VENDOR.sub("", name) for name in plain}
    sure = full | plain | {name for name in short if " " in name}
    if not is_listed:
        return sure
    return sure | short | {name.removeprefix("SageMaker ") for name in short}


def _variants(subject: Subject, pack: Pack) -> Iterator[Finding]:
    """Reported once a concept, on its first item; an exercise is no other angle and does not count."""
    entry = subject.entry
    if entry.place.topic.frequency is Rating.LOW or subject.item is not entry.concept.items[0]:
        return
    free = pack.variants.get(entry.concept.concept_id, 0)
    if free < 2:
        said = f"concept {entry.concept.id} of a high-frequency topic has {free} variant outside the sealed pools"
        yield subject.breaks("single-variant", said)
