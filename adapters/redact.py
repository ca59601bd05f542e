"""Keeps secrets, and what people wrote, out of the logs."""

import logging
import traceback
from collections.abc import Iterable
from dataclasses import astuple
from enum import StrEnum
from urllib.parse import quote

from bot.chat.intent import Intent

BLANK = "[secret]"
_PLAIN = logging.Formatter()


class Redact(logging.Filter):
    """Blanks secrets in all that a record carries: its message, arguments, traceback and extras.

    It belongs on handlers: a logger's filter is not asked about what its children log.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        self._secrets = sorted(forms, key=len, reverse=True)

    def blank(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, BLANK)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, blanked."""
        try:
            said = record.getMessage()
        except Exception:  # noqa: BLE001 - arguments that don't fit: their handler would print them raw
            said = f"{record.msg!r} {record.args!r}"
            record.msg, record.args = said, ()
        if (blanked := self.blank(said)) != said:
            record.msg, record.args = blanked, ()
        if record.exc_info and record.exc_info[0] and not record.exc_text:
            text = _PLAIN.formatException(record.exc_info)
            if (blanked := self.blank(text)) != text:
                record.exc_info, record.exc_text = None, blanked
        for name, value in vars(record).items():
            if name != "msg" and isinstance(value, str) and (blanked := self.blank(value)) != value:
                setattr(record, name, blanked)
        return True


def account_of(error: BaseException, intent: Intent) -> str:
    """The traceback of a failed turn, without what the errors say where that may quote the person."""
    if not _has_words(intent):
        return "".join(traceback.format_exception(error)).rstrip()
    kinds: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        kinds = [*traceback.format_tb(seen.__traceback__), f"{type(seen).__qualname__}\n", *kinds]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "".join(kinds).rstrip()


def _has_words(intent: Intent) -> bool:
    return any(isinstance(part, str) and not isinstance(part, StrEnum) and part for part in astuple(intent))
