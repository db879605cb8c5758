"""A handoff as it is usually sent is read by a shorter way, which must read nothing differently."""

import json
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from api.tokens import new_token
from api.views import checked
from couriers.forms import HandoffSerializer
from couriers.usual import usual_handoff
from couriers.views.handoff import handoff_of
from fleet.models import Device
from handoffs.confirm import Handoff
from tests.base import ApiClient
from tests.couriers.stories import DOOR, at, impersonal
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code

TOKEN = new_token("ct_")[0]
PATH = "/api/v1/courier/shipments/shp_1/handoff"
USUAL = {
    "code": "123456",
    "location": DOOR,
    "received_by": "recipient",
    "occurred_at": "2026-01-05T09:00:00Z",
}
TWICE = b'{"code":"1","code":"1"}'
LONG = b'{"code":"' + b"1" * 1000 + b'"}'
NUMBERS = st.one_of(st.integers(-200, 2_000_000), st.floats(-200, 2_000_000, allow_nan=False), st.booleans())
ANYTHING = st.one_of(st.none(), NUMBERS, st.text(max_size=8), st.lists(st.text(max_size=3), max_size=2))
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "code": st.one_of(st.from_regex(r"[0-9 -]{0,9}"), ANYTHING),
        "qr": ANYTHING,
        "barcodes": ANYTHING,
        "photo": ANYTHING,
        "note": ANYTHING,
        "received_by": st.one_of(st.sampled_from(["recipient", "household", "nobody", ""]), ANYTHING),
        "occurred_at": st.one_of(
            st.sampled_from([USUAL["occurred_at"], "2026-01-05", "9999-01-01T00:00:00Z"])
        ),
        "location": st.one_of(
            ANYTHING,
            st.dictionaries(st.sampled_from([*DOOR, "altitude"]), st.one_of(NUMBERS, ANYTHING), max_size=4),
        ),
    },
)


def read(body: Any, **headers: str) -> Handoff | None:
    sent = {
        "HTTP_AUTHORIZATION": f"Bearer {TOKEN}",
        "HTTP_IDEMPOTENCY_KEY": "k",
        "content_type": "application/json",
    }
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = RequestFactory().post(PATH, content, **{**sent, **headers})  # type: ignore[arg-type]
    usual = usual_handoff(made.environ)
    assert made.environ["wsgi.input"].read() == content or usual is None
    return usual and usual[2]


def read_thoroughly(body: Any) -> Handoff | None:
    try:
        return handoff_of("shp_1", checked(HandoffSerializer, body))
    except ValidationError:
        return None


@given(BODIES)
def test_the_short_way_reads_what_the_form_reads_or_nothing(body: Any) -> None:
    usual = read(body)
    assert usual is None or usual == read_thoroughly(body)


@pytest.mark.parametrize("left_out", [None, *USUAL])
def test_what_handhelds_send_goes_the_short_way(left_out: str | None) -> None:
    body = {name: value for name, value in USUAL.items() if name != left_out}
    assert read(body) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_AUTHORIZATION": f"bearer {TOKEN}"},
        {"HTTP_AUTHORIZATION": "Bearer mk_test_" + "x" * 40},
        {"HTTP_IDEMPOTENCY_KEY": "\u00e9"},
        {"HTTP_IDEMPOTENCY_KEY": ""},
        {"content_type": "application/json; charset=utf-8"},
        {"QUERY_STRING": "a=b"},
    ],
)
def test_other_headers_are_read_thoroughly(headers: dict[str, str]) -> None:
    assert read(USUAL) is not None
    assert read(USUAL, **headers) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", TWICE, LONG])
def test_other_bodies_are_read_thoroughly(body: bytes) -> None:
    assert read(body) is None


@pytest.mark.django_db
def test_both_ways_answer_alike(api: ApiClient, device: Device) -> None:
    """The same refusals and deliveries, with the same headers."""

    def told(*, charset: str) -> list[Any]:
        shipment, _ = out_for_delivery(device=device, reference=charset)
        found: list[Any] = []
        for code in ("", wrong_code(shipment), right_code(shipment), right_code(shipment)):
            answer: Any = api.post(
                f"/api/v1{at(shipment, 'handoff')}",
                json.dumps({"code": code, "location": DOOR}),
                content_type=f"application/json{charset}",
                headers={"Idempotency-Key": f"{charset}{len(found)}"},
            )
            status, body = impersonal(answer)
            body = {name: value for name, value in body.items() if name not in {"proof", "shipment"}}
            found.append((status, body, sorted(answer.headers)))
        return found

    assert told(charset="") == told(charset="; charset=utf-8")
