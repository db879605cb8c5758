"""When a recipient is told their code: at dispatch, or by the merchant's wish only once the courier comes.

A code that is held back is made at dispatch like any other; its message then says where it will show.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fleet.models import Stop
from fleet.near import only_near
from fleet.position import metres_between
from handoffs.limits import ARRIVAL_IS_CLOSE_M
from handoffs.messages import send_code
from handoffs.models import DeliveryCode
from orders.models import SYSTEM, Fact, Order, Shipment, Status
from orders.models.merchants import CodeShows

INTERVAL_SECONDS = 5
BATCH = 100


def show_code(shipment: Shipment, now: datetime) -> None:
    """Tell the code that was held back, if it is time. Call with the shipment held; costs no statement where
    the merchant holds none back."""
    if shipment.order.merchant.code_shows == CodeShows.DISPATCH or not shipment.is_out:
        return
    held = DeliveryCode.objects.living().filter(shipment=shipment, held_back=True).first()
    if held is None or not held.is_usable(now) or not is_time(shipment):
        return
    DeliveryCode.objects.filter(pk=held.pk).update(held_back=False)
    held.held_back = False
    shipment.record([Fact("code.shown", SYSTEM, {"generation": held.generation})], at=now)
    send_code(shipment, held, now=now, renewed=held.generation > 1)


def is_time(shipment: Shipment) -> bool:
    """Whether this shipment's code may be told by now, as its merchant wants it."""
    wants = shipment.order.merchant.code_shows
    if wants == CodeShows.DISPATCH:
        return True
    stop = Stop.objects.current().filter(shipment=shipment).first()
    if stop is None:
        return False
    if stop.arrived_at is not None:
        said = stop.recipient_here_at
        # A yes from before says nothing of who is at the door now.
        return (said is not None and said >= stop.arrived_at) or is_close(stop, shipment.order)
    return wants == CodeShows.NEXT and only_near(Shipment.objects.filter(pk=shipment.pk)).exists()


def is_close(stop: Stop, order: Order) -> bool:
    """Whether the courier's arrival was reported from near the address. Without a position of both: no, and
    the recipient is asked whether somebody is there."""
    if stop.arrival_latitude is None or stop.arrival_longitude is None:
        return False
    if order.latitude is None or order.longitude is None:
        return False
    address = (order.latitude, order.longitude)
    away = metres_between(stop.arrival_latitude, stop.arrival_longitude, address)
    return away <= ARRIVAL_IS_CLOSE_M


def show_codes() -> int:
    """Tell the held codes of those to whom the courier comes next, and answer for how many it was looked."""
    here = Shipment.objects.filter(
        order__merchant__code_shows=CodeShows.NEXT,
        status=Status.OUT_FOR_DELIVERY,
        pk__in=DeliveryCode.objects.living().filter(held_back=True).values("shipment"),
    )
    due = list(only_near(here).order_by("pk").values_list("public_id", flat=True)[:BATCH])
    for shipment_id in due:
        with transaction.atomic():
            shipment = Shipment.objects.hold(shipment_id)
            if shipment is not None:
                show_code(shipment, timezone.now())
    return len(due)
