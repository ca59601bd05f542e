"""What a terminal saves, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.downloads import LEDGER, LONGEST_NAME, Downloads, file_name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "downloads"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LEDGER)


def test_a_file_is_saved_whole_and_its_path_told(folder: Path) -> None:
    path = Downloads(folder).save("plan.ics", b"one")
    assert (path, path.read_bytes()) == (folder / "plan.ics", b"one")
    assert path.is_absolute()
    assert names(folder) == ["plan.ics"]


def test_a_newer_one_takes_the_place_of_what_was_ours_also_after_a_restart(folder: Path) -> None:
    Downloads(folder).save("plan.ics", b"one")
    for content in (b"two", b"three", b"three"):
        assert Downloads(folder).save("plan.ics", content).read_bytes() == content
    assert names(folder) == ["plan.ics"]


def test_somebody_elses_file_of_that_name_is_never_touched(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "plan.ics").write_bytes(b"theirs")
    (folder / "plan-2.ics").mkdir()
    downloads = Downloads(folder)
    assert downloads.save("plan.ics", b"ours") == folder / "plan-3.ics"
    assert downloads.save("plan.ics", b"ours again") == folder / "plan-3.ics"
    assert (folder / "plan.ics").read_bytes() == b"theirs"
    assert (folder / "plan-3.ics").read_bytes() == b"ours again"


def test_what_was_ours_and_has_been_changed_since_is_theirs(folder: Path) -> None:
    downloads = Downloads(folder)
    downloads.save("plan.ics", b"one").write_bytes(b"one, with their notes")
    assert downloads.save("plan.ics", b"two") == folder / "plan-2.ics"
    assert (folder / "plan.ics").read_bytes() == b"one, with their notes"


def test_what_is_there_already_is_not_written_twice(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "plan.ics").write_bytes(b"same")
    assert Downloads(folder).save("plan.ics", b"same") == folder / "plan.ics"
    assert names(folder) == ["plan.ics"]


def test_a_file_that_was_deleted_comes_again_under_its_name(folder: Path) -> None:
    downloads = Downloads(folder)
    downloads.save("plan.ics", b"one").unlink()
    assert downloads.save("plan.ics", b"two") == folder / "plan.ics"


def test_a_link_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "plan.ics").symlink_to(tmp_path / "elsewhere")
    assert Downloads(folder).save("plan.ics", b"x") == folder / "plan-2.ics"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("broken", ["", "[]", "{", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_without_its_ledger_nothing_is_replaced(folder: Path, broken: str) -> None:
    Downloads(folder).save("plan.ics", b"one")
    (folder / LEDGER).write_text(broken, encoding="latin-1")
    assert Downloads(folder).save("plan.ics", b"two") == folder / "plan-2.ics"


def test_a_folder_that_can_not_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Downloads(tmp_path / "file" / "downloads").save("plan.ics", b"x")
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("plan.ics", "plan.ics"),
        ("Mein Plan (März).ics", "Mein Plan (März).ics"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\plan.ics", "C_plan.ics"),
        (".bashrc", "bashrc"),
        (LEDGER, "saved.json"),
        ("a\u202efdp.exe\n\x1b[31m\x00", "afdp.exe[31m"),
        ("plan. ", "plan"),
        ("x" * 200 + ".ics", "x" * (LONGEST_NAME - 4) + ".ics"),
        ("x" * 200, "x" * LONGEST_NAME),
        ("", "file"),
        ("..", "file"),
        ("/", "_"),
    ],
)
def test_a_name_leads_nowhere_else(said: str, name: str) -> None:
    assert file_name(said) == name


@given(st.text(st.characters()) | st.text("./\\~:\0\u202ea "))
def test_any_name_is_that_of_a_plain_file_in_the_folder(said: str) -> None:
    name = file_name(said)
    assert name == Path(name).name
    assert not name.startswith(".")
    assert 0 < len(name.encode()) <= 255
