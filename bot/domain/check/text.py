"""A report as plain text for a terminal; authors' output is English only."""

from collections.abc import Iterator

from bot.domain.check.bank import ADVISORY, BINDING, Bank, Force, Measure, amount, limit
from bot.domain.check.report import Report
from bot.domain.check.rules import Finding

_FORCE = {
    Force.BINDING: f"Limits bind, as there are {BINDING} reviewed items or more; drafts are not counted.",
    Force.ADVISORY: f"Limits only warn until {BINDING} items are reviewed; drafts are counted.",
    Force.SKIPPED: f"Limits are not applied below {ADVISORY} items; they are errors from {BINDING} reviewed items on.",
}


def render(report: Report) -> str:
    """Findings by file and line, then the statistics, then one line that sums up."""
    parts = [*_findings(report.findings)]
    if report.bank:
        parts.append(render_bank(report))
    items = report.bank.items if report.bank else 0
    parts.append(f"{_many(report.errors, 'error')}, {_many(report.warnings, 'warning')} in {_many(items, 'item')}")
    return "\n\n".join(parts)


def render_bank(report: Report, *, with_topics: bool = False) -> str:
    """The statistics alone; with topics, a line for each topic too."""
    bank = report.bank
    if bank is None:
        return f"{report.name}: can't be read, so there are no statistics"
    topics = bank.counts["topic"]
    kinds = f"{bank.reviewed} reviewed, {bank.served} served in practice, {bank.sealed} sealed"
    covered = f"{sum(count > 0 for count in topics.values())} of {_many(len(topics), 'topic')}"
    concepts = _many(bank.concepts, "concept")
    lines = [
        f"Statistics of {report.name}: {_many(bank.items, 'item')} ({kinds}), {concepts}, {covered}",
        _besides(bank),
        f"Counted here: {_many(bank.counted, 'item')}. {_FORCE[bank.force]}",
        "",
        *_table(bank),
        "",
        *(f"  by {name:<12}{_list(counts)}" for name, counts in bank.counts.items() if counts and name != "topic"),
    ]
    if with_topics:
        lines += ["", "  by topic", *(f"    {count:>4}  {name}" for name, count in topics.items())]
    return "\n".join(lines)


def _findings(findings: tuple[Finding, ...]) -> Iterator[str]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.where.path if finding.where else "", []).append(finding)
    for name in sorted(files):
        ordered = sorted(files[name], key=lambda finding: finding.where.line if finding.where else 0)
        yield "\n".join(map(line, ordered))


def line(finding: Finding) -> str:
    """One finding in one line: `path:line: severity rule: message - fix`."""
    where = f"{finding.where}: " if finding.where else ""
    item = f"{finding.item}: " if finding.item else ""
    return f"{where}{finding.severity} {finding.rule}: {item}{finding.message} - {finding.fix}"


def _table(bank: Bank) -> Iterator[str]:
    rows = [
        (measure.label, amount(measure.value, measure.unit), limit(measure), _mark(bank, measure), measure.detail)
        for measure in bank.measures
    ]
    rows.insert(0, ("measure", "value", "limit", "mark", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for label, value, bound, mark, detail in rows:
        row = f"  {label:<{widths[0]}}  {value:>{widths[1]}}  {bound:<{widths[2]}}  {mark:<{widths[3]}}  {detail}"
        yield row.rstrip()


def _mark(bank: Bank, measure: Measure) -> str:
    if bank.force is Force.SKIPPED:
        return "-"
    if measure.is_within:
        return "ok"
    return "over" if measure.high is not None and measure.value > measure.high else "under"


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _besides(bank: Bank) -> str:
    """What the pack has beside items, in a line."""
    cards = f"{_many(sum(bank.cards.values()), 'card')} ({_list(bank.cards)})"
    guide = (_many(count, name) for name, count in bank.guide.items())
    return f"Besides: {', '.join((_many(bank.cases, 'case'), _many(bank.exercises, 'exercise'), cards, *guide))}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
