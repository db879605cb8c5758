"""The page is in the recipient's language, where we have its words, whatever the browser prefers."""

import pytest
from django.test import Client

from orders.models import Order, Shipment
from tests.base import a_shipment
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db


def of_locale(locale: str, shipment: Shipment) -> Shipment:
    Order.objects.filter(pk=shipment.order_id).update(locale=locale)
    return shipment


def test_a_language_without_words_is_not_claimed(client: Client) -> None:
    shipment = of_locale("fi-FI", a_shipment())
    response = client.get(bare_path(shipment), headers={"Accept-Language": "fi-FI"})
    assert b'<html lang="en-gb" dir="ltr">' in response.content
    assert response["Content-Language"] == "en-gb"


def test_where_we_have_no_words_in_it_the_browser_s_language_serves(client: Client) -> None:
    shipment = of_locale("fi-FI", a_shipment())
    response = client.get(bare_path(shipment), headers={"Accept-Language": "sv, es;q=0.8"})
    assert b'<html lang="es" dir="ltr">' in response.content


def test_a_page_that_is_not_there_says_so_in_the_browser_s_language(client: Client) -> None:
    response = client.get("/o/NOTTHERE/", headers={"Accept-Language": "ja"})
    assert b'<html lang="ja" dir="ltr">' in response.content
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/courier/", "/api/docs/", "/sandbox/"])
def test_what_is_for_people_at_work_is_english_and_nothing_else(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept-Language": "de"})
    assert b'<html lang="en-gb"' in response.content
    assert b"Anmelden" not in response.content


def test_a_problem_is_english_whatever_the_client_prefers(client: Client) -> None:
    response = client.get("/api/v1/orders", headers={"Accept-Language": "de"})
    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")
    assert "token" in response.json()["detail"].lower()


def test_the_order_s_locale_decides_and_with_it_the_direction(client: Client) -> None:
    shipment = of_locale("ar-EG", out_for_delivery()[0])
    response = client.get(own_path(shipment), headers={"Accept-Language": "de"})
    assert b'<html lang="ar" dir="rtl">' in response.content
    assert response["Content-Language"] == "ar"
    assert b'<bdi dir="ltr" translate="no">' in response.content
