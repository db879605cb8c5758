import base64

import pytest
from rest_framework.test import APIClient

from api.models import IdempotentRequest
from api.pagination import page_of
from tests.api.urls import note_rows, write_note

pytestmark = pytest.mark.django_db


def write(count: int) -> list[str]:
    for _ in range(count):
        write_note("n")
    return list(note_rows().order_by("-pk").values_list("key_hash", flat=True))


def test_a_list_is_whole_page_by_page(acme: APIClient) -> None:
    expected, seen, cursor = write(7), [], ""
    for _ in range(3):
        page = acme.get("/api/v1/notes", {"limit": "3"} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["data"]
        cursor = page["next"]
    assert seen == expected
    assert cursor is None


def test_a_last_page_that_is_full_has_no_next(acme: APIClient) -> None:
    write(3)
    assert acme.get("/api/v1/notes?limit=3").json()["next"] is None


def test_an_empty_list_is_empty(acme: APIClient) -> None:
    assert acme.get("/api/v1/notes").json() == {"data": [], "next": None}


def test_fifty_unless_told_otherwise(acme: APIClient) -> None:
    write(51)
    assert len(acme.get("/api/v1/notes").json()["data"]) == 50


def test_what_comes_or_goes_meanwhile_shifts_nothing(acme: APIClient) -> None:
    expected = write(6)
    first = acme.get("/api/v1/notes?limit=3").json()
    write(2)
    note_rows().filter(key_hash=expected[2]).delete()
    second = acme.get("/api/v1/notes", {"limit": 3, "cursor": first["next"]}).json()
    assert first["data"] + second["data"] == expected


def test_a_list_may_begin_with_the_oldest() -> None:
    expected = write(5)[::-1]
    first = page_of(note_rows(), path="/x", limit=3, oldest_first=True)
    second = page_of(note_rows(), path="/x", limit=3, cursor=first.next, oldest_first=True)
    assert [row.key_hash for row in first.rows + second.rows] == expected


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "1.5", "٣", "9" * 30])
def test_a_limit_out_of_range_is_refused(acme: APIClient, limit: str) -> None:
    response = acme.get("/api/v1/notes", {"limit": limit})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/limit")


@pytest.mark.parametrize("cursor", ["x", "1", "AAAA", "a" * 32, "=", "é", "A" * 101, " ", "\0"])
def test_a_made_up_cursor_is_refused(acme: APIClient, cursor: str) -> None:
    response = acme.get("/api/v1/notes", {"cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (400, "validation_failed")
    assert response.json()["errors"][0]["pointer"] == "/cursor"


def test_a_cursor_of_another_list_is_refused(acme: APIClient) -> None:
    write(2)
    cursor = acme.get("/api/v1/notes?limit=1").json()["next"]
    assert acme.get("/api/v1/other-notes", {"cursor": cursor}).status_code == 400


def test_a_parameter_given_twice_is_refused(acme: APIClient) -> None:
    assert acme.get("/api/v1/notes?limit=1&limit=2").json()["errors"][0]["pointer"] == "/limit"


def test_a_cursor_does_not_tell_the_row_s_number() -> None:
    write(2)
    newest = IdempotentRequest.objects.latest("pk")
    cursor = page_of(note_rows(), path="/x", limit=1).next
    assert cursor is not None
    assert str(newest.pk) != cursor
    assert newest.pk.to_bytes(8, "big") not in base64.urlsafe_b64decode(cursor)
