"""The check of one pack: every rule over every item, then over the bank."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.check.bank import Bank, bank_of, check_bank
from bot.domain.check.cards import check_cards
from bot.domain.check.facts import check_exercises, check_facts, check_outline
from bot.domain.check.guides import check_guides
from bot.domain.check.options import check_options
from bot.domain.check.rationale import check_rationales
from bot.domain.check.rules import Finding, Severity, Spot
from bot.domain.check.stem import check_stem
from bot.domain.check.subject import Subject, subjects
from bot.domain.check.twins import near_duplicate_stems
from bot.domain.check.waivers import apply_waivers
from bot.domain.pack import Pack


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one pack."""

    name: str  # the pack's id, or its folder where pack.yaml can't be read
    findings: tuple[Finding, ...]
    bank: Bank | None  # None: the pack can't be read

    @property
    def errors(self) -> int:
        """How many findings stop the pack from being shipped."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings ask for a second look."""
        return len(self.findings) - self.errors

    @property
    def is_ok(self) -> bool:
        """Whether the pack has no error."""
        return not self.errors


def check(pack: Pack, spots: Mapping[str, Spot] | None = None) -> Report:
    """Every rule applied to a pack.

    Args:
        pack: the pack as the library reads it.
        spots: where each item stands, by id, and under `""` where `pack.yaml` does.
    """
    all_subjects = tuple(subjects(pack))
    bank = bank_of(pack, all_subjects)
    on_items = apply_waivers(all_subjects, _on_items(pack, all_subjects))
    findings = (
        *check_outline(pack.outline),
        *on_items,
        *check_exercises(pack),
        *check_cards(pack),
        *check_guides(pack),
        *check_bank(bank),
    )
    spots = spots or {}
    return Report(pack.id, tuple(replace(one, where=spots.get(one.item or "")) for one in findings), bank)


def _on_items(pack: Pack, all_subjects: Iterable[Subject]) -> Iterator[Finding]:
    for subject in all_subjects:
        yield from check_facts(subject, pack)
        yield from check_stem(subject)
        yield from check_options(subject)
        yield from check_rationales(subject)
    yield from near_duplicate_stems(tuple(all_subjects))
