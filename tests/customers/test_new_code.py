"""Someone asked Ada for her code: one button makes it worthless."""

import pytest
from django.test import Client

from notifications.models import Message
from orders.models import Event
from tests.customers.stories import bare_path, everything, own_path, seen
from tests.handoffs.stories import living_code, out_for_delivery, result, right_code, submit, wrong_code

pytestmark = pytest.mark.django_db


def test_the_old_code_and_link_die_at_once(client: Client) -> None:
    shipment, device = out_for_delivery()
    old_code, old_link = right_code(shipment), own_path(shipment)
    client.post(old_link + "new-code/")
    assert "Your delivery code" not in seen(client, old_link)
    assert result(submit(device, shipment, old_code)) == "wrong_code"


def test_the_bare_page_follows_and_says_where_the_new_code_went(client: Client) -> None:
    shipment, _ = out_for_delivery()
    response = client.post(own_path(shipment) + "new-code/")
    assert (response.status_code, response["Location"]) == (302, bare_path(shipment))
    page = seen(client, response["Location"])
    assert "A new code is on its way to •••• ••56" in page
    assert right_code(shipment) not in page


def test_it_is_said_once_and_only_to_the_one_who_asked(client: Client) -> None:
    shipment, _ = out_for_delivery()
    client.post(own_path(shipment) + "new-code/")
    assert "is on its way to" not in seen(Client(), bare_path(shipment))
    seen(client, bare_path(shipment))
    assert "is on its way to" not in seen(client, bare_path(shipment))


def test_the_new_link_opens_the_new_code(client: Client) -> None:
    shipment, device = out_for_delivery()
    client.post(own_path(shipment) + "new-code/")
    assert right_code(shipment) in seen(client, own_path(shipment))
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_a_second_click_changes_nothing(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path = own_path(shipment) + "new-code/"
    client.post(path)
    before = everything()
    client.post(path)
    assert everything() == before
    assert Message.objects.filter(about=shipment.public_id).count() == 2


def test_a_made_up_proof_ends_nothing(client: Client) -> None:
    shipment, _ = out_for_delivery()
    before = everything()
    client.post(f"/o/{shipment.tracking_number}.AAAABBBBCCCCDDDD/new-code/")
    assert everything() == before


@pytest.mark.parametrize(("wrong", "because"), [(0, "someone_asked_for_it"), (5, "locked")])
def test_the_timeline_says_why(client: Client, wrong: int, because: str) -> None:
    shipment, device = out_for_delivery()
    for _ in range(wrong):
        submit(device, shipment, wrong_code(shipment))
    client.post(own_path(shipment) + "new-code/")
    event = Event.objects.get(shipment=shipment, type="code.rotated")
    assert (event.data["because"], event.actor_kind) == (because, "recipient")
    assert living_code(shipment).generation == 2
