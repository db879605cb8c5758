"""4: one delivered event and one proof per shipment."""

from collections import Counter
from functools import partial

from tests.scenarios.world import Rider, Shop, assert_sound, at_once, code_on_phone, outcome
from tests.servers import Service

AT_ONCE = 50


def test_fifty_right_codes_make_one_delivery(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    right = code_on_phone(service, shipment)
    answers = at_once([partial(rider.hand_over, shipment, right)] * AT_ONCE)
    assert Counter(map(outcome, answers)) == {"delivered": 1, "already_delivered": AT_ONCE - 1}
    proofs = {a.json()["proof"]["id"] for a in answers}
    assert len(proofs) == 1
    assert shop.get(f"/shipments/{shipment}/proof").json()["id"] in proofs
    assert shop.events(shipment).count("shipment.delivered") == 1
    assert_sound(service)
