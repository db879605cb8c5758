"""3: no answer that depends on the comparison leaves before the commit that holds its charge.

Whatever breaks after it is told in the same words for right and wrong codes.
"""

from collections.abc import Callable
from threading import Thread

import psycopg
import pytest
from pytest_django import Settings

from fleet.models import Device
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from orders.models import Status
from tests.base import ApiClient
from tests.breaking import refusing
from tests.couriers.stories import enrolled, hand_over, impersonal, problem
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code
from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    code_on_phone,
    eventually,
    other_than,
    outcome,
)
from tests.servers import Service

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def handheld(db: None) -> tuple[Device, ApiClient]:
    return enrolled()


@pytest.fixture
def device(handheld: tuple[Device, ApiClient]) -> Device:
    return handheld[0]


@pytest.fixture
def api(handheld: tuple[Device, ApiClient]) -> ApiClient:
    """The program on Carl's handheld."""
    return handheld[1]


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


@pytest.mark.parametrize("right", [True, False])
def test_when_the_database_dies_before_the_commit_the_answer_is_503(
    right: bool, make_service: Callable[..., Service]
) -> None:
    """The handoff has compared, and waits for the table that it writes last; its backend is killed."""
    service = make_service("postgresql")
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    typed, answers = code if right else other_than(code), []
    visiting = Thread(target=lambda: answers.append(rider.hand_over(shipment, typed, key="k")))
    with psycopg.connect(service.database_url) as blocking:
        blocking.execute("LOCK TABLE orders_event IN SHARE MODE")
        visiting.start()
        ((waiting,),) = eventually(lambda: service.rows(WAITING))
        service.rows("SELECT pg_terminate_backend(%s)", waiting)
        visiting.join(timeout=30)
    (answer,) = answers
    assert (answer.status_code, outcome(answer)) == (503, "service_unavailable")
    assert service.rows("SELECT attempts, ended_at FROM handoffs_deliverycode") == [(0, None)]
    again = rider.hand_over(shipment, typed, key="k")
    assert outcome(again) == ("delivered" if right else "wrong_code")
    assert "Idempotent-Replayed" not in again.headers
    assert_sound(service)
