from typing import Any

import pytest
from rest_framework.test import APIClient

ADA: Any = b'{"name": "Ada"}'  # the stubs know only text bodies

BAD = {
    "nothing closed": b'{"name": "Ada"',
    "two values": b'{"name": "Ada"} {}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a float beyond floats": b'{"name": 1e999}',
    "an integer beyond floats": b'{"name": ' + b"9" * 400 + b"}",
    "an integer beyond Python's own bound": b'{"name": ' + b"9" * 5_000 + b"}",
    "a repeated name": b'{"name": "Ada", "name": "Eve"}',
    "a name repeated by an escape": b'{"name": "Ada", "n\\u0061me": "Eve"}',
    "a name repeated inside": b'{"location": {"latitude": 1, "latitude": 2}}',
    "bad UTF-8": b'{"name": "\xff"}',
    "UTF-8 of a surrogate": b'{"name": "\xed\xa0\x80"}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "half a surrogate pair as a name": b'{"\\udc00": 1}',
    "UTF-16": '{"name": "Ada"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "Ada"}',
    "33 deep": b'{"name": ' + b"[" * 32 + b"]" * 32 + b"}",
    "100 000 deep": b"[" * 100_000,
    "100 000 deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "single quotes": b"{'name': 'Ada'}",
    "a raw control character": b'{"name": "A\nda"}',
    "a NUL": b"\x00",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_is_not_strict_json_is_malformed(anyone: APIClient, body: bytes) -> None:
    response = anyone.post("/api/v1/echo", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


def test_the_reason_never_quotes_the_body(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/echo", b'{"code": "271828" "271828"}', content_type="application/json")
    assert b"271828" not in response.content


def test_32_deep_is_read(anyone: APIClient) -> None:
    body = b'{"name": ' + b"[" * 31 + b"]" * 31 + b"}"
    response = anyone.post("/api/v1/echo", body, content_type="application/json")
    assert response.json()["code"] == "validation_failed"


def test_a_whole_surrogate_pair_is_one_character(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/echo", b'{"name": "\\ud83d\\ude00"}', content_type="application/json")
    assert response.content == '{"name":"😀"}'.encode()


@pytest.mark.parametrize("body", [b"null", b"[]", b'"Ada"', b"1", b"true"])
def test_json_that_is_no_object_fails_validation(anyone: APIClient, body: bytes) -> None:
    response = anyone.post("/api/v1/echo", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "validation_failed")
    assert response.json()["errors"][0]["pointer"] == ""


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "application/json; charset=utf-16",
        "*/*",
        "application/*",
        "json",
        ";;;",
    ],
)
def test_other_media_types_are_unsupported(anyone: APIClient, media_type: str) -> None:
    response = anyone.generic("POST", "/api/v1/echo", ADA, content_type=media_type)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_in_utf8_is_read(anyone: APIClient, media_type: str) -> None:
    assert anyone.generic("POST", "/api/v1/echo", ADA, content_type=media_type).status_code == 200


def test_accept_changes_nothing(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/echo", {"name": "Ada"}, format="json", headers={"Accept": "text/html"})
    assert response["Content-Type"] == "application/json"
