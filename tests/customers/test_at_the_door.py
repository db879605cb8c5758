"""The courier comes: what Ada's page says, and what she can say there."""

from decimal import Decimal

import pytest
from django.test import Client

from fleet.models import Stop
from fleet.position import Position
from handoffs.visit import arrive
from handoffs.word import word_of
from orders.models import Shipment
from tests.base import a_shipment, acme, someone
from tests.couriers.stories import enrolled
from tests.customers.stories import bare_path, everything, own_path, seen
from tests.handoffs.stories import a_device, leave, out_for_delivery, right_code, send_out

pytestmark = pytest.mark.django_db
DOOR = Position(Decimal("51.501"), Decimal("-0.1246"), 12)


def test_the_page_follows_the_courier_to_the_door(client: Client) -> None:
    device = a_device()
    first = send_out(a_shipment(recipient=someone(1)), device)
    shipment = send_out(a_shipment(), device)
    assert "Out for delivery A courier has it" in seen(client, own_path(shipment))
    leave(device, first, "refused")
    assert "You are next" in seen(client, own_path(shipment))
    arrive(device=device, shipment_id=shipment.public_id, location=DOOR, occurred_at=None)
    assert "Your courier is at the door" in seen(client, own_path(shipment))
    assert "at the door" not in seen(client, bare_path(shipment)).partition("This parcel is handed")[0]


def test_i_m_here_is_seen_by_her_and_by_the_courier(client: Client) -> None:
    device, handheld = enrolled()
    shipment, _ = out_for_delivery(device=device)
    path = own_path(shipment)
    assert client.post(path + "here/")["Location"] == path
    page = seen(client, path)
    assert "The courier now sees that you are there" in page
    assert "You said so at" in page
    stop = handheld.get("/api/v1/courier/route").json()["stops"][0]
    assert stop["recipient_here_at"]


def test_an_old_link_says_nothing_to_the_courier(client: Client) -> None:
    shipment, _ = out_for_delivery()
    before = everything()
    client.post(f"{bare_path(shipment)[:-1]}.AAAABBBBCCCCDDDD/here/")
    assert everything() == before


def test_her_page_and_the_handheld_show_one_word(client: Client) -> None:
    device, handheld = enrolled()
    shipment, _ = out_for_delivery(device=device)
    stop = handheld.get("/api/v1/courier/route").json()["stops"][0]
    assert f"s word {stop['word']}" in seen(client, own_path(shipment))
    assert stop["word"] not in seen(client, bare_path(shipment))


def test_another_courier_has_another_word() -> None:
    words = set()
    shipment, _ = out_for_delivery()
    for _ in range(8):
        send_out(shipment, a_device())
        words.add(word_of(Stop.objects.current().get(shipment=shipment)))
    assert len(words) > 2


def test_a_code_that_waits_is_nowhere_on_the_page_until_she_says_yes(client: Client) -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    path, code = own_path(shipment), right_code(shipment)
    assert "Your delivery code waits" in seen(client, path)
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert "Is someone at your door?" in seen(client, path)
    assert code not in client.get(path).content.decode()
    client.post(path + "here/")
    assert code in seen(client, path)


def test_the_number_alone_has_the_link_sent_and_learns_nothing(client: Client) -> None:
    out, _ = out_for_delivery()
    waiting = a_shipment()
    said = set()
    for shipment in (out, waiting):
        client.post(bare_path(shipment) + "fresh-link/")
        said.add(seen(client, bare_path(shipment)).partition("goes to the recipient once more")[1])
    assert said == {"goes to the recipient once more"}
    assert Shipment.objects.count() == 2
