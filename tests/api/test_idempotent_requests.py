from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from api.models import IdempotentRequest
from api.replays import KeyedRequest, answer_once, forget_old_requests
from tests.api.urls import note_rows

pytestmark = pytest.mark.django_db


def write(client: APIClient, name: str = "ok", key: str | None = "k-1", url: str = "/api/v1/notes") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(url, {"name": name}, format="json", headers=headers)


def stored() -> Any:
    return IdempotentRequest.objects.exclude(scope="note")


def test_the_same_request_is_done_once_and_answered_the_same(acme: APIClient) -> None:
    first, second = write(acme), write(acme)
    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, first.content)
    assert first["Content-Type"] == second["Content-Type"]
    assert note_rows().count() == 1


def test_only_a_replay_says_it_is_one(acme: APIClient) -> None:
    assert "Idempotent-Replayed" not in write(acme)
    assert write(acme)["Idempotent-Replayed"] == "true"


def test_names_in_another_order_are_the_same_request(acme: APIClient) -> None:
    for body in (b'{"name": "ok", "note": "x"}', b'{"note":"x","name":"ok"}'):
        response = acme.post(
            "/api/v1/notes", body, content_type="application/json", headers={"Idempotency-Key": "k-1"}
        )
    assert response["Idempotent-Replayed"] == "true"


def test_a_refusal_is_replayed_with_what_it_recorded(acme: APIClient) -> None:
    first, second = write(acme, "refused"), write(acme, "refused")
    assert first.status_code == 409
    assert first.content == second.content
    assert second["Content-Type"] == "application/problem+json"
    assert note_rows().count() == 1


def test_a_final_refusal_that_was_raised_is_replayed_and_undone(acme: APIClient) -> None:
    first, second = write(acme, "forbidden"), write(acme, "forbidden")
    assert (first.status_code, first.content) == (403, second.content)
    assert second["Idempotent-Replayed"] == "true"
    assert note_rows().count() == 0


def test_an_empty_answer_is_replayed_empty(acme: APIClient) -> None:
    first, second = (acme.delete("/api/v1/notes", headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert (first.status_code, second.status_code, second.content) == (204, 204, b"")
    assert "Content-Type" not in second
    assert note_rows().count() == 1


@pytest.mark.parametrize("name", ["limited", "down", ""])
def test_an_answer_that_is_not_final_undoes_all_and_leaves_the_key(acme: APIClient, name: str) -> None:
    assert write(acme, name).status_code in (400, 429, 503)
    assert IdempotentRequest.objects.count() == 0
    assert write(acme).status_code == 201


def test_the_same_key_with_another_body_is_refused(acme: APIClient) -> None:
    write(acme)
    response = write(acme, "another")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert note_rows().count() == 1


def test_the_same_key_at_another_address_is_refused(acme: APIClient) -> None:
    write(acme)
    assert write(acme, url="/api/v1/other-notes").status_code == 422


def test_the_same_key_with_another_method_is_refused(acme: APIClient) -> None:
    write(acme)
    response = acme.delete("/api/v1/notes", {"name": "ok"}, format="json", headers={"Idempotency-Key": "k-1"})
    assert response.status_code == 422


def test_a_live_key_and_a_test_key_have_keys_of_their_own(acme: APIClient, callers: SimpleNamespace) -> None:
    write(acme)
    acme.credentials(HTTP_AUTHORIZATION=f"Bearer {callers.acme_live}")
    assert "Idempotent-Replayed" not in write(acme)


def test_who_is_revoked_gets_no_replay(acme: APIClient, callers: SimpleNamespace) -> None:
    from api.tokens import token_digest

    write(acme)
    callers.revoked.add(token_digest(callers.acme))
    assert write(acme).status_code == 401


def test_without_a_key_each_request_is_its_own(acme: APIClient) -> None:
    write(acme, key=None)
    write(acme, key=None)
    assert note_rows().count() == 2


def test_a_missing_key_is_refused_where_it_is_required(acme: APIClient) -> None:
    response = write(acme, key=None, url="/api/v1/keyed")
    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")
    assert write(acme, url="/api/v1/keyed").status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "k\0", "ä", "k\n"])
def test_a_malformed_key_is_refused(acme: APIClient, key: str) -> None:
    response = acme.post("/api/v1/notes", {"name": "ok"}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/Idempotency-Key")
    assert note_rows().count() == 0


def test_nothing_stored_shows_the_key_the_request_or_the_secret(acme: APIClient) -> None:
    secret = write(acme, key="a-key-of-acme").json()["secret"]
    row = stored().get()
    everything = (
        repr([getattr(row, field.attname) for field in row._meta.fields]) + bytes(row.sealed_body).hex()
    )
    for hidden in (secret, "a-key-of-acme", secret.encode().hex(), "secret"):
        assert hidden not in everything


def test_who_was_overtaken_undoes_its_work_and_is_told_to_try_again(acme: APIClient) -> None:
    response = write(acme, "overtaken")
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_in_progress")
    assert note_rows().count() == 0


def test_what_the_answer_did_goes_with_an_exception() -> None:
    def fail() -> HttpResponse:
        IdempotentRequest.objects.create(
            scope="note", key_hash="x", fingerprint="", status=200, sealed_body=b""
        )
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answer_once(KeyedRequest("mer_a", "k-1", ("x",)), fail)
    assert IdempotentRequest.objects.count() == 0


def test_stored_answers_are_kept_a_day_and_forgotten_after_two(acme: APIClient) -> None:
    write(acme)
    stored().update(created_at=timezone.now() - timedelta(hours=25))
    forget_old_requests()
    assert write(acme)["Idempotent-Replayed"] == "true"
    stored().update(created_at=timezone.now() - timedelta(hours=49))
    assert forget_old_requests() == 1
    assert "Idempotent-Replayed" not in write(acme)
