"""Short stories with Twilio: a text message it took, and its requests brought to our hooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import PHONE
from tests.servers.twilio import AUTH_TOKEN, Callback, TwilioStandIn

FORM = "application/x-www-form-urlencoded"


def sent_sms(enqueue: Any, **fields: Any) -> Message:
    """A text message to Ada that Twilio has taken."""
    message: Message = enqueue(**{"channel": "sms", "to": PHONE} | fields)
    worker.drain()
    message.refresh_from_db()
    assert message.state == "sent", message.error
    return message


def bring(callback: Callback, client: Client | None = None, headers: dict[str, str] | None = None) -> Any:
    """Post it to where it goes, signed as it is, and answer the response."""
    url = urlsplit(callback.url)
    path = url.path + (f"?{url.query}" if url.query else "")
    named = callback.headers | (headers or {})
    return (client or Client()).post(path, urlencode(callback.form), content_type=FORM, headers=named)


def told(message: Message, status: str, *, code: int | None = None, url: str = "") -> Callback:
    """Twilio's word that a message has reached this status."""
    form = {"MessageSid": message.provider_id, "MessageStatus": status, "To": message.to}
    form |= {"ErrorCode": str(code)} if code else {}
    return Callback(url or f"{settings.PUBLIC_URL}/hooks/twilio/status", form, AUTH_TOKEN)


def forged(callback: Callback) -> Callback:
    """The same, signed by somebody who does not know the token."""
    return replace(callback, token="a guess")


def texted(twilio: TwilioStandIn, words: str, *, phone: str = PHONE, sid: str = "") -> Callback:
    """Twilio's word that somebody has texted us."""
    twilio.inbound_url = f"{settings.PUBLIC_URL}/hooks/twilio/inbound"
    return twilio.text_from(phone, words, sid)


def answered(callback: Callback) -> str:
    """What our hook answers to it, as Twilio reads it."""
    response = bring(callback)
    assert response.status_code in (200, 204), response
    assert response["Cache-Control"] == "no-store"
    return str(response.content.decode())
