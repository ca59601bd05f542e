"""Items and packs made in a line, for tests of the domain."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain.item import Case, Matching, MultipleResponse, Ordering, SingleChoice
from bot.domain.pack import Outline, Pack, TopicFile
from tests.content.good import outline

SOURCE = "https://docs.example.com/guide"


def facts(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "status": "reviewed",
        "format": "trade-off",
        "difficulty": "medium",
        "level": "apply",
        "as_of": date(2026, 1, 1),
        "sources": [SOURCE],
        **more,
    }


def choice(name: str, keys: Sequence[int] = (0,), size: int = 4, **more: Any) -> dict[str, Any]:
    options = [{"text": f"Option {i}.", "key": i in keys, "why": f"Because of {i}."} for i in range(size)]
    kind = "single" if size == 4 else "multiple"
    return facts(name, kind, stem="Which one?", decides=["one"], options=options, **more)


def single(name: str = "single-1", key: int = 0, **more: Any) -> SingleChoice:
    return SingleChoice.model_validate(choice(name, (key,), **more))


def multiple(keys: Sequence[int] = (0, 2), size: int = 5, name: str = "multiple-1") -> MultipleResponse:
    return MultipleResponse.model_validate(choice(name, keys, size))


def ordering(places: Sequence[int | None] = (2, 1, None, 3)) -> Ordering:
    steps = [{"text": f"Step {i}.", "place": place, "why": "Because."} for i, place in enumerate(places)]
    return Ordering.model_validate(facts("ordering-1", "ordering", stem="In which order?", steps=steps))


def matching(matches: Sequence[str] = ("x", "y", "z")) -> Matching:
    pairs = [{"prompt": f"Prompt {i}", "match": match, "why": "Because."} for i, match in enumerate(matches)]
    return Matching.model_validate(facts("matching-1", "matching", stem="Which is whose?", pairs=pairs))


def case(*parts: SingleChoice | MultipleResponse | Ordering | Matching) -> Case:
    return Case.model_validate(
        facts("case-1", "case", stem="A scenario.", parts=[part.model_dump(mode="json") for part in parts])
    )


def pack(concepts: dict[str, list[dict[str, Any]]], *, weights: tuple[int, int] = (50, 50)) -> Pack:
    """A pack of two domains, "data" (task 1.1) and "models" (2.1), from the items of "topic/concept".

    The topics of "data" are "streams" (asked often) and "stores" (rarely), that of "models" is "training" (rarely).
    """
    data = outline(weights=weights)
    data["domains"][0]["tasks"][0]["topics"].append(
        {"id": "stores", "title": "Stores", "complexity": "low", "frequency": "low"}
    )
    topics: dict[str, list[dict[str, Any]]] = {}
    for place, items in concepts.items():
        topic, _, concept = place.partition("/")
        topics.setdefault(topic, []).append({"id": concept, "knows": "It.", "items": items})
    files = (TopicFile.model_validate({"topic": topic, "concepts": listed}) for topic, listed in topics.items())
    return Pack(Outline.model_validate(data), tuple(files))
