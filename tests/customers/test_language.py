"""The page is in the recipient's language, where we have its words, whatever the browser prefers."""

import pytest
from django.conf import LazySettings
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
    shipment = of_locale("pt-BR", a_shipment())
    response = client.get(bare_path(shipment), headers={"Accept-Language": "pt-BR"})
    assert b'<html lang="en-gb" dir="ltr">' in response.content
    assert response["Content-Language"] == "en-gb"


def test_the_order_s_locale_decides_and_with_it_the_direction(client: Client, settings: LazySettings) -> None:
    settings.LANGUAGES = [("en-gb", "English"), ("ar", "Arabic"), ("de", "German")]
    shipment = of_locale("ar-EG", out_for_delivery()[0])
    response = client.get(own_path(shipment), headers={"Accept-Language": "de"})
    assert b'<html lang="ar" dir="rtl">' in response.content
    assert response["Content-Language"] == "ar"
    assert b'<bdi dir="ltr" translate="no">' in response.content
