"""Carl's handheld, enrolled."""

import pytest
from django.core.cache import cache

from fleet.models import Device
from tests.base import ApiClient
from tests.couriers.stories import enrolled


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    """No request counts against a limit of a test before."""
    cache.clear()


@pytest.fixture
def handheld(db: None) -> tuple[Device, ApiClient]:
    return enrolled()


@pytest.fixture
def device(handheld: tuple[Device, ApiClient]) -> Device:
    return handheld[0]


@pytest.fixture
def api(handheld: tuple[Device, ApiClient]) -> ApiClient:
    """The program on Carl's handheld."""
    return handheld[1]
