"""Texts, pictures and commands within Telegram's limits, or refused in its words."""

import re
import warnings
from io import BytesIO

from tests.platform.telegram_limits import LIMIT
from tests.platform.telegram_params import Params, Words
from tests.platform.telegram_world import Json, bad_request


def checked_text(p: Params) -> Words:
    """A text message's words."""
    if not p.text("text"):
        raise bad_request("message text is empty")
    words = p.words("text")
    if len(words.text) < LIMIT["text_min"]:
        raise bad_request("text must be non-empty")
    if len(words.text) > LIMIT["text_max"]:
        raise bad_request("message is too long")
    return words


def checked_caption(p: Params) -> Words:
    """The words under a photo or a file."""
    words = p.words("caption", entities="caption_entities")
    if len(words.text) > LIMIT["caption_max"]:
        raise bad_request("message caption is too long")
    return words


def checked_photo(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that Telegram takes as a photo."""
    from PIL import Image, UnidentifiedImageError  # only few conversations have a picture

    if len(content) > LIMIT["photo_max"]:
        most = LIMIT["photo_max"]
        raise bad_request(f"file of size {len(content)} bytes is too big for a photo; the maximum size is {most} bytes")
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(content)) as image:
            width, height = image.size
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > LIMIT["photo_sides_max"] or max(width, height) > LIMIT["photo_ratio_max"] * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def checked_command(command: Json) -> Json:
    """One line of the command list, trimmed."""
    name = str(command.get("command", "")).strip().removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > LIMIT["command_max"]:
        raise bad_request(f"command length must not exceed {LIMIT['command_max']}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LIMIT["command_description_max"]:
        raise bad_request(f"command description length must not exceed {LIMIT['command_description_max']}")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def language_of(p: Params) -> str:
    """The two-letter language, or none for all."""
    language = p.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language
