"""What authors are told agrees with what the program does."""

import re
from dataclasses import replace
from pathlib import Path

import yaml

from bot.domain.card import CardFile
from bot.domain.check import check
from bot.domain.check.cards import check_cards
from bot.domain.check.guides import check_guides
from bot.domain.check.rules import RULES
from bot.domain.check.schema import field_names, schemas
from bot.domain.exercise import GENERATORS
from bot.domain.guide import Guide
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


def test_the_guide_shows_every_field_of_cards_and_guides() -> None:
    told = GUIDE.split("## How to write cards")[1].split("## The review")[0]
    explained = set(re.findall(r"`([a-z_]+)`", told)) | set(re.findall(r"^[ -]*([a-z_]+):", told, re.MULTILINE))
    for model in (CardFile, Guide):
        definition = model.model_json_schema()
        for part in (definition, *definition["$defs"].values()):
            assert set(part.get("properties", ())) - {"kind", "cards", "domain"} <= explained


def test_the_guide_lists_every_exercise() -> None:
    told = GUIDE.split("## How to use exercises")[1].split("## How to write cards")[0]
    table = [line for line in told.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([a-z0-9-]+)`", " ".join(line.split("|")[1] for line in table))) == sorted(GENERATORS)


def test_the_guides_card_and_guide_have_no_finding() -> None:
    pack = load_pack(CONTENT / "mls-c01")
    card, guide = (
        yaml.safe_load(example)
        for example in re.findall(
            r"```yaml\n(# yaml-language-server[^\n]+(?:card|guide)\.schema.+?)```", GUIDE, re.DOTALL
        )
    )
    bare = replace(pack, cards=CardFile.model_validate(card).cards, guides=())
    assert list(check_cards(bare)) == []
    findings = check_guides(replace(pack, cards=(), guides=(Guide.model_validate(guide),)))
    assert {finding.rule for finding in findings} == {"guide-gap"}  # the other domains


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
    written = ["pack.schema.json", "topic.schema.json", "card.schema.json", "guide.schema.json"]
    assert [path.name for path in write_schemas(tmp_path)] == written
    assert "decides" in (tmp_path / "topic.schema.json").read_text("utf-8")
    assert {"decides", "waive", "weight", "misleading_when", "cleanup"} <= field_names()
