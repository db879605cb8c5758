"""1: delivered means that the one matching, live code was consumed, or that none was needed, or a release.

Every order of events is in tests/handoffs/test_model.py, a release without a code in the tests of releases.
"""

from functools import partial

import pytest

from tests.invariants.pages import ask_for_a_new_code
from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    at_once,
    code_on_phone,
    link_on_phone,
    other_than,
    outcome,
)
from tests.servers import Service

USED = """
    SELECT d.generation FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
    WHERE s.public_id = %s AND d.ended_because = 'used'
"""


def test_nothing_but_the_living_code_opens(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment, neighbour = shop.dispatched(rider), shop.dispatched(rider)
    old = code_on_phone(service, shipment)
    ask_for_a_new_code(link_on_phone(service, shipment))
    new, neighbours = code_on_phone(service, shipment), code_on_phone(service, neighbour)
    assert old != new
    for typed in (None, "", new[:5], new + "0", other_than(new), old, neighbours):
        assert outcome(rider.hand_over(shipment, typed)) != "delivered", typed
        assert shop.get(f"/shipments/{shipment}").json()["status"] == "out_for_delivery"
    stranger = Rider(service)
    assert outcome(stranger.hand_over(shipment, new)) == "not_found"
    assert outcome(rider.hand_over(shipment, new)) == "delivered"
    assert service.rows(USED, shipment) == [(2,)]
    assert_sound(service)


@pytest.mark.parametrize("what", ["cancel", "dispatch"])
def test_what_closes_or_moves_it_meanwhile_leaves_one_ending(service: Service, what: str) -> None:
    """The right code, and beside it what takes the parcel away from this courier: one of the two happened."""
    shop, rider, other = Shop(service), Rider(service), Rider(service)
    for _ in range(5):
        shipment = shop.dispatched(rider)
        code = code_on_phone(service, shipment)
        body = {"courier": other.id} if what == "dispatch" else {}
        told, moved = at_once(
            [
                partial(rider.hand_over, shipment, code),
                partial(shop.post, f"/shipments/{shipment}/{what}", body),
            ]
        )
        delivered = outcome(told) == "delivered"
        assert delivered != (moved.status_code == 200), (told.text, moved.text)
        assert len(service.rows(USED, shipment)) == int(delivered)
    assert_sound(service)
