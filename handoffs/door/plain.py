"""The door by the ORM, one statement after the other."""

from collections.abc import Sequence
from datetime import datetime

from api.refusals import Refusal
from fleet.models import Device, Stop
from handoffs.deliver import deliver
from handoffs.door.seen import Asked, Delivery, Seen
from handoffs.models import DeliveryCode
from handoffs.models.budget import standing_of
from handoffs.visit import actor_of


def make_ready() -> None:
    """Nothing to do."""


def look(asked: Asked, *, now: datetime) -> Seen | Refusal:
    device = Device.objects.filter(token_digest=asked.token_digest).select_related("courier").first()
    if device is None or not device.courier.active:
        return Refusal("authentication_failed")
    stop = Stop.objects.hold(device.courier_id, asked.shipment_id)
    day = device.courier.depot.today(now)
    standing = standing_of(device, day, asked.key_digest)
    if standing is None:
        return Refusal("authentication_failed")
    if stop is None:
        return Refusal("not_found")
    return Seen(device, stop, DeliveryCode.objects.latest_of(stop.shipment), standing)


def look_at_free(asked: Sequence[Asked], *, now: datetime) -> list[Seen | None]:
    found = [look(one, now=now) for one in asked]
    return [None if isinstance(seen, Refusal) else seen for seen in found]


def write(deliveries: Sequence[Delivery]) -> list[bool]:
    return [_write(delivery) for delivery in deliveries]


def _write(delivery: Delivery) -> bool:
    code, check = delivery.code, delivery.check
    if code is not None and not code.charge(consume=True, now=check.at):
        return False
    check.save(force_insert=True)
    deliver(
        delivery.stop,
        delivery.proof,
        actor=actor_of(check.device),
        check=check,
        location=delivery.location,
    )
    return True
