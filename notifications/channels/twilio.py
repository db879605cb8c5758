"""SMS through Twilio's Messages resource (twilio.com/docs/messaging/api/message-resource)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from notifications import pace
from notifications.channels.base import Look, Permanent, Receipt, Result, Sent, Temporary
from notifications.channels.twilio_client import PROVIDER, Failure, ask
from notifications.channels.twilio_errors import fault_of
from notifications.kinds import Rendered
from notifications.models import Message

if TYPE_CHECKING:
    from twilio.rest import Client

# Where its words are settled; what Twilio says on the way there says no more than that it is on its way.
ARRIVED, LOST = {"delivered", "read"}, {"undelivered", "failed", "canceled"}
INVALID_CONTENT_RETENTION = "30029"

# A receipt can be lost, and one that came before its message was written down found nothing: so the first
# look is soon, and each next one after as long again. In the end nobody will tell.
FIRST_LOOK, LAST_LOOK = timedelta(seconds=20), timedelta(days=3)
LAST_TRY_TO_BLANK = timedelta(days=14)
TIDIED_AFTER, PRICED_AFTER = timedelta(seconds=2), timedelta(minutes=5)

# In seconds, how long Twilio may let a message wait (ValidityPeriod).
SHORTEST_VALIDITY, LONGEST_VALIDITY = 10, 36_000


class TwilioChannel:
    """Sends the text as an SMS. Twilio tells at /hooks/twilio/status what became of it, and is asked too."""

    provider = PROVIDER

    def ready_at(self) -> datetime | None:
        return pace.take(PROVIDER, settings.TWILIO_MESSAGES_PER_SECOND)

    def send(self, message: Message, rendered: Rendered) -> Result:
        wanted: dict[str, Any] = {"to": message.to, "body": rendered.text, **_sender(), **callback()}
        if rendered.valid_until is not None:
            left = (rendered.valid_until - timezone.now()).total_seconds()
            wanted["validity_period"] = round(min(max(left, SHORTEST_VALIDITY), LONGEST_VALIDITY))
        kept = not settings.TWILIO_DISCARD_TEXTS
        accepted = _create(wanted if kept else wanted | {"content_retention": "discard"})
        if isinstance(accepted, Permanent) and accepted.error_code == INVALID_CONTENT_RETENTION:
            # This account may not: doctor tells, and the text is blanked after the receipt.
            kept, accepted = True, _create(wanted)
        return replace(accepted, text_kept=kept) if isinstance(accepted, Sent) else accepted

    def look(self, message: Message) -> Look:
        settled, age = _has_ended(message), timezone.now() - (message.sent_at or message.created_at)
        tidies = message.text_kept and (settled or age > LAST_LOOK)
        found = ask(lambda client: _resource(client, message.provider_id, blank=tidies))
        if isinstance(found, Temporary | Permanent):
            return _unanswered(message, found, age)
        return _seen(message, found, age, kept=message.text_kept and not tidies)


def receipt_of(status: str, error_code: str) -> Receipt:
    """What a message's status says (MessageStatus of a callback, or the resource's `status`)."""
    if status in ARRIVED:
        return Receipt(True)
    if status not in LOST:
        return Receipt(None)
    reason = f"{status} according to Twilio (error {error_code or 'unknown'})"
    return Receipt(False, reason, error_code, fault_of(error_code))


def callback() -> dict[str, str]:
    """Where Twilio is to tell what becomes of it; nowhere, if our address cannot be reached from outside."""
    outside = settings.PUBLIC_HOST not in settings.LOOPBACK
    stand_in = settings.TWILIO_API_BASE.startswith("http://127.0.0.1:")
    return {"status_callback": f"{settings.PUBLIC_URL}/hooks/twilio/status"} if outside or stand_in else {}


def tidied_at(now: datetime) -> datetime:
    """When to look at a message once its receipt has come: to blank its text, and to learn its price."""
    return now + TIDIED_AFTER


def price_of(resource: Any) -> dict[str, Any]:
    """What Twilio has charged for a message or call; nothing where it does not know yet."""
    with suppress(InvalidOperation, TypeError, ValueError):
        return {
            "price": abs(Decimal(resource.price)),
            "price_currency": (resource.price_unit or "")[:3].upper(),
        }
    return {}


def _create(wanted: dict[str, Any]) -> Sent | Failure:
    def question(client: Client) -> Sent:
        created = client.messages.create(**wanted)
        soon = timezone.now() + FIRST_LOOK
        return Sent(created.sid or "", True, soon, segments=_segments(created))

    return ask(question)


def _sender() -> dict[str, str]:
    if settings.TWILIO_MESSAGING_SERVICE_SID:
        return {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
    return {"from_": settings.TWILIO_FROM}


def _resource(client: Client, sid: str, *, blank: bool) -> Any:
    message = client.messages(sid)
    return message.update(body="") if blank else message.fetch()


def _seen(message: Message, found: Any, age: timedelta, *, kept: bool) -> Look:
    receipt = receipt_of(found.status or "", str(found.error_code or ""))
    price = price_of(found)
    over = receipt.arrived is not None or _has_ended(message)
    wait = None if over and price and not kept else max(age, PRICED_AFTER if over else FIRST_LOOK)
    if over and kept:
        wait = TIDIED_AFTER
    given_up = age > LAST_LOOK and not kept
    again_at = None if wait is None or given_up else timezone.now() + wait
    return Look(receipt, again_at, text_kept=kept, segments=_segments(found), **price)


def _unanswered(message: Message, failure: Failure, age: timedelta) -> Look:
    """It could not be asked now; where it knows the message no longer, it keeps no text of it either.

    Nor does it blank the text of a message that never ends: doctor counts what is kept in spite of us.
    """
    gone = failure.error_code == "20404" or failure.reason.startswith("refused by Twilio (HTTP 404")
    if gone:
        return Look()
    if isinstance(failure, Temporary):
        wait = timedelta(seconds=failure.retry_after or 60)
    else:
        wait = max(age, PRICED_AFTER)
    given_up = age > LAST_TRY_TO_BLANK
    return Look(again_at=None if given_up else timezone.now() + wait, text_kept=message.text_kept)


def _has_ended(message: Message) -> bool:
    return message.state in (Message.State.RECEIVED, Message.State.FAILED)


def _segments(resource: Any) -> int | None:
    """How many short messages it was cut into; Twilio says 0 until a messaging service has a sender."""
    told = str(resource.num_segments or "")
    return (int(told) or None) if told.isdigit() else None
