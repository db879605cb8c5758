"""A handheld is bound to a courier by a code that works once."""

import hashlib
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from api.models import IdempotentRequest
from fleet.enrolment_codes import enrolment_digests
from fleet.models import Courier, Depot, Device, Enrolment
from tests.base import ApiClient, carl
from tests.couriers.stories import enrolled, impersonal, pointers, problem

pytestmark = pytest.mark.django_db


def a_code(courier: Courier | None = None) -> str:
    return Enrolment.issue(courier or carl())[1]


def enrol(code: Any, name: str = "Carl's phone", *, key: str | None = None) -> Any:
    return ApiClient().send("POST", "/courier/devices", {"enrolment_code": code, "name": name}, key=key)


def test_an_enrolled_handheld_gets_a_token_that_works() -> None:
    courier = carl()
    answer = enrol(a_code(courier))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    device = Device.objects.get()
    assert list(body) == ["token", "device", "courier"]
    assert body["token"].startswith("ct_")
    assert body["device"] == device.public_id
    assert body["courier"] == {
        "id": courier.public_id,
        "name": "Carl",
        "depot": courier.depot.public_id,
        "active": True,
    }
    assert (device.name, device.token_digest) == (
        "Carl's phone",
        hashlib.sha256(body["token"].encode()).hexdigest(),
    )
    assert problem(ApiClient(body["token"]).send("GET", "/courier/route")) == (404, "not_found")


def test_the_code_may_be_typed_small_and_without_hyphens() -> None:
    assert enrol(f" {a_code().lower().replace('-', ' ')} ").status_code == 201


def test_unknown_used_old_and_orphaned_codes_are_refused_alike() -> None:
    used, old, orphaned = a_code(), a_code(), a_code(gone := carl())
    enrol(used)
    Enrolment.objects.filter(used_at=None).exclude(courier=gone).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    Courier.objects.filter(pk=gone.pk).update(active=False)
    answers = [enrol(code) for code in ("AAAA-BBBB-CCCC", used, old, orphaned, "ä", "\U0001f69a")]
    assert {problem(answer) for answer in answers} == {(401, "authentication_failed")}
    assert all(impersonal(answer) == impersonal(answers[0]) for answer in answers)
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert Device.objects.count() == 1


def test_the_stored_digest_cannot_be_searched_without_the_secret() -> None:
    plain = a_code().replace("-", "")
    stored = Enrolment.objects.get().digest
    assert len(stored) == 64
    assert stored not in {hashlib.sha256(text.encode()).hexdigest() for text in (plain, plain.lower())}
    with override_settings(SECRET_KEY="another"):
        assert stored not in enrolment_digests(plain)


def test_a_code_works_across_a_change_of_the_secret_key() -> None:
    code = a_code()
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert enrol(code).status_code == 201


def test_the_same_key_and_request_get_the_same_bytes() -> None:
    code = a_code()
    first, again = enrol(code, key="k"), enrol(code, key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Device.objects.count() == 1


def test_the_stored_answer_gives_no_token_away() -> None:
    token = enrol(a_code(), key="a-key-of-mine").json()["token"]
    stored = IdempotentRequest.objects.get()
    kept = f"{stored.scope} {stored.key_hash} {stored.fingerprint}".encode() + bytes(stored.sealed_body)
    assert token.encode() not in kept
    assert b"a-key-of-mine" not in kept


def test_one_key_with_two_enrolment_codes_is_two_requests() -> None:
    assert enrol(a_code(), key="k").json()["token"] != enrol(a_code(), key="k").json()["token"]


def test_a_refused_code_does_not_use_the_key_up() -> None:
    courier, code = carl(), None
    Courier.objects.update(active=False)
    code = a_code(courier)
    assert enrol(code, key="k").status_code == 401
    Courier.objects.update(active=True)
    assert enrol(code, key="k").status_code == 201


@pytest.mark.parametrize("code", [None, 5, "", ["A"], "A" * 41, "A\0"])
def test_a_code_of_the_wrong_form_names_its_field(code: Any) -> None:
    for key in (None, "k"):
        assert pointers(enrol(code, key=key)) == ["/enrolment_code"]


@pytest.mark.parametrize("body", [[], "text", 5, {"name": "x"}, {"enrolment_code": "A", "nmae": "x"}])
def test_any_other_body_is_refused(body: Any) -> None:
    for key in (None, "k"):
        answer = ApiClient().send("POST", "/courier/devices", body, key=key)
        assert problem(answer) == (400, "validation_failed")


def test_enrolling_is_limited_per_address() -> None:
    answers = [enrol("AAAA-BBBB-CCCC") for _ in range(31)]
    assert {problem(answer) for answer in answers[:30]} == {(401, "authentication_failed")}
    assert problem(answers[30]) == (429, "rate_limited")
    assert 0 < int(answers[30]["Retry-After"]) <= 60
    assert answers[0]["RateLimit-Policy"] == '"enrolments";q=30;w=60'


def test_signing_out_ends_the_token() -> None:
    device, api = enrolled()
    answer = api.send("DELETE", "/courier/devices/current")
    assert (answer.status_code, answer.content) == (204, b"")
    assert problem(api.send("GET", "/courier/route")) == (401, "authentication_failed")
    device.refresh_from_db()
    assert device.revoked_at is not None


def test_signing_out_leaves_the_couriers_other_handheld_alone() -> None:
    device, api = enrolled()
    _, other = enrolled(device.courier)
    api.send("DELETE", "/courier/devices/current")
    assert other.send("GET", "/courier/route").status_code == 404


def test_the_command_makes_a_courier_who_can_enrol() -> None:
    output = StringIO()
    call_command("create_courier", "Carl", "--json", stdout=output)
    made = json.loads(output.getvalue().splitlines()[-1])
    assert enrol(made["enrolment_code"]).json()["courier"]["id"] == made["courier"]
    assert Courier.objects.get(public_id=made["courier"]).depot == Depot.shared_default()


def test_the_command_takes_a_depot_by_id_or_name() -> None:
    depot = Depot.objects.create(name="North", timezone="Europe/London")
    for wanted in (depot.public_id, "North"):
        call_command("create_courier", "Carl", depot=wanted, stdout=StringIO())
    assert Courier.objects.filter(depot=depot).count() == 2
    with pytest.raises(CommandError, match="There is no depot South"):
        call_command("create_courier", "Carl", depot="South", stdout=StringIO())
