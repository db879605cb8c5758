"""5: at most one generation of a shipment lives, and it is the newest."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.invariants.pages import ask_for_a_new_code
from tests.scenarios.world import Rider, Shop, assert_sound, at_once, link_on_phone
from tests.servers import Service

LIVING = """
    SELECT d.generation, d.ended_at IS NULL FROM handoffs_deliverycode d
    JOIN orders_shipment s ON s.id = d.shipment_id WHERE s.public_id = %s ORDER BY d.generation
"""


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_of_fifty_who_ask_at_once_for_a_new_code_one_gets_it(
    database: str, make_service: Callable[..., Service]
) -> None:
    """All have the same page open: their wish is for that generation, and the others' comes too late."""
    service = make_service(database)
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    link = link_on_phone(service, shipment)
    at_once([partial(ask_for_a_new_code, link, must_be_there=False)] * 50)
    assert [(number, bool(lives)) for number, lives in service.rows(LIVING, shipment)] == [
        (1, False),
        (2, True),
    ]
    assert shop.events(shipment).count("code.rotated") == 1
    assert_sound(service)


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_rotations_resends_and_dispatches_side_by_side_leave_one(
    database: str, make_service: Callable[..., Service]
) -> None:
    service = make_service(database)
    shop, riders = Shop(service), [Rider(service), Rider(service)]
    shipments = [shop.dispatched(riders[0]) for _ in range(5)]
    calls: list[Callable[[], object]] = []
    for shipment in shipments:
        link = link_on_phone(service, shipment)
        calls += [partial(ask_for_a_new_code, link, must_be_there=False)] * 4
        calls += [partial(riders[0].post, f"/shipments/{shipment}/resend", {"channel": None})] * 2
        calls += [
            partial(shop.post, f"/shipments/{shipment}/dispatch", {"courier": rider.id}) for rider in riders
        ]
    at_once(calls)
    for shipment in shipments:
        generations = service.rows(LIVING, shipment)
        assert [number for number, lives in generations if lives] == [len(generations)]
    assert_sound(service)


def test_the_database_itself_takes_no_second_one(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    link_on_phone(service, shipment)
    columns = "key_id, digits, attempts, attempts_before, attempts_allowed, sends, issued_at, expires_at"
    second = (
        f"INSERT INTO handoffs_deliverycode (shipment_id, generation, nonce, ended_because, {columns}) "
        f"SELECT shipment_id, 2, nonce, '', {columns} FROM handoffs_deliverycode d WHERE shipment_id = "
        "(SELECT id FROM orders_shipment WHERE public_id = %s)"
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        service.rows(second, shipment)
