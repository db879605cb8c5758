"""Ada's parcels and what she chooses for them in her account."""

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from handoffs.models import AccountOptOut
from handoffs.preferences.account import opt_out
from orders.models import Merchant, Shipment
from tests.accounts.stories import EMAIL, PHONE, an_account
from tests.base import CHEAP, a_shipment, acme

PAGE = "/account/deliveries/"


def careful() -> Merchant:
    """A shop whose routine parcels need a code too."""
    return acme(code_for_routine=True)


def routine(merchant: Merchant, **fields: Any) -> Shipment:
    return a_shipment(merchant, value=CHEAP, livemode=True, **fields)


def ada() -> User:
    """With the contacts that her orders are for, and an account that she did not open just now."""
    return an_account(EMAIL, phone=PHONE, last_login=timezone.now())


def press(browser: Client, form: str, **fields: str) -> Any:
    return browser.post(f"{PAGE}{form}/", fields, follow=True)


def opted_out(account: User, shipment: Shipment) -> AccountOptOut:
    choice = opt_out(account, shipment.order.address_key)
    assert isinstance(choice, AccountOptOut), choice
    return choice
