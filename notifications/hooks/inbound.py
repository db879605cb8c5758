"""`/hooks/twilio/inbound`: a text message that somebody sent to our number."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from notifications import inbound
from notifications.hooks import twiml
from notifications.hooks.signed import from_twilio
from notifications.hooks.status import MESSAGE

PHONE = re.compile(r"\+[1-9]\d{6,14}")


@from_twilio
def message(request: HttpRequest) -> HttpResponse:
    """Always TwiML. To STOP, START and HELP Twilio itself replies where it says so (`OptOutType`)."""
    told = request.POST
    phone, sid = told.get("From", ""), told.get("MessageSid", "")
    if not PHONE.fullmatch(phone) or not MESSAGE.fullmatch(sid):
        return twiml.answer()
    opt_out = told.get("OptOutType", "").upper()
    word = inbound.word_of(opt_out or told.get("Body", ""))
    reply = inbound.hear(inbound.Heard(phone, word, answered=bool(opt_out)), sid)
    return twiml.answer(*([twiml.message(reply)] if reply else []))
