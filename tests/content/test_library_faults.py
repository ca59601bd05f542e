"""Whatever is wrong with a pack's files is answered with file, line, what is wrong and what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.check.rules import Spot
from bot.domain.check.text import render
from bot.errors import PackError
from bot.library import check_pack, load_library, load_pack
from tests.content.good import Data, good

STREAMS, TRAINING = "data/streams.yaml", "models/training.yaml"
METRICS, GUIDE = "cards/metric.yaml", "guide/data.yaml"


def write(folder: Path, data: Data) -> Path:
    """The pack's folder with its files."""
    (folder / "good").mkdir()
    names = ("pack.yaml", STREAMS, TRAINING)
    files = dict(zip(names, (data["outline"], *data["topics"]), strict=True))
    files |= {f"cards/{file['kind']}.yaml": file for file in data["cards"]}
    files |= {f"guide/{guide['domain']}.yaml": guide for guide in data["guides"]}
    for name, content in files.items():
        path = folder / "good" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False, width=1000), encoding="utf-8")
    return folder / "good"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, good())


def line_with(path: Path, words: str, nth: int = 1) -> int:
    found = [number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if words in line]
    return found[nth - 1]


def replace(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


def test_a_good_folder_is_read_and_clean(folder: Path) -> None:
    assert check_pack(folder).findings == ()
    assert load_library(folder.parent).packs[load_pack(folder).id].exam.code == "GOOD-1"


def _options_field(path: Path) -> int:
    replace(path, "text: A queue that", "txt: A queue that")
    return line_with(path, "txt: A queue that")


def _option_reason(path: Path) -> int:
    replace(path, "why: Because the constraint keeps", "reason: Because the constraint keeps")
    return line_with(path, "text: Send them to a managed")


def _unknown_format(path: Path) -> int:
    replace(path, "format: trade-off", "format: tradeoff")
    return line_with(path, "format: tradeoff")


def _no_type(path: Path) -> int:
    replace(path, "type: single", "kind: single")
    return line_with(path, "id: streams-1")


def _three_options(path: Path) -> int:
    start = line_with(path, "text: Let each shop")
    lines = path.read_text("utf-8").splitlines()
    del lines[start - 1 : start + 2]
    path.write_text("\n".join(lines), "utf-8")
    return line_with(path, "options:")


def _broken(path: Path) -> int:
    replace(path, "topic: streams", "topic: [streams")
    return 2


def _control(path: Path) -> int:
    replace(path, "knows: Delivery", "knows: \x07Delivery")
    return line_with(path, "\x07Delivery")


def _impossible_date(path: Path) -> int:
    replace(path, "as_of: 2026-01-01", "as_of: 2026-02-30")
    return line_with(path, "2026-02-30")


def _itself(path: Path) -> int:
    path.write_text("topic: &all [*all]\n", "utf-8")
    return 1


def _latin(path: Path) -> int:
    replace(path, "knows: Delivery", "knows: Café")
    line = line_with(path, "Café")
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    return line


def _empty(path: Path) -> int:
    path.write_text("# nothing yet\n", "utf-8")
    return 1


def _list(path: Path) -> int:
    path.write_text("- topic: streams\n", "utf-8")
    return 1


def _twice(path: Path) -> int:
    replace(path, "    level: apply", "    level: apply\n    level: adapt")
    return line_with(path, "level: adapt")


def _two_documents(path: Path) -> int:
    replace(path, "concepts:", "---\nconcepts:")
    return 2


def _unknown_topic(path: Path) -> int:
    replace(path, "topic: streams", "topic: steams")
    return 1


def _same_id(path: Path) -> int:
    replace(path, "id: streams-2", "id: streams-1")
    return line_with(path, "id: streams-1", 2)


def _taken_elsewhere(path: Path) -> int:
    replace(path.parent.parent / TRAINING, "id: honest", "id: elastic")
    return line_with(path.parent.parent / TRAINING, "id: elastic")


def _misplaced(path: Path) -> int:
    path.rename(path.parent.parent / "models" / path.name)
    return 1


def _unread(path: Path) -> int:
    (path.parent / "more.yml").write_text("topic: more\n", "utf-8")
    return 1


def _folder(path: Path) -> int:
    replace(path.parent.parent / "pack.yaml", "id: good", "id: better")
    return 1


def _topic_twice(path: Path) -> int:
    outline = path.parent.parent / "pack.yaml"
    replace(outline, "id: training", "id: streams")
    return line_with(outline, "id: streams", 2)


def _no_kind(path: Path) -> int:
    replace(path.parent.parent / METRICS, "kind: metric", "kin: metric")
    return 1


def _other_kind(path: Path) -> int:
    path = path.parent.parent / METRICS
    replace(path, "kind: metric", "kind: contrast")
    return line_with(path, "- id: card-recall")


def _card_field(path: Path) -> int:
    path = path.parent.parent / METRICS
    replace(path, "right_when:", "right_wen:")
    return line_with(path, "right_wen:")


def _card_elsewhere(path: Path) -> int:
    cards = path.parent.parent / "cards"
    (cards / "metric.yaml").rename(cards / "metrics.yaml")
    return 1


def _card_id(path: Path) -> int:
    path = path.parent.parent / METRICS
    replace(path, "id: card-recall", "id: streams-1")
    return line_with(path, "id: streams-1")


def _guide_domain(path: Path) -> int:
    replace(path.parent.parent / GUIDE, "domain: data", "domain: dater")
    return 1


def _guide_elsewhere(path: Path) -> int:
    replace(path.parent.parent / GUIDE, "domain: data", "domain: models")
    return 1


def _lab_id(path: Path) -> int:
    path = path.parent.parent / GUIDE
    replace(path, "id: lab-queue", "id: lab-split")
    return line_with(path.parent / "models.yaml", "id: lab-split")


def _short_lab(path: Path) -> int:
    path = path.parent.parent / GUIDE
    replace(path, "minutes: 20", "minutes: 2")
    return line_with(path, "minutes: 2")


FAULTS: list[tuple[str, str, str, Callable[[Path], int]]] = [
    ("schema", STREAMS, "did you mean text?", _options_field),
    ("schema", STREAMS, "add the field", _option_reason),
    ("schema", STREAMS, "(is 'tradeoff')", _unknown_format),
    ("schema", STREAMS, "add type: single", _no_type),
    ("schema", STREAMS, "at least 4 items", _three_options),
    ("schema", STREAMS, "file: Input should be", _list),
    ("broken-yaml", STREAMS, "not valid YAML", _broken),
    ("broken-yaml", STREAMS, "control characters", _control),
    ("broken-yaml", STREAMS, "day is out of range", _impossible_date),
    ("broken-yaml", STREAMS, "refers to itself", _itself),
    ("broken-yaml", STREAMS, "single document", _two_documents),
    ("unreadable-file", STREAMS, "0xe9 is not UTF-8", _latin),
    ("unreadable-file", STREAMS, "empty", _empty),
    ("duplicate-field", STREAMS, "'level' is given twice", _twice),
    ("unknown-topic", STREAMS, "topic 'steams'", _unknown_topic),
    ("duplicate-id", STREAMS, "id 'streams-1' is taken in", _same_id),
    ("duplicate-id", TRAINING, "id 'elastic' is taken in", _taken_elsewhere),
    ("duplicate-id", "pack.yaml", "'streams' is given twice", _topic_twice),
    ("misplaced-file", "models/streams.yaml", "is data/streams.yaml", _misplaced),
    ("misplaced-file", "data/more.yml", "not read", _unread),
    ("schema", METRICS, "add kind: service, metric", _no_kind),
    ("schema", METRICS, "left: Field required", _other_kind),
    ("schema", METRICS, "did you mean right_when?", _card_field),
    ("misplaced-file", "cards/metrics.yaml", "stand in cards/metric.yaml", _card_elsewhere),
    ("duplicate-id", METRICS, "id 'streams-1' is taken in", _card_id),
    ("unknown-domain", GUIDE, "domain 'dater' is not in pack.yaml", _guide_domain),
    ("misplaced-file", GUIDE, "is guide/models.yaml", _guide_elsewhere),
    ("duplicate-id", "guide/models.yaml", "id 'lab-split' is taken in", _lab_id),
    ("schema", GUIDE, "greater than or equal to 5 (is 2)", _short_lab),
    ("folder-name", "pack.yaml", "'better' is not the folder's name", _folder),
]


@pytest.mark.parametrize(("rule", "file", "said", "damage"), FAULTS, ids=[fault[3].__name__ for fault in FAULTS])
def test_a_fault_is_named_with_file_line_and_remedy(
    folder: Path, rule: str, file: str, said: str, damage: Callable[[Path], int]
) -> None:
    spot = Spot(str(folder / file), damage(folder / STREAMS))
    faults = [finding for finding in check_pack(folder).findings if finding.rule == rule]
    assert (spot, True) in [(fault.where, said in fault.message) for fault in faults], faults
    with pytest.raises(PackError) as raised:
        load_pack(folder)
    told = [line for line in str(raised.value).splitlines() if line.startswith(f"{spot}: ")]
    assert any(said in line and line.endswith(fault.fix) for line in told for fault in faults)


def test_every_fault_is_told_at_once_and_good_files_are_checked_all_the_same(folder: Path) -> None:
    _unknown_format(folder / STREAMS)
    _twice(folder / STREAMS)
    replace(folder / "pack.yaml", "weight: 50", "weight: 40")
    replace(folder / TRAINING, "- queue", "- quueue")
    rules = {finding.rule for finding in check_pack(folder).findings}
    assert rules == {"duplicate-field", "weights-sum", "unknown-service"}


@pytest.mark.parametrize("damage", ["missing", "empty", "wrong"])
def test_without_an_outline_there_are_faults_and_no_statistics(folder: Path, damage: str) -> None:
    outline = folder / "pack.yaml"
    if damage == "missing":
        outline.unlink()
    else:
        outline.write_text("" if damage == "empty" else "id: good\n", "utf-8")
    report = check_pack(folder)
    assert report.bank is None
    assert not report.is_ok
    assert all(finding.where == Spot(str(outline), 1) for finding in report.findings)
    assert render(report).endswith("0 warnings in 0 items")


def test_a_file_with_a_byte_order_mark_is_read(folder: Path) -> None:
    path = folder / STREAMS
    path.write_text(path.read_text("utf-8"), "utf-8-sig")
    assert check_pack(folder).findings == ()


def test_findings_stand_at_the_line_of_their_item(folder: Path) -> None:
    replace(folder / STREAMS, "- the least operational overhead", "- most operational overhead")
    replace(folder / TRAINING, "- small subjects vanish", "- small subjects banish")
    report = check_pack(folder)
    first = f"{folder / STREAMS}:{line_with(folder / STREAMS, 'id: streams-1')}"
    part = f"{folder / TRAINING}:{line_with(folder / TRAINING, 'id: training-3-b')}"
    assert [str(finding.where) for finding in report.findings] == [first, part]
    assert render(report).splitlines()[0] == (
        f"{first}: error decides-not-in-stem: streams-1: 'most operational overhead' is not in the stem - "
        "copy them from the stem letter by letter"
    )


def test_findings_on_cards_and_guides_stand_at_their_lines(folder: Path) -> None:
    replace(folder / METRICS, "topic: training", "topic: trainings")
    replace(folder / GUIDE, "topics:\n  - streams\n  minutes", "topics:\n  - steams\n  minutes")
    replace(folder / GUIDE, "- Say how old", f"- {'Say it again. ' * 40}Say how old")
    replace(folder / TRAINING, "- stratified-split", "- stratified-splits")
    found = {(finding.rule, str(finding.where)) for finding in check_pack(folder).findings}
    assert found == {
        ("unknown-topic", f"{folder / METRICS}:{line_with(folder / METRICS, 'id: card-recall')}"),
        ("unknown-topic", f"{folder / GUIDE}:{line_with(folder / GUIDE, 'id: lab-queue')}"),
        ("guide-too-long", f"{folder / GUIDE}:1"),
        ("unknown-exercise", f"{folder / TRAINING}:{line_with(folder / TRAINING, 'id: honest')}"),
    }


def test_cards_of_a_kind_may_stand_in_several_files(folder: Path) -> None:
    more = folder / "cards" / "metric-ranking.yaml"
    more.write_text((folder / METRICS).read_text("utf-8").replace("ecall", "ank"), "utf-8")
    assert check_pack(folder).findings == ()
    assert [card.id for card in load_pack(folder).cards].count("card-rank") == 1


def test_a_folder_without_packs_says_what_a_pack_is(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no pack here\. A pack is a folder with a pack\.yaml"):
        load_library(tmp_path)


def test_data_is_plain() -> None:
    data: Any = good()
    assert yaml.safe_load(yaml.safe_dump(data)) == data
