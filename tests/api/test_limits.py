import re
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django import Settings
from rest_framework.test import APIClient

NOW = datetime(2026, 11, 22, 12, 0, 15, tzinfo=UTC)


def ask(client: APIClient, address: str = "192.0.2.1") -> tuple[int, str]:
    response = client.post("/api/v1/limited", REMOTE_ADDR=address)
    return response.status_code, response.get("RateLimit", "")


@time_machine.travel(NOW, tick=False)
def test_what_is_left_counts_down_to_a_refusal(anyone: APIClient) -> None:
    assert [ask(anyone) for _ in range(3)] == [
        (200, '"tests";r=1;t=45'),
        (200, '"tests";r=0;t=45'),
        (429, '"tests";r=0;t=45'),
    ]


@time_machine.travel(NOW, tick=False)
def test_a_refusal_says_when_and_why(anyone: APIClient) -> None:
    response = [anyone.post("/api/v1/limited") for _ in range(3)][-1]
    assert response.json()["code"] == "rate_limited"
    assert response["Retry-After"] == "45"
    assert response["RateLimit-Policy"] == '"tests";q=2;w=60'


def test_the_next_window_begins_anew(anyone: APIClient) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert [ask(anyone)[0] for _ in range(3)] == [200, 200, 429]
        clock.shift(45)
        assert ask(anyone)[0] == 200


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_each_network_is_counted_apart(anyone: APIClient, first: str, second: str, shared: bool) -> None:
    for _ in range(2):
        ask(anyone, first)
    assert ask(anyone, second)[0] == (429 if shared else 200)


@pytest.mark.parametrize(
    ("proxies", "told", "shared"),
    [
        (0, ("198.51.100.1", "198.51.100.2"), True),  # nobody is believed
        (1, ("198.51.100.1", "198.51.100.2"), False),
        (1, ("203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1"), True),  # what the client wrote
        (2, ("203.0.113.1, 198.51.100.1, 10.0.0.1", "203.0.113.2, 198.51.100.1, 10.0.0.2"), True),
        (2, ("203.0.113.1, 198.51.100.1, 10.0.0.1", "203.0.113.1, 198.51.100.2, 10.0.0.1"), False),
        (2, ("198.51.100.1", "198.51.100.2"), False),  # past the outer proxy
        (1, ("2001:db8::1", "2001:db8::2"), True),
        (1, ("198.51.100.1:4711", "198.51.100.2:4711"), False),
        (1, ("198.51.100.1:4711", "198.51.100.1:4712"), True),
        (1, ("[2001:db8::1]:4711", "[2001:db8:0:1::1]:4711"), False),
        (1, ("no address", "nor this"), True),
    ],
)
def test_behind_our_own_proxies_each_client_is_counted_apart(
    anyone: APIClient, settings: Settings, proxies: int, told: tuple[str, str], shared: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    with time_machine.travel(NOW, tick=False):
        for _ in range(2):
            anyone.post("/api/v1/limited", headers={"X-Forwarded-For": told[0]})
        answer = anyone.post("/api/v1/limited", headers={"X-Forwarded-For": told[1]})
    assert answer.status_code == (429 if shared else 200)


def test_a_cache_that_is_down_lets_everything_through(anyone: APIClient, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    assert [ask(anyone) for _ in range(3)] == [(200, "")] * 3


def test_an_endpoint_without_a_limit_says_nothing_of_one(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/echo", {"name": "Ada"}, format="json")
    assert not [name for name in response.headers if re.match("ratelimit", name, re.I)]
