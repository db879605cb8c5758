"""The page is in the recipient's language, where we have its words, whatever the browser prefers."""

import re

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import to_locale

from orders.models import Order, Shipment
from tests.base import a_shipment
from tests.customers.stories import bare_path, own_path, seen
from tests.handoffs.stories import leave, out_for_delivery

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


@pytest.mark.parametrize("path", ["/", "/courier/", "/api/docs/", "/sandbox/"])
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


# --- A page never mixes two ----------------------------------------------------------------------


def english(language: str) -> list[str]:
    """The sentences that this language says otherwise, without those that have places to fill."""
    catalogue = polib.pofile(f"{settings.LOCALE_PATHS[0]}/{to_locale(language)}/LC_MESSAGES/django.po")
    said = [entry.msgid for entry in catalogue if entry.msgstr and entry.msgstr != entry.msgid]
    return [sentence for sentence in said if " " in sentence and "%" not in sentence and "<" not in sentence]


@pytest.mark.parametrize("language", [language for language, _ in settings.LANGUAGES if language != "en-gb"])
def test_every_page_of_an_order_speaks_one_language(client: Client, language: str) -> None:
    shipment, device = out_for_delivery()
    of_locale(language, shipment)
    pages = [seen(client, path) for path in (own_path(shipment), own_path(shipment) + "preferences/")]
    pages.append(seen(client, bare_path(shipment)))
    leave(device, shipment)
    pages += [seen(client, own_path(shipment)), seen(client, bare_path(shipment))]
    for sentence in english(language):
        assert not any(re.search(rf"\b{re.escape(sentence)}", page) for page in pages), sentence


@pytest.mark.parametrize("language", [language for language, _ in settings.LANGUAGES if language != "en-gb"])
def test_what_is_said_after_a_button_is_in_the_page_s_language(client: Client, language: str) -> None:
    shipment, _device = out_for_delivery()
    of_locale(language, shipment)
    client.post(own_path(shipment) + "resend/", {"channel": "email"}, headers={"Accept-Language": "en"})
    page = seen(client, own_path(shipment))
    assert [sentence for sentence in english(language) if sentence in page] == []
    assert "A message has just gone out" not in page
