"""Knows which time zone a town keeps. Towns: GeoNames (geonames.org), CC BY 4.0, through `make towns`."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from zoneinfo import available_timezones

from rapidfuzz import process

from bot.ports import Town

TOWNS = Path(__file__).parent / "towns.tsv"  # key, name, region, zone, population; sorted by key
DWARFS = 10  # a town so many times as large as its namesakes is the one that is meant
ALIKE = 85  # of 100: a misspelled name that near is offered
SUGGESTED = 4
NOWHERE = ("posix", "right", "Etc/", "localtime", "Factory")  # how names begin that are no place; "localtime" is ours
_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)


def fold(name: str) -> str:
    """A name as it is looked up: without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


class TownAtlas:
    """`bot.ports.Atlas` over the table beside this module, read when asked and not kept: it costs no memory."""

    @cached_property
    def _zones(self) -> dict[str, str]:
        return {fold(zone): zone for zone in available_timezones() if not zone.startswith(NOWHERE)}

    def zones(self, text: str) -> Sequence[Town]:
        """The towns or zones that a text may mean, likeliest first; what is plainly meant stands alone."""
        if zone := self._named(text):
            return [Town(zone, "", zone)]
        name, _, region = (part.strip() for part in text.partition(","))
        key = fold(name)
        if not key:
            return []
        table = TOWNS.read_text(encoding="utf-8")
        found = _rows(table, key)
        if region:
            found = [row for row in found if fold(region) in fold(row[2])] or found
        if not found:
            return _near(table, key)
        found.sort(key=lambda row: -int(row[4]))
        if len(found) > 1 and int(found[0][4]) >= DWARFS * int(found[1][4]):
            found = found[:1]
        return _distinct([_town(row) for row in found])

    def _named(self, text: str) -> str | None:
        if offset := _OFFSET.fullmatch(text.strip()):
            hours = int(offset[2])
            # the Etc zones count westward: UTC+2 is Etc/GMT-2
            zone = "UTC" if hours == 0 else f"Etc/GMT{'-' if offset[1] == '+' else '+'}{hours}"
            return zone if zone in available_timezones() else None
        return self._zones.get(fold(text))


def _rows(table: str, key: str) -> list[list[str]]:
    rows: list[list[str]] = []
    at = table.find(f"\n{key}\t")
    while at >= 0 and table.startswith(f"{key}\t", at + 1):
        end = table.find("\n", at + 1)
        rows.append(table[at + 1 : end].split("\t"))
        at = end
    return rows


def _near(table: str, key: str) -> list[Town]:
    keys = dict.fromkeys(line.partition("\t")[0] for line in table.splitlines() if line[:1] == key[:1])
    hits = process.extract(key, keys.keys(), score_cutoff=ALIKE, limit=SUGGESTED)
    return _distinct([_town(max(_rows(table, hit), key=lambda row: int(row[4]))) for hit, *_ in hits])


def _town(row: list[str]) -> Town:
    return Town(row[1], row[2], row[3])


def _distinct(towns: list[Town]) -> list[Town]:
    return list(islice(dict.fromkeys(towns), 8))
