"""Acme with a test and a live key and Carl with his handheld, before the endpoints of `urls.py`."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Literal

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from api import tokens
from api.tokens import Caller, new_token, register_token


@pytest.fixture(autouse=True)
def small_endpoints(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.api.urls"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def callers() -> Iterator[SimpleNamespace]:
    """The plain tokens; `revoked` is the set of digests that no longer count."""
    known: dict[str, Caller] = {}
    given: dict[str, str] = {}
    revoked: set[str] = set()
    kind: Literal["merchant", "courier"]
    for name, prefix, kind, public_id, livemode in (
        ("acme", "mk_test_", "merchant", "mer_acme", False),
        ("acme_live", "mk_live_", "merchant", "mer_acme", True),
        ("carl", "ct_", "courier", "cou_carl", True),
    ):
        given[name], digest = new_token(prefix)
        known[digest] = Caller(kind, public_id, SimpleNamespace(name=name), livemode)
    before = dict(tokens._resolvers)
    tokens._resolvers.clear()
    for prefix in ("mk_", "ct_"):
        register_token(prefix, lambda digest: None if digest in revoked else known.get(digest))
    yield SimpleNamespace(**given, revoked=revoked)
    tokens._resolvers.clear()
    tokens._resolvers.update(before)


@pytest.fixture
def anyone() -> APIClient:
    return APIClient()


@pytest.fixture
def acme(callers: SimpleNamespace) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {callers.acme}")
    return client
