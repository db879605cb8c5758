"""Whoever asks for the code again, on the page, the handheld or at support: one cool-down, and one count."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handoffs.limits import SENDS_PER_GENERATION
from handoffs.models import DeliveryCode
from orders.models import Shipment
from tests.base import ApiClient
from tests.couriers.stories import at, enrolled
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import living_code, out_for_delivery
from tests.support.stories import act, signed_in

pytestmark = pytest.mark.django_db

WAYS = ("page", "handheld", "support")


class Asking:
    """Ada's browser, Carl's handheld and Sam at support, about one parcel."""

    def __init__(self) -> None:
        device, self.handheld = enrolled()
        self.shipment: Shipment = out_for_delivery(device=device)[0]
        self.staff, self.page = signed_in(), Client()

    def by(self, way: str) -> Any:
        if way == "page":
            return self.page.post(own_path(self.shipment) + "resend/", {"channel": "sms"})
        if way == "handheld":
            handheld: ApiClient = self.handheld
            return handheld.send("POST", at(self.shipment, "resend"))
        return act(self.staff, self.shipment, "resend", channel="sms")

    @property
    def sends(self) -> int:
        return living_code(self.shipment).sends


@pytest.mark.parametrize("first", WAYS)
def test_after_one_has_asked_all_wait_a_minute(first: str) -> None:
    asking = Asking()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        asking.by(first)
        assert asking.sends == 2
        for way in WAYS:
            asking.by(way)
        assert asking.sends == 2


def test_all_draw_on_one_count() -> None:
    asking = Asking()
    for number in range(1, SENDS_PER_GENERATION + 3):
        with time_machine.travel(timezone.now() + timedelta(minutes=2 * number), tick=False):
            asking.by(WAYS[number % 3])
    assert asking.sends == SENDS_PER_GENERATION


def test_a_bare_link_asks_for_nothing() -> None:
    asking = Asking()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        for action in ("resend/", "new-code/"):
            assert Client().post(bare_path(asking.shipment) + action).status_code == 404
    assert asking.sends == 1
    assert DeliveryCode.objects.count() == 1
