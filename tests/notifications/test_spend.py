"""What messages came to and cost, as far as providers tell and where they do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pytest_django import Settings

from delivery_otp.prices import parse_prices
from notifications import looking, spend, worker
from notifications.models import Message
from tests.notifications.greeting import PHONE
from tests.notifications.servers import Mailbox
from tests.notifications.twilio_stories import bring, sent_sms
from tests.notifications.twilio_stories import told as twilio_says
from tests.servers.twilio import Plan, TwilioStandIn
from tests.servers.twilio.plans import refused

Enqueue = Callable[..., Message]
ZURICH = "+41781234567"
NOTHING = Decimal(0)


def today() -> list[spend.Group]:
    return spend.groups(timezone.now().date())


def only() -> spend.Group:
    (group,) = today()
    return group


def test_a_price_is_the_one_that_the_provider_reports(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.MESSAGE_PRICES = parse_prices(["sms:GB=9"])
    twilio.plan(PHONE, Plan(steps=((0.0, "delivered"),)))
    message = sent_sms(enqueue, payer="mer_acme")
    assert only().tally.estimated == 9
    bring(twilio_says(message, "delivered"))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        looking.look()
    group = only()
    assert (group.payer, group.country, group.channel, group.provider) == ("mer_acme", "GB", "sms", "twilio")
    assert group.tally.reported == {"USD": Decimal("0.04")}
    assert (group.tally.sent, group.tally.arrived, group.tally.estimated) == (1, 1, NOTHING)


def test_until_then_it_is_an_estimate_for_each_segment(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.MESSAGE_PRICES = parse_prices(["sms:GB=0.05", "sms:*=0.5"])
    for phone, segments in ((PHONE, 1), (PHONE, 3), (ZURICH, 1)):
        message = sent_sms(enqueue, to=phone)
        Message.objects.filter(pk=message.pk).update(segments=segments)
    found = {group.country: group.tally for group in today()}
    assert found["GB"].estimated == Decimal("0.20")
    assert found["CH"].estimated == Decimal("0.50")
    assert {tally.unpriced for tally in found.values()} == {0}
    assert found["GB"].reported == {}


def test_without_either_nobody_claims_to_know(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    sent_sms(enqueue)
    assert (only().tally.estimated, only().tally.unpriced) == (NOTHING, 1)


def test_what_was_refused_costs_nothing_and_what_is_silent_is_not_known(
    enqueue: Enqueue, twilio: TwilioStandIn, mailbox: Mailbox, settings: Settings
) -> None:
    settings.MESSAGE_PRICES = parse_prices(["sms:*=1", "email:*=0.001"])
    twilio.plan(PHONE, refused(21211))
    for fields in ({"channel": "sms", "to": PHONE}, {}):
        enqueue(**fields)
    worker.drain()
    found = {group.provider: group.tally for group in today()}
    assert (found["twilio"].failed, found["twilio"].sent, found["twilio"].estimated) == (1, 0, NOTHING)
    assert (found["smtp"].sent, found["smtp"].unknown, found["smtp"].arrived) == (1, 1, 0)
    assert found["smtp"].estimated == Decimal("0.001")


def test_the_sandbox_costs_nothing(enqueue: Enqueue, settings: Settings) -> None:
    settings.MESSAGE_PRICES = parse_prices(["sms:*=1"])
    enqueue(channel="sms", to=PHONE, livemode=False)
    worker.drain()
    group = only()
    assert (group.provider, group.tally.sent, group.tally.estimated) == ("sandbox", 1, NOTHING)
    assert group.tally.unpriced == 0


def test_a_day_is_that_of_utc_and_the_one_before_is_another(enqueue: Enqueue) -> None:
    with time_machine.travel("2026-11-20T23:59:00Z", tick=False):
        enqueue()
    with time_machine.travel("2026-11-21T00:01:00Z", tick=False):
        enqueue()
        assert [str(group.day) for group in spend.groups(timezone.now().date())] == ["2026-11-21"]
        both = spend.groups(timezone.now().date() - timedelta(days=1))
    assert [str(group.day) for group in both] == ["2026-11-20", "2026-11-21"]


def test_the_nearest_cap_comes_first_and_an_address_has_no_name(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.SMS_CAP_PER_COUNTRY_PER_DAY = 4
    settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY = 8
    for _ in range(2):
        sent_sms(enqueue, payer="mer_acme")
    found = [(cap.name, cap.whom, cap.count, cap.most) for cap in spend.used_caps()]
    assert found[:2] == [("country", "GB", 2, 4), ("address", "", 2, 8)]
    assert {name for name, *_ in found} == {"address", "prefix", "country", "payer"}


@pytest.mark.parametrize("entry", ["sms:GB", "sms:gb=1", "post:GB=1", "sms:GB=-1", "sms:GB=1e9", "GB=0.1"])
def test_a_price_in_another_form_stops_the_start(entry: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MESSAGE_PRICES"):
        parse_prices([entry])
