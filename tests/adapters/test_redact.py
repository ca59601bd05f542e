"""Secrets and people's words stay out of the logs."""

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from adapters.redact import BLANK, Redact, account_of
from bot.chat.intent import Intent, Open, Pick, Practice, Say, Today
from bot.domain.ids import AskId
from bot.domain.learner import Field

TOKEN = "424242:AAE/test+TOKEN"  # noqa: S105
SECRETS = [TOKEN, "", "424242:AAE"]


class Log:
    """A logger with a redacting handler, and what came out of it."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        handler = logging.StreamHandler(self.out)
        handler.setFormatter(
            logging.Formatter("%(name)s %(threadName)s %(message)s %(detail)s", defaults={"detail": ""})
        )
        handler.addFilter(Redact(SECRETS))
        self.logger = logging.getLogger("test.redact")
        self.logger.propagate = False
        self.logger.addHandler(handler)
        self.logger.setLevel(logging.DEBUG)
        self.handler = handler

    @property
    def text(self) -> str:
        assert "AAE" not in self.out.getvalue()
        return self.out.getvalue()


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.logger.removeHandler(made.handler)


class Address:
    """Shows the token only once it is formatted, as an URL object does."""

    def __str__(self) -> str:
        return f"https://api.telegram.org/bot{TOKEN}/getMe"


def test_a_secret_is_blanked_in_the_message_and_in_its_arguments(log: Log) -> None:
    log.logger.info("token %s at %s", TOKEN, Address())
    log.logger.info(f"GET {Address()}")
    log.logger.info("as json: %s", json.dumps({"t": TOKEN}))
    log.logger.info("in a path: %s", quote(TOKEN, safe=""))
    assert log.text.count(BLANK) == 5


def test_a_secret_is_blanked_in_a_traceback_and_in_its_causes(log: Log) -> None:
    log.logger.error("failed", exc_info=_error(TOKEN))
    assert "ValueError: [secret]" in log.text
    assert "direct cause" in log.text


def test_a_secret_is_blanked_in_extras_and_names(log: Log) -> None:
    log.logger.info("fine", extra={"detail": f"x{TOKEN}"})
    assert f"x{BLANK}" in log.text


def test_a_record_whose_arguments_do_not_fit_is_still_blanked(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.logger.info("%d %d", *[TOKEN])
    assert BLANK in log.text
    assert capsys.readouterr().err == ""


def test_what_holds_no_secret_is_left_as_it_is() -> None:
    record = logging.LogRecord("a", logging.INFO, "f", 1, "%s of %s", (1, 2), None)
    assert Redact(SECRETS).filter(record)
    assert (record.msg, record.args) == ("%s of %s", (1, 2))


@pytest.mark.parametrize("intent", [Say("my worry"), Practice("my worry", 5)])
def test_a_failed_turn_is_told_without_words_where_the_person_typed_some(intent: Intent) -> None:
    told = account_of(_error("my worry"), intent)
    assert "worry" not in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert "in _error" in told


@pytest.mark.parametrize("intent", [Today(), Pick(AskId(1), 0), Open(Field.ZONE), Practice("", 5)])
def test_a_failed_turn_is_told_in_full_where_the_person_only_tapped(intent: Intent) -> None:
    assert "ValueError: no such key" in account_of(_error("no such key"), intent)


def _error(words: str) -> Exception:
    nothing: dict[str, str] = {}
    try:
        try:
            nothing[words]
        except KeyError as error:
            raise ValueError(words) from error
    except ValueError as error:
        return error
    raise AssertionError(words)
