"""Who may do what: a courier, on a live handheld, at their own stops. Nobody else learns anything."""

from typing import Any

import pytest

from fleet.models import Courier, Device
from orders.models import Shipment
from tests.base import ApiClient, a_key, acme
from tests.couriers.stories import at, enrolled, impersonal, problem
from tests.handoffs.stories import out_for_delivery, right_code, send_out

AT_A_STOP: dict[str, dict[str, Any]] = {
    "arrive": {},
    "handoff": {"code": "123456"},
    "resend": {},
    "fail": {"reason": "absent"},
    "reopen": {},
}
ENDPOINTS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("DELETE", "/courier/devices/current", None),
    ("GET", "/courier/route", None),
    ("POST", "/courier/route/start", {}),
    *(("POST", at("shp_1", what), body) for what, body in AT_A_STOP.items()),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_only_a_couriers_token_gets_in(db: None, method: str, path: str, body: Any) -> None:
    for token in ("", "ct_" + "x" * 43, "mk_test_" + "x" * 43, "ct_", "nonsense"):
        answer = ApiClient(token).send(method, path, body, key="k")
        assert problem(answer) == (401, "authentication_failed")
        assert answer["WWW-Authenticate"] == "Bearer"
    assert problem(ApiClient(a_key(acme())).send(method, path, body, key="k")) == (403, "permission_denied")


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_a_courier_who_left_does_not_get_in(
    api: ApiClient, device: Device, method: str, path: str, body: Any
) -> None:
    Courier.objects.update(active=False)
    assert problem(api.send(method, path, body, key="k")) == (401, "authentication_failed")


def test_a_couriers_token_opens_no_merchants_door(api: ApiClient) -> None:
    assert problem(api.send("GET", "/orders")) == (403, "permission_denied")


@pytest.mark.parametrize("what", AT_A_STOP)
def test_a_shipment_of_another_courier_looks_like_none(api: ApiClient, device: Device, what: str) -> None:
    theirs, other = out_for_delivery()
    gone, _ = out_for_delivery(device=device)
    code = right_code(theirs)
    send_out(gone, other)
    body = AT_A_STOP[what] | ({"code": code} if what == "handoff" else {})
    names: tuple[Shipment | str, ...] = (theirs, gone, "shp_01jd3v8q4k7t2m9x5w6n0c1b3a", "x", "shp_%00")
    answers = [api.send("POST", at(name, what), body, key=f"{number}") for number, name in enumerate(names)]
    assert {problem(answer) for answer in answers} == {(404, "not_found")}
    assert all(impersonal(answer) == impersonal(answers[0]) for answer in answers)


@pytest.mark.parametrize("what", AT_A_STOP)
def test_a_stop_takes_only_post(api: ApiClient, device: Device, what: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    assert problem(api.send("GET", at(shipment, what))) == (405, "method_not_allowed")


def test_a_revoked_handheld_hands_nothing_over(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    code = right_code(shipment)
    device.revoke()
    answer = api.send("POST", at(shipment, "handoff"), {"code": code}, key="k")
    assert problem(answer) == (401, "authentication_failed")
    _, other = enrolled(device.courier)
    assert other.send("POST", at(shipment, "handoff"), {"code": code}, key="k").status_code == 200
