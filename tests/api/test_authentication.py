from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from api.tokens import new_token, register_token, resolve_token, token_digest


def test_a_merchant_key_names_its_merchant_and_mode(anyone: APIClient, callers: SimpleNamespace) -> None:
    response = anyone.get("/api/v1/merchant", headers={"Authorization": f"Bearer {callers.acme}"})
    assert response.json() == {"kind": "merchant", "id": "mer_acme", "livemode": False}


def test_the_scheme_may_be_written_in_any_case(anyone: APIClient, callers: SimpleNamespace) -> None:
    response = anyone.get("/api/v1/merchant", headers={"Authorization": f"bearer {callers.acme_live}"})
    assert response.json()["livemode"] is True


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer mk_test_unknownunknownunknown",
        "Bearer xx_test_unknownunknownunknown",
        "Basic mk_test_unknownunknownunknown",
        "Bearer mk_test_\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        "Bearer mk_test_" + "a" * 100_000,
    ],
)
def test_no_or_an_unknown_token_is_401(
    anyone: APIClient, callers: SimpleNamespace, header: str | None
) -> None:
    extra: dict[str, Any] = {} if header is None else {"HTTP_AUTHORIZATION": header}
    response = anyone.get("/api/v1/merchant", **extra)
    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_ends_at_once(acme: APIClient, callers: SimpleNamespace) -> None:
    callers.revoked.add(token_digest(callers.acme))
    assert acme.get("/api/v1/merchant").status_code == 401


def test_the_wrong_kind_of_token_is_403(anyone: APIClient, callers: SimpleNamespace) -> None:
    for url, token in (("/api/v1/merchant", callers.carl), ("/api/v1/courier", callers.acme)):
        response = anyone.get(url, headers={"Authorization": f"Bearer {token}"})
        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


def test_who_is_not_let_in_learns_nothing_about_the_body(anyone: APIClient) -> None:
    assert anyone.post("/api/v1/notes", b"not json", content_type="text/plain").status_code == 401


def test_a_token_has_256_random_bits_and_is_kept_as_a_digest() -> None:
    plain, digest = new_token("mk_test_")
    assert plain.startswith("mk_test_")
    assert len(plain.removeprefix("mk_test_")) == 43
    assert digest == token_digest(plain)
    assert plain not in digest


@pytest.mark.parametrize(
    "junk", ["ct_short", "ct_" + "\xff" * 43, "ct_" + "a" * 1_000, "ct_" + "a" * 20 + "\n"]
)
def test_what_cannot_be_a_token_is_never_looked_up(callers: SimpleNamespace, junk: str) -> None:
    def look_up(digest: str) -> None:
        raise AssertionError("it was looked up")

    register_token("ct_", look_up)
    assert resolve_token(junk) is None
