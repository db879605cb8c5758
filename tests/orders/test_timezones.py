"""The zone of an address that names none."""

import pytest

from orders import timezones
from orders.timezones import MOST_POPULOUS, is_country, is_timezone, principal_places, zone_of


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "zone"),
    [
        ("GB", None, None, "Europe/London"),
        ("GB", 57.15, -2.11, "Europe/London"),
        ("US", None, None, "America/New_York"),
        ("US", 40.71, -74.01, "America/New_York"),
        ("US", 29.42, -98.49, "America/Chicago"),
        ("US", 31.76, -106.49, "America/Denver"),
        ("US", 21.31, -157.86, "Pacific/Honolulu"),
        ("BR", None, None, "America/Sao_Paulo"),
        ("BR", -16.68, -49.25, "America/Sao_Paulo"),
        ("BR", -3.10, -60.03, "America/Manaus"),
        ("ES", 28.10, -15.41, "Atlantic/Canary"),
        ("XK", None, None, "Europe/Belgrade"),
    ],
)
def test_a_country_or_a_position_gives_the_zone(
    country: str, latitude: float | None, longitude: float | None, zone: str
) -> None:
    assert zone_of(country, latitude, longitude) == zone


def test_every_country_has_a_zone_that_exists() -> None:
    for country, places in principal_places().items():
        assert is_timezone(zone_of(country))
        for place in places:
            assert is_timezone(zone_of(country, place.latitude, place.longitude))


def test_every_country_with_several_zones_has_one_for_no_position() -> None:
    several = {country for country, places in principal_places().items() if len(places) > 1}
    assert set(MOST_POPULOUS) == several
    for country, zone in MOST_POPULOUS.items():
        assert zone in {place.zone for place in principal_places()[country]}


@pytest.mark.parametrize("code", ["", "gb", "UK", "ZZ", "GBR", "É"])
def test_what_is_no_country_is_known_as_none(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize("name", ["", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "Europe", "a\0b"])
def test_what_is_no_zone_is_known_as_none(name: str) -> None:
    assert not is_timezone(name)


def test_names_that_somebody_made_up_are_not_kept_in_memory() -> None:
    def kept() -> int:
        caches = [each for each in vars(timezones).values() if hasattr(each, "cache_info")]
        return sum(cache.cache_info().currsize for cache in caches)

    is_timezone("Made/Up")
    before = kept()
    for number in range(50):
        assert not is_timezone(f"Made/Up{number}")
    assert kept() == before
