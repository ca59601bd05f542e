"""What authors are told agrees with what the program does."""

import re
from pathlib import Path

import yaml

from bot.domain.check import check
from bot.domain.check.rules import RULES
from bot.domain.check.schema import field_names, schemas
from bot.domain.pack import Pack, TopicFile
from bot.library import load_pack, write_schemas

CONTENT = Path(__file__).parents[2] / "content"
GUIDE = (CONTENT / "README.md").read_text("utf-8")


def test_the_guide_lists_every_rule_with_its_severity() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| .+ \| .+ \|$", GUIDE, re.MULTILINE)
    assert rows == [(rule.id, rule.severity.value) for rule in RULES.values()]


def test_the_guide_explains_every_field_of_an_item() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", GUIDE.split("## One item")[0]))
    assert set(TopicFile.model_json_schema()["$defs"]["SingleChoice"]["properties"]) <= explained


def test_the_guides_item_has_no_finding() -> None:
    example = re.search(r"```yaml\n(topic: .+?)```", GUIDE, re.DOTALL)
    assert example
    topic = TopicFile.model_validate(yaml.safe_load(example[1]))
    assert check(Pack(load_pack(CONTENT / "mls-c01").outline, (topic,))).findings == ()


def test_the_guides_links_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    headings = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert set(re.findall(r"\(#([\w-]+)\)", GUIDE)) <= headings


def test_the_committed_schemas_are_those_of_the_models() -> None:
    for name, text in schemas().items():
        assert (CONTENT / name).read_text("utf-8") == text, (
            f"content/{name} is out of date; run: .venv/bin/python -c "
            "\"from pathlib import Path; from bot.library import write_schemas; write_schemas(Path('content'))\""
        )


def test_schemas_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    assert [path.name for path in write_schemas(tmp_path)] == ["pack.schema.json", "topic.schema.json"]
    assert "decides" in (tmp_path / "topic.schema.json").read_text("utf-8")
    assert {"decides", "waive", "weight"} <= field_names()
