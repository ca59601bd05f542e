"""Counting shards of a Kinesis data stream.

A shard takes 1 MB or 1,000 records a second in, whichever comes first, and gives out 2 MB a second, which all readers
without enhanced fan-out share. Source: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html.
"""

from fractions import Fraction
from math import ceil, floor
from random import Random

from bot.domain.exercise.generator import Generator, Number, Question, Result, among, exact
from bot.domain.item import Difficulty, Format

RECORDS_IN, MEGABYTES_IN, MEGABYTES_OUT = 1_000, 1, 2  # per shard and second
SIZES = {"records": (2, 9), "bytes": (12, 60), "readers": (8, 60)}  # what binds: tenths of KB from, to
SETTINGS = (
    ("A ski resort", "lift passes", "the gates"),
    ("A shipping line", "container positions", "the terminals"),
    ("A game studio", "player events", "the consoles"),
    ("A power grid", "meter readings", "the substations"),
    ("A news site", "page views", "the browsers"),
)
READERS = {
    1: "One application reads",
    2: "Two applications read",
    3: "Three applications read",
    4: "Four applications read",
}


def draw(rng: Random, place: int) -> Question | None:
    """A load and its readers, so that records, bytes or readers decide as often."""
    binds = rng.choice(tuple(SIZES))
    tenths = rng.randrange(*SIZES[binds])
    records = rng.randrange(6, 60) * 250
    readers = rng.randrange(3, 5) if binds == "readers" else rng.randrange(1, 3)
    if any(  # the need must be the same whether a megabyte has 1,000 or 1,024 kilobytes
        ceil(Fraction(records * tenths * times, 10 * 1000 * 2))
        != ceil(Fraction(records * tenths * times, 10 * 1024 * 2))
        for times in (1, 2, readers)
    ):
        return None
    megabytes = Fraction(records * tenths, 10_000)
    by_records, by_bytes = ceil(Fraction(records, RECORDS_IN)), ceil(megabytes / MEGABYTES_IN)
    by_readers = ceil(readers * megabytes / MEGABYTES_OUT)
    needs = {"records": by_records, "bytes": by_bytes, "readers": by_readers}
    most = max(needs.values())
    if needs[binds] != most or sorted(needs.values())[1] == most:
        return None
    need = {"records": Fraction(records, 1000), "bytes": megabytes, "readers": readers * megabytes / 2}[binds]
    size, load = exact(Fraction(tenths, 10)), exact(megabytes)
    told = {
        "records": f"{records:,} records a second at 1,000 per shard take {by_records} shards",
        "bytes": f"{load} MB a second at 1 MB per shard take {by_bytes} shards",
        "readers": f"{readers} x {load} MB a second at 2 MB per shard, which readers share, take {by_readers} shards",
    }
    key = Result(most, f"Because {told[binds]}, and the other two limits are met by fewer.")
    mistakes = [
        *(
            Result(needs[each], f"Because {told[each]}, and another limit asks for more than that.")
            for each in needs
            if each != binds
        ),
        Result(floor(need), f"Because {exact(need)} is rounded down here, and what is above does not get through."),
        Result(
            sum(needs.values()),
            "Because this adds what records, bytes and readers need, though one shard serves all three at once.",
        ),
        Result(
            by_records + by_bytes,
            "Because this adds the shards for records and for bytes, though the same shard takes both in.",
        ),
        Result(
            2 * most,
            "Because this doubles the need for headroom that nobody asked for; the question is what suffices.",
        ),
        Result(
            ceil(readers * megabytes),
            f"Because {readers} x {load} MB at 1 MB per shard takes the limit of writers for that of readers.",
        ),
        Result(
            most + readers,
            "Because this adds a shard for each reader, though readers share the output of the same shards.",
        ),
    ]
    options = among(rng, place, key, mistakes, _shown)
    if not options:
        return None
    who, what, where = rng.choice(SETTINGS)
    rate = f"{records:,} records of {size} KB"
    reading = f"{READERS[readers]} the whole stream"
    stem = (
        f"{who} collects {what} in a Kinesis data stream with provisioned shards. Each second, {where} write {rate}, "
        f"and no partition key stands out. {reading} without enhanced fan-out, and nobody may fall behind. To keep the "
        "bill low, the team wants the smallest number of shards that copes. What is that number?"
    )
    return Question(stem, (rate, reading), options)


def _shown(value: Number) -> str:
    return f"{value:,} shards"


GENERATORS = (
    Generator(
        id="kinesis-shards",
        draw=draw,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        services=("kinesis-data-streams",),
        sources=(
            "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
            "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
        ),
    ),
)
