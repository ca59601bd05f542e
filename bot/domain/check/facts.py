"""Rules on what an item says of itself, and on the outline of the pack."""

import re
from collections.abc import Iterator

from bot.domain.check.rules import Finding, broken
from bot.domain.check.subject import Subject
from bot.domain.ids import TaskId
from bot.domain.item import Status
from bot.domain.pack import Outline, Pack, Rating, Service, ServiceState

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
    for slug, service in outline.services.items():
        if service.state is not ServiceState.OPEN and not (service.since and service.source):
            yield broken("service-undated", f"{slug} is {service.state} without since or source")


def check_facts(subject: Subject, pack: Pack) -> Iterator[Finding]:
    """Every finding on the fields beside stem and options."""
    item = subject.item
    for slug in item.services:
        if slug not in pack.outline.services:
            yield subject.breaks("unknown-service", f"service {slug!r} is not in pack.yaml")
    for task in item.also:
        if TaskId(task) not in pack.tasks:
            yield subject.breaks("unknown-task", f"task {task!r} is not in pack.yaml")
    if item.status is Status.REVIEWED and item.reviewed_on is None:
        yield subject.breaks("reviewed-undated", "status is reviewed, but reviewed_on is missing")
    if subject.case and item.pool != subject.case.pool:
        yield subject.breaks("sealed-outside-pool", f"pool is {item.pool}, the case's is {subject.case.pool}")
    if item.type not in pack.exam.item_types:
        yield subject.breaks("type-outside-exam", f"{pack.exam.code} has no items of type {item.type}")
    length = len(subject.stem) + sum(len(answer.text) + len(answer.why) for answer in subject.answers)
    if length > CHARACTERS:
        yield subject.breaks("too-long", f"stem, options and rationales have {length:,} characters")
    yield from _closed_service(subject, pack.outline.services)
    yield from _variants(subject)


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


def _variants(subject: Subject) -> Iterator[Finding]:
    """Reported once a concept, on its first item."""
    entry = subject.entry
    if entry.place.topic.frequency is Rating.LOW or subject.item is not entry.concept.items[0]:
        return
    free = [item for item in entry.concept.items if item.pool is None]
    if len(free) < 2:
        said = f"concept {entry.concept.id} of a high-frequency topic has {len(free)} variant outside the sealed pools"
        yield subject.breaks("single-variant", said)
