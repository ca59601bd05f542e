"""Exercises: items whose numbers are fresh every time and whose key is exact.

A pack's concept declares generators by id; practice then asks an exercise where it would ask a variant. An exercise is
made from its id alone, so an old ask is shown and graded without anything having been kept. One module per family; a
new one is listed in `GENERATORS`, and tests/domain/test_exercises.py holds it to every rule for items.
"""

from bot.domain.exercise import compute, confusion, curves, encoding, kinesis, layers, rows, thresholds, tuning
from bot.domain.exercise.generator import MARK, SEEDS, Exercise, Generator, family_of, seed_of
from bot.domain.ids import ItemId

__all__ = ["GENERATORS", "MARK", "SEEDS", "Exercise", "Generator", "exercise", "family_of"]

FAMILIES = (confusion, thresholds, curves, encoding, kinesis, tuning, layers, rows, compute)
GENERATORS: dict[str, Generator] = {generator.id: generator for family in FAMILIES for generator in family.GENERATORS}


def exercise(item: ItemId) -> Exercise | None:
    """The exercise that an id stands for; None if no generator would have made that id."""
    generator = GENERATORS.get(family_of(item) or "")
    seed = seed_of(item)
    return generator.make(seed) if generator and seed is not None else None
