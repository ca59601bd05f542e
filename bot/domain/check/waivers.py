"""Waivers: what an item's `waive` silences, and waivers that silence nothing."""

from collections.abc import Iterable, Iterator

from bot.domain.check.rules import RULES, Finding
from bot.domain.check.subject import Subject
from bot.domain.ids import ItemId


def apply_waivers(subjects: Iterable[Subject], findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that no waiver silences, then those about the waivers themselves."""
    waived = {subject.item.item_id: frozenset(subject.item.waive) for subject in subjects if subject.item.waive}
    used: set[tuple[ItemId, str]] = set()
    for finding in findings:
        if finding.item and finding.rule in waived.get(finding.item, ()) and RULES[finding.rule].is_waivable:
            used.add((finding.item, finding.rule))
        else:
            yield finding
    for subject in subjects:
        for name in subject.item.waive:
            if name not in RULES:
                yield subject.breaks("unknown-waiver", f"there is no rule {name!r} to waive")
            elif not RULES[name].is_waivable:
                yield subject.breaks("forbidden-waiver", f"{name} can't be waived")
            elif (subject.item.item_id, name) not in used:
                yield subject.breaks("unused-waiver", f"nothing here breaks {name}")
