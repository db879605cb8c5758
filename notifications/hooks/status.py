"""`/hooks/twilio/status`: what became of a message or a call."""

from __future__ import annotations

import re
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from notifications import receipts
from notifications.channels import twilio, twilio_voice
from notifications.hooks.signed import from_twilio

MESSAGE, CALL = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}"), re.compile(r"CA[0-9a-fA-F]{32}")
ERROR_CODE = re.compile(r"\d{1,6}")
PRICED_AFTER = timedelta(minutes=5)


@from_twilio
def status(request: HttpRequest) -> HttpResponse:
    """204 whatever it tells, also of a message that we do not know: to tell it again would change nothing."""
    told = request.POST
    if CALL.fullmatch(told.get("CallSid", "")):
        _of_call(told)
    elif MESSAGE.fullmatch(told.get("MessageSid", "")):
        _of_message(told)
    return HttpResponse(status=204)


def _of_message(told: QueryDict) -> None:
    error_code = told.get("ErrorCode", "")
    receipt = twilio.receipt_of(
        told.get("MessageStatus", ""), error_code if ERROR_CODE.fullmatch(error_code) else ""
    )
    tidied_at = twilio.tidied_at(timezone.now())
    receipts.apply(receipt, provider_id=told.get("MessageSid", ""), look_again_at=tidied_at)


def _of_call(told: QueryDict) -> None:
    receipt = twilio_voice.receipt_of(told.get("CallStatus", ""))
    receipts.apply(receipt, provider_id=told.get("CallSid", ""), look_again_at=timezone.now() + PRICED_AFTER)
