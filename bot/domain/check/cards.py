"""Rules on cards: they belong somewhere, fit a screen, and say nothing twice."""

from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz

from bot.domain.card import BACK, FRONT, Card, ServiceCard
from bot.domain.check.options import tokens
from bot.domain.check.rules import Finding, broken
from bot.domain.ids import ConceptId, ItemId, TopicId
from bot.domain.item import Status
from bot.domain.pack import Pack
from bot.domain.service import ServiceState

SAME_CARD = 85  # per cent of the words, in any order, that what two cards ask about may share
FEW = 6  # services without a card that are named; of more the number is given


def check_cards(pack: Pack) -> Iterator[Finding]:
    """Every finding on the cards of a pack."""
    for card in pack.cards:
        yield from _belongs(card, pack)
        yield from _fits(card, pack)
        if card.status is Status.REVIEWED and card.reviewed_on is None:
            yield _on(card, "reviewed-undated", "status is reviewed, but reviewed_on is missing")
    yield from _twins(pack)
    yield from _missing(pack)


def _on(card: Card, rule: str, message: str) -> Finding:
    return broken(rule, message, ItemId(card.id))


def _belongs(card: Card, pack: Pack) -> Iterator[Finding]:
    if TopicId(card.topic) not in pack.places:
        yield _on(card, "unknown-topic", f"topic {card.topic!r} is not in pack.yaml")
    if card.concept and ConceptId(card.concept) not in pack.concepts:
        yield _on(card, "unknown-concept", f"concept {card.concept!r} is in no topic file")
    if not isinstance(card, ServiceCard):
        return
    services = pack.outline.services
    for slug in (card.service, card.neighbor):
        if slug not in services:
            yield _on(card, "unknown-service", f"service {slug!r} is not in pack.yaml")
    service = services.get(card.service)
    if service is None or service.state is ServiceState.OPEN or card.note:
        return
    if not any(service.state in text.lower() for text in (card.does, card.not_for, card.difference)):
        since = f" since {service.since}" if service.since else ""
        yield _on(
            card, "closed-service-card", f"{service.name} is {service.state}{since}, and the card does not say so"
        )


def _fits(card: Card, pack: Pack) -> Iterator[Finding]:
    front, back = card.front(pack.outline.services), "\n".join(card.back(pack.outline.services))
    for face, text, most in (("front", front, FRONT), ("back", back, BACK)):
        if len(text) > most:
            yield _on(card, "card-too-long", f"the {face} has {len(text)} characters, more than {most}")


def _twins(pack: Pack) -> Iterator[Finding]:
    """Reported on the later of the two; fronts of one kind are built alike, so what they ask about is compared."""
    words = {card.id: sorted(tokens(card.subject)) for card in pack.cards}
    for earlier, later in combinations(pack.cards, 2):
        if earlier.kind is not later.kind:
            continue
        mine, theirs = words[later.id], words[earlier.id]
        if mine == theirs or fuzz.ratio(mine, theirs, score_cutoff=SAME_CARD) > SAME_CARD:
            yield _on(later, "near-duplicate-card", f"it asks about {later.subject!r}, as {earlier.id} does")


def _missing(pack: Pack) -> Iterator[Finding]:
    """One finding for all services without a card, once there are cards on services."""
    have = {card.service for card in pack.cards if isinstance(card, ServiceCard)}
    lack = [slug for slug in pack.outline.services if slug not in have]
    if have and lack:
        named = ", ".join(lack) if len(lack) <= FEW else f"{', '.join(lack[:FEW])} and {len(lack) - FEW} more"
        yield broken("service-without-card", f"{len(lack)} of {len(pack.outline.services)} services: {named}")
