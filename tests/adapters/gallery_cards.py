"""The gallery's part on cards and guides: the longest of each that is shipped, and each state it can be in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.deck import TURNED
from bot.domain.guide import Guide, GuidePart, Lab, Page
from bot.domain.ids import AskId, ConceptId, ItemId, SessionId
from bot.domain.learner import Energy, Learner
from bot.domain.pack import CardEntry, Domain, Pack
from bot.domain.practice import Ask, AskState, Session, SessionKind
from bot.usecases.dated import Energized
from bot.usecases.outcome import (
    AskDomain,
    Dealt,
    EmptyScope,
    Guided,
    HandPlayed,
    LabShown,
    NoSuchScope,
    Offer,
    Outcome,
)
from tests.dialogues.chat import START


def beside_questions(pack: Pack, learner: Learner, hostile: str) -> Iterator[tuple[str, Outcome]]:
    """Named outcomes of `/cards`, `/guide`, `/lab` and of a day of little or much energy."""
    yield from _cards(pack, learner)
    yield from _guides(pack)
    near = tuple((topic, place.topic.title) for topic, place in list(pack.places.items())[:4])
    for offer in Offer:
        yield f"no such scope of {offer.value}", NoSuchScope(hostile, near, offer)
        yield f"no such scope of {offer.value}, none near", NoSuchScope(hostile, (), offer)
        yield f"no {offer.value} on a topic", EmptyScope(near[0][1], offer)
        if offer is not Offer.QUESTIONS:
            yield f"no {offer.value} at all", EmptyScope("", offer)
    lab = max((lab for guide in pack.guides for lab in guide.labs), key=lambda lab: len(lab.title))
    yield "low energy, cards", Energized(Energy.LOW, 20, has_cards=True)
    yield "high energy, a lab", Energized(Energy.HIGH, 20, lab)


def dealt(pack: Pack, learner: Learner, entry: CardEntry, *, is_turned: bool) -> Dealt:
    """A card on the table."""
    session = Session(SessionId(2**62), learner.id, pack.id, SessionKind.CARDS, "", 10, START)
    name = entry.card.id
    ask = Ask(
        id=AskId(2**63 - 1),  # the longest id a button has to carry
        session=session.id,
        learner=learner.id,
        item=ItemId(name),
        concept=ConceptId(name),
        version="",
        order=(),
        number=10,
        state=AskState.OPEN,
        marked=frozenset({TURNED} if is_turned else ()),
        asked_at=START,
    )
    return Dealt(ask, session, entry)


def _cards(pack: Pack, learner: Learner) -> Iterator[tuple[str, Outcome]]:
    kinds = {entry.card.kind: entry for entry in sorted(pack.deck.values(), key=_size)}  # the longest of each
    for kind, entry in kinds.items():
        yield f"card of kind {kind.value}, front", dealt(pack, learner, entry, is_turned=False)
        yield f"card of kind {kind.value}, back", dealt(pack, learner, entry, is_turned=True)
    session = dealt(pack, learner, next(iter(kinds.values())), is_turned=False).session
    soon = START + timedelta(hours=5)
    yield "hand, all known", HandPlayed(session, 10, 10, 0, soon, START)
    yield "hand, some known", HandPlayed(session, 3, 10, 0, soon, START)
    yield "hand, one due", HandPlayed(session, 0, 10, 1, START, START)
    yield "hand, many due", HandPlayed(session, 9, 10, 123, START, START)
    yield "hand of a topic", HandPlayed(replace(session, scope="kinesis-family", size=1), 0, 1, 0, None, START)


def _size(entry: CardEntry) -> int:
    return len(entry.front) + sum(map(len, entry.back))


def _guides(pack: Pack) -> Iterator[tuple[str, Outcome]]:
    domains = {domain.id: domain for domain in pack.outline.domains}
    yield "which guide", AskDomain(pack.outline.domains)
    for guide in pack.guides:
        domain = domains[guide.domain]
        for part in GuidePart:
            for page in (0, 1, 99):  # the last stands for one that is not there
                yield f"{part.value} of {guide.domain}, page {page}", Guided(domain, guide, part, page)
        for lab in guide.labs:
            yield f"lab {lab.id}", LabShown(lab, domain, is_done=False, following=lab)
    yield from _odd(domain)


def _odd(domain: Domain) -> Iterator[tuple[str, Outcome]]:
    """Guides as an author may write them, too."""
    lab = Lab(
        id="lab-long",
        title="The title of a lab that nobody would write in so many words " * 2,
        steps=("Step. " * 40,) * 10,
        outcome="Done.",
        topics=("any",),
        minutes=480,
        cost="None.",
        cleanup="Nothing.",
    )
    page = Page.model_validate(
        {"title": "A page", "url": "https://docs.example.com/", "questions": ["Why? " * 30] * 9, "topics": ["any"]}
    )
    guide = Guide(domain=domain.id, tips=("Tip. " * 80,) * 5, labs=(lab,) * 12, reading=(page,) * 2)
    for part in GuidePart:
        yield f"a long guide, {part.value}", Guided(domain, guide, part, 1, frozenset({lab.id}))
        yield f"an empty guide, {part.value}", Guided(domain, Guide(domain=domain.id), part, 0)
    yield "a long lab, done, the only one", LabShown(lab, domain, is_done=True, following=None)
