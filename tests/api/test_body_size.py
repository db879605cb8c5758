"""A body is bounded before it is read, whatever was announced about its length."""

import io
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient

from api.middleware import BodyMiddleware
from tests.api.urls import Echo

MIB = 1_048_576


def padded(size: int) -> bytes:
    return b'{"name": "Ada"}'.ljust(size)


def test_one_mebibyte_is_read(anyone: APIClient) -> None:
    assert anyone.post("/api/v1/echo", padded(MIB), content_type="application/json").status_code == 200


def test_a_byte_more_is_too_large(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/echo", padded(MIB + 1), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "payload_too_large")


def test_a_large_body_is_refused_before_it_is_read() -> None:
    class Unread(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    extra: dict[str, Any] = {"wsgi.input": Unread()}
    request = RequestFactory().generic("POST", "/api/v1/echo", **extra)
    request.META["CONTENT_LENGTH"] = str(3 * MIB)
    response = BodyMiddleware(lambda request: HttpResponse()).process_view(request, Echo.as_view(), (), {})
    assert response is not None
    assert response.status_code == 413


def chunked(anyone: APIClient, body: bytes) -> tuple[int, int]:
    """Send as a server hands over a chunked body: no length, and an input that ends by itself."""
    source = io.BytesIO(body)
    extra: dict[str, Any] = {
        "wsgi.input": source,
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    response = anyone.generic("POST", "/api/v1/echo", content_type="application/json", **extra)
    return response.status_code, source.tell()


def test_a_chunked_body_is_read(anyone: APIClient) -> None:
    assert chunked(anyone, padded(2_000)) == (200, 2_000)


def test_a_chunked_body_that_does_not_end_is_cut_off_at_the_bound(anyone: APIClient) -> None:
    assert chunked(anyone, padded(3 * MIB)) == (413, MIB + 1)


def test_a_body_shorter_than_announced_is_malformed(anyone: APIClient) -> None:
    extra: dict[str, Any] = {"CONTENT_LENGTH": "900", "wsgi.input": io.BytesIO(b'{"name": ')}
    response = anyone.generic("POST", "/api/v1/echo", content_type="application/json", **extra)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


def test_a_bound_wider_than_one_mebibyte_is_a_view_s_own(anyone: APIClient) -> None:
    Echo.max_body_bytes = 2 * MIB
    try:
        response = anyone.post("/api/v1/echo", padded(MIB + 1), content_type="application/json")
    finally:
        del Echo.max_body_bytes
    assert response.status_code == 200
