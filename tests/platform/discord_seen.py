"""What a person sees of a message: its text, its buttons and selects."""

from dataclasses import dataclass

from tests.platform.discord_checks import EPHEMERAL, LOADING, ROW, SECTION, SELECTS, TEXT, Json, walk
from tests.platform.discord_world import Message


@dataclass(frozen=True)
class Control:
    """A button or a select as a person sees it."""

    kind: int
    label: str  # a button's text with its emoji; a select's placeholder
    custom_id: str | None
    disabled: bool
    style: int
    url: str | None
    options: tuple[tuple[str, str], ...]  # label and value


@dataclass(frozen=True)
class Seen:
    """A message as a person sees it now."""

    id: int
    text: str  # content, embeds, text displays and file names, a line each
    rows: tuple[tuple[Control, ...], ...]
    ephemeral: bool
    loading: bool  # "is thinking"
    edits: int
    sent_s: float  # of the server's clock
    edited_s: tuple[float, ...]  # likewise, oldest first
    where: str
    payload: Json
    files: tuple[tuple[str, int], ...]  # names, and what the server keeps them under
    alt: str  # what the picture or file is said to show

    @property
    def labels(self) -> list[list[str]]:
        """The rows of labels."""
        return [[control.label for control in row] for row in self.rows]

    @property
    def custom_ids(self) -> list[list[str | None]]:
        """The rows of custom ids."""
        return [[control.custom_id for control in row] for row in self.rows]

    def __str__(self) -> str:
        marks = "".join(
            mark
            for mark, on in ((" (only you)", self.ephemeral), (" (edited)", self.edits), (" …", self.loading))
            if on
        )
        buttons = "".join(
            "\n    " + " ".join(f"[{control.label}]" + ("x" if control.disabled else "") for control in row)
            for row in self.rows
        )
        return f"{self.where} bot{marks}: {self.text}{buttons}"


def seen(message: Message) -> Seen:
    """A message as people see it."""
    payload = message.payload()
    files = message.files()
    return Seen(
        message.id,
        "\n".join(_lines(payload, files)),
        tuple(_rows(payload["components"])),
        bool(message.flags & EPHEMERAL),
        bool(message.flags & LOADING),
        message.edits,
        message.sent_s,
        tuple(message.edited_s),
        f"#{message.channel.name}" if message.channel.guild else message.channel.name,
        payload,
        tuple((file["filename"], int(file["id"])) for file in files),
        "\n".join(file["description"] for file in files if file.get("description")),
    )


def _lines(payload: Json, files: list[Json]) -> list[str]:
    lines = [payload["content"]]
    for embed in payload["embeds"]:
        lines += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
        lines += [f"{part['name']}\n{part['value']}" for part in embed.get("fields") or []]
        lines += [(embed.get("footer") or {}).get("text")]
    lines += [part["content"] for part in walk(payload["components"]) if part["type"] == TEXT]
    lines += [f"[{file['filename']}: {file.get('description') or ''}]" for file in files]
    return [line for line in lines if line]


def _rows(components: list[Json]) -> list[tuple[Control, ...]]:
    rows = []
    for part in walk(components):
        if part["type"] == ROW:
            rows.append(tuple(_control(inner) for inner in part["components"]))
        elif part["type"] == SECTION and part["accessory"]["type"] == 2:
            rows.append((_control(part["accessory"]),))
    return rows


def _control(part: Json) -> Control:
    emoji = (part.get("emoji") or {}).get("name") or ""
    label = part.get("placeholder") if part["type"] in SELECTS else part.get("label")
    options = tuple((option["label"], option["value"]) for option in part.get("options") or [])
    return Control(
        part["type"],
        f"{emoji} {label or ''}".strip(),
        part.get("custom_id"),
        bool(part.get("disabled")),
        part.get("style") or 0,
        part.get("url"),
        options,
    )
