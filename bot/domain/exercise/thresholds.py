"""Choosing a threshold by what its errors cost (S91)."""

from dataclasses import dataclass
from random import Random

from bot.domain.exercise.generator import OPTIONS, Generator, Question
from bot.domain.item import Difficulty, Format, Option

THRESHOLDS = ((20, 40, 60, 80), (30, 45, 60, 75), (10, 30, 50, 70), (25, 40, 55, 70))  # in hundredths
COSTS = (2, 4, 5, 8, 10, 15, 20, 25, 40, 60, 80, 100, 150, 200)  # dollars
MARGIN = 1.05  # times the lowest total that the others have at least
ATTEMPTS = 400


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose model it is, and what its two errors are."""

    who: str
    alarm: str  # what a false alarm leads to
    miss: str  # what a miss leads to


SETTINGS = (
    Setting("A bank scores card payments for fraud", "a call to an honest customer", "a fraud that goes through"),
    Setting("A railway scores wheel sets for cracks", "a needless inspection", "a train that breaks down"),
    Setting("A telecom firm scores customers for churn", "a gift to one who would have stayed", "a lost contract"),
    Setting("A brewery scores bottles for chips", "a good bottle that is thrown away", "a recall from the shops"),
    Setting("A parcel service scores addresses for typing errors", "a needless phone call", "a parcel that returns"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold with its errors on validation data."""

    threshold: int  # hundredths
    alarms: int
    misses: int

    def cost(self, alarm: int, miss: int) -> int:
        """What its errors cost together, in dollars."""
        return self.alarms * alarm + self.misses * miss

    @property
    def shown(self) -> str:
        """The threshold as people write it."""
        return f"0.{self.threshold:02d}"


def draw(rng: Random, place: int) -> Question | None:
    """Four thresholds with their errors, and what an error costs."""
    setting = rng.choice(SETTINGS)
    for _ in range(ATTEMPTS):
        rows, alarm, miss = _rows(rng), rng.choice(COSTS), rng.choice(COSTS)
        totals = [row.cost(alarm, miss) for row in rows]
        best = rows[place]
        rest = [total for row, total in zip(rows, totals, strict=True) if row is not best]
        fewest = min(rows, key=lambda row: row.cost(1, 1))
        if alarm != miss and min(rest) >= MARGIN * totals[place] and fewest is not best:
            return _question(setting, rows, best, alarm, miss)
    return None


def _rows(rng: Random) -> tuple[Row, ...]:
    """Errors that trade against each other: a higher threshold has fewer false alarms and more misses."""
    alarms, misses = [rng.randrange(6, 40)], [rng.randrange(4, 30)]
    for _ in range(OPTIONS - 1):
        alarms.append(alarms[-1] * rng.randrange(130, 280) // 100 + 1)
        misses.append(misses[-1] * rng.randrange(130, 280) // 100 + 1)
    thresholds = rng.choice(THRESHOLDS)
    return tuple(Row(*each) for each in zip(thresholds, reversed(alarms), misses, strict=True))


def _question(setting: Setting, rows: tuple[Row, ...], best: Row, alarm: int, miss: int) -> Question:
    table = "; ".join(f"at {row.shown}, {row.alarms:,} false alarms and {row.misses:,} misses" for row in rows)
    prices = f"A false alarm, {setting.alarm}, costs ${alarm}; a miss, {setting.miss}, costs ${miss}."
    stem = (
        f"{setting.who} and has to set a threshold. On validation data, four candidates make these errors: {table}. "
        f"{prices} Which threshold has the lowest total cost?"
    )
    options = tuple(Option(text=row.shown, key=row is best, why=_why(row, rows, best, alarm, miss)) for row in rows)
    return Question(stem, (f"costs ${alarm}", f"costs ${miss}", "lowest total cost"), options)


def _why(row: Row, rows: tuple[Row, ...], best: Row, alarm: int, miss: int) -> str:
    total = f"Because {row.alarms:,} x ${alarm} + {row.misses:,} x ${miss} = ${row.cost(alarm, miss):,}"
    if row is best:
        return f"{total}, its errors cost least, though another threshold makes fewer of them."
    if row is min(rows, key=lambda other: other.cost(1, 1)):
        return f"{total}, it costs more; it has the fewest errors, which would decide if both kinds cost the same."
    if row is min(rows, key=lambda other: other.cost(miss, alarm)):
        return f"{total}, it costs more; it would be best if the two prices were the other way round."
    if row is rows[0]:
        return f"{total}, it costs more; it has the fewest misses, which would decide if false alarms were free."
    if row is rows[-1]:
        return f"{total}, it costs more; it has the fewest false alarms, which would decide if misses were free."
    return f"{total}, it costs more; it is a compromise that neither the counts nor the prices call for."


GENERATORS = (
    Generator(
        id="threshold-by-cost",
        draw=draw,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        sources=(
            "https://developers.google.com/machine-learning/crash-course/classification/thresholding",
            "https://docs.aws.amazon.com/machine-learning/latest/dg/binary-classification.html",
        ),
    ),
)
