"""A run is current until it is closed: once its day is over and nothing of it is out."""

import datetime

import pytest
import time_machine

from fleet.close import close_past_routes
from fleet.models import Depot, Route
from tests.base import carl
from tests.handoffs.stories import a_device, leave, out_for_delivery

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


def after(hours: float) -> time_machine.travel:
    return time_machine.travel(NOON + datetime.timedelta(hours=hours), tick=False)


def test_a_run_of_today_stays_open() -> None:
    with after(0):
        shipment, device = out_for_delivery()
        leave(device, shipment)
    with after(11.9):
        assert close_past_routes() == 0


def test_a_run_of_yesterday_is_closed_once() -> None:
    with after(0):
        shipment, device = out_for_delivery()
        leave(device, shipment)
    with after(12.1):
        assert close_past_routes() == 1
        assert close_past_routes() == 0
        assert Route.objects.current_of(device.courier) is None


def test_a_run_with_something_still_out_stays_open() -> None:
    with after(0):
        out_for_delivery()
    with after(48):
        assert close_past_routes() == 0


@pytest.mark.parametrize(
    ("zone", "closed"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 1), ("Europe/London", 0)]
)
def test_the_day_is_the_depots_own(zone: str, closed: int) -> None:
    with after(-3):
        device = a_device(carl(Depot.objects.create(name=zone, timezone=zone)))
        shipment, _ = out_for_delivery(device=device)
        leave(device, shipment)
    with after(-1):
        assert close_past_routes() == closed
