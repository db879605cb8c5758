"""A run of 120 stops is planned, shown and sent out with the statements of a run of ten."""

from collections.abc import Sequence

import pytest
from django.db import connection

from couriers.shapes import route_as_shown
from fleet.models import Device, Route
from handoffs.models import DeliveryCode
from handoffs.plan import StopDraft, plan_route
from handoffs.start import start
from notifications.models import Message
from orders.models import Actor, Event, Merchant, Order, Shipment, Status
from orders.place import place_orders
from tests.base import CHEAP, PRICEY, a_draft, a_shipment_draft, acme, someone
from tests.couriers.stories import enrolled, statements

# The ORM gives SQLite at most 999 values in one INSERT, and so a few more of them.
PLAN, START, SHOW = 12, 14, 4
MORE_ON_SQLITE = 0 if connection.vendor == "postgresql" else 8

pytestmark = pytest.mark.django_db


def ordered(number: int, *merchants: Merchant) -> list[Shipment]:
    """So many shipments to as many people, every fourth one of them routine, from these shops in turn."""
    drafts = [
        a_draft(a_shipment_draft(CHEAP if place % 4 == 3 else PRICEY), recipient=someone(place))
        for place in range(number)
    ]
    orders: list[Order] = []
    for place, merchant in enumerate(merchants):
        placed = place_orders(merchant=merchant, livemode=False, drafts=drafts[place :: len(merchants)])
        orders += [each for each in placed if isinstance(each, Order)]
    return list(Shipment.objects.filter(order__in=orders))


def planned(device: Device, shipments: Sequence[Shipment]) -> Route:
    """All of them on today's run of the device's courier."""
    route = plan_route(
        within=Shipment.objects.all(),
        courier=device.courier,
        date=device.courier.depot.today(),
        stops=[StopDraft(shipment=shipment.public_id) for shipment in shipments],
        actor=Actor("merchant", "mer_acme"),
    )
    assert isinstance(route, Route), route
    return route


@pytest.fixture
def runs() -> tuple[tuple[Device, list[Shipment]], tuple[Device, list[Shipment]]]:
    """A run of ten and one of 120, each with parcels of three shops."""
    merchants = [acme("Acme"), acme("Bolt"), acme("Crest")]
    return (enrolled()[0], ordered(10, *merchants)), (enrolled()[0], ordered(120, *merchants))


Runs = tuple[tuple[Device, list[Shipment]], tuple[Device, list[Shipment]]]


def test_it_is_planned_in_a_constant_number_of_statements(runs: Runs) -> None:
    counts = []
    for device, shipments in runs:
        with statements() as asked:
            planned(device, shipments)
        counts.append(len(asked))
    short, long = counts
    assert short == PLAN, "\n".join(asked)
    assert PLAN <= long <= PLAN + MORE_ON_SQLITE, "\n".join(asked)


def test_it_is_sent_out_in_a_constant_number_of_statements(runs: Runs) -> None:
    counts = []
    for device, shipments in runs:
        planned(device, shipments)
        with statements() as asked:
            assert isinstance(start(device=device), Route)
        counts.append(len(asked))
    short, long = counts
    assert short == START, "\n".join(asked)
    assert START <= long <= START + MORE_ON_SQLITE, "\n".join(asked)


def test_each_of_its_parcels_is_told_as_if_it_had_gone_alone(runs: Runs) -> None:
    device, shipments = runs[1]
    planned(device, shipments)
    start(device=device)
    out = Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments])
    assert set(out.values_list("status", flat=True)) == {Status.OUT_FOR_DELIVERY}
    needing = out.filter(code_required=True)
    codes = DeliveryCode.objects.living().filter(shipment__in=out)
    assert set(codes.values_list("shipment", flat=True)) == set(needing.values_list("pk", flat=True))
    assert len({bytes(code.nonce or b"") for code in codes}) == len(codes) == 90
    assert set(codes.values_list("generation", "sends", "attempts_allowed")) == {(1, 1, 5)}
    told = Message.objects.filter(kind="delivery_code").values_list("about", "to")
    assert {(each.public_id, each.order.email) for each in needing.select_related("order")} == set(told)
    for shipment in out:
        _chain_is_whole(shipment)


def _chain_is_whole(shipment: Shipment) -> None:
    head = ""
    events = list(Event.objects.filter(shipment=shipment).order_by("sequence"))
    for place, event in enumerate(events, start=1):
        assert (event.sequence, event.previous_hash) == (place, head)
        assert event.hash == event.computed_hash(shipment.public_id)
        head = event.hash
    assert (shipment.events_count, shipment.events_head) == (len(events), head)
    assert ("code.issued" in {event.type for event in events}) == shipment.code_required


def test_it_is_shown_in_a_constant_number_of_statements(runs: Runs) -> None:
    for device, shipments in runs:
        route = planned(device, shipments)
        start(device=device)
        with statements() as asked:
            shown = route_as_shown(route, route.stops.all())
        assert len(shown["stops"]) == len(shipments)
        assert len(asked) == SHOW, "\n".join(asked)
