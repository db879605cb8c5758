"""Only the living generation's proof opens the recipient's page; everything else looks the same."""

import re

import pytest
import time_machine
from django.test import Client

from handoffs.expire import expire
from orders.models import Shipment
from tests.base import a_shipment
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import living_code, out_for_delivery, right_code

pytestmark = pytest.mark.django_db

MADE_UP = ("AAAABBBBCCCCDDDD", "x", "x" * 200, "é", "%01", "..", "AAAABBBBCCCCDDDD ")


def whole(client: Client, path: str) -> tuple[int, bytes, dict[str, object]]:
    """The answer with its headers, but for the request's own id and its forms' token, new each time."""
    response = client.get(path)
    content = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    headers: dict[str, object] = {name: value for name, value in response.items() if name != "X-Request-Id"}
    return response.status_code, content, headers | {"cookies": sorted(response.cookies)}


def with_proof(shipment: Shipment, proof: str) -> str:
    return f"/o/{shipment.tracking_number}.{proof}/"


@pytest.mark.parametrize("proof", MADE_UP)
def test_a_made_up_proof_looks_like_an_earlier_one(client: Client, proof: str) -> None:
    shipment, _ = out_for_delivery()
    earlier = own_path(shipment)
    Client().post(earlier + "new-code/")
    assert whole(client, with_proof(shipment, proof)) == whole(client, earlier)


def test_an_old_link_says_so_on_the_bare_page(client: Client) -> None:
    shipment, _ = out_for_delivery()
    status, body, _headers = whole(client, with_proof(shipment, MADE_UP[0]))
    assert status == 200
    assert b"This link is no longer valid" in body
    assert right_code(shipment).encode() not in body


def test_the_clock_alone_ends_a_link_as_the_sweep_does(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path = own_path(shipment)
    with time_machine.travel(living_code(shipment).expires_at, tick=False):
        by_the_clock = whole(client, path)
        assert expire() == 1
        assert whole(client, path) == by_the_clock


def test_the_proof_of_another_shipment_opens_nothing(client: Client) -> None:
    one, _ = out_for_delivery()
    other, _ = out_for_delivery()
    proof = living_code(other).link_proof_of()
    assert right_code(one).encode() not in whole(client, with_proof(one, proof))[1]


def test_a_capital_does_not_matter_in_a_tracking_number(client: Client) -> None:
    shipment = a_shipment()
    assert client.get(bare_path(shipment).lower()).status_code == 200


@pytest.mark.parametrize("path", ["/o/AAAAAAAAAAA/", "/o/AAAAAAAAAAA.AAAABBBBCCCCDDDD/"])
def test_an_unknown_tracking_number_is_a_page_that_is_not_there(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert b"There is nothing here" in response.content
    assert response["Referrer-Policy"] == "no-referrer"


def test_no_address_on_the_recipient_s_page_holds_the_code(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = client.get(own_path(shipment)).content.decode()
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert addresses
    assert not any(right_code(shipment) in address for address in addresses)
