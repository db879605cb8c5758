"""What shops, couriers and recipients call themselves is text, on every page."""

from dataclasses import replace

import pytest

from fleet.models import Courier
from support.roles import AUDITOR, DEPOT, LEAD, MERCHANTS
from tests.base import ADA, HIGH_STREET, a_key, acme, carl
from tests.handoffs.stories import a_device, leave, out_for_delivery
from tests.support.stories import a_member, act, page_of, send, signed_in

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}{who}"


def test_nothing_of_it_becomes_markup() -> None:
    shop = acme(name=HOSTILE[:100])
    a_key(shop)
    courier = carl(name=HOSTILE[:100])
    device = a_device(courier)
    device.name = HOSTILE[:100]
    device.save()
    recipient = replace(ADA, name=HOSTILE, company=HOSTILE)
    shipment, _ = out_for_delivery(
        shop,
        device=device,
        reference=HOSTILE[:100],
        category=HOSTILE[:60],
        barcodes=(HOSTILE[:100],),
        recipient=recipient,
        address=replace(HIGH_STREET, line1=HOSTILE, city=HOSTILE[:100], instructions=HOSTILE),
    )
    leave(device, shipment)
    lead = signed_in(user=a_member(LEAD, name=HOSTILE))
    act(lead, shipment, "rotate", reason=HOSTILE)
    pages = [
        lead.get("/admin/"),
        lead.post("/admin/search/", {"q": HOSTILE}, follow=True),
        lead.post("/admin/search/", {"q": "<b>nobody</b>"}, follow=True),
        lead.get(page_of(shipment)),
        *(lead.get(f"{page_of(shipment)}{name}/") for name in ("resend", "rotate", "contact", "return")),
        send(lead, f"{page_of(shipment)}contact/whole/", reason=HOSTILE),
        *(signed_in(AUDITOR).get(f"/admin/{each}/") for each in ("support/staffaction", "orders/shipment")),
        signed_in(MERCHANTS).get(f"/admin/orders/merchant/{shop.pk}/change/"),
        signed_in(DEPOT).get("/admin/fleet/courier/"),
        signed_in(DEPOT).get(f"/admin/fleet/courier/{courier.pk}/change/"),
        send(signed_in(DEPOT), f"/admin/couriers/{courier.public_id}/enrolment/"),
    ]
    for response in pages:
        body = response.content.decode()
        assert response.status_code == 200
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<b>nobody" not in body
    assert "&lt;script&gt;alert(1)" in pages[3].content.decode()
    assert Courier.objects.get(pk=courier.pk).name == HOSTILE[:100]
