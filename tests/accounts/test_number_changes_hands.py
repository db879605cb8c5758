"""A phone number that has come to somebody else: the account that had it before neither makes their
deliveries less careful nor keeps it once they verify it."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, User
from handoffs.models import AccountOptOut
from notifications.models import Message
from orders.models import CodeReason, DeliveryPreference, Shipment
from tests.accounts.deliveries import PAGE, careful, opted_out, press, routine
from tests.accounts.stories import EMAIL, PHONE, an_account, newest_code, signed_in, type_code

pytestmark = pytest.mark.django_db
FORMER = "former@example.com"


def the_former_holder() -> User:
    return an_account(FORMER, phone=PHONE, last_login=timezone.now())


def verify_phone(browser: Client) -> None:
    browser.post("/account/phone/", {"channel": "sms", "country": "GB", "phone": "07400 123456"})
    assert type_code(browser, newest_code(), "/account/phone/code/").status_code == 302


def next_reason(shipment: Shipment) -> str:
    return str(routine(shipment.order.merchant).code_reason)


def test_the_number_alone_opts_nobody_out() -> None:
    shipment = routine(careful())
    the_former_holder()
    former = signed_in(email=FORMER)
    assert "1 High Street" not in former.get(PAGE).content.decode()
    page = press(former, "no-codes", address=shipment.order.address_key).content.decode()
    assert "changed meanwhile" in page
    assert not AccountOptOut.objects.exists()
    assert next_reason(shipment) == CodeReason.ROUTINE


def test_nor_does_a_mailbox_with_another_s_number() -> None:
    shipment = routine(careful())
    an_account(EMAIL, phone="+447400999888", last_login=timezone.now())
    press(signed_in(), "no-codes", address=shipment.order.address_key)
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()


def test_who_has_both_opts_the_mailbox_out_and_not_the_number() -> None:
    shipment = routine(careful())
    opted_out(an_account(EMAIL, phone=PHONE), shipment)
    assert DeliveryPreference.objects.get(wish="opted_out").contact == EMAIL
    assert next_reason(shipment) == CodeReason.OPTED_OUT


def test_who_verifies_it_takes_it_off_the_other_account_which_is_told() -> None:
    former = the_former_holder()
    an_account()
    ada = signed_in()
    verify_phone(ada)
    former.refresh_from_db()
    assert (former.phone, former.phone_verified_at, former.ways) == ("", None, {"email": FORMER})
    assert User.objects.get(phone=PHONE).email == EMAIL
    told = Message.objects.filter(kind="phone_changed", to=FORMER)
    assert told.count() == 1
    assert former.security_events.get().what == SecurityEvent.What.PHONE_REMOVED


def test_the_former_holder_then_sees_nothing_of_her_parcels() -> None:
    shipment = routine(careful())
    the_former_holder()
    former = signed_in(email=FORMER)
    assert shipment.tracking_number in former.get("/account/").content.decode()
    an_account()
    verify_phone(signed_in())
    assert shipment.tracking_number not in former.get("/account/").content.decode()
