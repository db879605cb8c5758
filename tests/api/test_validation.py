from typing import Any

import pytest
from rest_framework.test import APIClient


def errors(client: APIClient, body: Any) -> list[tuple[str, str]]:
    response = client.post("/api/v1/echo", body, format="json")
    assert response.status_code == 400, response.content
    assert response.json()["code"] == "validation_failed"
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_a_good_body_is_understood(anyone: APIClient) -> None:
    body = {
        "name": "  Ada ",
        "note": "one\ntwo",
        "amount": "1299",
        "count": 9,
        "sure": True,
        "at": "2026-11-22T12:00:00-03:00",
        "day": "2026-11-22",
        "location": {"latitude": 51.5, "longitude": -0.125, "accuracy_m": 12},
        "metadata": {"basket": "77"},
    }
    expected = body | {"name": "Ada", "amount": "1299.00", "at": "2026-11-22T15:00:00Z"}
    assert anyone.post("/api/v1/echo", body, format="json").json() == expected


def test_an_unknown_field_is_refused_beside_what_else_is_wrong(anyone: APIClient) -> None:
    assert errors(anyone, {"nmae": "Ada"}) == [("/nmae", "unknown_field"), ("/name", "required")]


def test_an_unknown_field_further_in_is_pointed_at(anyone: APIClient) -> None:
    body = {"name": "Ada", "location": {"latitude": 1, "longitude": 2, "alt": 3}}
    assert errors(anyone, body) == [("/location/alt", "unknown_field")]


def test_a_pointer_counts_in_lists_and_escapes_names(anyone: APIClient) -> None:
    response = anyone.post(
        "/api/v1/people", {"people": [{"name": "Ada"}, {"name": "Bo", "a/~b": 1}]}, format="json"
    )
    assert response.json()["errors"][0]["pointer"] == "/people/1/a~1~0b"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", 7, "not_text"),
        ("name", True, "not_text"),
        ("name", ["Ada"], "not_text"),
        ("name", None, "null"),
        ("name", "", "blank"),
        ("name", "A\0da", "control_characters"),
        ("name", "A\nda", "control_characters"),
        ("name", "A\u2028da", "control_characters"),
        ("name", "A\x9fda", "control_characters"),
        ("name", "A" * 21, "max_length"),
        ("note", "A\0da", "control_characters"),
        ("code", 123456, "not_text"),
        ("code", ["123456"], "not_text"),
        ("amount", 12.5, "not_money"),
        ("amount", "-1.00", "not_money"),
        ("amount", "1e3", "not_money"),
        ("amount", "NaN", "not_money"),
        ("amount", "1,000.00", "not_money"),
        ("amount", "١٢", "not_money"),
        ("amount", "1.0000", "too_fine"),
        ("amount", "1" * 13, "too_large"),
        ("count", "5", "not_a_whole_number"),
        ("count", True, "not_a_whole_number"),
        ("count", 5.0, "not_a_whole_number"),
        ("count", 10, "out_of_range"),
        ("count", int("9" * 299), "out_of_range"),
        ("sure", "yes", "not_a_flag"),
        ("sure", 1, "not_a_flag"),
        ("at", "2026-11-22T12:00:00", "not_a_time"),
        ("at", 1_764_000_000, "not_a_time"),
        ("day", "20261122", "not_a_day"),
        ("day", "2026-02-30", "not_a_day"),
        ("location", "51,0", "invalid"),
        ("metadata", ["basket"], "not_metadata"),
        ("metadata", {"basket": 77}, "not_metadata"),
        ("metadata", {"basket": "7\0"}, "control_characters"),
        ("metadata", {"": "77"}, "too_long"),
        ("metadata", {"basket": "7" * 501}, "too_long"),
        ("metadata", {str(n): "" for n in range(51)}, "too_many"),
    ],
)
def test_a_value_of_another_form_is_refused(anyone: APIClient, field: str, value: Any, code: str) -> None:
    assert errors(anyone, {"name": "Ada", field: value}) == [(f"/{field}", code)]


@pytest.mark.parametrize(
    ("latitude", "code"),
    [
        ("51", "not_a_number"),
        (True, "not_a_number"),
        (90.001, "out_of_range"),
        (int("9" * 299), "out_of_range"),
    ],
)
def test_a_position_is_numbers_on_the_globe(anyone: APIClient, latitude: Any, code: str) -> None:
    body = {"name": "Ada", "location": {"latitude": latitude, "longitude": 0}}
    assert errors(anyone, body) == [("/location/latitude", code)]


@pytest.mark.parametrize("code", ["١٢٣٤٥٦", "12\0456", "", " ", "1" * 100_000])
def test_a_string_that_is_no_code_reaches_the_verb_as_it_came(anyone: APIClient, code: str) -> None:
    assert anyone.post("/api/v1/echo", {"name": "Ada", "code": code}, format="json").json()["code"] == code


@pytest.mark.parametrize(
    ("sent", "shown"), [("5", "5.00"), ("5.1", "5.10"), ("5.123", "5.123"), ("5.120", "5.12")]
)
def test_money_shows_two_places_or_as_many_as_it_needs(anyone: APIClient, sent: str, shown: str) -> None:
    body = {"name": "Ada", "amount": sent}
    assert anyone.post("/api/v1/echo", body, format="json").json()["amount"] == shown


@pytest.mark.parametrize("query", ["?cusor=x", "?name=Ada"])
def test_an_unknown_query_parameter_is_refused(anyone: APIClient, query: str) -> None:
    response = anyone.post("/api/v1/echo" + query, {"name": "Ada"}, format="json")
    assert response.json()["errors"][0]["code"] == "unknown_field"


def test_problems_are_in_one_language(anyone: APIClient) -> None:
    answers = [
        anyone.post("/api/v1/echo", {}, format="json", headers={"Accept-Language": language}).json()["errors"]
        for language in ("en", "de", "pt-br")
    ]
    assert answers[0] == answers[1] == answers[2]
