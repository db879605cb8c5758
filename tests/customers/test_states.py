"""Each state of a delivery has its words, and the code shows only where it would be taken at the door."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fleet.models import Stop
from handoffs.cancel import cancel
from handoffs.returns import send_back
from orders.models import Actor, DeliveryPreference, Shipment, Status
from tests.base import ADA, CHEAP, HIGH_STREET, a_shipment, acme
from tests.customers.stories import bare_path, own_path, seen
from tests.handoffs.stories import (
    a_device,
    leave,
    living_code,
    out_for_delivery,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def test_before_it_is_on_its_way(client: Client) -> None:
    page = seen(client, bare_path(a_shipment(acme("Acme"))))
    assert "Parcel from Acme Being prepared" in page
    assert "it never shows here" in page


def test_in_transit_it_says_the_day_of_its_route(client: Client) -> None:
    shipment, _ = out_for_delivery()
    Shipment.objects.filter(pk=shipment.pk).update(status=Status.IN_TRANSIT)
    stop = Stop.objects.current().get(shipment=shipment)
    stop.route.date += timedelta(days=1)
    stop.route.save()
    page = seen(client, bare_path(shipment))
    assert "On its way It is travelling" in page
    assert "Expected tomorrow" in page


def test_out_for_delivery_the_recipient_reads_their_code(client: Client) -> None:
    shipment, _ = out_for_delivery(barcodes=("JD-one", "JD-two"))
    page = seen(client, own_path(shipment))
    assert f"Your delivery code {right_code(shipment)} Copy Tell it only to the courier at your door" in page
    assert "2 parcels together JD-one JD-two" in page
    assert "Expected today" in page


def test_the_hours_are_those_of_the_address(client: Client) -> None:
    with time_machine.travel("2026-07-01T12:00:00Z", tick=False):
        shipment, _ = out_for_delivery()
        now = timezone.now()
        Stop.objects.filter(shipment=shipment).update(eta_from=now, eta_to=now + timedelta(hours=2))
        assert re.search("Expected today, 13:00.15:00", seen(client, own_path(shipment)))


@pytest.mark.parametrize("eta", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_hours_at_the_ends_of_the_calendar_do_not_break_the_page(client: Client, eta: str, zone: str) -> None:
    shipment, _ = out_for_delivery(address=replace(HIGH_STREET, timezone=zone))
    Stop.objects.filter(shipment=shipment).update(eta_from=eta, eta_to=eta)
    assert "Your delivery code" in seen(client, own_path(shipment))


def test_the_code_is_in_one_piece_to_copy(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = client.get(own_path(shipment)).content.decode()
    assert f'<bdi dir="ltr" translate="no">{right_code(shipment)}</bdi>' in page


def test_a_wrong_code_at_the_door_is_told_with_what_is_left(client: Client) -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, wrong_code(shipment))
    page = seen(client, own_path(shipment))
    assert "A wrong code was typed. 4 tries are left" in page
    assert right_code(shipment) in page


def test_a_locked_code_is_not_shown_and_a_new_one_is_offered(client: Client) -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    page = seen(client, own_path(shipment))
    assert "This code is locked" in page
    assert "Send me a new code" in page
    assert right_code(shipment) not in page


def test_a_shipment_without_attempts_offers_no_new_code(client: Client) -> None:
    shipment, device = out_for_delivery()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    client.post(own_path(shipment) + "new-code/")
    for _ in range(5):
        submit(a_device(device.courier), shipment, wrong_code(shipment))
    page = seen(client, own_path(shipment))
    assert "This code is locked" in page
    assert "Send me a new code" not in page
    assert "All the tries for this parcel are used up" in page


def test_after_a_failed_visit_it_says_why_and_keeps_the_code_back(client: Client) -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, "absent")
    page = seen(client, own_path(shipment))
    assert "Not handed over yet The courier reports that nobody was at home" in page
    assert right_code(shipment) not in page
    assert "nobody was at home" not in seen(client, bare_path(shipment))


def test_once_the_time_is_over_there_is_no_code(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path, code = own_path(shipment), right_code(shipment)
    with time_machine.travel(living_code(shipment).expires_at):
        page = seen(client, path)
    assert code not in page
    assert "This link is no longer valid" in page


def test_delivered_it_says_so_and_shows_no_code(client: Client) -> None:
    shipment, device = out_for_delivery()
    path, code = own_path(shipment), right_code(shipment)
    submit(device, shipment, code)
    page = seen(client, path)
    assert "Delivered Handed over on" in page
    assert code not in page


def test_cancelled_it_says_so_and_shows_no_code(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path, code = own_path(shipment), right_code(shipment)
    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=Actor("merchant"))
    page = seen(client, path)
    assert "Cancelled This delivery was called off" in page
    assert code not in page


def test_going_back_it_says_so(client: Client) -> None:
    shipment, device = out_for_delivery(acme("Acme"))
    leave(device, shipment, "refused")
    send_back(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=Actor("merchant"))
    assert "on its way back to Acme" in seen(client, bare_path(shipment))


def test_a_routine_delivery_needs_no_code(client: Client) -> None:
    shipment = send_out(a_shipment(value=CHEAP), a_device())
    assert "No delivery code is needed for this parcel" in seen(client, bare_path(shipment))


def test_nor_does_one_of_somebody_who_opted_out(client: Client) -> None:
    ordered = a_shipment(acme(code_for_routine=True), value=CHEAP)
    assert "handed over only to the person who holds" in seen(client, bare_path(ordered))
    DeliveryPreference.objects.create(
        livemode=False,
        contact=ADA.phone,
        address_key=ordered.order.address_key,
        wish=DeliveryPreference.Wish.OPTED_OUT,
    )
    opted_out = a_shipment(acme(code_for_routine=True), value=CHEAP)
    assert "No delivery code is needed for this parcel" in seen(client, bare_path(opted_out))


def test_the_bare_page_names_neither_recipient_nor_address(client: Client) -> None:
    shipment, _ = out_for_delivery()
    page = client.get(bare_path(shipment)).content.decode()
    order = shipment.order
    for personal in (order.name, order.city, order.line1, order.postal_code, order.phone, order.email, "•"):
        assert personal not in page
    assert right_code(shipment) not in page
