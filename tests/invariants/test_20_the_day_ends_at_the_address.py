"""20: one clock, UTC, decides; a code lives until three hours after midnight at the address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from handoffs.confirm import Handoff, Submission, confirm
from handoffs.lifetime import expiry_of
from orders.models import Merchant, Order
from tests.base import HIGH_STREET
from tests.handoffs.stories import living_code, out_for_delivery, result, right_code, submit, wrong_code


def order_in(timezone: str, hours: int | None = None) -> Order:
    return Order(timezone=timezone, merchant=Merchant(code_hours=hours))


@pytest.mark.parametrize(
    ("timezone", "issued", "expires"),
    [
        ("Europe/London", "2026-11-22T09:00", "2026-11-23T03:00"),
        ("Europe/London", "2026-11-22T23:59", "2026-11-23T03:00"),
        ("Europe/London", "2026-11-23T00:00", "2026-11-24T03:00"),
        ("Europe/London", "2026-07-22T09:00", "2026-07-23T02:00"),
        # Summer time begins and ends in the night: three hours have passed all the same.
        ("Europe/London", "2026-03-28T12:00", "2026-03-29T03:00"),
        ("Europe/London", "2026-10-24T12:00", "2026-10-25T02:00"),
        ("America/Sao_Paulo", "2026-11-22T12:00", "2026-11-23T06:00"),
        # Here the change skipped midnight itself (4 November 2018): the day began at 01:00.
        ("America/Sao_Paulo", "2018-11-03T12:00", "2018-11-04T06:00"),
        # On both sides of the date line it is another day at the same moment.
        ("Pacific/Kiritimati", "2026-11-22T09:00", "2026-11-22T13:00"),
        ("Pacific/Kiritimati", "2026-11-22T10:00", "2026-11-23T13:00"),
        ("Pacific/Pago_Pago", "2026-11-22T10:00", "2026-11-22T14:00"),
        ("Asia/Kathmandu", "2026-11-22T10:00", "2026-11-22T21:15"),
        ("Australia/Lord_Howe", "2026-04-04T10:00", "2026-04-04T16:00"),
    ],
)
def test_the_day_ends_at_the_address(timezone: str, issued: str, expires: str) -> None:
    moment = datetime.fromisoformat(issued).replace(tzinfo=UTC)
    assert expiry_of(order_in(timezone), moment) == datetime.fromisoformat(expires).replace(tzinfo=UTC)


def test_the_policy_may_say_hours() -> None:
    moment = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert expiry_of(order_in("Europe/London", hours=6), moment) == datetime(2026, 3, 29, 5, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("timezone", ["Pacific/Kiritimati", "Europe/London", "Pacific/Pago_Pago"])
def test_a_clock_an_hour_off_moves_the_end_by_nothing(timezone: str) -> None:
    """The end is a moment that was written once; no clock of the address has a say any more."""
    moment = datetime(2026, 10, 24, 9, tzinfo=UTC)  # of the night in which summer time ends in London
    with time_machine.travel(moment, tick=False):
        shipment, device = out_for_delivery(address=replace(HIGH_STREET, timezone=timezone))
        end, right = living_code(shipment).expires_at, right_code(shipment)
    for offset, said in ((-60, "wrong_code"), (0, "code_expired"), (60, "code_expired"), (-61, "wrong_code")):
        with time_machine.travel(end + timedelta(minutes=offset), tick=False):
            assert result(submit(device, shipment, wrong_code(shipment))) == said
    with time_machine.travel(end - timedelta(microseconds=1), tick=False):
        assert result(submit(device, shipment, right)) == "delivered"


@pytest.mark.django_db
def test_what_the_handheld_says_of_the_time_decides_nothing() -> None:
    shipment, device = out_for_delivery()
    end = living_code(shipment).expires_at
    with time_machine.travel(end + timedelta(minutes=1), tick=False):
        handoff = Handoff(
            shipment.public_id,
            right_code(shipment),
            None,
            "recipient",
            location=None,
            occurred_at=end - timedelta(hours=1),
        )
        told = confirm(Submission(device.token_digest, "k", handoff, "r"))
        assert result(told) == "code_expired"
