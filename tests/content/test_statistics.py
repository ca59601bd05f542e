"""The statistics of a bank, the text that authors read, and the time a large pack takes."""

import time

from bot.domain.check import check
from bot.domain.check.bank import Force
from bot.domain.check.rules import Severity
from bot.domain.check.text import render, render_bank
from tests.content.good import bank, build, good, items


def test_a_small_bank_has_numbers_but_no_limits() -> None:
    report = check(build(good()))
    assert report.bank
    assert report.bank.force is Force.SKIPPED
    assert any(not measure.is_within for measure in report.bank.measures)
    assert report.findings == ()
    assert "Limits are not applied below 30 items" in render(report)


def test_limits_warn_while_fewer_than_a_hundred_items_are_reviewed() -> None:
    data = bank(120)
    for item in items(data)[:21]:
        item.update(status="draft", reviewed_on=None)
    for item in items(data):
        item["format"] = "integration"
    report = check(build(data))
    assert report.bank
    assert (report.bank.items, report.bank.reviewed, report.bank.counted) == (120, 99, 120)
    assert {(finding.rule, finding.severity) for finding in report.findings} == {("bank-formats", Severity.WARNING)}
    assert report.is_ok


def test_from_a_hundred_reviewed_items_on_drafts_do_not_count() -> None:
    data = bank(120)
    for item in items(data)[:20]:
        item.update(status="draft", reviewed_on=None)
    report = check(build(data))
    assert report.bank
    assert (report.bank.force, report.bank.counted) == (Force.BINDING, 100)
    assert report.bank.counts["domain"] == {"data": 40, "models": 60}
    assert [finding.rule for finding in report.findings] == ["bank-domain-weights"] * 2


def test_the_figures_are_right() -> None:
    report = check(build(bank(120)))
    assert report.bank
    figures = {measure.label: measure.value for measure in report.bank.measures}
    assert figures["key is longest, ties count"] == 20
    assert figures["key alone is longest"] == 20
    assert figures["key stands at 1 in the file"] == 25
    assert figures["items in data"] == 50
    assert figures["formats in models"] == 4
    assert report.bank.counts["difficulty"] == {"easy": 40, "medium": 40, "hard": 40}
    assert report.bank.served == 120


def test_parts_of_a_case_are_counted_for_themselves() -> None:
    bank_of_good = check(build(good())).bank
    assert bank_of_good
    assert bank_of_good.items == 8
    assert bank_of_good.counts["type"] == {"single": 4, "multiple": 2, "ordering": 1, "matching": 1}


def test_what_is_beside_items_is_counted_in_a_line() -> None:
    cards = "service 2, metric 1, algorithm 1, decision 1, contrast 1"
    besides = render(check(build(good()))).splitlines()[1]
    assert besides == f"Besides: 1 case, 1 exercise, 6 cards ({cards}), 2 tips, 2 labs, 2 pages"


def test_a_report_reads_line_by_line() -> None:
    data = bank(120)
    for item in items(data):
        item["format"] = "integration"
    items(data)[0]["decides"] = ["nowhere"]
    text = render(check(build(data)))
    lines = text.splitlines()
    assert lines[0].startswith("error bank-formats: ") or lines[0].startswith("error decides-not-in-stem: item-0-0: ")
    assert any(line.split() == ["key", "alone", "is", "longest", "20.0", "%", "<=", "28", "%", "ok"] for line in lines)
    assert any(line.endswith("under  missing: trade-off, failure-analysis, security") for line in lines)
    assert lines[-1] == "3 errors, 0 warnings in 120 items"


def test_topics_are_listed_on_demand() -> None:
    report = check(build(bank(120)))
    assert "      60  streams" in render_bank(report, with_topics=True)
    assert "streams" not in render_bank(report)


def test_five_hundred_items_are_checked_in_time() -> None:
    pack = build(bank(500))
    started = time.perf_counter()
    report = check(pack)
    assert time.perf_counter() - started < 5
    assert report.findings == ()
