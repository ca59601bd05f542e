"""Telegram's HTML: text and entities out of markup, refused with Telegram's own words."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[\s>])))?""")
_LANGUAGE = "language-"
_SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)


class MarkupError(ValueError):
    """Markup that Telegram does not parse; the message is Telegram's description after its prefix."""


@dataclass(slots=True)
class _Open:
    """A tag not closed yet."""

    name: str
    start: int  # UTF-16 code units into the text
    characters: int
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    """The markup and what was read of it so far."""

    markup: str
    at: int = 0
    text: str = ""
    units: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def byte_offset(self, at: int) -> int:
        return len(self.markup[:at].encode())

    def emit(self, piece: str) -> None:
        self.text += piece
        self.units += utf16_length(piece)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which Telegram counts entities in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[dict[str, Any]]]:
    """Text without markup, and its entities in Telegram's order.

    Raises:
        MarkupError: an unsupported, unclosed or unmatched tag.

    Source: https://core.telegram.org/bots/api#html-style
    """
    reader = _Reader(markup)
    while reader.at < len(markup):
        if markup.startswith("</", reader.at):
            _read_end(reader)
        elif markup[reader.at] == "<":
            _read_start(reader)
        else:
            stop = markup.find("<", reader.at)
            stop = len(markup) if stop < 0 else stop
            reader.emit(_decoded(markup[reader.at : stop]))
            reader.at = stop
    if reader.opened:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{reader.opened[-1].name}"')
    reader.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return reader.text, reader.entities


def trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities without the white space around them, which Telegram does not keep."""
    start = utf16_length(text[: len(text) - len(text.lstrip())])
    kept = text.strip()
    end = utf16_length(kept)
    out = []
    for entity in entities:
        left = max(entity["offset"] - start, 0)
        right = min(entity["offset"] + entity["length"] - start, end)
        if right > left:
            out.append({**entity, "offset": left, "length": right - left})
    return kept, out


def _decoded(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if name := match[3]:
            return _NAMED.get(name, match[0])
        code = int(match[1], 16) if match[1] else int(match[2])
        if 0xD800 <= code <= 0xDFFF:
            raise MarkupError(_SURROGATE)
        return chr(code) if 0 < code < 0x10FFFF else match[0]

    return _REFERENCE.sub(character, text)


def _read_start(reader: _Reader) -> None:
    begin = reader.at
    offset = reader.byte_offset(begin)
    match = re.compile(r"<([^\s>]*)").match(reader.markup, begin)
    assert match is not None
    name = match[1].lower()
    at = match.end()
    if at == len(reader.markup):
        raise MarkupError(f"Unclosed start tag at byte offset {offset}")
    if name not in _TYPES:
        raise MarkupError(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    while True:
        at += len(reader.markup[at:]) - len(reader.markup[at:].lstrip())
        if reader.markup.startswith(">", at):
            break
        found = _ATTRIBUTE.match(reader.markup, at)
        if found is None and at < len(reader.markup):
            raise MarkupError(f'Empty attribute name in the tag "{name}" at byte offset {offset}')
        if found is None or found.end() == len(reader.markup):
            raise MarkupError(f'Unclosed start tag "{name}" at byte offset {offset}')
        if reader.markup.startswith(('="', "='"), found.end()):
            raise MarkupError(f"Unclosed start tag at byte offset {offset}")
        if reader.markup.startswith("=", found.end()):
            raise MarkupError(f"Unexpected end of name token at byte offset {reader.byte_offset(found.end() + 1)}")
        attributes[found[1].lower()] = _decoded(found[2] or found[3] or found[4] or "")
        at = found.end()
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    reader.opened.append(_Open(name, reader.units, len(reader.text), attributes))
    reader.at = at + 1


def _read_end(reader: _Reader) -> None:
    begin = reader.at
    offset = reader.byte_offset(begin)
    if not reader.opened:
        raise MarkupError(f"Unexpected end tag at byte offset {offset}")
    match = re.compile(r"</([^\s>]*)\s*>").match(reader.markup, begin)
    if match is None:
        raise MarkupError(f"Unclosed end tag at byte offset {offset}")
    name, tag = match[1].lower(), reader.opened.pop()
    if name and name != tag.name:
        raise MarkupError(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
    reader.at = match.end()
    if reader.units > tag.start:
        _close(reader, tag)


def _close(reader: _Reader, tag: _Open) -> None:
    language = tag.attributes.get("class", "")
    outer = reader.opened[-1] if reader.opened else None
    if tag.name == "code" and language.startswith(_LANGUAGE) and outer is not None and outer.name == "pre":
        outer.attributes["language"] = language.removeprefix(_LANGUAGE)
        return
    details = _details(tag, reader.text[tag.characters :])
    if details is not None:
        place = {"offset": tag.start, "length": reader.units - tag.start}
        reader.entities.append({"type": _TYPES[tag.name], **place, **details})


def _details(tag: _Open, words: str) -> dict[str, Any] | None:
    match tag.name:
        case "a":
            return _link(tag.attributes.get("href") or words)
        case "blockquote" if "expandable" in tag.attributes:
            return {"type": "expandable_blockquote"}
        case "tg-emoji":
            identifier = tag.attributes.get("emoji-id", "")
            if not identifier.isdecimal():
                raise MarkupError("Invalid custom emoji identifier specified")
            return {"custom_emoji_id": identifier}
        case "tg-time":
            if not re.fullmatch(r"-?\d+", tag.attributes.get("unix", "")):
                raise MarkupError("Invalid unix time specified")
            return {"unix_time": int(tag.attributes["unix"]), "date_time_format": tag.attributes.get("format", "")}
        case "pre" if "language" in tag.attributes:
            return {"language": tag.attributes["language"]}
        case _:
            return {}


def _link(url: str) -> dict[str, Any] | None:
    if (person := _person_id(url)) is not None:
        return {"type": "text_mention", "user": {"id": person, "is_bot": False, "first_name": "?"}}
    # Telegram drops a link that leads nowhere and keeps its words.
    return {"url": url} if "." in url or "://" in url else None


def _person_id(url: str) -> int | None:
    parts = urlsplit(url)
    if parts.scheme != "tg" or parts.netloc != "user":
        return None
    identifier = parse_qs(parts.query).get("id", [""])[0]
    return int(identifier) if identifier.isdecimal() else None
