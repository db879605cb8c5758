"""The charge is one conditional UPDATE: what was read before it decides nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from handoffs.models import CourierDay, DeliveryCode
from handoffs.models.codes import EndReason
from tests.base import carl
from tests.handoffs.stories import living_code, out_for_delivery, result, right_code, submit, wrong_code

pytestmark = pytest.mark.django_db


def stored(code: DeliveryCode) -> DeliveryCode:
    return DeliveryCode.objects.get(pk=code.pk)


def test_a_row_that_was_read_before_the_last_attempt_charges_nothing() -> None:
    shipment, _ = out_for_delivery()
    early, code = living_code(shipment), living_code(shipment)
    now = timezone.now()
    assert [code.charge(consume=False, now=now) for _ in range(6)] == [True] * 5 + [False]
    assert (code.attempts, code.attempts_left) == (5, 0)
    assert not early.charge(consume=False, now=now)
    assert not early.charge(consume=True, now=now)
    assert (early.attempts, stored(code).attempts, stored(code).ended_at) == (0, 5, None)


def test_rows_that_were_read_together_count_each_attempt() -> None:
    shipment, _ = out_for_delivery()
    for code in [living_code(shipment) for _ in range(3)]:
        assert code.charge(consume=False, now=timezone.now())
    assert living_code(shipment).attempts == 3


def test_a_generation_that_has_ended_charges_nothing() -> None:
    shipment, _ = out_for_delivery()
    code, now = living_code(shipment), timezone.now()
    DeliveryCode.objects.filter(pk=code.pk).end(EndReason.CLOSED, now)
    assert not code.charge(consume=True, now=now)
    assert (stored(code).attempts, stored(code).ended_because) == (0, EndReason.CLOSED)


def test_a_code_is_consumed_once() -> None:
    shipment, _ = out_for_delivery()
    first, second = living_code(shipment), living_code(shipment)
    now = timezone.now()
    assert first.charge(consume=True, now=now)
    assert not second.charge(consume=True, now=now)
    used = stored(first)
    assert (used.attempts, used.ended_because, used.nonce) == (1, EndReason.USED, None)


def test_an_emptied_cache_gives_no_attempt_back() -> None:
    shipment, device = out_for_delivery()
    wrong, told = wrong_code(shipment), []
    for _ in range(6):
        told.append(result(submit(device, shipment, wrong)))
        cache.clear()
    assert told == ["wrong_code"] * 5 + ["code_locked"]


def test_a_handoff_is_never_part_of_a_larger_transaction() -> None:
    """It would answer before the COMMIT that holds its charge."""
    shipment, device = out_for_delivery()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        submit(device, shipment, right_code(shipment))
    assert living_code(shipment).attempts == 0


def test_a_code_is_usable_before_its_moment_and_while_an_attempt_is_left() -> None:
    now, moment = timezone.now(), timedelta(microseconds=1)
    code = DeliveryCode(attempts=4, attempts_allowed=5, expires_at=now)
    assert (code.is_usable(now - moment), code.is_over(now - moment)) == (True, False)
    assert (code.is_usable(now), code.is_over(now)) == (False, True)
    spent = DeliveryCode(attempts=5, attempts_allowed=5, expires_at=now + moment)
    assert (spent.is_usable(now), spent.is_locked, code.is_locked) == (False, True, False)


def test_a_day_without_wrong_codes_has_none_to_give_back() -> None:
    courier = carl()
    today = courier.depot.today()
    CourierDay.give_back(courier.pk, today)
    day = CourierDay.objects.create(courier=courier, day=today, wrong_codes=1)
    for _ in range(2):
        CourierDay.give_back(courier.pk, today)
    day.refresh_from_db()
    assert day.wrong_codes == 0
