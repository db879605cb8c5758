"""A page asks the database a bounded number of questions, however much there is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Shipment
from support.roles import AGENT, AUDITOR
from tests.base import acme
from tests.handoffs.stories import a_device, out_for_delivery, submit, wrong_code
from tests.support.stories import act, page_of, signed_in

pytestmark = pytest.mark.django_db


def statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def some(number: int) -> Shipment:
    shop, device = acme(), a_device()
    made = [out_for_delivery(shop, device=device)[0] for _ in range(number)]
    return made[-1]


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/admin/", 16),
        ("/admin/search/", 12),
        ("/admin/orders/shipment/", 14),
        ("/admin/handoffs/deliverycode/", 14),
        ("/admin/handoffs/codecheck/", 14),
        ("/admin/notifications/message/", 14),
    ],
)
def test_a_list_of_many_asks_as_little_as_one_of_few(address: str, most: int) -> None:
    client = signed_in(AUDITOR)

    def look() -> None:
        client.post("/admin/search/", {"q": "Lovelace"}, follow=False)
        client.get(address)

    some(2)
    few = statements(look)
    some(12)
    assert statements(look) <= few
    assert statements(lambda: client.get(address)) <= most


def shown(client: Client, shipment: Shipment) -> int:
    return statements(lambda: client.get(page_of(shipment)))


def test_a_long_story_asks_as_little_as_a_short_one() -> None:
    client = signed_in(AGENT)
    shipment, device = out_for_delivery()
    short = shown(client, shipment)
    for _ in range(4):
        submit(device, shipment, wrong_code(shipment))
        act(client, shipment, "rotate")
    assert shown(client, shipment) <= short + 2
    assert short <= 20
