"""Twilio's signature: its published vectors, and what stands between its address for us and ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from notifications.hooks.signed import LARGEST_BODY, is_signed
from notifications.models import Message
from tests.notifications.greeting import PHONE
from tests.notifications.twilio_stories import FORM, bring, told
from tests.servers.twilio import AUTH_TOKEN, Callback, TwilioStandIn

VECTORS = json.loads(Path(__file__).with_name("twilio_signature_vectors.json").read_text())
ALL = VECTORS["published"] + VECTORS["altered"]


def pairs(sent: Any) -> list[tuple[str, str]]:
    return list(sent.items()) if isinstance(sent, dict) else [(name, value) for name, value in sent]


def as_request(vector: dict[str, Any]) -> HttpRequest:
    """The vector as it comes in, at a host that says another name."""
    url = urlsplit(vector["url"])
    sent: Any = vector.get("params_list") or vector["params_or_body"]
    body, kind = (sent, "application/json") if isinstance(sent, str) else (urlencode(pairs(sent)), FORM)
    headers = {"X-Twilio-Signature": vector["signature"], "Host": "inside.example"}
    return RequestFactory().post(f"{url.path}?{url.query}", body, content_type=kind, headers=headers)


def public_url_of(vector: dict[str, Any]) -> str:
    url = urlsplit(vector["url"])
    return f"{url.scheme}://{url.netloc}"


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector["name"])
def test_published_vectors_hold_and_altered_ones_do_not(vector: dict[str, Any], settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = VECTORS["auth_token"]
    settings.PUBLIC_URL = public_url_of(vector)
    is_form = not isinstance(vector.get("params_or_body"), str)
    # No hook of ours is sent JSON: that is refused whatever its signature.
    assert is_signed(as_request(vector)) is (vector["valid"] and is_form)


@pytest.mark.django_db
def test_behind_a_proxy_the_public_address_counts_and_not_the_host_it_came_to(
    twilio: TwilioStandIn, settings: Settings, client: Client
) -> None:
    settings.PUBLIC_URL = "https://codes.example.com"
    settings.ALLOWED_HOSTS = ["inside.example"]
    unknown = Message(provider_id="SM" + "f" * 32, to=PHONE)
    inside = {"Host": "inside.example", "X-Forwarded-Proto": "https"}
    assert bring(told(unknown, "sent"), client, inside).status_code == 204
    theirs = told(unknown, "sent", url="https://inside.example/hooks/twilio/status")
    assert bring(theirs, client, inside).status_code == 403


@pytest.mark.django_db
def test_the_query_is_signed_with_the_rest(twilio: TwilioStandIn, settings: Settings, client: Client) -> None:
    unknown = Message(provider_id="SM" + "f" * 32, to=PHONE)
    url = f"{settings.PUBLIC_URL}/hooks/twilio/status"
    asked = told(unknown, "sent", url=f"{url}?a=1&b=%20")
    assert bring(asked, client).status_code == 204
    other = Callback(f"{url}?a=2&b=%20", asked.form, AUTH_TOKEN)
    assert bring(other, client, asked.headers).status_code == 403


@pytest.mark.django_db
def test_a_body_of_any_size_is_not_read(twilio: TwilioStandIn, settings: Settings, client: Client) -> None:
    url = f"{settings.PUBLIC_URL}/hooks/twilio/status"
    large = Callback(url, {"Body": "x" * LARGEST_BODY}, AUTH_TOKEN)
    assert bring(large, client).status_code == 413
