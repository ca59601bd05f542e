"""What people type for times, hours and minutes."""

from datetime import time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.typed import read_hours, read_minutes, read_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:00", time(18)),
        ("7:30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("7.30", time(7, 30)),
        ("7h30", time(7, 30)),
        ("0730", time(7, 30)),
        ("730", time(7, 30)),
        ("1830", time(18, 30)),
        ("18", time(18)),
        ("0", time(0)),
        ("0:00", time(0)),
        ("6pm", time(18)),
        ("6 PM", time(18)),
        ("6:15 p.m.", time(18, 15)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30 a.m.", time(0, 30)),
        ("18 h", time(18)),
        ("18 Uhr", time(18)),
        ("7 o'clock", time(7)),
        ("7 o’clock", time(7)),  # noqa: RUF001 - what a phone makes of it
        (" noon ", time(12)),
        ("Midnight", time(0)),
        ("٧:٣٠", time(7, 30)),  # noqa: RUF001 - Arabic digits
        ("24:00", None),
        ("25", None),
        ("7:60", None),
        ("7:5", None),
        ("0am", None),
        ("13pm", None),
        ("-7", None),
        ("7:30:15", None),
        ("seven", None),
        ("", None),
        ("🕖", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: time | None) -> None:
    assert read_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00-8:00", (time(22), time(8))),
        ("22:00 - 08:00", (time(22), time(8))),
        ("22:00–8:00", (time(22), time(8))),  # noqa: RUF001 - what a phone makes of it
        ("22-8", (time(22), time(8))),
        ("10pm to 7am", (time(22), time(7))),
        ("10 pm until 7 am", (time(22), time(7))),
        ("22 bis 7 Uhr", (time(22), time(7))),
        ("midnight to noon", (time(0), time(12))),
        ("8-8", (time(8), time(8))),
        ("22:00", None),
        ("22:00-", None),
        ("-8:00", None),
        ("22:00-25:00", None),
        ("22-8-9", None),
        ("late", None),
        ("", None),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: tuple[time, time] | None) -> None:
    assert read_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20", 20),
        ("20 min", 20),
        ("20m", 20),
        ("20 minutes", 20),
        ("20 min.", 20),
        ("1 h", 60),
        ("1h", 60),
        ("2 hours", 120),
        ("1.5 hours", 90),
        ("1,5 h", 90),
        ("1h 30", 90),
        ("1h30m", 90),
        ("1 hour 30 minutes", 90),
        ("1 hr 5 mins", 65),
        ("٢٠", 20),
        ("0", 0),
        ("9999", 9999),
        ("99999", None),
        ("-20", None),
        ("20 s", None),
        ("many", None),
        ("", None),
    ],
)
def test_minutes_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert read_minutes(text) == expected


@given(st.times(), st.sampled_from(["{:%H:%M}", "{:%H.%M}", "{:%H%M}", "{:%Hh%M}"]))
def test_every_time_of_the_day_can_be_typed(at: time, form: str) -> None:
    assert read_time(form.format(at)) == at.replace(second=0, microsecond=0, fold=0)


@pytest.mark.parametrize("text", [" " * 4096, "x" + " " * 4000 + "x", "-" * 4096, "1" * 4096, "1 h" + " " * 4000 + "x"])
def test_a_hostile_text_costs_no_time(text: str) -> None:
    start = process_time()
    assert (read_time(text), read_hours(text), read_minutes(text)) == (None, None, None)
    assert process_time() - start < 0.05
