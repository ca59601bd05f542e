"""Packs with decks of cards and with guides, made in a line."""

from dataclasses import replace
from typing import Any

from bot.domain.card import DecisionCard
from bot.domain.guide import Guide
from bot.domain.pack import Pack
from tests.domain.items import SOURCE, choice, pack

CONCEPTS = {
    "streams/log": [choice("log-1", difficulty="easy"), choice("log-2")],
    "stores/lake": [choice("lake-1")],
    "training/split": [choice("split-1", difficulty="easy")],
}


def card(name: str, topic: str, **more: Any) -> DecisionCard:
    return DecisionCard.model_validate(
        {
            "id": name,
            "topic": topic,
            "status": "reviewed",
            "as_of": "2026-01-01",
            "sources": [SOURCE],
            "question": f"What is {name}?",
            "answer": f"The answer of {name}.",
            "because": f"The reason of {name}.",
            **more,
        }
    )


def guide(domain: str, *topics: str, labs: int = 2) -> Guide:
    lab = {
        "title": "Do it",
        "steps": ["Begin.", "End."],
        "outcome": "It is done.",
        "minutes": 30,
        "cost": "None.",
        "cleanup": "Delete it.",
    }
    page = {"title": "A page", "url": SOURCE, "questions": ["Why?"], "topics": list(topics)}
    made = [lab | {"id": f"lab-{domain}-{n}", "topics": [topics[n % len(topics)]]} for n in range(labs)]
    return Guide.model_validate({"domain": domain, "tips": ["Sleep."], "labs": made, "reading": [page]})


def decked(*, weights: tuple[int, int] = (50, 50), guides: tuple[Guide, ...] = (), **cards: int) -> Pack:
    """A pack under the shipped pack's id with so many cards of each topic: `decked(streams=3, training=2)`."""
    made = pack(CONCEPTS, weights=weights)
    deck = tuple(card(f"card-{topic}-{n}", topic) for topic, count in cards.items() for n in range(count))
    outline = made.outline.model_copy(update={"id": "mls-c01"})
    return replace(made, outline=outline, cards=deck, guides=guides)
