"""21: GET and HEAD change nothing: those who preview links fetch them."""

import pytest
from django.test import Client

from handoffs.links import receipt_proof_of
from orders.models import Shipment
from tests.customers.stories import bare_path, everything, own_path
from tests.handoffs.delegate_stories import name, their_path
from tests.handoffs.preference_stories import opt_out
from tests.handoffs.stories import out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db


def addresses(shipment: Shipment) -> list[str]:
    own, way_back = own_path(shipment), opt_out(shipment).way_back_proof()
    given = their_path(shipment, name(shipment))
    forms = (
        *("resend/", "new-code/", "here/", "not-received/", "delegates/", "delegates/revoke/"),
        *("preferences/send/", "preferences/confirm/", "preferences/codes-again/"),
    )
    return [
        bare_path(shipment),
        bare_path(shipment) + "fresh-link/",
        own,
        own + "manifest/",
        own + "preferences/",
        given,
        given + "here/",
        *(own + form for form in forms),
        f"{bare_path(shipment)[:-1]}.{way_back}/preferences/",
        f"{bare_path(shipment)[:-1]}.{way_back}/preferences/codes-again/",
        own[:-2] + "x/",
        "/o/worker.js",
        "/",
        "/sandbox/",
    ]


@pytest.mark.parametrize("method", ["get", "head"])
def test_fetching_every_link_twice_leaves_the_database_as_it_was(client: Client, method: str) -> None:
    shipment, _ = out_for_delivery()
    paths = addresses(shipment)
    before = everything()
    for path in paths * 2:
        assert getattr(client, method)(path).status_code in (200, 405)
    assert everything() == before


@pytest.mark.parametrize("method", ["get", "head"])
def test_nor_does_fetching_the_links_of_a_receipt(client: Client, method: str) -> None:
    shipment, device = out_for_delivery()
    submit(device, shipment, right_code(shipment))
    receipt = f"{bare_path(shipment)[:-1]}.{receipt_proof_of(shipment)}/"
    before = everything()
    for path in [receipt, receipt + "not-received/"] * 2:
        assert getattr(client, method)(path).status_code in (200, 405)
    assert everything() == before
