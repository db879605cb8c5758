"""A program that goes on with a token that is nobody's is told to wait; a live token always opens."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import time_machine
from rest_framework.test import APIClient

from api.views import UNKNOWN_TOKENS

NOW = datetime(2026, 11, 22, 12, 0, 15, tzinfo=UTC)


def ask(token: str, address: str = "192.0.2.1") -> int:
    return int(tell(token, address).status_code)


def tell(token: str, address: str = "192.0.2.1") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return APIClient().get("/api/v1/merchant", headers=headers, REMOTE_ADDR=address)


@time_machine.travel(NOW, tick=False)
def test_unknown_tokens_are_limited_by_address_and_a_live_one_is_not(callers: SimpleNamespace) -> None:
    tries = [ask("mk_test_" + f"{number:043}") for number in range(UNKNOWN_TOKENS.quota + 1)]
    assert tries == [401] * UNKNOWN_TOKENS.quota + [429]
    assert ask(callers.acme) == 200
    assert ask("mk_test_" + "x" * 43, "192.0.2.2") == 401
    refused = tell("rubbish")
    assert (refused.json()["code"], refused["Retry-After"]) == ("rate_limited", "45")
    assert refused["RateLimit"] == '"unknown-tokens";r=0;t=45'


@time_machine.travel(NOW, tick=False)
def test_no_token_at_all_is_no_guess(anyone: APIClient) -> None:
    tries = {anyone.get("/api/v1/merchant").status_code for _ in range(150)}
    assert tries == {401}
