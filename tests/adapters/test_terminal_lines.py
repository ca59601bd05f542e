"""Where the terminal's lines come from, and what the environment says of them."""

import os
from pathlib import Path

import pytest

from adapters.terminal.app import _locale
from adapters.terminal.lines import _history, open_lines, screen_of
from adapters.terminal.render import Screen


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LC_ALL": "POSIX", "LANG": "de_DE"}, "en"),
        ({"LC_ALL": "", "LANG": "de_DE@euro"}, "de-DE"),
    ],
)
def test_the_language_is_that_of_the_environment(environ: dict[str, str], locale: str) -> None:
    assert _locale(environ) == locale


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_a_terminal_has_colors_unless_it_says_otherwise(environ: dict[str, str], colors: bool) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        assert screen_of(terminal, environ) == Screen(80, colors)
    os.close(ours)


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("", 80), ("wide", 80), ("0", 10), ("999", 88)])
def test_a_file_has_no_colors_and_the_width_that_was_asked_for(columns: str, width: int, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as output:
        screen = screen_of(output, {"COLUMNS": columns, "TERM": "xterm"})
    assert (screen.width, screen.colors) == (width, False)


def test_what_is_typed_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history"
    _history(path).store_string("b")
    assert path.stat().st_mode & 0o077 == 0
    assert list(_history(path).load_history_strings()) == ["b"]


def test_a_history_that_cannot_be_kept_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert list(_history(tmp_path / "file" / "history").load_history_strings()) == []


def test_an_old_encoding_shows_what_it_can(tmp_path: Path) -> None:
    async def nothing(begun: str) -> list[tuple[str, str]]:
        return []

    path = tmp_path / "out"
    with path.open("w", encoding="ascii") as output, Path(os.devnull).open() as source:
        open_lines(source, output, {}, None, nothing)
        output.write("✅ A")
    assert path.read_text() == "? A"
