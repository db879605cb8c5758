"""Pages about an order are kept nowhere, found by no search, and their address is sent on to nobody."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from orders.models import Shipment
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path_of", [bare_path, own_path])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_every_answer_carries_them(client: Client, path_of: Callable[[Shipment], str], method: str) -> None:
    response = getattr(client, method)(path_of(out_for_delivery()[0]))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("action", ["resend/", "new-code/"])
def test_the_answers_to_its_forms_too(client: Client, action: str) -> None:
    response = client.post(own_path(out_for_delivery()[0]) + action)
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_nothing_on_the_page_needs_what_the_policy_forbids(client: Client) -> None:
    page = client.get(own_path(out_for_delivery()[0])).content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page


def test_the_whole_page_weighs_less_than_50_kb(client: Client, settings: LazySettings) -> None:
    page = client.get(own_path(out_for_delivery()[0])).content
    static = [settings.BASE_DIR / "delivery_otp/static" / name for name in ("site.css", "favicon.svg")]
    assert len(page) + sum(path.stat().st_size for path in static) < 50_000
