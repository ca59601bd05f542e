"""Reads what people type for times, hours and minutes."""

import re
from datetime import time

LONGEST = 40  # characters; what is longer is no time, and not worth a pattern's while
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|h|uhr|o['\u2019]clock)?", re.IGNORECASE)
_SPAN = re.compile(r"(.+?)\s*(?:-|\u2013|\u2014|to|until|bis)\s*(.+)", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mins|minute|minutes)?\.?", re.IGNORECASE)
_HOURS = re.compile(
    r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hr|hrs|hour|hours)\.?(?:\s*(\d{1,2})\s*(?:m|min|mins|minutes)?\.?)?",
    re.IGNORECASE,
)
LONGEST_WEEK = 120  # characters
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPANS = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4)}
_DAYS = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?|(?:weekend|weekday|workday)s?\b",
    re.IGNORECASE,
)
_BETWEEN_DAYS = re.compile(r"[,;]|\band\b|(?<=\d)\s+(?=[a-z]{3,}day|mon|tue|wed|thu|fri|sat|sun|week)", re.IGNORECASE)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def read_time(text: str) -> time | None:
    """The wall-clock time of "18:00", "6pm", "7.30", "0730", "18", "noon"; None for anything else."""
    text = text.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_hours(text: str) -> tuple[time, time] | None:
    """The two ends of "22:00-8:00" or "10pm to 7am"; None for anything else."""
    text = text.strip()
    found = _SPAN.fullmatch(text) if len(text) <= LONGEST else None
    ends = (read_time(found[1]), read_time(found[2])) if found else (None, None)
    return (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None


def read_minutes(text: str) -> int | None:
    """The minutes of "20", "20 min", "1 h", "1.5 hours", "1h 30"; None for anything else."""
    text = text.strip()
    if found := _MINUTES.fullmatch(text):
        return int(found[1])
    if found := _HOURS.fullmatch(text):
        return round(float(found[1].replace(",", ".")) * 60) + int(found[2] or 0)
    return None


def read_week(text: str) -> tuple[int | None, dict[int, int]] | None:
    """The minutes of "45, Sat 180, Sunday 0": those of a usual day, None if not said, and of weekdays, Monday = 0.

    None for a text that means no minutes.
    """
    usual: int | None = None
    days: dict[int, int] = {}
    if len(text) > LONGEST_WEEK:
        return None
    for part in filter(None, (part.strip() for part in _BETWEEN_DAYS.split(text.strip()))):
        found = _DAYS.match(part)
        minutes = read_minutes(part[found.end() :].strip(" :=")) if found else read_minutes(part)
        if found and minutes is None and part[found.end() :].strip(" :=").lower() in ("off", "free", "none"):
            minutes = 0
        if minutes is None:
            return None
        if found is None:
            usual = minutes
            continue
        name = found[0].lower().rstrip(".s")
        meant = _SPANS.get(name) or (_WEEKDAYS.index(name[:3]),)
        days.update(dict.fromkeys(meant, minutes))
    return None if usual is None and not days else (usual, days)
