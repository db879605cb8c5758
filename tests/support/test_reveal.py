"""The whole contact: hidden, shown once for a reason, and written down."""

import pytest
from django.db import DatabaseError, connection, transaction

from orders.models import Shipment
from support.models import StaffAction
from support.roles import LEAD
from tests.handoffs.stories import out_for_delivery
from tests.support.stories import EMAIL, PHONE, STREET, a_member, deeds, page_of, send, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipment() -> Shipment:
    return out_for_delivery()[0]


def reveal_of(shipment: Shipment) -> str:
    return f"{page_of(shipment)}contact/whole/"


def test_it_is_shown_for_a_reason_and_kept_on_the_timeline(shipment: Shipment) -> None:
    client = signed_in(user=a_member(LEAD, name="Lea"))
    response = send(client, reveal_of(shipment), reason="Courier is lost")
    assert all(shown in words(response) for shown in (PHONE, EMAIL, STREET))
    assert "no-store" in response["Cache-Control"]
    assert deeds(shipment) == [("contact.reveal", "done")]
    assert "Lea (staff) looked at the whole contact. Courier is lost" in words(client.get(page_of(shipment)))


def test_asking_shows_nothing_and_writes_nothing(shipment: Shipment) -> None:
    client = signed_in(LEAD)
    for response in (client.get(reveal_of(shipment)), send(client, reveal_of(shipment), reason="")):
        assert not any(hidden in words(response) for hidden in (PHONE, EMAIL, STREET))
    assert deeds(shipment) == []


def test_a_form_shows_it_once(shipment: Shipment) -> None:
    client = signed_in(LEAD)
    send(client, reveal_of(shipment), key="e" * 32)
    assert send(client, reveal_of(shipment), key="e" * 32).status_code == 302
    assert deeds(shipment) == [("contact.reveal", "done")]


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = ''", "DELETE FROM {}"])
def test_what_staff_did_cannot_be_rewritten(shipment: Shipment, statement: str) -> None:
    send(signed_in(LEAD), reveal_of(shipment))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("support_staffaction"))
    assert StaffAction.objects.count() == 1
