"""Whoever tries tracking numbers or links that open nothing is told to wait; the right link always opens."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery, right_code

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, 15, tzinfo=UTC)


def ask(path: str, address: str = "192.0.2.1") -> int:
    return Client().get(path, REMOTE_ADDR=address).status_code


def test_unknown_tracking_numbers_are_limited_by_address() -> None:
    shipment, _ = out_for_delivery()
    with time_machine.travel(NOW, tick=False):
        tries = [ask(f"/o/{number:011}/") for number in range(61)]
        assert tries == [404] * 60 + [429]
        refused = Client().get("/o/00000000000/", REMOTE_ADDR="192.0.2.1")
        assert (refused["Retry-After"], refused["Cache-Control"]) == ("45", "private, no-store")
        assert ask("/o/00000000000/", "192.0.2.2") == 404
        assert ask(bare_path(shipment)) == 200


def test_links_that_open_nothing_are_limited_by_address_and_order() -> None:
    shipment, _ = out_for_delivery()
    other, _ = out_for_delivery()
    with time_machine.travel(NOW, tick=False):
        tries = [ask(f"/o/{shipment.tracking_number}.{number:016}/") for number in range(61)]
        assert tries == [200] * 60 + [429]
        assert ask(f"/o/{other.tracking_number}.{0:016}/") == 200
        opened = Client().get(own_path(shipment), REMOTE_ADDR="192.0.2.1")
        shown = re.findall(r'translate="no">([\d ]+)</bdi>', opened.content.decode())
        assert right_code(shipment) in [digits.replace(" ", "") for digits in shown]
