"""The phone that rings: asks for the words of a call, presses a key or not, and hears what is said."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree

from tests.servers.twilio.account import ACCOUNT_SID, AUTH_TOKEN, Form, Resource
from tests.servers.twilio.callbacks import Callback, Deliver

ANSWERED = "completed"


def ring(call: Resource, deliver: Deliver, heard: list[str]) -> None:
    """The whole of one call, with what is said put into `heard`."""
    if call.plan.call_ends == ANSWERED:
        call.call_status = "in-progress"
        for words in _listen(call, call.form["Url"], {}, deliver):
            heard.append(words)
    call.call_status = call.plan.call_ends
    url = call.form.get("StatusCallback")
    if url:
        deliver(Callback(url, _form(call) | {"CallDuration": "9", "SequenceNumber": "0"}, AUTH_TOKEN))


def _listen(call: Resource, url: str, digits: Form, deliver: Deliver) -> Iterator[str]:
    """Verb by verb, as twilio.com/docs/voice/twiml has it: Say, Pause, Gather, Redirect, Hangup."""
    response = ElementTree.fromstring(deliver(Callback(url, _form(call) | digits, AUTH_TOKEN)))
    assert response.tag == "Response"
    for verb in response:
        if verb.tag == "Hangup":
            return
        if verb.tag == "Gather":
            yield from (said for each in verb for said in _said(each))
            if call.plan.presses:
                pressed = {"Digits": call.plan.presses}
                yield from _listen(call, urljoin(url, verb.get("action", url)), pressed, deliver)
                return
        elif verb.tag in ("Say", "Pause"):
            yield from _said(verb)
        else:
            raise ValueError(f"TwiML verb {verb.tag} is not known here")


def _said(verb: ElementTree.Element) -> Iterator[str]:
    if verb.tag == "Say":
        yield "".join(verb.itertext()).strip()


def _form(call: Resource) -> Form:
    return {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": call.call_status,
        "Called": call.form["To"],
        "Caller": call.form["From"],
        "Direction": "outbound-api",
        "From": call.form["From"],
        "To": call.form["To"],
    }
