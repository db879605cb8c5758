"""22: links are those of PUBLIC_URL, whatever Host a request names."""

import json
import re

import pytest
from django.conf import LazySettings
from django.test import Client

from handoffs.messages import link_of
from notifications import kinds
from notifications.models import Message
from orders.models import Shipment
from tests.base import a_key, acme, an_order_body, carl
from tests.handoffs.stories import living_code

pytestmark = pytest.mark.django_db

FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example",
    "Origin": "https://evil.example",
    "Referer": "https://evil.example/",
}


def send(path: str, body: object, token: str) -> str:
    headers = {**FORGED, "Authorization": f"Bearer {token}"}
    answer = Client().post(path, json.dumps(body), content_type="application/json", headers=headers)
    assert answer.status_code < 300, answer.content
    return answer.content.decode()


def test_no_answer_page_or_message_leads_to_a_forged_host(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # as behind a careless proxy
    token = a_key(acme())
    told = send("/api/v1/orders", an_order_body(), token)
    shipment = Shipment.objects.get()
    told += send(f"/api/v1/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id}, token)
    own = link_of(shipment, living_code(shipment))
    pages = ["/", f"/o/{shipment.tracking_number}/", own.removeprefix(settings.PUBLIC_URL)]
    told += "".join(Client().get(page, headers=FORGED).content.decode() for page in pages)
    for message in Message.objects.all():
        rendered = kinds.render(message)
        assert rendered is not None
        told += rendered.text
    assert "evil.example" not in told
    links = re.findall(r"https?://[^\s\"'<]+/o/[^\s\"'<]+", told)
    assert len(links) >= 3
    assert all(link.startswith(f"{settings.PUBLIC_URL}/o/") for link in links)
