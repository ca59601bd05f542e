"""`tminus pack`: the packs that an author names, however they name them."""

from pathlib import Path

import pytest

from adapters.__main__ import main
from bot.settings import CHECKOUT
from tests.content.good import good
from tests.content.test_library_faults import write


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with one pack, which is the working folder's."""
    folder = tmp_path / "content"
    folder.mkdir()
    write(folder, good())
    monkeypatch.setenv("TMINUS_CONTENT_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def name_of(content: Path) -> str:
    (pack,) = content.iterdir()
    return pack.name


@pytest.mark.parametrize("action", ["check", "stats"])
def test_a_pack_is_found_by_its_path_and_by_its_name(
    content: Path, action: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = name_of(content)
    texts = []
    for given in (f"content/{name}", f"content/{name}/", name, str(content / name)):
        assert main(["pack", action, given]) == 0
        texts.append(capsys.readouterr().out.replace(str(content), "content"))
    assert len(set(texts)) == 1
    assert f"Statistics of {name}" in texts[0]
    assert main(["pack", action]) == 0
    assert capsys.readouterr().out.replace(str(content), "content") == texts[0]
    monkeypatch.chdir(content / name)
    assert main(["pack", action, "."]) == 0


def test_a_pack_that_is_nowhere_is_no_pack_with_errors(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", "mls-c02"]) == 2
    assert f"mls-c02: neither a pack's folder nor a pack in {content}, which has {name_of(content)}" in (
        capsys.readouterr().err
    )


def test_a_folder_that_is_no_pack_yet_is_told_what_it_lacks(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "new").mkdir()
    for given in ("content/new", "new"):
        assert main(["pack", "check", given]) == 1
        assert "pack.yaml:1: error unreadable-file" in capsys.readouterr().out


def test_the_shipped_pack_is_checked_as_its_issue_writes_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    monkeypatch.delenv("TMINUS_CONTENT_DIR", raising=False)
    assert main(["pack", "check", "content/mls-c01"]) == 0
    by_path = capsys.readouterr().out
    assert main(["pack", "check", "mls-c01"]) == 0
    assert by_path.splitlines()[-1] == capsys.readouterr().out.splitlines()[-1]
