"""The page that releases a parcel: a session alone is not enough, and the form is for one visit."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CodeAddress
from accounts.step_up import FRESH
from handoffs.models import ReleaseRequest
from orders.models import Shipment
from tests.accounts.stories import an_account, newest_code, signed_in
from tests.base import someone
from tests.customers.stories import everything, seen
from tests.handoffs.stories import out_for_delivery
from tests.handoffs.test_account_release import at_the_door, visit

pytestmark = pytest.mark.django_db


def page_of(shipment: Shipment) -> str:
    return reverse("account_release", args=(shipment.tracking_number,))


@pytest.fixture
def ada() -> Client:
    an_account()
    return signed_in()


def forget_the_code(browser: Client) -> None:
    """As if the last code had been shown long ago."""
    session = browser.session
    del session[FRESH]
    session.save()


def tap(browser: Client, shipment: Shipment) -> Any:
    return browser.post(page_of(shipment), {"visit": visit(shipment)})


def test_from_her_account_s_start_with_a_code_and_one_tap(ada: Client) -> None:
    shipment, _ = at_the_door()
    forget_the_code(ada)
    CodeAddress.objects.all().delete()  # a minute has gone by since she signed in
    assert "A courier is at your door" in seen(ada, "/account/")
    asked = ada.get(page_of(shipment))
    assert asked["Location"].startswith("/account/confirm/?next=")
    ada.post(asked["Location"], {"send": "email"})
    back = ada.post(asked["Location"], {"code": newest_code(), "next": page_of(shipment)})
    assert back["Location"] == page_of(shipment)
    assert "release it" in seen(ada, page_of(shipment))
    tap(ada, shipment)
    assert "It is released" in seen(ada, page_of(shipment))


def test_a_stolen_session_without_a_fresh_code_releases_nothing(ada: Client) -> None:
    shipment, _ = at_the_door()
    forget_the_code(ada)
    assert "/account/confirm/" in tap(ada, shipment)["Location"]
    assert not ReleaseRequest.objects.exists()


def test_who_is_not_signed_in_is_led_to_sign_in() -> None:
    shipment, _ = at_the_door()
    assert "/account/login/" in Client().get(page_of(shipment))["Location"]
    assert "/account/login/" in tap(Client(), shipment)["Location"]
    assert not ReleaseRequest.objects.exists()


def test_anothers_parcel_looks_like_none(ada: Client) -> None:
    shipment, _ = out_for_delivery(livemode=True, recipient=someone(1))
    for path in (page_of(shipment), page_of(shipment).replace(shipment.tracking_number, "NONE")):
        assert ada.get(path).status_code == 404
        assert ada.post(path, {"visit": "x"}).status_code == 404


def test_looking_changes_nothing(ada: Client) -> None:
    shipment, _ = at_the_door()
    ada.get(page_of(shipment))
    before = everything()
    for _ in range(2):
        assert ada.get(page_of(shipment)).status_code == 200
    after = everything()
    sessions = {"accounts.AccountSession", "sessions.Session"}
    assert {name: rows for name, rows in after.items() if name not in sessions} == {
        name: rows for name, rows in before.items() if name not in sessions
    }


def test_two_tabs_release_once(ada: Client) -> None:
    shipment, _ = at_the_door()
    for _ in range(2):
        assert tap(ada, shipment)["Location"] == page_of(shipment)
    assert ReleaseRequest.objects.count() == 1


@pytest.mark.parametrize("visit", ["", "x", "\x00", "é" * 300, "cou_1.0"])
def test_a_form_of_no_visit_releases_nothing(ada: Client, visit: str) -> None:
    shipment, _ = at_the_door()
    assert ada.post(page_of(shipment), {"visit": visit}).status_code == 302
    assert not ReleaseRequest.objects.exists()


def test_it_says_why_it_cannot_be(ada: Client) -> None:
    shipment, _ = out_for_delivery(livemode=True)
    assert "No courier reports being at your door" in seen(ada, page_of(shipment))
    assert "A courier is at your door" not in seen(ada, "/account/")
