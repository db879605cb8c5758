"""The model in scripts/simulating does as the verbs do; the years it tells of are not suspended."""

import datetime
from random import Random

import pytest
import time_machine
from simulating import model
from simulating.stories import guessers, honest

from handoffs.cancel import cancel
from handoffs.models import CourierDay
from handoffs.rotate import Because, rotate
from orders.models import Actor, Shipment
from tests.handoffs.stories import ACME, a_device, out_for_delivery, result, right_code, submit

RECIPIENT = Actor("recipient")
MONDAY = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)
DAYS = (
    0,
    0,
    1,
    2,
    89,
    90,
    91,
    92,
)  # of each look-back of the budget, the last day in it and the first past it


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_model_judges_charges_and_gives_back_as_the_verbs_do(seed: int) -> None:
    random, device, courier = Random(seed), a_device(), model.Courier()
    compared = []
    for days in DAYS:
        with time_machine.travel(MONDAY + datetime.timedelta(days=days), tick=False):
            for _ in range(4):
                shipment, _ = out_for_delivery(device=device)
                parcel = model.Parcel(right_code(shipment))
                for _ in range(random.randrange(1, 9)):
                    if parcel.attempts_left == 0 and parcel.judged < 10 and random.random() < 0.7:
                        _rotated(shipment, parcel)
                    typed = _typed(random, parcel)
                    said = result(submit(device, shipment, typed))
                    compared.append((said, model.hand_over(courier, parcel, typed, days)))
                    if parcel.is_closed:
                        break
                else:
                    parcel.close()
                    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    assert [said for said, _ in compared] == [expected for _, expected in compared]
    assert {said for said, _ in compared} >= {"delivered", "wrong_code", "courier_suspended"}
    rows = CourierDay.objects.filter(wrong_codes__gt=0).values_list("day", "wrong_codes")
    kept = {MONDAY.date() + datetime.timedelta(days=day): wrong for day, wrong in courier.wrong.items()}
    assert dict(rows) == kept


def _rotated(shipment: Shipment, parcel: model.Parcel) -> None:
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=RECIPIENT,
        because=Because.ASKED_FOR,
    )
    parcel.rotate(right_code(shipment))


def _typed(random: Random, parcel: model.Parcel) -> str:
    kind = random.random()
    if kind < 0.1:
        return parcel.right
    return (model.a_slip if kind < 0.5 else model.something_else)(random, parcel.right)


def test_an_honest_courier_is_never_suspended() -> None:
    told = honest(Random(1), years=20)
    assert told.wrong_codes > 20 * 500
    assert told.days_suspended == 0


def test_without_giving_back_every_honest_courier_would_be() -> None:
    assert honest(Random(1), years=10, gives_back=False).years_suspended == 10


def test_who_guesses_all_year_has_the_budget_and_what_looked_like_a_slip() -> None:
    told = guessers(Random(1), years=3, couriers=1, digits=6, shared=False)
    assert (told.most_in_a_year, told.given_back) == (96, 0)
    few_digits = guessers(Random(1), years=3, couriers=1, digits=2, shared=False)
    assert few_digits.most_in_a_year - 96 <= few_digits.given_back


def test_a_depot_that_guesses_together_has_no_more_than_each_alone() -> None:
    told = guessers(Random(1), years=2, couriers=5, digits=6, shared=True)
    assert (told.most_in_a_year, told.most_at_a_parcel) == (5 * 96, 10)
