import json
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from api.catalogue import PROBLEMS
from api.problems import problem_body, problem_response
from api.refusals import Refusal

CONTRACT = {
    "validation_failed": 400,
    "malformed_json": 400,
    "authentication_failed": 401,
    "permission_denied": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "unsupported_media_type": 415,
    "payload_too_large": 413,
    "reference_taken": 409,
    "illegal_transition": 409,
    "idempotency_key_missing": 400,
    "idempotency_key_reused": 422,
    "idempotency_in_progress": 409,
    "rate_limited": 429,
    "already_delivered": 409,
    "not_out_for_delivery": 409,
    "code_required": 422,
    "code_malformed": 422,
    "wrong_parcel": 422,
    "parcel_missing": 422,
    "too_early": 409,
    "courier_suspended": 429,
    "code_expired": 410,
    "code_locked": 423,
    "wrong_code": 422,
    "qr_invalid": 422,
    "service_unavailable": 503,
}


def test_the_catalogue_is_the_contract_and_what_we_added() -> None:
    added = {"internal_error": 500, "recipient_here": 409}
    assert {code: kind.status for code, kind in PROBLEMS.items()} == CONTRACT | added


def test_a_problem_has_every_member(anyone: APIClient, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://codes.example.com"
    response = anyone.get("/api/v1/echo", headers={"X-Request-Id": "r-1"})
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "https://codes.example.com/api/docs/problems#method_not_allowed",
        "title": "Method not allowed",
        "status": 405,
        "detail": "The header `Allow` lists what works here.",
        "instance": "/api/v1/echo",
        "code": "method_not_allowed",
        "request_id": "r-1",
    }


def test_method_not_allowed_lists_what_is(anyone: APIClient) -> None:
    assert anyone.get("/api/v1/echo")["Allow"] == "POST"
    assert anyone.options("/api/v1/echo").status_code == 405


def test_a_refusal_carries_its_own_members_and_words() -> None:
    body = problem_body(Refusal("wrong_code", "Not this one.", {"attempts_left": 4}), instance="/x")
    assert (body["status"], body["detail"], body["attempts_left"]) == (422, "Not this one.", 4)


def test_a_stored_refusal_can_be_shown_as_it_first_was() -> None:
    assert problem_body("wrong_code", instance="/x", request_id="first")["request_id"] == "first"


def test_an_unknown_url_under_api_is_a_problem(anyone: APIClient) -> None:
    response = anyone.get("/api/v1/nothing")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_an_unknown_url_elsewhere_is_a_page(anyone: APIClient) -> None:
    assert anyone.get("/nothing")["Content-Type"].startswith("text/html")


def test_django_s_own_error_page_never_shows_under_api(anyone: APIClient) -> None:
    with override_settings(DEBUG=True):
        response = anyone.get("/api/v1/nothing")
    assert response["Content-Type"] == "application/problem+json"


def test_a_bad_host_is_a_problem(anyone: APIClient, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["codes.example.com"]
    response = anyone.get("/api/v1/merchant", headers={"Host": "evil.example"})
    assert response.status_code in (400, 401)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("url", ["/api/v1/broken", "/api/broken-page"])
def test_a_defect_answers_500_and_tells_its_text_to_nobody(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(raise_request_exception=False)
    response = client.get(url, headers={"X-Request-Id": "r-2", "X-Code": "271828"})
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.json()["request_id"] == "r-2"
    assert b"271828" not in response.content
    assert "271828" not in caplog.text
    assert Path(__file__).with_name("urls.py").as_posix() in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_down_is_503(acme: APIClient) -> None:
    response = acme.post("/api/v1/notes", {"name": "down"}, format="json")
    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert b"10.0.0.1" not in response.content


def test_every_type_leads_to_its_place_on_a_page(anyone: APIClient) -> None:
    page = anyone.get("/api/docs/problems").content.decode()
    assert all(f'id="{code}"' in page for code in PROBLEMS)


def test_a_problem_is_json_of_one_form() -> None:
    body = problem_body("not_found", instance="/x", request_id="r")
    assert list(json.loads(json.dumps(body)))[:4] == ["type", "title", "status", "detail"]


@pytest.mark.parametrize("thing", ["%00", "shp_%00", "a%0A", "%F0%9F%98%80", "a" * 101, "a b", "'--"])
def test_an_id_that_no_id_looks_like_is_not_found(anyone: APIClient, thing: str) -> None:
    response = anyone.get(f"/api/v1/things/{thing}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_an_id_may_be_anything_an_id_looks_like(anyone: APIClient) -> None:
    assert anyone.get("/api/v1/things/shp_01jd3v8q4k").json() == {"id": "shp_01jd3v8q4k"}


def test_when_to_try_again_is_told_in_a_header() -> None:
    response = problem_response(Refusal("courier_suspended", members={"retry_after": 90}), HttpRequest())
    assert response["Retry-After"] == "90"
    assert b"retry_after" not in response.content
