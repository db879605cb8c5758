"""What a new generation is made of."""

import datetime

import pytest
from django.conf import LazySettings
from django.utils import timezone

from codes.comparison import Likeness
from handoffs.holders import holders_of, likeness_of
from handoffs.issue import attempts_remaining, issue, may_issue
from handoffs.limits import ATTEMPTS_PER_SHIPMENT, GENERATIONS_PER_SHIPMENT
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from orders.models import Merchant, Shipment
from tests.base import a_shipment
from tests.handoffs.stories import living_code, out_for_delivery

NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


def a_code(generation: int = 1, before: int = 0, attempts: int = 0) -> DeliveryCode:
    return DeliveryCode(generation=generation, attempts_before=before, attempts=attempts)


@pytest.mark.parametrize(
    ("before", "attempts", "remaining"), [(0, 0, 10), (0, 5, 5), (5, 4, 1), (5, 5, 0), (3, 2, 5)]
)
def test_what_is_left_is_what_no_generation_was_charged(before: int, attempts: int, remaining: int) -> None:
    assert attempts_remaining(None) == ATTEMPTS_PER_SHIPMENT
    assert attempts_remaining(a_code(before=before, attempts=attempts)) == remaining


@pytest.mark.parametrize(
    ("latest", "may"),
    [
        (None, True),
        (a_code(before=5, attempts=4), True),
        (a_code(before=5, attempts=5), False),
        (a_code(generation=GENERATIONS_PER_SHIPMENT - 1), True),
        (a_code(generation=GENERATIONS_PER_SHIPMENT), False),
        (a_code(generation=GENERATIONS_PER_SHIPMENT + 1), False),
    ],
)
def test_another_is_issued_while_attempts_and_generations_are_left(
    latest: DeliveryCode | None, may: bool
) -> None:
    assert may_issue(Shipment(), latest, NOW) is may


def test_a_hold_ends_at_its_moment() -> None:
    held = Shipment(code_held_until=NOW)
    assert not may_issue(held, None, NOW - datetime.timedelta(microseconds=1))
    assert may_issue(held, None, NOW)


@pytest.mark.django_db
def test_the_first_has_number_one_and_five_attempts() -> None:
    shipment, _ = out_for_delivery()
    code = living_code(shipment)
    assert (code.generation, code.attempts_before, code.attempts_allowed, code.attempts) == (1, 0, 5, 0)
    assert code.predecessor_mark is None


@pytest.mark.django_db
def test_the_newest_key_issues(settings: LazySettings) -> None:
    settings.DELIVERY_CODE_KEYS = {"old": b"o" * 32, "older": b"r" * 32, "new": b"n" * 32}
    shipment, _ = out_for_delivery()
    assert living_code(shipment).key_id == "new"


@pytest.mark.django_db
def test_the_next_knows_the_code_that_it_replaced() -> None:
    shipment, _ = out_for_delivery()
    first = living_code(shipment)
    old = first.code_of()
    second = issue(shipment, first, now=timezone.now())
    second.shipment = shipment
    holders = holders_of(second, (), timezone.now())
    assert likeness_of(second, old, holders) == Likeness.SUPERSEDED


@pytest.mark.django_db
def test_a_code_of_another_length_is_not_remembered() -> None:
    """Nobody could type it where the merchant's codes are longer by now."""
    shipment, _ = out_for_delivery()
    Merchant.objects.update(code_digits=8)
    fresh = Shipment.objects.select_related("order__merchant").get(pk=shipment.pk)
    second = issue(fresh, living_code(shipment), now=timezone.now())
    assert (second.digits, second.predecessor_mark) == (8, None)


@pytest.mark.django_db
def test_one_that_has_ended_is_not_ended_again() -> None:
    shipment, _ = out_for_delivery()
    DeliveryCode.objects.filter(shipment=shipment).end(EndReason.EXPIRED, NOW)
    latest = DeliveryCode.objects.latest_of(shipment)
    assert latest is not None
    issue(shipment, latest, now=timezone.now())
    latest.refresh_from_db()
    assert (latest.ended_because, latest.ended_at) == (EndReason.EXPIRED, NOW)


@pytest.mark.django_db
def test_before_dispatch_there_is_none() -> None:
    assert DeliveryCode.objects.latest_of(a_shipment()) is None
