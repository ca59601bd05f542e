"""The JSON Schema of a pack's files, from the models that read them; editors complete and check with it."""

import json

from pydantic import BaseModel

from bot.domain.card import CardFile
from bot.domain.guide import Guide
from bot.domain.pack import Outline, TopicFile

_FILES: dict[str, tuple[type[BaseModel], str]] = {
    "pack.schema.json": (Outline, "A pack's outline: pack.yaml"),
    "topic.schema.json": (TopicFile, "A topic's items: <domain>/<topic>.yaml"),
    "card.schema.json": (CardFile, "Cards of one kind: cards/<kind>.yaml"),
    "guide.schema.json": (Guide, "A domain's tips, labs and reading: guide/<domain>.yaml"),
}


def schemas() -> dict[str, str]:
    """The text of each schema file, by its name in the content folder."""
    return {name: _text(model, title) for name, (model, title) in _FILES.items()}


def field_names() -> frozenset[str]:
    """Every field that some part of a pack has, to guess what a misspelled one was meant to be."""
    names: set[str] = set()
    for model, _ in _FILES.values():
        definition = model.model_json_schema()
        for part in (definition, *definition["$defs"].values()):
            names |= set(part.get("properties", ()))
    return frozenset(names)


def _text(model: type[BaseModel], title: str) -> str:
    definition = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": title,
    }
    return json.dumps(definition, indent=2, ensure_ascii=False) + "\n"
