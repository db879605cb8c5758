"""The sandbox phone: every SMS and e-mail that would have gone out, rendered when somebody looks."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.guesses import GuessLimit, a_guess
from api.throttling import client_network
from api.times import rfc3339
from notifications import kinds
from notifications.models import Message

NEWEST = 100
PASSWORDS = GuessLimit("sandbox password of a network", 20, timedelta(minutes=15))
SHIPMENT_ID = re.compile(r"shp_[0-9a-z]{1,40}")

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Bubble:
    """One message as the phone shows it. `gone`: what it named no longer exists, so nobody can render it."""

    message: Message
    subject: str
    body: str
    gone: bool


@dataclass(frozen=True)
class Conversation:
    """What was sent to one address, newest first."""

    to: str
    channel: str
    bubbles: list[Bubble]


def only_in_the_sandbox(view: View) -> View:
    """404 without SANDBOX; where SANDBOX_PASSWORD is set, asked for by HTTP Basic with any user name."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.SANDBOX:
            raise Http404
        response = _refused(request) if settings.SANDBOX_PASSWORD else None
        if response is None:
            response = view(request)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@require_safe
@only_in_the_sandbox
def phone(request: HttpRequest) -> HttpResponse:
    """The newest messages as conversations, waiting and failed ones marked as such."""
    conversations = _conversations(_newest(request))
    return render(request, "sandbox.html", {"conversations": conversations, "newest": NEWEST})


@require_safe
@only_in_the_sandbox
def messages(request: HttpRequest) -> JsonResponse:
    """The newest messages, and whether each has arrived; `?shipment=shp_…` for those about one shipment."""
    return JsonResponse({"data": [_shape(_bubble(message)) for message in _newest(request)]})


def _newest(request: HttpRequest) -> list[Message]:
    chosen = Message.objects.order_by("-id")
    shipment = request.GET.get("shipment")
    if shipment is None:
        return list(chosen[:NEWEST])
    return list(chosen.filter(about=shipment)[:NEWEST]) if SHIPMENT_ID.fullmatch(shipment) else []


def _conversations(newest: list[Message]) -> list[Conversation]:
    by_address: dict[tuple[str, str], Conversation] = {}
    for message in newest:
        key = (message.channel, message.to)
        conversation = by_address.setdefault(key, Conversation(message.to, message.channel, []))
        conversation.bubbles.append(_bubble(message))
    return list(by_address.values())


def _bubble(message: Message) -> Bubble:
    try:
        rendered = kinds.render(message)
    except kinds.UnknownKindError:
        return Bubble(message, "", _("This kind of message is not known to this release."), gone=True)
    if rendered is None:
        return Bubble(message, "", _("The code that this message named no longer exists."), gone=True)
    return Bubble(message, rendered.subject, rendered.text, gone=False)


def _shape(bubble: Bubble) -> dict[str, str | None]:
    message = bubble.message
    return {
        "id": message.public_id,
        "kind": message.kind,
        "channel": message.channel,
        "to": message.to,
        "subject": bubble.subject,
        "body": bubble.body,
        "shipment": message.about if message.about.startswith("shp_") else None,
        "created_at": rfc3339(message.created_at),
        "state": message.state,
    }


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Why the phone stays closed; None for who knows its password. Each try is counted before it is read."""
    if "Authorization" not in request.headers:
        return _asked()
    guess = a_guess((PASSWORDS, client_network(request)))
    refusal = guess.charge()
    if refusal is not None:
        wait = {"Retry-After": str(refusal.members["retry_after"])}
        return HttpResponse(_("Too many tries. Wait some minutes."), status=429, headers=wait)
    if not _knows_password(request):
        return _asked()
    guess.give_back()
    return None


def _asked() -> HttpResponse:
    challenge = {"WWW-Authenticate": 'Basic realm="Sandbox phone", charset="UTF-8"'}
    return HttpResponse(_("The sandbox phone needs its password."), status=401, headers=challenge)


def _knows_password(request: HttpRequest) -> bool:
    scheme, _space, encoded = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    return constant_time_compare(decoded.partition(":")[2], settings.SANDBOX_PASSWORD)
