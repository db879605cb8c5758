"""The start page says what this is and where to click."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.base import a_shipment
from tests.handoffs.stories import living_code, out_for_delivery

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_leads_to_the_sandbox_phone_and_the_api(client: Client) -> None:
    assert 'href="/sandbox/"' in page(client)
    assert 'href="/api/docs/"' in page(client)
    assert 'href="/api/schema/"' in page(client)


def test_without_a_sandbox_it_does_not_name_it(client: Client, settings: LazySettings) -> None:
    settings.SANDBOX = False
    assert "sandbox" not in page(client).partition("<main")[2].lower()


def test_it_lists_test_shipments_by_their_bare_page(client: Client) -> None:
    shipment, _ = out_for_delivery()
    live = a_shipment(livemode=True)
    assert f'href="/o/{shipment.tracking_number}/"' in page(client)
    assert living_code(shipment).link_proof_of() not in page(client)
    assert live.tracking_number not in page(client)


def test_in_production_it_lists_none(client: Client, settings: LazySettings) -> None:
    settings.DEVELOPMENT = False
    shipment, _ = out_for_delivery()
    assert shipment.tracking_number not in page(client)


def test_what_a_merchant_calls_itself_is_only_text(client: Client) -> None:
    shipment, _ = out_for_delivery()
    merchant = shipment.order.merchant
    merchant.name = "<script>alert(1)</script>"
    merchant.save()
    assert "<script>" not in page(client)
