"""Fifty at once, over HTTP, on PostgreSQL and on SQLite: the limits hold to the last attempt."""

import re
from collections import Counter
from functools import partial

import httpx

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


def test_fifty_requests_under_one_key_are_one_check_with_equal_answers(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    wrong = other_than(code_on_phone(service, shipment))
    answers = at_once([partial(rider.hand_over, shipment, wrong, key="one key")] * AT_ONCE)
    assert {a.status_code for a in answers} == {422}
    assert len({a.content for a in answers}) == 1
    assert Counter(a.headers.get("Idempotent-Replayed") for a in answers) == {None: 1, "true": AT_ONCE - 1}
    assert shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 4
    assert_sound(service)


def test_a_courier_guessing_on_fifty_shipments_at_once_is_judged_fifteen_times(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipments = [shop.dispatched(rider) for _ in range(AT_ONCE)]
    wrongs = {shipment: other_than(code_on_phone(service, shipment)) for shipment in shipments}
    answers = at_once([partial(rider.hand_over, shipment, wrong) for shipment, wrong in wrongs.items()])
    assert Counter(map(outcome, answers)) == {"wrong_code": 15, "courier_suspended": AT_ONCE - 15}
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


def rotation_form(page: str) -> str | None:
    return next(
        (form for form in re.findall(r"<form.*?</form>", page, re.S) if 'action="new-code/' in form), None
    )


def ask_for_a_new_code(link: str) -> None:
    """What the recipient does on their page: the form that rotates the code."""
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        form = rotation_form(browser.get(link).text)
        assert form
        action = re.search(r'action="([^"]*)"', form)
        assert action
        target = httpx.URL(link).join(action[1])
        origin = f"{target.scheme}://{target.netloc.decode()}"
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        assert browser.post(target, data=fields, headers={"Origin": origin}).status_code == 200
