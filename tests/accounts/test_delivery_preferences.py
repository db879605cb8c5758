"""Ada opts out of codes for routine parcels in her account, and back in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.limits import FRESH_FOR
from accounts.models import SecurityEvent
from delivery_otp.invariants import broken
from handoffs.models import AccountOptOut
from handoffs.preferences.account import opt_in
from notifications.models import Message
from orders.models import CodeReason, DeliveryPreference, Shipment
from tests.accounts.deliveries import PAGE, ada, careful, opted_out, press, routine
from tests.accounts.stories import EMAIL, an_account, sign_in, signed_in, text_of
from tests.base import HIGH_STREET, PRICEY, a_shipment, someone
from tests.customers.stories import everything
from tests.handoffs.preference_stories import opt_out as opt_out_on_the_page
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False) as travelled:
        yield travelled


def reason(shipment: Shipment) -> str:
    return str(shipment.code_reason)


def test_with_a_fresh_code_her_routine_parcels_there_come_without_one() -> None:
    merchant, account = careful(), ada()
    before = routine(merchant)
    browser = signed_in()
    page = press(browser, "no-codes", address=before.order.address_key)
    assert "come without a delivery code" in page.content.decode()
    assert reason(routine(merchant)) == CodeReason.OPTED_OUT
    before.refresh_from_db()
    assert before.code_required, "what was ordered before stays as it was"
    happened = account.security_events.filter(what=SecurityEvent.What.CODES_OFF)
    assert happened.count() == 1
    assert list(broken()) == []


def test_high_value_keeps_its_code() -> None:
    merchant = careful()
    opted_out(ada(), routine(merchant))
    assert reason(a_shipment(merchant, value=PRICEY, livemode=True)) == CodeReason.HIGH_VALUE


def test_it_counts_for_her_mailbox_and_for_that_address_alone() -> None:
    merchant = careful()
    first = routine(merchant)
    opted_out(ada(), first)
    elsewhere = {**vars(HIGH_STREET), "line1": "2 Low Street"}
    assert reason(routine(merchant, address=type(HIGH_STREET)(**elsewhere))) == CodeReason.ROUTINE
    assert reason(routine(merchant, recipient=someone(1))) == CodeReason.ROUTINE
    assert DeliveryPreference.objects.get(wish="opted_out").contact == EMAIL


def test_a_stolen_session_opts_nobody_out(clock: time_machine.Traveller) -> None:
    shipment = routine(careful())
    ada()
    browser = signed_in()
    clock.shift(FRESH_FOR)
    answer = browser.post(f"{PAGE}no-codes/", {"address": shipment.order.address_key, "next": PAGE})
    assert answer["Location"].startswith("/account/confirm/")
    answer = browser.post(f"{PAGE}way/", {"channel": "account", "next": PAGE})
    assert answer["Location"].startswith("/account/confirm/")
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()


def test_the_password_alone_does_not_either() -> None:
    shipment = routine(careful())
    ada()
    browser = Client()
    sign_in(browser)
    answer = browser.post(f"{PAGE}no-codes/", {"address": shipment.order.address_key})
    assert answer["Location"].startswith("/account/login/")
    assert not DeliveryPreference.objects.exists()


def test_an_address_of_somebody_else_is_not_there() -> None:
    theirs = routine(careful(), recipient=someone(1), address=HIGH_STREET)
    ada()
    browser = signed_in()
    before = everything()["orders.DeliveryPreference"]
    for address in (theirs.order.address_key, "", "\x00", "x" * 999):
        assert "changed meanwhile" in press(browser, "no-codes", address=address).content.decode()
    assert everything()["orders.DeliveryPreference"] == before


def test_the_same_in_a_second_tab_changes_and_tells_nothing_more() -> None:
    shipment = routine(careful())
    ada()
    browser = signed_in()
    press(browser, "no-codes", address=shipment.order.address_key)
    before = everything()
    assert (
        "changed meanwhile" in press(browser, "no-codes", address=shipment.order.address_key).content.decode()
    )
    after = everything()
    assert [name for name in before if before[name] != after[name]] in ([], ["accounts.AccountSession"])


def test_going_back_asks_for_no_code_and_is_told(clock: time_machine.Traveller) -> None:
    merchant, account = careful(), ada()
    opted_out(account, routine(merchant))
    browser = signed_in()
    clock.shift(FRESH_FOR)
    page = press(browser, "codes-again", address=routine(merchant).order.address_key)
    assert "wherever the shop asks for one" in page.content.decode()
    assert reason(routine(merchant)) == CodeReason.ROUTINE
    told = Message.objects.filter(kind="security_changed").order_by("channel")
    assert [message.channel for message in told] == ["email", "sms"]
    assert "with a delivery code again" in text_of(told[0])
    assert account.security_events.filter(what=SecurityEvent.What.CODES_ON).count() == 1
    assert not AccountOptOut.objects.filter(ended_at=None).exists()


def test_going_back_a_second_time_tells_nothing() -> None:
    account, shipment = ada(), routine(careful())
    opted_out(account, shipment)
    assert opt_in(account, shipment.order.address_key) == 1
    before = everything()
    assert opt_in(account, shipment.order.address_key) == 0
    assert everything() == before


def test_the_page_names_her_address_and_what_still_needs_a_code() -> None:
    merchant = careful()
    plain = routine(merchant, code="never")
    pricey = a_shipment(merchant, livemode=True)
    ada()
    page = signed_in().get(PAGE).content.decode()
    assert "1 High Street, SW1A 1AA" in page
    assert "anything of high value" in page
    listed = page.partition('id="still"')[2].partition("</section>")[0]
    assert pricey.tracking_number in listed
    assert plain.tracking_number not in listed


def test_a_test_order_s_address_is_nobody_s(settings: LazySettings) -> None:
    settings.SANDBOX = False
    shipment = a_shipment(careful())
    ada()
    browser = signed_in()
    assert "High Street" not in browser.get(PAGE).content.decode()
    press(browser, "no-codes", address=shipment.order.address_key)
    assert not DeliveryPreference.objects.exists()


def test_what_is_chosen_on_an_order_s_page_is_in_the_account_s_history() -> None:
    account = an_account(EMAIL)
    shipment, _ = out_for_delivery(careful(), value="12.00", livemode=True)
    opt_out_on_the_page(shipment, "sms")
    assert not account.security_events.exists(), "it was for a telephone that is not verified here"
    opt_out_on_the_page(shipment, "email")
    assert [event.what for event in account.security_events.all()] == ["codes_off"]


def test_more_than_five_a_day_are_not_taken() -> None:
    account, shipment = ada(), routine(careful())
    browser = signed_in()
    for _ in range(5):
        opted_out(account, shipment)
        opt_in(account, shipment.order.address_key)
    assert (
        "Wait 1440 minutes" in press(browser, "no-codes", address=shipment.order.address_key).content.decode()
    )
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1), tick=False):
        opted_out(account, shipment)
