"""Where a handheld says it is."""

from dataclasses import dataclass
from decimal import Decimal

from orders.timezones import Place

EARTH_RADIUS_M = 6_371_000


@dataclass(frozen=True)
class Position:
    """WGS 84 degrees, and within how many metres the handheld believes to be. A claim, never a gate."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int | None = None

    def columns(self) -> dict[str, Decimal | int | None]:
        return {"latitude": self.latitude, "longitude": self.longitude, "accuracy_m": self.accuracy_m}


def columns_of(position: Position | None, prefix: str = "") -> dict[str, Decimal | int | None]:
    """The position as model columns, NULL where there is none."""
    values = position.columns() if position else dict.fromkeys(("latitude", "longitude", "accuracy_m"))
    return {prefix + name: value for name, value in values.items()}


def metres_between(latitude: Decimal, longitude: Decimal, to: tuple[Decimal, Decimal]) -> int:
    """Along a great circle, off by 0.5 % at most. Degrees of WGS 84."""
    here = Place("", float(latitude), float(longitude))
    return round(EARTH_RADIUS_M * here.distance(float(to[0]), float(to[1])))
