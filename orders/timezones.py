"""Which time zone an address is in, where the order does not say.

Countries and their zones' principal places are those of `zone.tab` in the IANA time zone database. Where
these do not tell zones apart, `zone_towns.csv` adds towns from GeoNames (www.geonames.org, CC BY 4.0), so
that every town above 15 000 people gets its own hours; `scripts/zone_towns` makes that file.
"""

import csv
import re
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple
from zoneinfo import available_timezones

# Where a country has several zones: the one in which most of its people in towns above 15 000 live.
# Counted from GeoNames (www.geonames.org) cities15000, CC BY 4.0. Antarctica and the outlying islands of the
# United States have no such town; theirs are the first of zone.tab.
MOST_POPULOUS = {
    "AQ": "Antarctica/McMurdo",
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UM": "Pacific/Midway",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}
# Not in zone.tab: one that ISO 3166-1 leaves to its users, and two islands where nobody lives.
_BESIDES = {"XK": "Europe/Belgrade", "BV": "Europe/Oslo", "HM": "Indian/Kerguelen"}

_ISO_6709 = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?([+-])([0-9]{3})([0-9]{2})([0-9]{2})?")


class Place(NamedTuple):
    """A zone's principal place, in degrees (WGS 84)."""

    zone: str
    latitude: float
    longitude: float

    def distance(self, latitude: float, longitude: float) -> float:
        """Along a great circle, in radians (haversine)."""
        south, north = radians(self.latitude), radians(latitude)
        across = sin((north - south) / 2) ** 2
        along = cos(south) * cos(north) * sin(radians(longitude - self.longitude) / 2) ** 2
        return 2 * asin(min(1.0, sqrt(across + along)))


def is_country(code: str) -> bool:
    """Whether this is a country's code (ISO 3166-1 alpha-2, and XK)."""
    return code in principal_places() or code in _BESIDES


def is_timezone(name: str) -> bool:
    """Whether this is the name of a zone in the IANA time zone database."""
    return name in _timezones()


@cache
def _timezones() -> frozenset[str]:
    """All of them, so that nothing that a stranger makes up is kept in memory."""
    return frozenset(available_timezones())


def zone_of(country: str, latitude: float | None = None, longitude: float | None = None) -> str:
    """The address's zone: the country's own; of several, that of the nearest place we know or, where no
    position is given, the most populous. Right at a border between zones it can be the neighbour's.

    Raises KeyError for what is no country.
    """
    if country in _BESIDES:
        return _BESIDES[country]
    places = principal_places()[country]
    if len(places) == 1:
        return places[0].zone
    if latitude is None or longitude is None:
        return MOST_POPULOUS[country]
    return nearest(places + _towns().get(country, []), latitude, longitude).zone


def nearest(places: list[Place], latitude: float, longitude: float) -> Place:
    return min(places, key=lambda place: place.distance(latitude, longitude))


@cache
def principal_places() -> dict[str, list[Place]]:
    """Each country's zones, by their principal places."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    places: dict[str, list[Place]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, position, zone = line.split("\t")[:3]
            places.setdefault(country, []).append(Place(zone, *_degrees(position)))
    return places


@cache
def _towns() -> dict[str, list[Place]]:
    table = resources.files("orders").joinpath("zone_towns.csv").read_text(encoding="utf-8")
    towns: dict[str, list[Place]] = {}
    for row in csv.DictReader(table.splitlines()):
        place = Place(row["zone"], float(row["latitude"]), float(row["longitude"]))
        towns.setdefault(row["country"], []).append(place)
    return towns


def _degrees(position: str) -> tuple[float, float]:
    """Read ISO 6709's ±DDMM[SS]±DDDMM[SS]."""
    match = _ISO_6709.fullmatch(position)
    assert match is not None, f"zone.tab holds an unreadable position {position}"
    south, *north, west, east, minutes, seconds = match.groups()
    return _angle(south, *north), _angle(west, east, minutes, seconds)


def _angle(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    angle = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -angle if sign == "-" else angle
