"""The start page: what needs attention."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from handoffs.dispute import dispute
from handoffs.rotate import Because, rotate
from notifications.models import Message
from orders.models import Actor, Shipment
from support.pattern import couriers_asked_about
from support.roles import AGENT, DEPOT
from tests.base import carl
from tests.handoffs.stories import a_device, out_for_delivery, right_code, submit
from tests.support.stories import locked, signed_in, words

pytestmark = pytest.mark.django_db


def undeliverable() -> str:
    shipment, _ = out_for_delivery()
    Message.objects.filter(about=shipment.public_id).update(
        state="failed", next_try_at=None, error="refused by Twilio (HTTP 400, error 21614)"
    )
    return shipment.tracking_number


def test_a_locked_delivery_and_an_undelivered_code_are_shown() -> None:
    stuck, untold = locked().tracking_number, undeliverable()
    seen = words(signed_in(AGENT).get("/admin/"))
    assert stuck in seen.partition("Code not delivered")[0]
    assert untold in seen.partition("Code not delivered")[2]


def test_what_goes_well_is_not_shown() -> None:
    shipment, _ = out_for_delivery()
    assert shipment.tracking_number not in words(signed_in(AGENT).get("/admin/"))


def test_a_code_that_went_another_way_since_is_not_shown() -> None:
    tracking = undeliverable()
    failed = Message.objects.get(state="failed")
    Message.objects.create(
        kind=failed.kind,
        about=failed.about,
        to="ada@example.com",
        channel="email",
        livemode=False,
        context=failed.context,
        state="sent",
        next_try_at=None,
    )
    assert tracking not in words(signed_in(AGENT).get("/admin/"))


def test_who_may_not_see_shipments_sees_none_of_it() -> None:
    tracking = locked().tracking_number
    seen = words(signed_in(DEPOT).get("/admin/"))
    assert tracking not in seen
    assert "Which delivery" not in seen


def test_a_code_that_somebody_asked_for_and_a_parcel_not_received_are_shown() -> None:
    doubted, _ = out_for_delivery()
    rotate(
        within=Shipment.objects.all(),
        shipment_id=doubted.public_id,
        actor=Actor("recipient"),
        because=Because.ASKED_FOR,
    )
    lost, device = out_for_delivery()
    submit(device, lost, right_code(lost))
    dispute(within=Shipment.objects.all(), shipment_id=lost.public_id, actor=Actor("recipient"))
    seen = words(signed_in(AGENT).get("/admin/"))
    assert lost.tracking_number in seen.partition("Not received")[2].partition("Someone asked")[0]
    assert doubted.tracking_number in seen.partition("Someone asked")[2].partition("Locked")[0]


def test_couriers_are_counted_whose_recipients_were_asked_for_the_code() -> None:
    often, once, never = (a_device(carl(name=name)) for name in ("Often", "Once", "Never"))
    for device, times in ((often, 2), (once, 1), (never, 0)):
        shipment, _ = out_for_delivery(device=device)
        for _ in range(times):
            rotate(
                within=Shipment.objects.all(),
                shipment_id=shipment.public_id,
                actor=Actor("recipient"),
                because=Because.ASKED_FOR,
            )
    seen = words(signed_in(AGENT).get("/admin/")).partition("Couriers whose recipients were asked")[2]
    assert re.search(r"Often \w+ 2 .* Once \w+ 1 ", seen)
    assert "Never" not in seen
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert couriers_asked_about() == []


def test_a_locked_code_that_was_replaced_is_no_sign_of_asking() -> None:
    shipment = locked()
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.LOCKED,
    )
    assert couriers_asked_about() == []
