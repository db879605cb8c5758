"""/proof/ says in words what a proof proves, to anyone who brings one."""

import html
import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from delivery_otp.proof_page import CHECKS, MAX_FORM_BYTES
from handoffs.proofs.verifying import MAX_BYTES
from tests.base import CHEAP
from tests.proofs.stories import delivered, events_of, proof_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_checks() -> None:
    cache.clear()


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def shown(client: Client, brought: Any) -> str:
    response = client.post("/proof/", {"proof": json.dumps(brought)})
    assert response.status_code == 200
    return words(response)


def test_it_asks_for_a_proof(client: Client) -> None:
    response = client.get("/proof/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert b"<textarea" in response.content
    assert b'type="file"' in response.content
    assert b"<script" not in response.content


def test_it_says_what_is_proven(client: Client) -> None:
    shipment = delivered(livemode=True)
    page = shown(client, {"proof": proof_of(shipment), "events": events_of(shipment)})
    assert "genuine and unchanged" in page
    assert "handed over to the recipient on" in page
    assert "The right delivery code was told at the door." in page
    assert f"{len(events_of(shipment))} events in the file lead to it" in page
    assert f"{len(events_of(shipment))} events that this service has kept lead to it" in page
    assert shipment.public_id in page
    assert "It is of a test" not in page


def test_it_says_that_no_code_was_needed_and_that_it_was_a_test(client: Client) -> None:
    page = shown(client, proof_of(delivered(CHEAP)))
    assert "No delivery code was needed" in page
    assert "It is of a test: no parcel was handed over" in page


def test_a_file_can_be_uploaded(client: Client) -> None:
    content = json.dumps(proof_of(delivered())).encode()
    page = words(client.post("/proof/", {"proof": "", "file": SimpleUploadedFile("proof.json", content)}))
    assert "genuine and unchanged" in page


def test_it_says_what_is_wrong(client: Client) -> None:
    proof = proof_of(delivered())
    page = shown(client, proof | {"received_by": "safe_place"})
    assert "does not hold" in page
    assert "genuine and unchanged" not in page
    assert "it was made for another “received_by” than the file says" in page
    assert "holds another proof" not in page


@pytest.mark.parametrize("brought", ["", "<script>alert(1)</script>", "\x00", "{" * 99, "é"])
def test_what_is_no_proof_is_refused_and_not_echoed(client: Client, brought: str) -> None:
    response = client.post("/proof/", {"proof": brought})
    assert response.status_code == 200
    assert "does not hold" in words(response)
    assert b"<script" not in response.content


def test_nothing_personal_is_on_it(client: Client) -> None:
    shipment = delivered()
    page = client.post("/proof/", {"proof": json.dumps(proof_of(shipment))}).content.decode()
    order = shipment.order
    assert not [
        each for each in (order.name, order.phone, order.email, order.line1, order.city) if each in page
    ]


def test_more_than_any_proof_is_not_read(client: Client) -> None:
    response = client.post("/proof/", {"proof": "x" * MAX_FORM_BYTES})
    assert (response.status_code, "longer than a proof" in words(response)) == (413, True)
    file = SimpleUploadedFile("proof.json", b"{" + b" " * MAX_BYTES)
    assert "longer than 128 KiB" in words(client.post("/proof/", {"file": file}))


def test_many_checks_from_one_place_have_to_wait(client: Client) -> None:
    answers = [client.post("/proof/", {"proof": "x"}) for _ in range(CHECKS.quota + 1)]
    assert [answer.status_code for answer in answers] == [200] * CHECKS.quota + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= CHECKS.window_seconds
    assert client.get("/proof/").status_code == 200


def test_a_form_of_another_site_is_refused() -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/proof/", {"proof": "x"}).status_code == 403
    page = careful.get("/proof/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = careful.post("/proof/", {"proof": "x", "csrfmiddlewaretoken": token[1]})
    assert sent.status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method(client: Client, method: str) -> None:
    assert getattr(client, method)("/proof/").status_code == 405
    assert getattr(client, method)("/proof/keys").status_code == 405


def test_the_keys_are_public_and_hold_no_secret(client: Client, settings: Settings) -> None:
    settings.QR_SIGNING_KEYS = {"old": bytes(range(32)), "new": bytes(range(32, 64))}
    response = client.get("/proof/keys")
    assert response["Content-Type"] == "application/jwk-set+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    keys = response.json()["keys"]
    assert [key["kid"] for key in keys] == ["new", "old"]
    assert all(set(key) == {"kty", "crv", "alg", "use", "kid", "x"} for key in keys)
    assert {(key["kty"], key["crv"], key["alg"], key["use"]) for key in keys} == {
        ("OKP", "Ed25519", "EdDSA", "sig")
    }
