"""A shipment goes out with Carl."""

from fleet.models import Courier, Depot
from handoffs.models import DeliveryCode
from orders.models import Merchant, Shipment, Status
from tests.base import CHEAP, ApiClient, a_shipment, acme, an_order_body, carl


def test_a_dispatched_shipment_is_out_with_a_live_code(api: ApiClient, merchant: Merchant) -> None:
    shipment, courier = a_shipment(merchant), carl()
    answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": courier.public_id})
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["status"], body["courier"]) == ("out_for_delivery", courier.public_id)
    assert (body["code_state"], body["attempts_left"]) == ("live", 5)
    assert body == api.send("GET", f"/shipments/{shipment.public_id}").json()


def test_the_answer_does_not_hold_the_code(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id})
    code = DeliveryCode.objects.select_related("shipment").get()
    assert code.code_of().encode() not in answer.content
    assert code.link_proof_of().encode() not in answer.content


def test_a_second_order_to_one_address_lifts_the_first_over_the_line(
    api: ApiClient, merchant: Merchant
) -> None:
    first = a_shipment(merchant, value="60.00")
    assert first.code_required is False
    body = an_order_body()
    body["shipments"][0]["declared_value"] = "60.00"
    assert api.send("POST", "/orders", body).json()["shipments"][0]["code_reason"] == "high_value"
    sent = api.send("POST", f"/shipments/{first.public_id}/dispatch", {"courier": carl().public_id}).json()
    assert (sent["code_required"], sent["code_reason"]) == (True, "high_value")
    assert sent["code_state"] == "live"


def test_a_routine_shipment_goes_out_without_a_code(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant, value=CHEAP)
    sent = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id})
    assert (sent.json()["code_state"], sent.json()["attempts_left"]) == ("none", None)
    assert not DeliveryCode.objects.exists()


def test_another_merchants_courier_is_not_found(api: ApiClient, merchant: Merchant) -> None:
    theirs = carl(Depot.objects.create(merchant=acme("Bolt"), name="Bolt's"))
    shipment = a_shipment(merchant)
    for courier in (theirs.public_id, "cou_nobody"):
        answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": courier})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Shipment.objects.get().status == Status.CREATED


def test_a_courier_who_left_is_not_sent_out(api: ApiClient, merchant: Merchant) -> None:
    courier = carl()
    Courier.objects.update(active=False)
    shipment = a_shipment(merchant)
    answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": courier.public_id})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/courier"]


def test_a_cancelled_shipment_stays_where_it_is(api: ApiClient, merchant: Merchant) -> None:
    shipment = a_shipment(merchant)
    cancelled = api.send("POST", f"/shipments/{shipment.public_id}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    answer = api.send("POST", f"/shipments/{shipment.public_id}/dispatch", {"courier": carl().public_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert answer.json()["shipment_status"] == "cancelled"
