"""A pack of two concepts, whose questions no author will change: one single choice, one multiple response."""

from datetime import date
from pathlib import Path

from tests.content.good import good, items
from tests.content.test_library_faults import write


def small_pack(folder: Path) -> Path:
    """The content folder with this pack alone."""
    data = good()
    asked, *_ = data["topics"]
    for item in items({"topics": [asked]}):  # what is not reviewed is not asked
        item |= {"status": "reviewed", "reviewed_on": date(2026, 1, 2)}
    for topic in data["topics"]:
        for concept in topic["concepts"]:
            concept.pop("exercises", None)
    for concept in asked["concepts"]:
        concept["items"] = concept["items"][:1]
    content = folder / "content"
    content.mkdir()
    write(content, data)
    return content
