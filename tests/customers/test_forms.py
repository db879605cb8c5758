"""The forms are our own: another site cannot send them, and a page that says no-referrer still can."""

import re

import pytest
from django.test import Client

from handoffs.models import DeliveryCode
from orders.models import Shipment
from tests.customers.stories import own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """One that is checked as a real one is."""
    return Client(enforce_csrf_checks=True)


def press(browser: Client, path: str, *, token: bool = True, secure: bool = False, **headers: str) -> int:
    """Open the page, press "End this code", and tell the status. Browsers name the origin of a form `null`
    where the page says no-referrer, and send no Referer."""
    page = browser.get(path, secure=secure).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    form = {"csrfmiddlewaretoken": found[1]} if token else {}
    return browser.post(
        path + "new-code/", form, secure=secure, headers={"Origin": "null"} | headers
    ).status_code


def generations(shipment: Shipment) -> int:
    return DeliveryCode.objects.filter(shipment=shipment).count()


@pytest.mark.parametrize("secure", [False, True])
def test_it_goes_through_without_an_origin_and_without_a_referer(browser: Client, secure: bool) -> None:
    shipment, _ = out_for_delivery()
    assert press(browser, own_path(shipment), secure=secure) == 302
    assert generations(shipment) == 2


@pytest.mark.parametrize("secure", [False, True])
def test_it_does_not_without_the_token(browser: Client, secure: bool) -> None:
    shipment, _ = out_for_delivery()
    assert press(browser, own_path(shipment), token=False, secure=secure) == 403
    assert generations(shipment) == 1


def test_it_does_not_from_another_site(browser: Client) -> None:
    shipment, _ = out_for_delivery()
    assert press(browser, own_path(shipment), Origin="https://evil.example") == 403
    assert generations(shipment) == 1


def test_a_refusal_explains_itself_and_keeps_the_address_to_itself(browser: Client) -> None:
    shipment, _ = out_for_delivery()
    response = browser.post(own_path(shipment) + "new-code/")
    assert response.status_code == 403
    assert b"That did not go through" in response.content
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_preview_that_follows_a_form_s_address_gets_no_page(client: Client) -> None:
    shipment, _ = out_for_delivery()
    assert client.get(own_path(shipment) + "new-code/").status_code == 405
