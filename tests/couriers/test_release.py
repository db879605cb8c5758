"""Asking for a release over the API, and handing over with it."""

from typing import Any

import pytest

from api.times import rfc3339
from fleet.models import Device
from handoffs.models import Photo, ReleaseRequest
from orders.models import Shipment
from tests.base import ApiClient
from tests.couriers.pictures import a_photo
from tests.couriers.stories import at, enrolled, hand_over, pointers, problem, statements
from tests.handoffs.release_stories import a_supervisor, approve, below_the_line, refused_by
from tests.handoffs.stories import leave, out_for_delivery, right_code

SEEN = {"reason": "phone_unusable", "note": "It fell into the canal.", "identity_seen": True}


def ask(api: ApiClient, shipment: Shipment, *, key: str | None = None, **body: Any) -> Any:
    return api.send("POST", at(shipment, "release-request"), SEEN | body, key=key)


def look(api: ApiClient, shipment: Shipment) -> Any:
    return api.send("GET", at(shipment, "release-request"))


def shown_at_stop(api: ApiClient) -> Any:
    return api.send("GET", "/courier/route").json()["stops"][0]["release"]


def test_asking_is_answered_with_where_it_stands(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    answer = ask(api, shipment)
    request = ReleaseRequest.objects.get()
    assert (answer.status_code, answer.json()) == (
        202,
        {
            "id": request.public_id,
            "state": "waiting",
            "expires_at": rfc3339(request.expires_at),
            "approvals_needed": 1,
        },
    )
    assert (look(api, shipment).status_code, look(api, shipment).json()) == (200, answer.json())
    assert shown_at_stop(api) == answer.json()
    assert (request.reason, request.note) == ("phone_unusable", "It fell into the canal.")


def test_approved_it_hands_over_with_neither_code_nor_qr(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    ask(api, shipment)
    assert problem(hand_over(api, shipment)) == (422, "code_required")
    approve(ReleaseRequest.objects.get())
    assert (look(api, shipment).json()["state"], shown_at_stop(api)["state"]) == ("approved", "approved")
    first = hand_over(api, shipment, key="k")
    assert first.status_code == 200, first.content
    assert first.json()["proof"]["method"] == "supervisor_release"
    again = hand_over(api, shipment, key="k")
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert shown_at_stop(api) is None


def test_refused_it_is_told(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    ask(api, shipment)
    refused_by(a_supervisor(), ReleaseRequest.objects.get())
    assert look(api, shipment).json()["state"] == "refused"
    assert shown_at_stop(api) is None


def test_what_was_withdrawn_reads_as_expired(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    ask(api, shipment)
    leave(device, shipment)
    assert look(api, shipment).json()["state"] == "expired"


def test_a_photo_is_evidence_and_used_up(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    photo = a_photo(api)
    assert ask(api, shipment, identity_seen=False, photo=photo).status_code == 202
    kept = Photo.objects.get()
    assert (kept.used_for, kept.shipment, kept.release.shipment) == ("release", shipment, shipment)
    other, _ = below_the_line(device)
    assert pointers(ask(api, other, photo=photo)) == ["/photo"]
    assert look(api, other).status_code == 404


def test_another_couriers_photo_is_none(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    assert pointers(ask(api, shipment, photo=a_photo(enrolled()[1]))) == ["/photo"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reason": "lazy"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"note": "x" * 501}, "/note"),
        ({"note": "\0"}, "/note"),
        ({"identity_seen": False}, "/identity_seen"),
        ({"identity_seen": "yes"}, "/identity_seen"),
        ({"photo": "pho_1"}, "/photo"),
        ({"code": "123456"}, "/code"),
    ],
)
def test_what_is_not_of_the_form_is_named(
    api: ApiClient, device: Device, body: dict[str, Any], pointer: str
) -> None:
    shipment, _ = below_the_line(device)
    assert pointers(ask(api, shipment, **body)) == [pointer]
    assert not ReleaseRequest.objects.exists()


def test_the_same_key_asks_once(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    first, again = (ask(api, shipment, key="k") for _ in range(2))
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")


def test_above_the_cap_it_says_when_and_what_else(api: ApiClient, device: Device) -> None:
    for _ in range(2):
        shipment, _ = below_the_line(device)
        ask(api, shipment)
        approve(ReleaseRequest.objects.latest("pk"))
    answer = ask(api, below_the_line(device)[0])
    assert problem(answer) == (429, "rate_limited")
    assert answer.json()["next"] == ["fail"]
    assert 0 < int(answer["Retry-After"]) <= 24 * 60 * 60
    assert "releases" in answer["RateLimit-Policy"]


def test_without_a_request_there_is_nothing_to_look_at(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    assert problem(look(api, shipment)) == (404, "not_found")


def test_another_courier_sees_nothing_of_it(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    ask(api, shipment)
    other = enrolled()[1]
    assert problem(look(other, shipment)) == (404, "not_found")
    assert problem(ask(other, shipment)) == (404, "not_found")


def test_no_answer_tells_the_code_the_contact_or_who_decides(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    code = right_code(shipment)
    bodies = [ask(api, shipment).content.decode()]
    approve(ReleaseRequest.objects.get(), a_supervisor(), a_supervisor())
    bodies += [look(api, shipment).content.decode(), hand_over(api, shipment).content.decode()]
    for body in bodies:
        without_ids = body.replace(shipment.public_id, "")
        assert not [s for s in (code, shipment.order.phone, "support.example") if s in without_ids]


def test_an_open_release_costs_the_route_one_statement(api: ApiClient, device: Device) -> None:
    shipment, _ = below_the_line(device)
    below_the_line(device)
    with statements() as before:
        api.send("GET", "/courier/route")
    ask(api, shipment)
    with statements() as after:
        api.send("GET", "/courier/route")
    assert len(after) == len(before) + 1


def test_looking_reads_two_rows(api: ApiClient, device: Device) -> None:
    """The device's and the request's: handhelds look every few seconds."""
    shipment, _ = below_the_line(device)
    ask(api, shipment)
    with statements() as asked:
        look(api, shipment)
    assert len(asked) == 2, "\n".join(asked)
