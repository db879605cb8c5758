"""Rotating and unlocking: a new generation within the shipment's ten attempts."""

import pytest

from accounts.models import User
from handoffs.models import DeliveryCode
from orders.models import Shipment
from support.roles import AGENT
from tests.handoffs.stories import living_code, out_for_delivery
from tests.support.stories import a_member, act, deeds, locked, page_of, said, signed_in, spent, words

pytestmark = pytest.mark.django_db


def generations(shipment: Shipment) -> int:
    return DeliveryCode.objects.filter(shipment=shipment).count()


def test_a_rotation_ends_the_code_and_names_who_did_it() -> None:
    shipment, _ = out_for_delivery()
    staff = a_member(AGENT)
    client = signed_in(user=staff)
    assert "A new code is on its way" in said(client, act(client, shipment, "rotate"))
    assert living_code(shipment).generation == 2
    event = shipment.events.get(type="code.rotated")
    assert (event.actor_kind, event.actor_id) == ("staff", staff.public_id)
    assert event.data == {"generation": 1, "because": "support"}
    assert User.objects.get(public_id=event.actor_id) == staff


def test_a_second_click_makes_no_second_code() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(AGENT)
    act(client, shipment, "rotate", generation=1)
    assert "newer code" in said(client, act(client, shipment, "rotate", generation=1))
    assert generations(shipment) == 2
    assert deeds(shipment) == [("code.rotate", "done"), ("code.rotate", "not_found")]


def test_the_same_form_twice_is_done_once() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(AGENT)
    act(client, shipment, "rotate", key="b" * 32)
    assert "done already" in said(client, act(client, shipment, "rotate", key="b" * 32))
    assert generations(shipment) == 2
    assert deeds(shipment) == [("code.rotate", "done")]


def test_unlocking_gives_a_code_with_what_is_left_of_ten() -> None:
    shipment = locked()
    client = signed_in(AGENT)
    assert "Unlocked" in said(client, act(client, shipment, "unlock"))
    code = living_code(shipment)
    assert (code.generation, code.attempts_allowed, code.attempts_before) == (2, 5, 5)


def test_only_what_is_locked_is_unlocked() -> None:
    shipment, _ = out_for_delivery()
    client = signed_in(AGENT)
    for generation in (1, ""):
        response = act(client, shipment, "unlock", generation=generation)
        assert "does not fit" in said(client, response)
    assert generations(shipment) == 1


def test_none_can_be_had_once_all_ten_are_used() -> None:
    shipment = spent()
    client = signed_in(AGENT)
    assert "All 10 tries of this shipment are used up" in words(client.get(page_of(shipment)))
    assert "/unlock/" not in client.get(page_of(shipment)).content.decode()
    for name in ("unlock", "rotate"):
        assert "All 10 tries" in said(client, act(client, shipment, name))
    assert generations(shipment) == 2


@pytest.mark.parametrize(
    "reason", ["", "   ", "code was 123456", "12 34 56", "call +44 7400", "x@example.com"]
)
def test_without_a_fit_reason_nothing_happens(reason: str) -> None:
    shipment, _ = out_for_delivery()
    assert act(signed_in(AGENT), shipment, "rotate", reason=reason).status_code == 400
    assert generations(shipment) == 1
    assert deeds(shipment) == []
