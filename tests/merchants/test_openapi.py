"""The published OpenAPI document, and every endpoint of it without the right token."""

import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema

from api.tokens import new_token
from fleet.models import Device
from merchants import urls
from tests.base import ApiClient, carl

CONTRACT = """
    GET /orders · POST /orders · GET /orders/{} · POST /orders/batch
    GET /shipments/{} · GET /shipments/{}/events · GET /shipments/{}/proof
    POST /shipments/{}/in-transit · POST /shipments/{}/dispatch · POST /shipments/{}/cancel
    POST /shipments/{}/return · POST /shipments/{}/returned · PATCH /shipments/{}/recipient
    POST /routes · GET /routes/{}
    GET /couriers · POST /couriers · PATCH /couriers/{} · POST /couriers/{}/enrolment
    DELETE /couriers/{}/devices/{}
"""
OPERATIONS = [tuple(operation.split()) for operation in re.split(r"·|\n", CONTRACT) if operation.strip()]
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> Any:
    return ApiClient().get("/api/schema/").json()


def ours(document: Any) -> dict[tuple[str, str], Any]:
    """The merchant's operations of the document."""
    return {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1"))): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS and not path.startswith("/api/v1/courier/")
    }


def test_the_document_is_valid(document: Any) -> None:
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_it_has_every_operation_of_the_contract(document: Any) -> None:
    assert set(OPERATIONS) <= set(ours(document))
    assert len(urls.urlpatterns) == len({path for _, path in OPERATIONS})


def test_what_creates_says_201_and_what_deletes_204(document: Any) -> None:
    created = {"/orders", "/routes", "/couriers", "/couriers/{}/enrolment"}
    for (method, path), operation in ours(document).items():
        expected = "204" if method == "DELETE" else "201" if method == "POST" and path in created else "200"
        assert {status for status in operation["responses"] if status < "300"} == {expected}, path


def ask(client: ApiClient, method: str, path: str) -> Any:
    return client.send(method, path.replace("{}", "shp_unknown"), None if method == "GET" else {})


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_is_refused_without_the_right_token(method: str, path: str) -> None:
    for token in ("", "mk_live_" + "x" * 43, "rubbish"):
        answer = ask(ApiClient(token), method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_is_denied_to_a_courier(method: str, path: str) -> None:
    token, digest = new_token("ct_")
    Device.objects.create(courier=carl(), token_digest=digest)
    answer = ask(ApiClient(token), method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
