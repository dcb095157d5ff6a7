"""The country that an address names by its top-level domain, and the clocks of that country."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from crawler.extract.links import host_of

_SOLD_ABROAD = frozenset(
    {"ai", "am", "cc", "cd", "co", "fm", "io", "la", "me", "sh", "st", "to", "tv", "ws"}
)
"""Domains of countries under which the whole world has sites."""
_COUNTRIES = {"uk": "gb"}


def region_of(url: str) -> str | None:
    """The country (ISO 3166, lower case) of the address's top-level domain, if it names one."""
    last = host_of(url).rpartition(".")[2]
    region = _COUNTRIES.get(last, last)
    return region if last not in _SOLD_ABROAD and region in _zones() else None


def read_on(at: datetime, day: date, region: str) -> datetime | None:
    """The instant `at` on the clock of the region by which it was `day`, if that is one clock.

    Indonesia at 17:30 UTC has three clocks by which it is tomorrow: then None.
    """
    clocks = [at.astimezone(ZoneInfo(name)) for name in _zones().get(region, ())]
    found = {clock.utcoffset(): clock for clock in clocks if clock.date() == day}
    return next(iter(found.values())) if len(found) == 1 else None


@cache
def _zones() -> Mapping[str, tuple[str, ...]]:
    """IANA zones by country, from the database's own table."""
    zones: dict[str, list[str]] = defaultdict(list)
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones[country.lower()].append(zone)
    return {country: tuple(names) for country, names in zones.items()}
