"""Whoever has the number may have the link sent once more, to Ada and to nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from handoffs.fresh_link import send_fresh_link
from notifications.models import Message
from orders.models import Shipment
from tests.base import ADA
from tests.handoffs.stories import leave, living_code, out_for_delivery

pytestmark = pytest.mark.django_db


def ask(shipment: Shipment, **later: float) -> list[str]:
    """To whom something went when it was asked for so much later."""
    before = set(Message.objects.values_list("pk", flat=True))
    with time_machine.travel(timezone.now() + timedelta(**later)):
        send_fresh_link(within=Shipment.objects.all(), shipment_id=shipment.public_id)
    return [message.to for message in Message.objects.exclude(pk__in=before)]


def test_it_goes_to_the_contact_on_file_with_the_same_code() -> None:
    shipment, _ = out_for_delivery()
    assert ask(shipment, minutes=6) == [ADA.phone]
    assert living_code(shipment).generation == 1


def test_not_within_minutes_of_the_one_before() -> None:
    shipment, _ = out_for_delivery()
    assert ask(shipment, minutes=4) == []


def test_a_stranger_who_asks_all_day_leaves_her_own_sends_alone() -> None:
    shipment, _ = out_for_delivery()
    sent = [to for minutes in range(6, 66, 6) for to in ask(shipment, minutes=minutes)]
    assert len(sent) == 2
    assert living_code(shipment).sends == 3


def test_where_there_is_no_code_to_tell_nothing_is_sent() -> None:
    shipment, device = out_for_delivery()
    leave(device, shipment, "refused")
    assert ask(shipment, minutes=6) == []
