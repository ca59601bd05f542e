"""The house itself: whose code runs, and what the build must hold."""

from importlib import import_module
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["bot", "adapters", "adapters.telegram", "adapters.discord", "adapters.terminal"])
def test_our_packages_load_from_this_checkout(name: str) -> None:
    """Their names are common: a stranger's package of the same name would run in their place."""
    found = import_module(name).__file__
    assert found is not None
    assert Path(found).is_relative_to(TOP)


@pytest.mark.parametrize("name", ["telegram", "discord"])
def test_the_libraries_are_the_libraries_and_not_our_folders_of_that_name(name: str) -> None:
    found = import_module(name).__file__
    assert found is not None
    assert "site-packages" in found


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_the_locks_name_hashes_and_no_registry(name: str) -> None:
    lock = (TOP / "requirements" / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "--index-url" not in lock
