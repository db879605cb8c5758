"""A person's account can be forgotten, and what they had chosen goes with it."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.factors import recovery
from accounts.models import SecurityEvent, User
from api.refusals import Refusal
from delivery_otp.invariants import broken
from handoffs.erase_account import erase_account
from notifications.models import Message
from notifications.worker import drain
from orders.models import CodeReason, DeliveryPreference
from tests.accounts.deliveries import ada as with_her_contacts
from tests.accounts.deliveries import careful, opted_out, routine
from tests.accounts.factors import an_app
from tests.accounts.stories import an_account, newest_code, sign_in, signed_in, type_code
from tests.privacy.test_erase_recipient import everything

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "ada@zuse.example", "+447400555666"
MARKS = ("zuse", "447400555666", "firefox")


@pytest.fixture
def ada() -> User:
    """With all that an account can hold."""
    account = an_account(EMAIL, phone=PHONE, name="Ada Zuse", delivery_language="fr")
    browser = Client(headers={"User-Agent": "Firefox on Windows"})
    sign_in(browser, EMAIL)
    type_code(browser, newest_code(), trust="on")
    recovery.renew(account)
    an_app(account)
    Authenticator.objects.create(user=account, type="webauthn", data={"name": "Zuse's phone"})
    drain()
    return account


def found() -> list[str]:
    stored = everything()
    return [mark for mark in MARKS if mark in stored]


def test_nothing_personal_is_left_in_any_table(ada: User) -> None:
    assert found() == list(MARKS)
    assert isinstance(erase_account(ada), User)
    assert found() == []
    before = everything()
    erase_account(ada)
    assert everything() == before


def test_nobody_can_sign_in_to_it(ada: User) -> None:
    browser = signed_in(email=an_account("bob@example.com").email)
    bob = User.objects.get(email="bob@example.com")
    drain()
    erase_account(bob)
    assert browser.get("/account/")["Location"].startswith("/account/login/")
    assert sign_in(Client(), "bob@example.com").status_code == 200


def test_what_was_chosen_in_it_is_taken_back() -> None:
    merchant, account = careful(), with_her_contacts()
    opted_out(account, routine(merchant))
    Message.objects.update(state="sent", next_try_at=None)
    assert isinstance(erase_account(account), User)
    assert routine(merchant).code_reason == CodeReason.ROUTINE
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()
    assert not Message.objects.filter(state="queued", about=account.public_id).exists()
    assert list(broken()) == []


def test_what_is_still_to_be_told_is_not_erased(ada: User) -> None:
    Message.objects.filter(about=ada.public_id).update(
        state="queued", next_try_at=timezone.now(), receipt_awaited_since=None
    )
    refused = erase_account(ada)
    assert isinstance(refused, Refusal)
    assert refused.code == "message_underway"
    assert found() == list(MARKS)


def test_who_works_here_is_not_erased() -> None:
    sam = an_account("sam@example.com", is_staff=True)
    assert isinstance(erase_account(sam), Refusal)
    assert User.objects.get(pk=sam.pk).is_active


def test_by_the_command_with_the_address(ada: User) -> None:
    call_command("erase_recipient", "--contact", "ADA@zuse.example")
    assert found() == []


def test_by_the_command_a_number_goes_out_of_every_account(ada: User) -> None:
    bob = an_account("bob@example.com", phone=PHONE)
    Message.objects.all().delete()
    call_command("erase_recipient", "--contact", PHONE)
    bob.refresh_from_db()
    assert (bob.phone, bob.code_way, bob.is_active) == ("", "email", True)
    assert "447400555666" not in everything()
    assert SecurityEvent.objects.filter(account=ada).exists()
