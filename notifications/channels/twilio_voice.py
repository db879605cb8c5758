"""Calls through Twilio's Calls resource (twilio.com/docs/voice/api/call-resource).

What the call says is asked for when somebody answers, at /hooks/twilio/voice/…: see `notifications.hooks`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from notifications import pace
from notifications.channels.base import Fault, Look, Permanent, Receipt, Result, Sent, Temporary
from notifications.channels.twilio import callback, price_of
from notifications.channels.twilio_client import PROVIDER, ask
from notifications.channels.twilio_errors import fault_of
from notifications.kinds import Rendered
from notifications.models import Message

if TYPE_CHECKING:
    from twilio.rest import Client

RING_SECONDS = 25  # most voicemails take over at 20 to 30
LONGEST_CALL_SECONDS = 180
FIRST_LOOK, NEXT_LOOK, LAST_LOOK = timedelta(seconds=90), timedelta(minutes=5), timedelta(hours=6)
NO_KEY = "no-key"
ENDED_BADLY = {"busy", "no-answer", "failed", "canceled"}


class TwilioVoiceChannel:
    """Calls the number. The call's words never leave us before somebody has pressed a key."""

    provider = PROVIDER

    def ready_at(self) -> datetime | None:
        return pace.take(PROVIDER, settings.TWILIO_MESSAGES_PER_SECOND)

    def send(self, message: Message, rendered: Rendered) -> Result:
        if rendered.call is None:
            return Permanent("this kind of message has no words for a call", fault=Fault.CONFIGURATION)

        def question(client: Client) -> Sent:
            created = client.calls.create(
                to=message.to,
                from_=settings.TWILIO_VOICE_FROM,
                url=f"{settings.PUBLIC_URL}/hooks/twilio/voice/{message.public_id}",
                timeout=RING_SECONDS,
                time_limit=LONGEST_CALL_SECONDS,
                record=False,
                **callback(),
            )
            return Sent(created.sid or "", gives_receipts=True, look_again_at=timezone.now() + FIRST_LOOK)

        return ask(question)

    def look(self, message: Message) -> Look:
        found = ask(lambda client: client.calls(message.provider_id).fetch())
        now = timezone.now()
        if isinstance(found, Temporary | Permanent):
            return Look(again_at=now + NEXT_LOOK if isinstance(found, Temporary) else None)
        receipt, price = receipt_of(found.status or ""), price_of(found)
        over = receipt.arrived is not None or message.state != Message.State.SENT
        given_up = now - (message.sent_at or message.created_at) > LAST_LOOK
        again_at = None if (over and price) or given_up else now + NEXT_LOOK
        return Look(receipt, again_at, **price)


def receipt_of(status: str) -> Receipt:
    """What a call's status says of its message (CallStatus of a callback, or the resource's `status`).

    Whoever pressed the key has received it by then, so an end that comes first means that nobody did.
    """
    if status == "completed":
        return Receipt(False, f"no key was pressed (call {NO_KEY})", NO_KEY)
    if status in ENDED_BADLY:
        return Receipt(False, f"the call ended according to Twilio (call {status})", status, fault_of(status))
    return Receipt(None)
