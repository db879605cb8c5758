"""What happens to a shipment besides going out: on its way, and back."""

import pytest

from handoffs.models import DeliveryCode
from handoffs.visit import fail
from orders.models import Merchant, Shipment, Status
from tests.base import ApiClient, a_shipment, carl
from tests.handoffs.stories import a_device


def post(api: ApiClient, shipment: Shipment, verb: str) -> tuple[int, str]:
    answer = api.send("POST", f"/shipments/{shipment.public_id}/{verb}")
    body = answer.json()
    return answer.status_code, body["status"] if answer.status_code == 200 else body["code"]


def test_a_shipment_is_in_transit_and_stays_so(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    for _ in range(2):
        assert post(api, shipment, "in-transit") == (200, "in_transit")
    assert [event.type for event in shipment.events.order_by("sequence")] == [
        "order.created",
        "shipment.in_transit",
    ]


def test_after_a_failed_visit_it_goes_back(api: ApiClient, merchant: Merchant) -> None:
    shipment, device = a_shipment(merchant), a_device(carl())
    api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": device.courier.public_id})
    visit = {"reason": "refused", "note": "", "location": None, "occurred_at": None}
    fail(device=device, shipment_id=shipment.public_id, **visit)  # type: ignore[arg-type]
    assert post(api, shipment, "return") == (200, "returning")
    assert not DeliveryCode.objects.living().exists()
    assert post(api, shipment, "returned") == (200, "returned")
    assert [event.type for event in shipment.events.order_by("sequence")][-2:] == [
        "shipment.returning",
        "shipment.returned",
    ]


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        (Status.CREATED, "return"),
        (Status.CREATED, "returned"),
        (Status.OUT_FOR_DELIVERY, "return"),
        (Status.OUT_FOR_DELIVERY, "in-transit"),
        (Status.ATTEMPT_FAILED, "returned"),
        (Status.RETURNING, "cancel"),
        (Status.RETURNED, "in-transit"),
        (Status.CANCELLED, "return"),
    ],
)
def test_no_status_is_skipped(api: ApiClient, merchant: Merchant, status: Status, verb: str) -> None:
    shipment = a_shipment(merchant)
    Shipment.objects.update(status=status)
    assert post(api, shipment, verb) == (409, "illegal_transition")
    shipment.refresh_from_db()
    assert (shipment.status, shipment.events.count()) == (status, 1)
