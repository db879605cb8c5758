"""What a shop calls itself, its parcels or its recipients is only ever text on a page."""

from dataclasses import replace

import pytest
from django.test import Client

from tests.base import ADA, acme
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db

NAMES = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "{{ page.digits }}{% debug %}",
    "%(code)s %s %n",
    "</title><img src=x onerror=alert(1)>",
    "\u202egnirts\u202c",
)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_escaped_on_every_page(client: Client, name: str) -> None:
    shipment, _ = out_for_delivery(acme(name), recipient=replace(ADA, name=name), barcodes=(name,))
    own = own_path(shipment)
    for path in (bare_path(shipment), own, own + "preferences/"):
        page = client.get(path).content.decode()
        assert "alert(1)" in page or "alert" not in name
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert '="alert' not in page
        assert "='alert" not in page
        if "{" in name:
            assert "{{ page.digits }}{% debug %}" in page
