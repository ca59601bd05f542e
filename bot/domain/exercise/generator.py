"""What every generator of exercises is made of: a draw of numbers, a key, and the results of typical mistakes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import Annotated

from pydantic import HttpUrl, StringConstraints

from bot.domain.ids import ItemId, Slug
from bot.domain.item import Difficulty, Format, Level, Option, SingleChoice, Status

MARK = "~"  # between the generator and the seed in an exercise's id; no author's id can have it
SEEDS = 36**5  # so that a seed has five digits at most: an id has 40 characters (bot/domain/ids.py)
TRIES = 2_000  # draws that a generator may reject; the tests find none that comes near
OPTIONS = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Number = int | Fraction


class Exercise(SingleChoice):
    """An item with numbers of its own, made anew from its id `<generator>~<seed in base 36>` whenever it is needed."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*~[0-9a-z]{1,5}$", max_length=40)]


@dataclass(frozen=True, slots=True)
class Question:
    """One draw: what is asked, and four options of which one is the key."""

    stem: str
    decides: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A number that some calculation comes to, and what that calculation is worth."""

    value: Number
    why: str


@dataclass(frozen=True, slots=True)
class Generator:
    """A family of exercises: the same calculation, with other numbers every time."""

    id: Slug
    draw: Callable[[Random, int], Question | None]  # with the key at that place; None: these numbers won't do
    format: Format
    difficulty: Difficulty
    sources: tuple[str, ...]
    services: tuple[Slug, ...] = ()
    as_of: date = date(2026, 3, 31)

    def make(self, seed: int) -> Exercise:
        """The exercise of that seed, always the same.

        Raises:
            ValueError: the seed is out of range.
        """
        name = f"{self.id}{MARK}{_base36(seed)}"
        rng = Random(name)  # noqa: S311 - numbers for a drill, and the same ones again
        place = rng.randrange(OPTIONS)  # drawn before any number, so that the key's size tells nothing
        for _ in range(TRIES):
            if question := self.draw(rng, place):
                return Exercise(
                    id=name,
                    type="single",
                    status=Status.REVIEWED,
                    reviewed_on=self.as_of,
                    format=self.format,
                    difficulty=self.difficulty,
                    level=Level.APPLY,
                    services=self.services,
                    as_of=self.as_of,
                    sources=tuple(map(HttpUrl, self.sources)),
                    stem=question.stem,
                    decides=question.decides,
                    options=question.options,
                )
        raise AssertionError(f"{name}: no draw of {TRIES} would do")


def family_of(item: ItemId) -> str | None:
    """The generator that an item's id names before its seed; None if the item is no exercise."""
    family, mark, _ = item.partition(MARK)
    return family if mark else None


def seed_of(item: ItemId) -> int | None:
    """The seed in an exercise's id, None if there is none that `make` would have written."""
    _, _, text = item.partition(MARK)
    try:
        seed = int(text, 36)
        return seed if _base36(seed) == text else None
    except ValueError:
        return None


def among(
    rng: Random,
    place: int,
    key: Result,
    mistakes: Sequence[Result],
    show: Callable[[Number], str],
    apart: Number = 0,
) -> tuple[Option, ...]:
    """Four options in ascending order with the key at that place; none if the mistakes don't allow it.

    A mistake that comes to what the key or an earlier mistake comes to, or nearer to it than `apart`, is left out.
    """
    shown, values = {show(key.value)}, [key.value]
    kept: list[Result] = []
    for mistake in mistakes:
        is_near = any(abs(Fraction(mistake.value) - Fraction(value)) < apart for value in values)
        if not is_near and (text := show(mistake.value)) not in shown:
            shown.add(text)
            values.append(mistake.value)
            kept.append(mistake)
    lower = [mistake for mistake in kept if mistake.value < key.value]
    higher = [mistake for mistake in kept if mistake.value > key.value]
    above = OPTIONS - 1 - place
    if place > len(lower) or above > len(higher):
        return ()
    chosen = sorted([*rng.sample(lower, place), key, *rng.sample(higher, above)], key=lambda one: one.value)
    return tuple(Option(text=show(one.value), key=one is key, why=one.why) for one in chosen)


def decimal(value: Number, places: int) -> str:
    """The number with so many decimals, a half rounded away from zero."""
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    head, tail = divmod(whole, 10**places)
    return f"{sign}{head:,}" + (f".{tail:0{places}d}" if places else "")


def many(count: int, noun: str) -> str:
    """So many of something: `1 point`, `2 points`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def exact(value: Number) -> str:
    """A number that thousandths can say, without idle zeros: `6.875`, `6.9`, `7`."""
    return decimal(value, 3).rstrip("0").rstrip(".")


def percent(value: Number) -> str:
    """A share as per cent with one decimal: `62.5 percent`."""
    return f"{decimal(100 * Fraction(value), 1)} percent"


def _base36(seed: int) -> str:
    if not 0 <= seed < SEEDS:
        raise ValueError(f"{seed} is no seed")
    digits = ""
    while True:
        seed, digit = divmod(seed, 36)
        digits = _DIGITS[digit] + digits
        if not seed:
            return digits
