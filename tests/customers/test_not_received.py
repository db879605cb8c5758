"""The receipt's link: it can say that Ada did not get her parcel, and nothing else."""

import pytest
from django.test import Client

from handoffs.links import receipt_proof_of
from orders.models import Shipment
from tests.customers.stories import bare_path, everything, own_path, seen
from tests.handoffs.stories import living_code, out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db


def receipt_path(shipment: Shipment) -> str:
    return f"/o/{shipment.tracking_number}.{receipt_proof_of(shipment)}/"


def handed_over() -> Shipment:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    return shipment


def test_one_tap_and_the_page_says_that_it_is_known(client: Client) -> None:
    path = receipt_path(handed_over())
    assert "Did you not get it?" in seen(client, path)
    assert client.post(path + "not-received/")["Location"] == path
    page = seen(client, path)
    assert "You said so on" in page
    assert "Did you not get it?" not in page
    assert Shipment.objects.get().disputed_at


def test_a_second_click_changes_nothing(client: Client) -> None:
    path = receipt_path(handed_over())
    client.post(path + "not-received/")
    before = everything()
    client.post(path + "not-received/")
    assert everything() == before


def test_neither_the_number_nor_the_code_s_old_link_can_say_it(client: Client) -> None:
    shipment, device = out_for_delivery()
    own = own_path(shipment)
    submit(device, shipment, right_code(shipment))
    for path in (own, f"/o/{shipment.tracking_number}.AAAABBBBCCCCDDDD/"):
        assert "Did you not get it?" not in seen(client, path)
        client.post(path + "not-received/")
    assert "Did you not get it?" not in seen(client, bare_path(shipment))
    assert Shipment.objects.get().disputed_at is None


def test_before_the_handoff_its_link_shows_no_code(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = client.get(receipt_path(shipment)).content.decode()
    assert right_code(shipment) not in page
    assert "This link is no longer valid" in page


@pytest.mark.parametrize("action", ["resend/", "new-code/", "here/", "preferences/send/"])
def test_it_can_do_nothing_else(client: Client, action: str) -> None:
    shipment, _ = out_for_delivery()
    before = everything()
    client.post(receipt_path(shipment) + action)
    assert everything() == before
    assert living_code(shipment).generation == 1
