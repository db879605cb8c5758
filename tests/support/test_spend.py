"""The page that says how many messages went, what became of them and what they cost."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from delivery_otp.prices import parse_prices
from notifications.models import Message, MessageCount
from support.roles import AGENT, AUDITOR, DEPOT, LEAD, MERCHANTS, SUPERVISOR
from tests.base import acme
from tests.support.stories import ROLES, signed_in, words

pytestmark = pytest.mark.django_db

PAGE = "/admin/spend/"
ALLOWED = {LEAD, MERCHANTS, AUDITOR}


def a_message(state: str = "received", **fields: Any) -> Message:
    now = timezone.now()
    taken = {"sent_at": now} if state in ("sent", "received") else {}
    waits = {"next_try_at": now if state == "queued" else None}
    received = {"received_at": now} if state == "received" else {}
    usual: dict[str, Any] = {
        "kind": "delivery_code",
        "about": "shp_1",
        "to": "+447400123456",
        "channel": "sms",
    }
    usual |= {"livemode": True, "provider": "twilio", "country": "GB"}
    return Message.objects.create(**usual | {"state": state} | taken | waits | received | fields)


@pytest.mark.parametrize("role", ROLES)
def test_it_opens_for_those_with_its_permission_alone(role: str) -> None:
    assert {AGENT, SUPERVISOR, DEPOT} | ALLOWED == set(ROLES)
    client = signed_in(role)
    assert client.get(PAGE).status_code == (200 if role in ALLOWED else 403)
    assert (PAGE in client.get("/admin/").content.decode()) == (role in ALLOWED)


def test_an_empty_period_says_so() -> None:
    shown = words(signed_in().get(PAGE))
    assert "Nothing was written in these 7 days" in shown
    assert "No real message has been counted under a cap today" in shown


def test_what_became_of_messages_is_counted_by_day_shop_country_and_way(settings: Settings) -> None:
    settings.MESSAGE_PRICES = parse_prices(["sms:CH=0.25"])
    shop = acme("Acme")
    a_message(payer=shop.public_id, price="0.04", price_currency="USD")
    a_message("sent", payer=shop.public_id, country="CH")
    a_message("failed", provider="smtp", channel="email", country="", to="ada@example.com")
    a_message("queued", provider="", country="")
    shown = words(signed_in().get(PAGE))
    assert (
        "2 accepted by a provider 1 known to have arrived 1 not yet known 1 failed 1 still to be sent"
        in shown
    )
    assert "0.0400 USD charged, as providers report about 0.2500 USD more by estimate" in shown
    assert f"{timezone.now():%Y-%m-%d} 2 1 1 1 0.0400 USD about 0.2500 USD" in shown
    assert "Acme 2 1 1 0 0.0400 USD about 0.2500 USD" in shown
    assert "No shop 0 0 0 1 - -" in shown
    assert "GB 1 1 0 0 0.0400 USD -" in shown
    assert "CH 1 0 1 0 - about 0.2500 USD" in shown
    assert "SMS, Twilio 2 1 1 0" in shown
    assert "E-mail, mail server 0 0 0 1 - -" in shown


def test_the_picture_has_a_bar_for_each_outcome_as_high_as_its_share() -> None:
    for state in ("received", "received", "sent", "failed"):
        a_message(state)
    body = signed_in().get(f"{PAGE}?days=1").content.decode()
    assert '<rect class="arrived" x="4" y="50.0" width="16" height="50.0"/>' in body
    assert '<rect class="unknown" x="4" y="25.0" width="16" height="25.0"/>' in body
    assert '<rect class="failed" x="4" y="0.0" width="16" height="25.0"/>' in body
    assert "style=" not in body.partition("<main")[2]


def test_one_shop_is_shown_by_itself() -> None:
    shop, other = acme("Acme"), acme("Bricks")
    a_message(payer=shop.public_id)
    for _ in range(2):
        a_message(payer=other.public_id, country="FR")
    shown = words(signed_in().get(f"{PAGE}?merchant={other.public_id}"))
    assert "Messages and spend: Bricks" in shown
    assert "2 accepted by a provider" in shown
    assert "FR 2 2 0 0" in shown
    assert "GB" not in shown
    assert signed_in().get(f"{PAGE}?merchant=mer_none").status_code == 404


def test_a_cap_that_is_nearly_spent_is_marked(settings: Settings) -> None:
    settings.SMS_CAP_PER_COUNTRY_PER_DAY, shop = 10, acme("Acme", sms_a_day=4)
    today = timezone.now().date()
    MessageCount.objects.create(name="country", whom="GB", day=today, count=9)
    MessageCount.objects.create(name="payer", whom=shop.public_id, day=today, count=1)
    MessageCount.objects.create(name="address", whom="d1ge57" * 10, day=today, count=3)
    shown = words(signed_in().get(PAGE))
    assert "country GB 9 10 90 %, nearly spent" in shown
    assert "Acme 1 4 25 %" in shown
    assert "one address 3 30 10 %" in shown
    assert "d1ge57" not in shown


def test_what_is_asked_for_in_another_form_is_a_week() -> None:
    assert "in these 7 days" in words(signed_in().get(f"{PAGE}?days=1e9"))
