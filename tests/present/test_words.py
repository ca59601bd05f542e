"""The locale files: nothing missing, nothing dead, and a new language is a new file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from bot.chat.commands import COMMANDS
from bot.chat.view import Notice
from bot.present.layout import day
from bot.present.message import message
from bot.present.words import FOLDER, Words, locales, words_for
from tests.adapters.gallery import packs
from tests.present.outcomes import every_outcome

ROOT = Path(__file__).parents[2]
KEYS = {
    entry.id.name
    for entry in FluentParser().parse((FOLDER / "en.ftl").read_text(encoding="utf-8")).body
    if isinstance(entry, Message)
}
SPEAKING = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")])
MENU = {f"command-{command.name}" for command in COMMANDS} | {
    f"parameter-{parameter.name}" for command in COMMANDS for parameter in command.parameters
}


class Listening(Words):
    """Words that note which keys are asked for."""

    def __init__(self) -> None:
        super().__init__("en", FOLDER / "en.ftl")
        self.heard: set[str] = set()

    def __call__(self, key: str, **values: str | int | float) -> str:
        self.heard.add(key)
        return super().__call__(key, **values)


def _named(node: ast.expr) -> Iterator[str]:
    """The keys that an argument spells out."""
    match node:
        case ast.Constant(str(key)):
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _named(body)
            yield from _named(orelse)
        case _:
            pass


def spelled_out(file: Path) -> set[str]:
    """The keys that a module asks for by name: `words("next")`, `self._words("next")`, `words_for(x)("next")`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            asked = ast.unparse(node.func)
            if asked.rpartition(".")[2] in ("words", "_words") or asked.startswith("words_for("):
                found.update(_named(node.args[0]))
    return found


@pytest.mark.parametrize("file", SPEAKING, ids=[str(file.relative_to(ROOT)) for file in SPEAKING])
def test_every_key_that_is_asked_for_exists(file: Path) -> None:
    assert spelled_out(file) <= KEYS


def test_every_key_is_used() -> None:
    words = Listening()
    for _, outcome in every_outcome():
        message(outcome, words)
    elsewhere = {key for file in SPEAKING if "present" not in file.parts for key in spelled_out(file)}
    assert KEYS - words.heard - elsewhere - MENU == set()
    assert MENU <= KEYS


def test_no_key_is_given_twice() -> None:
    text = (FOLDER / "en.ftl").read_text(encoding="utf-8")
    names = [entry.id.name for entry in FluentParser().parse(text).body if isinstance(entry, Message)]
    assert len(names) == len(set(names))


def test_the_menu_fits_the_platforms() -> None:
    for key in MENU:
        assert 1 <= len(words_for("en")(key)) <= 100


def test_a_key_that_no_file_has_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-key"):
        words_for("en")("no-such-key")
    with pytest.raises(KeyError, match="skip"):
        Words("en")("skip")


def test_a_value_that_was_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="question-head"):
        words_for("en")("question-head", number="1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of locales as a translator leaves it: English, and the beginnings of two languages."""
    (tmp_path / "en.ftl").write_text((FOLDER / "en.ftl").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "de.ftl").write_text("next = Weiter\nwhen-hours = in { $n } Std.\n", encoding="utf-8")
    (tmp_path / "pt-BR.ftl").write_text("next = Próxima\n", encoding="utf-8")
    return tmp_path


def test_a_second_language_is_one_more_file(folder: Path) -> None:
    german = words_for("de-AT", folder)
    assert german.locale == "de"
    assert german("next") == "Weiter"
    assert german("when-hours", n=5) == "in 5 Std."
    assert german("finish") == "Finish", "what a translation lacks is said in English"
    assert german("when-days", n=2) == "in 2 days"
    assert set(locales(folder)) == {"en", "de", "pt-br"}


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_ch", "de"),
        ("pt-BR", "pt-br"),
        ("pt_br", "pt-br"),
        ("pt", "en"),
        ("pt-PT", "en"),
        ("en-US", "en"),
        ("fr", "en"),
        ("", "en"),
        ("-", "en"),
        ("../../etc/passwd", "en"),
        ("🤖", "en"),
    ],
)
def test_what_a_platform_says_of_a_language_finds_the_nearest_file(folder: Path, said: str, locale: str) -> None:
    assert words_for(said, folder).locale == locale
    assert words_for(said, folder) is words_for(locale, folder)


def test_every_outcome_can_be_said_in_a_half_translated_language(folder: Path) -> None:
    last_day = packs()[0].exam.last_day
    assert last_day is not None
    for locale, said in (("de", "31. März 2026"), ("pt-BR", "31 de março de 2026")):
        words = words_for(locale, folder)
        assert day(words, last_day) == said
        for name, outcome in every_outcome():
            shown = message(outcome, words)
            assert shown.text, name
            assert isinstance(shown, Notice) or shown.spans
