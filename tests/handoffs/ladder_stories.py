"""Recipients of test orders whose phone or mailbox fails as a provider can, and time that passes for them."""

from dataclasses import replace
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from fleet.models import Device
from handoffs.ladder import climb_silent
from handoffs.visit import arrive
from notifications.looking import look
from notifications.models import Message
from notifications.worker import drain
from orders.drafts import RecipientDraft
from orders.models import Event, Shipment
from tests.base import ADA

LANDLINE_SAYS, UNREACHABLE, SILENT = "+12025550103", "+12025550104", "+12025550109"
NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


def ada(phone: str = ADA.phone, email: str = ADA.email) -> RecipientDraft:
    return replace(ADA, phone=phone, email=email)


def work() -> None:
    """What the workers do within some seconds: send, take down receipts, and send what comes of them."""
    for later in range(0, 10, 2):
        with time_machine.travel(timezone.now() + timedelta(seconds=later), tick=False):
            drain()
            look()


def after(**time: float) -> int:
    """Let so much time pass; answers how many went another way because of silence."""
    with time_machine.travel(timezone.now() + timedelta(**time), tick=False):
        look()
        climbed = climb_silent()
        work()
    return climbed


def at_the_door(device: Device, shipment: Shipment) -> None:
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)


def ways(shipment: Shipment) -> list[tuple[str, str]]:
    """Each message with the code: its channel and what became of it."""
    sent = Message.objects.filter(about=shipment.public_id, kind="delivery_code").order_by("pk")
    return list(sent.values_list("channel", "state"))


def told(shipment: Shipment, kind: str) -> list[dict[str, object]]:
    return list(
        Event.objects.filter(shipment=shipment, type=kind).order_by("sequence").values_list("data", flat=True)
    )
