"""Sending the code again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import DeliveryCode
from notifications.models import Message
from orders.models import Shipment
from support.roles import AGENT
from tests.handoffs.stories import out_for_delivery
from tests.support.stories import act, deeds, said, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipment() -> Shipment:
    out, _ = out_for_delivery()
    DeliveryCode.objects.update(last_sent_at=timezone.now() - timedelta(minutes=2))
    return out


def sent(shipment: Shipment) -> list[str]:
    about = Message.objects.filter(about=shipment.public_id, kind="delivery_code")
    return list(about.order_by("id").values_list("channel", flat=True))


def test_it_goes_by_the_channel_that_was_chosen(shipment: Shipment) -> None:
    client = signed_in(AGENT)
    assert "on its way" in said(client, act(client, shipment, "resend", channel="email"))
    assert sent(shipment) == ["sms", "email"]
    assert DeliveryCode.objects.count() == 1
    assert deeds(shipment) == [("code.resend", "done")]


def test_a_second_click_sends_nothing_more(shipment: Shipment) -> None:
    client = signed_in(AGENT)
    act(client, shipment, "resend", key="a" * 32, channel="email")
    DeliveryCode.objects.update(last_sent_at=timezone.now() - timedelta(minutes=2))
    assert "done already" in said(client, act(client, shipment, "resend", key="a" * 32, channel="email"))
    assert sent(shipment) == ["sms", "email"]
    assert deeds(shipment) == [("code.resend", "done")]


def test_within_a_minute_it_says_how_long_to_wait(shipment: Shipment) -> None:
    DeliveryCode.objects.update(last_sent_at=timezone.now())
    client = signed_in(AGENT)
    assert "has just gone out" in said(client, act(client, shipment, "resend", channel="sms"))
    assert sent(shipment) == ["sms"]
    assert deeds(shipment) == [("code.resend", "rate_limited")]


def test_an_old_page_sends_nothing(shipment: Shipment) -> None:
    client = signed_in(AGENT)
    act(client, shipment, "rotate")
    assert "newer code" in said(client, act(client, shipment, "resend", channel="sms", generation=1))


def test_a_next_code_is_put_down_to_who_asked(shipment: Shipment) -> None:
    DeliveryCode.objects.update(expires_at=timezone.now())
    act(signed_in(AGENT), shipment, "resend", channel="sms")
    event = shipment.events.filter(type="code.issued").order_by("sequence").last()
    assert event is not None
    assert (event.actor_kind, event.data) == ("staff", {"generation": 2})


def test_a_channel_that_does_not_lead_there_is_refused(shipment: Shipment) -> None:
    assert act(signed_in(AGENT), shipment, "resend", channel="pigeon").status_code == 400
    assert sent(shipment) == ["sms"]
