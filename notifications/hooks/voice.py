"""`/hooks/twilio/voice/…`: what a call says.

First only who calls, and to press a key: that is all that a voicemail ever hears. No address holds anything
secret; what is read out is rendered when the key has been pressed, for this call and no other.
"""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree.ElementTree import Element

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from notifications import kinds, receipts
from notifications.channels.base import Receipt
from notifications.hooks import twiml
from notifications.hooks.signed import from_twilio
from notifications.hooks.status import CALL, PRICED_AFTER
from notifications.models import Message

MESSAGE_ID = re.compile(r"msg_[0-9a-z]{1,36}")
KEY = "1"
# Twilio may ask again for what it has not got whole.
SAID_AGAIN_WITHIN = timedelta(minutes=1)
UNDERWAY = (Message.State.QUEUED, Message.State.SENDING, Message.State.SENT)


@from_twilio
def ask(request: HttpRequest, *, message_id: str) -> HttpResponse:
    """Somebody, or something, has answered the call."""
    message = _called(message_id, request.POST.get("CallSid", ""))
    return _ask(message) if message else twiml.answer(twiml.hang_up())


@from_twilio
def tell(request: HttpRequest, *, message_id: str) -> HttpResponse:
    """A key was pressed: then a person listens."""
    message = _called(message_id, request.POST.get("CallSid", ""))
    if message is None:
        return twiml.answer(twiml.hang_up())
    return _tell(message) if request.POST.get("Digits") == KEY else _ask(message)


def _called(message_id: str, call_sid: str) -> Message | None:
    """The message of this call, while it is still to be told."""
    if not MESSAGE_ID.fullmatch(message_id) or not CALL.fullmatch(call_sid):
        return None
    calls = Message.objects.filter(public_id=message_id, channel=Message.Channel.VOICE, livemode=True)
    # Twilio took the call, but we do not know that: its answer was lost, or is still on its way.
    calls.filter(provider_id="", attempts__gt=0, state__in=UNDERWAY).update(provider_id=call_sid)
    message = calls.filter(provider_id=call_sid).first()
    return message if message and _may_still_be_told(message) else None


def _may_still_be_told(message: Message) -> bool:
    if message.received_at is not None:
        return timezone.now() - message.received_at < SAID_AGAIN_WITHIN
    return message.state in UNDERWAY


def _ask(message: Message) -> HttpResponse:
    words, language = _words(message)
    if words is None:
        return twiml.answer(twiml.hang_up())
    question = twiml.say(words.ask, language)
    action = f"{settings.PUBLIC_URL}/hooks/twilio/voice/{message.public_id}/key"
    return twiml.answer(
        twiml.gather(action, question, twiml.pause(1), question),
        twiml.say(words.missed, language),
        twiml.hang_up(),
    )


def _tell(message: Message) -> HttpResponse:
    words, language = _words(message)
    if words is None:
        return twiml.answer(twiml.hang_up())
    priced_at = timezone.now() + PRICED_AFTER
    receipts.apply(Receipt(True), public_id=message.public_id, look_again_at=priced_at)
    return twiml.answer(*_spoken(words, language), twiml.hang_up())


def _spoken(words: kinds.Call, language: str) -> list[Element]:
    return [
        twiml.say(words.before, language),
        twiml.pause(1),
        twiml.spell(words.spelled, language),
        twiml.pause(1),
        twiml.say(words.again, language),
        twiml.pause(1),
        twiml.spell(words.spelled, language),
        twiml.pause(1),
        twiml.say(words.after, language),
    ]


def _words(message: Message) -> tuple[kinds.Call | None, str]:
    rendered = kinds.render(message)
    return rendered.call if rendered else None, kinds.language_for(message)
