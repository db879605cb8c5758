"""What an order's page costs the database, in each state of the delivery."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from handoffs.cancel import cancel
from handoffs.returns import send_back
from orders.models import Actor, Shipment
from tests.base import CHEAP, a_shipment
from tests.couriers.stories import statements
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import (
    a_device,
    leave,
    out_for_delivery,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db

SHOP = Actor("merchant", "mer_acme")


def ordered() -> str:
    return bare_path(a_shipment())


def routine() -> str:
    return bare_path(send_out(a_shipment(value=CHEAP), a_device()))


def shared() -> str:
    return bare_path(out_for_delivery()[0])


def out() -> str:
    return own_path(out_for_delivery()[0])


def mistyped() -> str:
    shipment, device = out_for_delivery()
    submit(device, shipment, wrong_code(shipment))
    return own_path(shipment)


def locked() -> str:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    return own_path(shipment)


def failed() -> str:
    shipment, device = out_for_delivery()
    leave(device, shipment, "absent")
    return own_path(shipment)


def returning() -> str:
    shipment, device = out_for_delivery()
    leave(device, shipment, "refused")
    send_back(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=SHOP)
    return bare_path(shipment)


def delivered() -> str:
    shipment, device = out_for_delivery()
    path = own_path(shipment)
    submit(device, shipment, right_code(shipment))
    return path


def cancelled() -> str:
    shipment, _ = out_for_delivery()
    path = own_path(shipment)
    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=SHOP)
    return path


@pytest.mark.parametrize(
    ("state", "number"),
    [
        (ordered, 3),
        (routine, 3),
        (shared, 3),
        (out, 6),
        (mistyped, 6),
        (locked, 4),
        (failed, 4),
        (returning, 2),
        (delivered, 3),
        (cancelled, 3),
    ],
)
def test_a_page_takes_few_statements(client: Client, state: Callable[[], str], number: int) -> None:
    path = state()
    cache.clear()
    with statements() as asked:
        assert client.get(path).status_code == 200
    assert len(asked) == number, "\n".join(asked)
