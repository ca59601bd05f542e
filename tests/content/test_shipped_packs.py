"""The packs that are shipped can be served."""

from pathlib import Path

import pytest

from bot.domain.check.rules import Severity
from bot.domain.check.text import line
from bot.domain.pack import Rating
from bot.library import check_pack, load_library, load_pack, pack_folders

CONTENT = Path(__file__).parents[2] / "content"
FOLDERS = pack_folders(CONTENT)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_shipped_pack_has_no_error(folder: Path) -> None:
    errors = [line(finding) for finding in check_pack(folder).findings if finding.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)


def test_the_shipped_packs_load() -> None:
    assert {folder.name for folder in FOLDERS} == set(load_library(CONTENT).packs)


def test_about_half_of_the_topics_of_mls_c01_are_rated_frequent() -> None:
    topics = [place.topic for place in load_pack(CONTENT / "mls-c01").places.values()]
    frequent = sum(topic.frequency is Rating.HIGH for topic in topics)
    assert 0.4 <= frequent / len(topics) <= 0.6
