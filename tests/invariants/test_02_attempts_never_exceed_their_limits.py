"""2: never more than 5 attempts a generation and 10 a shipment, nor a courier's budget of wrong codes.

Fifty at once, over HTTP, on PostgreSQL and on SQLite.
"""

from collections import Counter
from functools import partial
from itertools import cycle

import httpx

from tests.invariants.pages import ask_for_a_new_code, rotation_form
from tests.scenarios.world import (
    Program,
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

AT_ONCE = 50


def test_of_fifty_wrong_codes_five_are_judged_and_the_right_one_is_then_refused(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    right = code_on_phone(service, shipment)
    wrong = other_than(right)
    answers = at_once([partial(rider.hand_over, shipment, wrong)] * AT_ONCE)
    assert Counter(map(outcome, answers)) == {"wrong_code": 5, "code_locked": AT_ONCE - 5}
    assert sorted(a.json()["attempts_left"] for a in answers if outcome(a) == "wrong_code") == [0, 1, 2, 3, 4]
    assert outcome(rider.hand_over(shipment, right)) == "code_locked"
    assert shop.events(shipment).count("code.wrong") == 5
    assert_sound(service)


def test_a_courier_guessing_on_fifty_shipments_at_once_is_judged_fifteen_times(service: Service) -> None:
    """With three handhelds: the budget is the person's."""
    shop = Shop(service)
    courier = shop.post("/couriers", {"name": "Carl"}).json()["id"]
    three = [Handheld(shop, courier) for _ in range(3)]
    shipments = [shop.dispatched(three[0]) for _ in range(AT_ONCE)]
    wrongs = {shipment: other_than(code_on_phone(service, shipment)) for shipment in shipments}
    handhelds = cycle(three)
    guesses = [partial(next(handhelds).hand_over, shipment, wrong) for shipment, wrong in wrongs.items()]
    assert Counter(map(outcome, at_once(guesses))) == {"wrong_code": 15, "courier_suspended": AT_ONCE - 15}
    assert_sound(service)


def test_guesses_between_rotations_are_judged_ten_times_in_all(service: Service) -> None:
    shop, riders = Shop(service), [Rider(service) for _ in range(3)]
    shipment = shop.dispatched(riders[0])
    judged = 0
    for rider in riders:  # each a person of their own, so that no courier's budget comes into it
        shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id})
        wrong = other_than(code_on_phone(service, shipment))
        answers = at_once([partial(rider.hand_over, shipment, wrong)] * 10)
        judged += sum(outcome(a) == "wrong_code" for a in answers)
        if judged < 10:
            ask_for_a_new_code(link_on_phone(service, shipment))
    assert judged == 10
    assert shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 0
    assert rotation_form(httpx.get(link_on_phone(service, shipment), trust_env=False).text) is None
    assert_sound(service)


class Handheld(Rider):
    """One more handheld of a merchant's own courier."""

    def __init__(self, shop: Shop, courier: str) -> None:
        made = shop.post(f"/couriers/{courier}/enrolment").json()
        body = {"enrolment_code": made["enrolment_code"], "name": "handheld"}
        enrolled = Program(shop.service, surface="/courier").post("/devices", body)
        self.id, self.token = courier, enrolled.json()["token"]
        Program.__init__(self, shop.service, self.token, surface="/courier")
