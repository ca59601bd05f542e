"""Reads the dates that people type: a day, a time of day, and a place, in any order that makes sense."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.typed import read_time
from bot.ports import Atlas, Town

LONGEST = 80  # characters; what is longer is no date
MOST_WORDS_OF_A_PLACE = 3
NORWEGIAN = {"no": "nb"}  # as Discord calls it, and as the library does
MONTH_FIRST = ("en-US", "en-PH", "en-CA")  # who writes 12/15 for the fifteenth of December
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T|\s+)?(\d{2}:\d{2})?(?::00)?\s*(.*)")
_CLOCK = re.compile(
    r"(?<![\d.:/-])(?:at\s+|@\s*|um\s+)?"
    r"(\d{1,2}(?::\d{2}|[.h]\d{2}(?![.\d]))?\s*(?:a\.?m\.?|p\.?m\.?)|\d{1,2}(?::\d{2}|h\d{2})(?:\s*uhr)?|noon|midday)(?![\w:])",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:\bat|@|\bum)\s*(\d{1,2}(?:[.:h]\d{2})?)(?:\s*(?:uhr|h|o['\u2019]?clock))?(?![\w:.])", re.IGNORECASE
)
_IN_HOURS = re.compile(r"in\s+(\d{1,3})\s*(hours?|hrs?|h|minutes?|mins?|min)\.?", re.IGNORECASE)
_OFFSET = re.compile(r"\b(?:utc|gmt)\s*[+-]\s*\d{1,2}(?::?00)?$", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(r"(?:on\s+)?(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
_PLACE_WORDS = re.compile(r"^(?:in|at|from)\s+|\s+(?:time|zone)$", re.IGNORECASE)
_ABROAD = re.compile(r"[^\W\d_]")  # a place has letters
_NUMBERS_ONLY = re.compile(r"[\d\s]+")


@dataclass(frozen=True, slots=True)
class Read:
    """What a text says of a start; what it does not say is None."""

    day: date | None
    clock: time | None
    zone: str | None  # IANA name
    towns: Sequence[Town] = ()  # places it may mean, where there are several


def read_when(text: str, now: datetime, home: str, atlas: Atlas, locale: str = "") -> Read | None:
    """The start that a text like "15 December 9:30 Berlin" or "in 3 weeks at 14:00" means; None if it means none.

    A date without a year is the next one to come, as seen from `home` (an IANA zone).
    """
    text = " ".join(text[:LONGEST].replace(",", " ").split())
    if not text or len(text) == LONGEST:
        return None
    if iso := _ISO.fullmatch(text):
        return _iso(iso, atlas)
    here = now.astimezone(ZoneInfo(home))
    if hours := _IN_HOURS.fullmatch(text):
        step = timedelta(minutes=1) if hours[2].lower().startswith("m") else timedelta(hours=1)
        then = here.astimezone(ZoneInfo("UTC")) + int(hours[1]) * step
        local = then.astimezone(ZoneInfo(home)).replace(second=0, microsecond=0)
        return Read(local.date(), local.time(), home)
    offset = _OFFSET.search(text)
    clock, rest = _take_clock(text[: offset.start()].strip() if offset else text)
    day, towns = _take_day(rest, here, atlas, locale)
    if offset and not towns:
        towns = _towns(offset[0], atlas)
    if day is None and not towns and clock is None:
        return None
    if day is None and rest and not any(_is_named(town, rest) for town in towns):  # words that are neither
        return None
    if len({town.zone for town in towns}) == 1:
        return Read(day, clock, towns[0].zone)
    return Read(day, clock, None, towns)


def read_day(text: str, today: date, locale: str = "") -> date | None:
    """The day that a text like "3 January", "Friday" or "two weeks" means, None if it means none."""
    text = re.sub(r"^(?:until|till|to|through|bis)\s+", "", " ".join(text[:LONGEST].split()), flags=re.IGNORECASE)
    return _day(text, datetime.combine(today, time(0)), locale)


def _iso(found: re.Match[str], atlas: Atlas) -> Read | None:
    try:
        day = date.fromisoformat(found[1])
        clock = time.fromisoformat(found[2]) if found[2] else None
    except ValueError:
        return None
    place = found[3].strip("[]() ")
    if clock is None and place:
        clock, place = _take_clock(place)
    if not place:
        return Read(day, clock, None)
    towns = _towns(place, atlas)
    if not towns:
        return None
    zone = towns[0].zone if len({town.zone for town in towns}) == 1 else None
    return Read(day, clock, zone, () if zone else towns)


def _take_clock(text: str) -> tuple[time | None, str]:
    """The time of day in a text, and the text without it."""
    for pattern in (_CLOCK, _AT):
        if found := pattern.search(text):
            at = read_time(found[1].replace("h", ":") if found[1][-1].isdigit() else found[1])
            if at is not None:
                rest = f"{text[: found.start()]} {text[found.end() :]}"
                return at, re.sub(r"\s+(?:at|@|um)\s*$", "", " ".join(rest.split()), flags=re.IGNORECASE)
    return None, text


def _take_day(text: str, here: datetime, atlas: Atlas, locale: str) -> tuple[date | None, Sequence[Town]]:
    """The day in a text and the place that stands beside it: the longest words that are a day, the rest a place."""
    if not text:
        return None, ()
    words = text.split()
    for length in range(min(MOST_WORDS_OF_A_PLACE, len(words)) + 1):
        for place, rest in (
            (words[len(words) - length :], words[: len(words) - length]),
            (words[:length], words[length:]),
        ):
            name = _PLACE_WORDS.sub("", " ".join(place))
            day = _day(" ".join(rest), here.replace(tzinfo=None), locale) if rest else None
            if rest and day is None:
                continue
            if not length:
                return day, ()
            if _ABROAD.search(name) and (towns := _towns(name, atlas)):
                return day, towns
    return None, ()


def _towns(name: str, atlas: Atlas) -> Sequence[Town]:
    return atlas.zones(_PLACE_WORDS.sub("", name)) if _ABROAD.search(name) else ()


def _is_named(town: Town, text: str) -> bool:
    """Whether a text is the town's own name, not one that is merely like it."""
    name = _PLACE_WORDS.sub("", text).casefold()
    return name in (town.name.casefold(), town.zone.casefold())


def _day(text: str, here: datetime, locale: str) -> date | None:
    import dateparser  # noqa: PLC0415 - a tenth of a second that a start need not wait for
    from dateparser.data.languages_info import language_order  # noqa: PLC0415

    if not text or _NUMBERS_ONLY.fullmatch(text) or text.lower() in ("now", "today's"):
        return None
    if found := _DAY_OF_MONTH.fullmatch(text):
        return _next_of_month(int(found[1]), here.date())
    text = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:on|am|the|on the)\s+|\bof\s+", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"[a-z]{1,2}", text, re.IGNORECASE):  # "in" alone means nothing, whatever the library makes of it
        return None
    said = locale.partition("-")[0].lower()
    language = NORWEGIAN.get(said, said)
    is_numbered = bool(re.search(r"\d", text)) and not _is_relative(text)
    if is_numbered:  # the date of today is no date of next year
        here = datetime.combine(here.date() - timedelta(days=1), time.max)
    parsed = dateparser.parse(
        text,
        languages=list(dict.fromkeys(["en", language])) if language in language_order else ["en"],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": here,
            "DATE_ORDER": "MDY" if locale in MONTH_FIRST else "DMY",
            "REQUIRE_PARTS": ["day", "month"] if is_numbered else [],
        },
    )
    return parsed.date() if parsed else None


def _next_of_month(day: int, today: date) -> date | None:
    """The next date with that day of the month, after today."""
    return next((then for n in range(1, 63) if (then := today + timedelta(days=n)).day == day), None)


def _is_relative(text: str) -> bool:
    return bool(re.search(r"\b(?:day|week|month|fortnight|year)s?\b", text, re.IGNORECASE))
