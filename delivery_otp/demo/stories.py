"""How each shipment of the demo came to be where it is."""

from collections.abc import Callable

from django.utils import timezone

from delivery_otp.demo.stage import Stage
from handoffs.models import DeliveryCode
from orders.models import Shipment


def ordered(stage: Stage) -> Shipment:
    return stage.place()


def out_with_a_code(stage: Stage) -> Shipment:
    return stage.send_out(stage.place())


def courier_at_the_door(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    return shipment


def one_wrong_code(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.type_code(shipment, right=False)
    return shipment


def locked(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    for _ in range(5):
        stage.type_code(shipment, right=False)
    return shipment


def expired(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    DeliveryCode.objects.filter(shipment=shipment).update(expires_at=timezone.now())
    return shipment


def routine_without_a_code(stage: Stage) -> Shipment:
    return stage.send_out(stage.place("19.90"))


def nobody_home(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    stage.leave(shipment)
    return shipment


def delivered(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    stage.type_code(shipment, right=True)
    return shipment


def carried(stage: Stage) -> Shipment:
    shipment = stage.place()
    stage.carry(shipment)
    return shipment


def planned(stage: Stage) -> Shipment:
    shipment = stage.place()
    stage.plan(shipment)
    return shipment


def contact_changed(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.correct(shipment, phone="+447400123499")
    return shipment


def reopened(stage: Stage) -> Shipment:
    shipment = nobody_home(stage)
    stage.reopen(shipment)
    return shipment


def going_back(stage: Stage) -> Shipment:
    shipment = nobody_home(stage)
    stage.send_back(shipment)
    return shipment


def gone_back(stage: Stage) -> Shipment:
    shipment = going_back(stage)
    stage.take_back(shipment)
    return shipment


def called_off(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.call_off(shipment)
    return shipment


STORIES: dict[str, Callable[[Stage], Shipment]] = {
    "ordered": ordered,
    "in transit": carried,
    "planned on a route": planned,
    "out for delivery, with a code": out_with_a_code,
    "courier at the door": courier_at_the_door,
    "one wrong code": one_wrong_code,
    "code locked": locked,
    "code expired": expired,
    "routine, no code needed": routine_without_a_code,
    "contact changed, code held back": contact_changed,
    "nobody home": nobody_home,
    "out again on the same day": reopened,
    "delivered": delivered,
    "on its way back": going_back,
    "back with the shop": gone_back,
    "cancelled": called_off,
}
