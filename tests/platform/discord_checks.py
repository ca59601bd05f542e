"""Whether Discord would take a body: the checks of its API, with its errors tree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.platform.discord_limits import limit

Json = dict[str, Any]
Path = tuple[str | int, ...]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15
SENDABLE_FLAGS = (1 << 2) | EPHEMERAL | (1 << 12) | (1 << 13) | COMPONENTS_V2

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
MODAL_FIELDS = (*SELECTS, TEXT_INPUT, 19, 21, 22, 23)


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An answer of the API that is an error."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


@dataclass
class Form:
    """A body being checked, collecting what is wrong with it."""

    errors: Json = field(default_factory=dict)

    def wrong(self, at: Path, code: str, message: str) -> None:
        node = self.errors
        for step in at:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def done(self) -> None:
        """Refuses the body if anything was wrong with it."""
        if self.errors:
            raise Refused(400, 50035, "Invalid Form Body", self.errors)

    def need(self, body: Json, key: str, at: Path) -> bool:
        if body.get(key) is None:
            self.wrong((*at, key), "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def text(self, body: Json, key: str, at: Path, most: int, *, least: int = 0, required: bool = False) -> str:
        value = body.get(key)
        if value is None:
            if required:
                self.need(body, key, at)
            return ""
        if not isinstance(value, str):
            self.wrong((*at, key), "STRING_TYPE_CONVERT", "Could not interpret as string.")
            return ""
        if required and not value.strip():
            self.wrong((*at, key), "BASE_TYPE_REQUIRED", "This field is required")
        elif len(value) > most and not least:
            self.wrong((*at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif not least <= len(value) <= most:
            self.wrong((*at, key), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return value

    def number(self, body: Json, key: str, at: Path, least: int, most: int) -> int | None:
        value = body.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong((*at, key), "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if value < least:
            self.wrong((*at, key), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        if value > most:
            self.wrong((*at, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value

    def items(self, body: Json, key: str, at: Path, most: int, least: int = 0) -> list[tuple[Path, Json]]:
        value = body.get(key)
        if value is None:
            if least:
                self.need(body, key, at)
            return []
        if not isinstance(value, list):
            self.wrong((*at, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
            return []
        if least and not least <= len(value) <= most:
            self.wrong((*at, key), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.wrong((*at, key), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        found: list[tuple[Path, Json]] = []
        for place, item in enumerate(value):
            if isinstance(item, dict):
                found.append(((*at, key, place), item))
            else:
                self.wrong((*at, key, place), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType.")
        return found

    def unknown_type(self, at: Path, allowed: Iterable[int]) -> None:
        self.wrong((*at, "type"), "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {tuple(allowed)}.")


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, those nested in others too."""
    for component in components:
        if not isinstance(component, dict):
            continue
        yield component
        inner = component.get("components")
        yield from walk(inner if isinstance(inner, list) else [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])


def check_message(body: Json, *, whole: Json, at: Path = (), ephemeral: bool = False) -> None:
    """Refuses a message that Discord would refuse.

    `body` is what was sent, `whole` the message as it would be with it (the same for a new one).
    """
    form = Form()
    form.text(body, "content", at, limit("content"))
    _check_flags(form, body, at, ephemeral=ephemeral)
    _check_embeds(form, body, whole, at)
    form.text(body, "nonce", at, limit("nonce")) if isinstance(body.get("nonce"), str) else None
    for here, attachment in form.items(body, "attachments", at, limit("attachments")):
        form.text(attachment, "description", here, limit("attachment_description"))
    flags = whole.get("flags")
    if isinstance(flags, int) and flags & COMPONENTS_V2:
        _check_v2(form, body, whole, at)
    else:
        _check_rows(form, body, at)
    _check_custom_ids(form, body, at)
    form.done()
    if not (_shows_something(whole)):
        raise Refused(400, 50006, "Cannot send an empty message")


def _shows_something(whole: Json) -> bool:
    if whole.get("components") or whole.get("attachments") or whole.get("poll") or whole.get("sticker_ids"):
        return True
    keys = ("title", "description", "fields", "image", "thumbnail", "footer", "author")
    embeds = whole.get("embeds") or []
    return bool((whole.get("content") or "").strip()) or any(embed.get(key) for embed in embeds for key in keys)


def _check_flags(form: Form, body: Json, at: Path, *, ephemeral: bool) -> None:
    flags = form.number(body, "flags", at, 0, 2**31 - 1)
    allowed = SENDABLE_FLAGS if ephemeral else SENDABLE_FLAGS & ~EPHEMERAL
    if flags and flags & ~allowed:
        form.wrong((*at, "flags"), "BITFIELD_TYPE_UNKNOWN", f"Flags {flags & ~allowed} cannot be set here.")


def _check_embeds(form: Form, body: Json, whole: Json, at: Path) -> None:
    total = 0
    files = {attachment.get("filename") for attachment in whole.get("attachments") or []}
    for here, embed in form.items(body, "embeds", at, limit("embeds")):
        total += len(form.text(embed, "title", here, limit("embed_title")))
        total += len(form.text(embed, "description", here, limit("embed_description")))
        form.text(embed, "url", here, limit("embed_url"))
        form.number(embed, "color", here, 0, 0xFFFFFF)
        for key in ("image", "thumbnail"):
            _check_picture(form, embed.get(key) or {}, files, (*here, key))
        total += len(form.text(embed.get("footer") or {}, "text", (*here, "footer"), limit("embed_footer")))
        total += len(form.text(embed.get("author") or {}, "name", (*here, "author"), limit("embed_author")))
        for there, part in form.items(embed, "fields", here, limit("embed_fields")):
            total += len(form.text(part, "name", there, limit("embed_field_name"), required=True))
            total += len(form.text(part, "value", there, limit("embed_field_value"), required=True))
    if total > limit("embed_sum"):
        most = limit("embed_sum")
        form.wrong((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {most}")


def _check_picture(form: Form, picture: Json, files: set[Any], at: Path) -> None:
    scheme, _, rest = form.text(picture, "url", at, limit("embed_url")).partition("://")
    if scheme and scheme not in {"http", "https"} and not (scheme == "attachment" and rest in files):
        text = f"Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https')."
        form.wrong((*at, "url"), "URL_TYPE_INVALID_SCHEME", text)


def _check_custom_ids(form: Form, body: Json, at: Path) -> None:
    seen: set[str] = set()
    components = body.get("components")
    for component in walk(components if isinstance(components, list) else []):
        custom_id = component.get("custom_id")
        if custom_id is None:
            continue
        if custom_id in seen:
            text = "Component custom id cannot be duplicated"
            form.wrong((*at, "components"), "COMPONENT_CUSTOM_ID_DUPLICATED", f"{text}: {custom_id}")
        seen.add(custom_id)


def _check_rows(form: Form, body: Json, at: Path) -> None:
    for here, row in form.items(body, "components", at, limit("rows")):
        if row.get("type") == ROW:
            _check_row(form, row, here)
        else:
            form.unknown_type(here, (ROW,))


def _check_row(form: Form, row: Json, at: Path) -> None:
    parts = form.items(row, "components", at, limit("row_buttons"), 1)
    width = 0
    for here, part in parts:
        kind = part.get("type")
        if kind == BUTTON:
            width += 1
            _check_button(form, part, here)
        elif kind in SELECTS:
            width += limit("row_buttons")
            _check_select(form, part, here)
        else:
            form.unknown_type(here, (BUTTON, *SELECTS))
    if width > limit("row_buttons") >= len(parts):
        text = "The specified component exceeds the maximum width"
        form.wrong((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)


def _check_button(form: Form, button: Json, at: Path) -> None:
    form.text(button, "label", at, limit("button_label"))
    style = button.get("style")
    if style not in range(1, 7):
        form.wrong((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
        return
    if style == 6:
        form.need(button, "sku_id", at)
        return
    if not button.get("label") and not button.get("emoji"):
        form.wrong((*at,), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji")
    if style == 5:
        form.text(button, "url", at, limit("button_url"), required=True)
        if button.get("custom_id") is not None:
            form.wrong(
                (*at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A link has no custom id"
            )
        return
    form.text(button, "custom_id", at, limit("custom_id"), least=1, required=True)
    if button.get("url") is not None:
        form.wrong((*at, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Only a link has a url")


def _check_select(form: Form, select: Json, at: Path) -> None:
    form.text(select, "custom_id", at, limit("custom_id"), least=1, required=True)
    form.text(select, "placeholder", at, limit("select_placeholder"))
    least = form.number(select, "min_values", at, 0, limit("select_options"))
    most = form.number(select, "max_values", at, 1, limit("select_options"))
    if (1 if least is None else least) > (1 if most is None else most):
        form.wrong((*at, "min_values"), "NUMBER_TYPE_MAX", "min_values is more than max_values.")
    if select.get("type") != STRING_SELECT:
        return
    values: set[str] = set()
    for here, option in form.items(select, "options", at, limit("select_options"), 1):
        form.text(option, "label", here, limit("select_label"), least=1, required=True)
        value = form.text(option, "value", here, limit("select_value"), least=1, required=True)
        form.text(option, "description", here, limit("select_description"))
        if value in values:
            text = "The specified option value is already used"
            form.wrong((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        values.add(value)


def _check_v2(form: Form, body: Json, whole: Json, at: Path) -> None:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if whole.get(key):
            text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong((*at, key), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    components = form.items(body, "components", at, limit("v2_components"))
    for here, component in components:
        _check_v2_part(form, component, here, inside=False)
    everything = list(walk(component for _, component in components))
    if len(components) <= limit("v2_components") < len(everything):
        text = f"The total number of components exceeds the maximum of {limit('v2_components')}"
        form.wrong((*at, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", text)
    shown = sum(len(part.get("content") or "") for part in everything if part.get("type") == TEXT)
    if shown > limit("v2_text"):
        text = f"The total displayable text size exceeds the maximum size of {limit('v2_text')}"
        form.wrong((*at, "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)


def _check_v2_part(form: Form, part: Json, at: Path, *, inside: bool) -> None:
    checks: dict[int, Callable[[Form, Json, Path], None]] = {
        ROW: _check_row,
        SECTION: _check_section,
        TEXT: _check_text,
        GALLERY: _check_gallery,
        FILE: lambda form, part, at: _check_media(form, part, at, "file"),
        SEPARATOR: _check_separator,
    }
    if not inside:
        checks[CONTAINER] = _check_container
    check = checks.get(part.get("type", 0))
    if check is None:
        form.unknown_type(at, checks)
    else:
        check(form, part, at)


def _check_text(form: Form, part: Json, at: Path) -> None:
    form.text(part, "content", at, limit("v2_text"), least=1, required=True)


def _check_separator(form: Form, part: Json, at: Path) -> None:
    form.number(part, "spacing", at, 1, 2)


def _check_container(form: Form, part: Json, at: Path) -> None:
    form.number(part, "accent_color", at, 0, 0xFFFFFF)
    for here, inner in form.items(part, "components", at, limit("v2_components"), 1):
        _check_v2_part(form, inner, here, inside=True)


def _check_section(form: Form, part: Json, at: Path) -> None:
    for here, inner in form.items(part, "components", at, limit("section_texts"), 1):
        if inner.get("type") == TEXT:
            _check_text(form, inner, here)
        else:
            form.unknown_type(here, (TEXT,))
    if form.need(part, "accessory", at):
        accessory, here = part["accessory"], (*at, "accessory")
        if accessory.get("type") == BUTTON:
            _check_button(form, accessory, here)
        elif accessory.get("type") == THUMBNAIL:
            _check_media(form, accessory, here, "media")
        else:
            form.unknown_type(here, (BUTTON, THUMBNAIL))


def _check_gallery(form: Form, part: Json, at: Path) -> None:
    for here, item in form.items(part, "items", at, limit("gallery_items"), 1):
        _check_media(form, item, here, "media")


def _check_media(form: Form, part: Json, at: Path, key: str) -> None:
    form.text(part, "description", at, limit("media_description"))
    if form.need(part, key, at):
        form.text(part[key], "url", (*at, key), limit("embed_url"), required=True)


def check_modal(body: Json, at: Path = ("data",)) -> None:
    """Refuses a modal that Discord would refuse."""
    form = Form()
    form.text(body, "custom_id", at, limit("custom_id"), least=1, required=True)
    form.text(body, "title", at, limit("modal_title"), least=1, required=True)
    for here, part in form.items(body, "components", at, limit("modal_inputs"), 1):
        if part.get("type") == ROW:
            for there, inner in form.items(part, "components", here, 1, 1):
                _check_modal_field(form, inner, there, labelled=False)
        elif part.get("type") == LABEL:
            form.text(part, "label", here, limit("input_label"), least=1, required=True)
            form.text(part, "description", here, limit("input_description"))
            if form.need(part, "component", here):
                _check_modal_field(form, part["component"], (*here, "component"), labelled=True)
        elif part.get("type") == TEXT:
            _check_text(form, part, here)
        else:
            form.unknown_type(here, (ROW, TEXT, LABEL))
    _check_custom_ids(form, body, at)
    form.done()


def _check_modal_field(form: Form, part: Json, at: Path, *, labelled: bool) -> None:
    kind = part.get("type")
    if kind == TEXT_INPUT:
        _check_input(form, part, at, labelled=labelled)
    elif kind in SELECTS and labelled:
        _check_select(form, part, at)
    elif kind in MODAL_FIELDS and labelled:
        form.text(part, "custom_id", at, limit("custom_id"), least=1, required=True)
    else:
        form.unknown_type(at, MODAL_FIELDS if labelled else (TEXT_INPUT,))


def _check_input(form: Form, part: Json, at: Path, *, labelled: bool) -> None:
    form.text(part, "custom_id", at, limit("custom_id"), least=1, required=True)
    if labelled and part.get("label") is not None:
        form.wrong((*at, "label"), "BASE_TYPE_UNKNOWN", "The label component carries the label.")
    elif not labelled:
        form.text(part, "label", at, limit("input_label"), least=1, required=True)
    if part.get("style") not in {1, 2}:
        form.wrong((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    form.text(part, "value", at, limit("input_value"))
    form.text(part, "placeholder", at, limit("input_placeholder"))
    form.number(part, "min_length", at, 0, limit("input_value"))
    form.number(part, "max_length", at, 1, limit("input_value"))
