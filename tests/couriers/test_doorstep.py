"""A right handoff is answered before Django is asked, and nobody can tell; all else goes on as it came."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from couriers.usual import PATH
from couriers.views import handoff as handoff_view
from delivery_otp import doorstep
from delivery_otp.doorstep import Doorstep
from fleet.models import Device
from handoffs.confirm import confirm_together
from handoffs.gather import WorkFailedError
from orders.models import Shipment
from tests.couriers.stories import DOOR
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code

pytestmark = pytest.mark.django_db


class Answer:
    """What a WSGI application said."""

    def __init__(self, application: Any, environ: dict[str, Any]) -> None:
        said: list[Any] = []
        self.content = b"".join(application(environ, lambda *told: said.extend(told)))
        self.status, self.headers = said[0], dict(said[1])


class Django:
    """The application behind the step; notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["wsgi.input"].read())
        start_response("204 No Content", [])
        return []


class Open:
    """Judges at once, in this thread."""

    is_open = True

    def ask(self, submission: Any) -> Any:
        return confirm_together([submission])[0]


@pytest.fixture(autouse=True)
def open_(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorstep, "together", Open())


def request(shipment: str, token: str, code: str, **changes: Any) -> dict[str, Any]:
    sent = {
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_IDEMPOTENCY_KEY": f"key-{shipment}",
        "HTTP_HOST": "testserver",
        "content_type": "application/json",
        **changes,
    }
    body = json.dumps({"code": code, "location": DOOR})
    made = RequestFactory().post(f"/api/v1/courier/shipments/{shipment}/handoff", body, **sent)
    environ: dict[str, Any] = made.environ
    return environ


@pytest.fixture
def token(device: Device, monkeypatch: pytest.MonkeyPatch) -> str:
    """That of the device's handheld."""
    from api.tokens import new_token

    made, digest = new_token("ct_")
    Device.objects.filter(pk=device.pk).update(token_digest=digest)
    device.refresh_from_db()
    return made


@pytest.mark.parametrize("secure", [False, True])
def test_both_say_the_same(device: Device, token: str, settings: Any, secure: bool) -> None:
    settings.SECURE_SSL_REDIRECT = secure
    settings.SECURE_HSTS_SECONDS = 31_536_000 if secure else 0
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    asked = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_REQUEST_ID": "mine-1"} if secure else {}

    def here(shipment: Shipment) -> Any:
        environ = request(shipment.public_id, token, right_code(shipment), **asked)
        return Answer(Doorstep(Django()), environ)

    def by_django(shipment: Shipment) -> Any:
        environ = request(shipment.public_id, token, right_code(shipment), **asked)
        return Client().request(**environ)

    told = []
    for way in (here, by_django):
        shipment, _ = out_for_delivery(device=device)
        answer = way(shipment)
        headers, body = dict(answer.headers), json.loads(answer.content)
        assert body["shipment"] == shipment.public_id, body
        given = headers.pop("X-Request-Id")
        assert given == "mine-1" if secure else given.startswith("req_")
        told.append((headers, list(body), list(body["proof"]), body["proof"]["method"]))
    assert told[0] == told[1]


def test_both_say_the_same_of_a_failure(device: Device, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise WorkFailedError

    monkeypatch.setattr(Open, "ask", fails)
    monkeypatch.setattr(handoff_view, "confirm", fails)
    shipment, _ = out_for_delivery(device=device)
    asked = request(shipment.public_id, token, "123456", HTTP_X_REQUEST_ID="mine-1")
    django = Client(raise_request_exception=False).request(**{**asked})
    asked = request(shipment.public_id, token, "123456", HTTP_X_REQUEST_ID="mine-1")
    here = Answer(Doorstep(Django()), asked)
    assert here.status == f"{django.status_code} {django.reason_phrase}" == "503 Service Unavailable"
    assert here.content == django.content
    assert here.headers == dict(django.headers)


@pytest.mark.parametrize(
    "changes",
    [
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_HOST": ""},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"HTTP_IDEMPOTENCY_KEY": ""},
        {"CONTENT_LENGTH": "x"},
        {"REQUEST_METHOD": "PUT"},
        {"PATH_INFO": "/api/v1/courier/shipments/shp_1/handoff/"},
        {"QUERY_STRING": "a"},
    ],
)
def test_what_is_unusual_goes_on_as_it_came(device: Device, token: str, changes: dict[str, str]) -> None:
    shipment, _ = out_for_delivery(device=device)
    environ = {**request(shipment.public_id, token, right_code(shipment)), **changes}
    django = Django()
    assert Answer(Doorstep(django), environ).status == "204 No Content"
    assert [json.loads(body)["code"] for body in django.asked] == [right_code(shipment)]


def test_what_came_without_https_goes_on(device: Device, token: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    shipment, _ = out_for_delivery(device=device)
    answer = Answer(Doorstep(Django()), request(shipment.public_id, token, right_code(shipment)))
    assert answer.status == "204 No Content"


def test_a_wrong_code_goes_on_with_its_body(device: Device, token: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    django = Django()
    wrong = wrong_code(shipment)
    assert Answer(Doorstep(django), request(shipment.public_id, token, wrong)).status == "204 No Content"
    assert [json.loads(body)["code"] for body in django.asked] == [wrong]


def test_where_nobody_judges_together_all_goes_on_unread(
    device: Device, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Open, "is_open", False)
    shipment, _ = out_for_delivery(device=device)
    environ = request(shipment.public_id, token, right_code(shipment))
    body = environ["wsgi.input"]
    assert Answer(Doorstep(Django()), environ).status == "204 No Content"
    assert environ["wsgi.input"] is body


def test_the_path_is_the_views() -> None:
    path = "/api/v1/courier/shipments/shp_1/handoff"
    assert PATH.fullmatch(path)
    view: Any = resolve(path).func
    assert view.cls.__name__ == "HandOver"
