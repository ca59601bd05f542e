"""A request's parameters, read and checked as Telegram reads them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.platform.telegram_html import MarkupError, parse_html, trimmed
from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_world import Json, RefusedError, bad_request, found_entities

# What a button can do besides having a text: https://core.telegram.org/bots/api#inlinekeyboardbutton
_BUTTON_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_STRUCTURES = ("reply_markup", "commands", "scope", "allowed_updates", "options", "entities", "caption_entities",
               "reply_parameters", "correct_option_ids", "link_preview_options")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Parsed text: what a person reads, what was sent, and the entities."""

    text: str
    html: str
    entities: list[Json]


@dataclass(frozen=True, slots=True)
class Params:
    """The fields of one request; forms bring strings, JSON brings values."""

    fields: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.fields.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; like Telegram, anything else reads as the default."""
        value = self.text(name)
        return int(value) if re.fullmatch(r"-?\d+", value) else default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean."""
        value = self.text(name).lower()
        return value in {"true", "yes", "1"} if value else default

    def structure(self, name: str) -> Any:
        """A JSON value, None when left out."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def words(self, name: str, *, mode: str = "parse_mode", entities: str = "entities") -> Words:
        """Text without markup, its raw form and its entities."""
        raw = self.text(name)
        match self.text(mode).lower():
            case "html":
                try:
                    text, found = parse_html(raw)
                except MarkupError as error:
                    raise bad_request(f"can't parse entities: {error}") from None
            case "":
                text, found = raw, list(self.structure(entities) or [])
            case _:
                raise bad_request("unsupported parse_mode")
        taken = [entity for entity in found if entity["type"] in {"code", "pre", "text_link"}]
        found = found + [entity for entity in found_entities(text) if not _is_within(entity, taken)]
        found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        kept, placed = trimmed(text, found)
        return Words(kept, raw, placed)

    def plain(self) -> Json:
        """Every field, structures decoded, for the record of calls."""
        out: Json = dict(self.fields)
        for name in _STRUCTURES:
            if isinstance(out.get(name), str) and out[name][:1] in ("[", "{"):
                try:
                    out[name] = json.loads(out[name])
                except ValueError:
                    continue
        return out | {name: upload.name for name, upload in self.files.items()}

    def inline_markup(self) -> Json | None:
        """The inline keyboard, None without buttons."""
        markup = self.structure("reply_markup")
        if markup is None:
            return None
        if not isinstance(markup, dict):
            raise bad_request("object expected as reply markup")
        if "inline_keyboard" not in markup:
            raise bad_request("inline keyboard expected")
        return _checked_inline(markup)

    def any_markup(self) -> Json | None:
        """Whatever stands under a new message: an inline keyboard, a reply keyboard, its removal, a forced reply."""
        markup = self.structure("reply_markup")
        if isinstance(markup, dict) and "inline_keyboard" not in markup:
            for row in markup.get("keyboard", []):
                for key in row:
                    if not (key if isinstance(key, str) else key.get("text")):
                        raise bad_request("keyboard button text must be non-empty")
            return markup
        return self.inline_markup()


async def read(request: web.Request) -> Params:
    """The parameters of a request: of its address, and of its JSON, form or multipart body."""
    fields: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse request: Can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse request: JSON object expected")
        fields |= body
        return Params(fields)
    try:
        given = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "Request Entity Too Large") from None
    for name, value in given.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read(), value.content_type)
            value.file.close()
        else:
            fields[name] = value
    return Params(fields, files)


def _is_within(entity: Json, others: list[Json]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(other["offset"] < end and start < other["offset"] + other["length"] for other in others)


def _checked_inline(markup: Json) -> Json | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    # Telegram's own answer to more is undocumented and old servers dropped the rest silently:
    # a button nobody can tap is a defect, so here it is refused in the words of REPLY_MARKUP_TOO_LONG.
    if sum(map(len, rows)) > LIMIT["buttons_max"] or any(len(row) > LIMIT["buttons_in_row_max"] for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    prefix = "can't parse inline keyboard button"
    if "text" not in button:
        raise bad_request(f'{prefix}: Can\'t find field "text"')
    if not str(button["text"]).strip():
        raise bad_request("BUTTON_TEXT_INVALID")  # the words are a guess: no page tells what an empty text gets
    actions = [name for name in _BUTTON_ACTIONS if name in button]
    if not actions:
        raise bad_request(f"{prefix}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")  # the page says "exactly one"; the words are a guess
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not LIMIT["callback_data_min"] <= size <= LIMIT["callback_data_max"]:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?|tg|tonsite)://\S|[\w-]+\.\w", str(button["url"])):
        url = button["url"]
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
