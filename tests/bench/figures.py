"""Figures with their budgets, as a table."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One measured number; `most` is the budget of design.md section 6, None where there is none."""

    name: str
    value: float
    unit: str
    most: float | None = None
    note: str = ""

    @property
    def line(self) -> str:
        verdict = "" if self.most is None else "ok" if self.value <= self.most else "OVER"
        budget = "" if self.most is None else f"<= {self.most:g}"
        return f"{self.name:<58} {self.value:>9.2f} {self.unit:<5} {budget:>9} {verdict:<5} {self.note}".rstrip()


def spread(values: list[float]) -> str:
    """The least and the most of the rounds, since one number of a noisy machine says little."""
    return f"rounds {min(values):.2f}-{max(values):.2f}"


def middle(values: list[float]) -> float:
    """The median."""
    return float(median(values))
