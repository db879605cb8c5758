"""Honest typos, given back to the couriers who made them."""

from codes.comparison import HONEST_TYPOS
from handoffs.limits import TYPOS_GIVEN_BACK_PER_SHIPMENT
from handoffs.models import CodeCheck, CourierDay
from orders.models import Shipment


def give_back_typos(shipment: Shipment) -> None:
    """Take honest typos off the couriers' budgets, two a shipment at the most.

    Only for a shipment that has closed: before that, nobody may learn what a wrong code looked like.
    """
    typos = CodeCheck.objects.filter(shipment=shipment, likeness__in=HONEST_TYPOS).order_by("pk")
    charged = typos.values_list("courier_id", "budget_day", "holders")[:TYPOS_GIVEN_BACK_PER_SHIPMENT]
    days = [(courier_id, day, holders or 1) for courier_id, day, holders in charged if day is not None]
    for courier_id, day, holders in sorted(days):  # in one order, so that two closures never wait in a ring
        CourierDay.give_back(courier_id, day, holders)
