"""A pack of two concepts, whose questions no author will change: one single choice, one multiple response."""

from datetime import date
from pathlib import Path

from tests.content.good import good, items
from tests.content.test_library_faults import write


def small_pack(folder: Path) -> Path:
    """The content folder with this pack alone."""
    data = good()
    for item in items(data):
        item |= {"status": "reviewed", "reviewed_on": date(2026, 1, 2)}
    for concept in data["topics"][0]["concepts"]:
        concept["items"] = concept["items"][:1]
    content = folder / "content"
    content.mkdir()
    write(content, data)
    return content
