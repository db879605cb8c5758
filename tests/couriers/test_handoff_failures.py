"""Whatever breaks while a handoff is judged is told in the same words for right and wrong codes."""

import pytest
from pytest_django import Settings

from fleet.models import Device
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from orders.models import Status
from tests.base import ApiClient
from tests.breaking import refusing
from tests.couriers.stories import hand_over, impersonal, problem
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code


@pytest.mark.parametrize("table", ["handoffs_codecheck", "orders_event"])
def test_a_failure_after_the_charge_tells_nothing(api: ApiClient, device: Device, table: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    right, wrong = right_code(shipment), wrong_code(shipment)
    with refusing(table):
        answers = [hand_over(api, shipment, code, key=code) for code in (right, wrong)]
    assert {problem(answer) for answer in answers} == {(503, "service_unavailable")}
    assert impersonal(answers[0]) == impersonal(answers[1])
    assert answers[0].headers.keys() == answers[1].headers.keys()

    shipment.refresh_from_db()
    assert shipment.status == Status.OUT_FOR_DELIVERY
    assert not ProofOfDelivery.objects.exists()
    assert not CodeCheck.objects.exists()
    assert hand_over(api, shipment, right, key=right).status_code == 200


def test_a_lost_master_key_tells_nothing(api: ApiClient, device: Device, settings: Settings) -> None:
    shipment, _ = out_for_delivery(device=device)
    right, wrong = right_code(shipment), wrong_code(shipment)
    settings.DELIVERY_CODE_KEYS = {}
    answers = [hand_over(api, shipment, code) for code in (right, wrong)]
    assert {problem(answer) for answer in answers} == {(503, "service_unavailable")}
    assert impersonal(answers[0]) == impersonal(answers[1])
    assert DeliveryCode.objects.get().attempts == 0


def test_the_log_says_where_and_for_which_request_but_not_what(
    api: ApiClient, device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    shipment, _ = out_for_delivery(device=device)
    right = right_code(shipment)
    with refusing("handoffs_codecheck"):
        answer = hand_over(api, shipment, right, key="the-key")
    (record,) = [record for record in caplog.records if record.name == "api.errors"]
    assert "a handoff could not be judged or told" in record.getMessage()
    assert "confirm.py" in record.getMessage()
    assert record.exc_info is None
    assert right not in caplog.text
    assert "the-key" not in caplog.text
    assert answer["X-Request-Id"] == answer.json()["request_id"]
