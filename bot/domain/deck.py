"""The deck: which flashcard comes next, and what an answer about oneself leaves in memory."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from random import Random

from bot.domain import memory as memories
from bot.domain.ids import CardId, ConceptId, DomainId
from bot.domain.memory import Evidence, Memory
from bot.domain.pack import Pack
from bot.domain.selection import Standing, choose_new, weakness

DECK = DomainId("")  # stands for the domain of every card's memory, which keeps them apart from those of concepts
HAND = 10  # cards in a session
TURNED, KNEW = 0, 1  # what an ask of a card has marked: its back was shown; the learner knew it


def in_deck(pack: Pack, scope: str) -> list[CardId]:
    """The cards of a domain, task or topic; all of them for ""."""
    return [
        card
        for card, entry in pack.deck.items()
        if not scope or scope in (entry.place.domain.id, entry.place.task.id, entry.place.topic.id)
    ]


def choose_card(
    pack: Pack,
    scope: str,
    known: Mapping[CardId, Standing],
    met: Mapping[ConceptId, Standing],
    now: datetime,
    rng: Random,
    dealt: Collection[str],
) -> CardId | None:
    """The card to deal: the longest overdue, else a new one, else the one that will be due first; none twice.

    New ones come as new concepts do: by the domains' weights and the learner's weakness in questions.
    """
    left = [card for card in in_deck(pack, scope) if card not in dealt]
    if due := [card for card in left if card in known and known[card].due_at <= now]:
        return min(due, key=lambda card: (known[card].due_at, card))
    if new := {card: pack.deck[card].place for card in left if card not in known}:
        seen = Counter(pack.deck[card].place.domain.domain_id for card in known if card in pack.deck)
        return choose_new(new, seen, weakness(met, pack), rng)
    return min(left, key=lambda card: (known[card].due_at, card), default=None)


def recalled(before: Memory | None, now: datetime, *, knew: bool) -> Memory:
    """A card's memory after its back was seen: nobody guesses a card, so an answer is what it says."""
    evidence = Evidence(knew, None, guess_rate=0.0)
    if before is None:
        return memories.meet(memories.prior_known(0, 0), evidence, now)  # any prior: where nothing is luck, none counts
    return memories.review(before, evidence, now)
