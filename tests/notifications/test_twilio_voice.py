"""A call reads its secret out, slowly and twice, to whoever presses a key; a voicemail never learns it."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from pytest_django import Settings

from handoffs.messages import DELIVERY_CODE
from notifications import outbox, worker
from notifications.hooks.twiml import VOICES
from notifications.models import Message
from orders.models import Shipment
from tests.base import ADA
from tests.handoffs.stories import out_for_delivery, right_code
from tests.notifications.greeting import PHONE
from tests.notifications.twilio_stories import answered, bring
from tests.servers.twilio import AUTH_TOKEN, Callback, Plan, TwilioStandIn
from tests.servers.twilio.account import Resource
from tests.servers.twilio.calls import ring

pytestmark = pytest.mark.django_db
VOICEMAIL = Plan(presses="")
LANGUAGES = {"en-GB": "en", "es-MX": "es", "pt-BR": "pt", "fr-CA": "fr", "de-AT": "de", "hi": "hi"}
LANGUAGES |= {"ar-EG": "ar", "ja": "ja"}


@pytest.fixture
def voice(twilio: TwilioStandIn, settings: Settings) -> TwilioStandIn:
    settings.TWILIO_VOICE_FROM = "+15005550006"
    return twilio


def called(shipment: Shipment, twilio: TwilioStandIn) -> tuple[Message, Resource]:
    """The message whose call is ringing, and the call."""
    message = outbox.enqueue(
        kind=DELIVERY_CODE,
        about=shipment.public_id,
        to=PHONE,
        channel=Message.Channel.VOICE,
        locale=shipment.order.locale,
        livemode=True,
        context={"generation": 1, "renewed": False},
    )
    Message.objects.exclude(pk=message.pk).delete()
    worker.drain()
    message.refresh_from_db()
    return message, twilio.account.calls[-1]


def out(locale: str = "en-GB") -> Shipment:
    return out_for_delivery(livemode=True, recipient=replace(ADA, locale=locale))[0]


def test_somebody_who_presses_1_hears_the_code_twice_and_has_received_it(voice: TwilioStandIn) -> None:
    shipment = out()
    message, call = called(shipment, voice)
    assert message.state == "sent"
    heard: list[str] = []
    ring(call, answered, heard)
    assert heard.count(right_code(shipment)) == 2
    assert "press 1" in heard[0]
    message.refresh_from_db()
    assert message.state == "received"


def test_a_voicemail_hears_who_called_and_no_code_and_the_message_has_failed(voice: TwilioStandIn) -> None:
    voice.plan(PHONE, VOICEMAIL)
    shipment = out()
    message, call = called(shipment, voice)
    heard: list[str] = []
    ring(call, answered, heard)
    assert heard
    assert right_code(shipment) not in "".join(heard)
    message.refresh_from_db()
    assert (message.state, message.error_code, message.fault) == ("failed", "no-key", "temporary")


@pytest.mark.parametrize("end", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_that_nobody_takes_has_failed(voice: TwilioStandIn, end: str) -> None:
    voice.plan(PHONE, Plan(call_ends=end))
    message, call = called(out(), voice)
    heard: list[str] = []
    ring(call, answered, heard)
    message.refresh_from_db()
    assert (heard, message.state, message.error_code) == ([], "failed", end)


def test_another_key_is_asked_again(voice: TwilioStandIn) -> None:
    shipment = out()
    message, call = called(shipment, voice)
    said = answered(key_pressed(message, call, "5"))
    assert "<Gather" in said
    assert right_code(shipment) not in spoken(said)


def key_pressed(message: Message, call: Resource, key: str, *, sid: str = "") -> Callback:
    form = {"CallSid": sid or call.sid, "CallStatus": "in-progress", "Digits": key, "To": PHONE}
    return Callback(call.form["Url"] + "/key", form, AUTH_TOKEN)


def spoken(said: str) -> str:
    return "".join(ElementTree.fromstring(said).itertext())


def test_another_call_or_a_later_one_is_told_nothing(voice: TwilioStandIn) -> None:
    shipment = out()
    message, call = called(shipment, voice)
    assert spoken(answered(key_pressed(message, call, "1", sid="CA" + "f" * 32))) == ""
    ring(replace(call, plan=VOICEMAIL), answered, [])
    assert spoken(answered(key_pressed(message, call, "1"))) == ""


def test_an_unsigned_request_is_told_nothing(voice: TwilioStandIn) -> None:
    message, call = called(out(), voice)
    callback = replace(key_pressed(message, call, "1"), token="a guess")
    assert bring(callback).status_code == 403
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_call_whose_answer_was_lost_is_known_when_it_asks(voice: TwilioStandIn) -> None:
    voice.plan(PHONE, Plan(resets=True))
    shipment = out()
    message, call = called(shipment, voice)
    assert (message.state, message.uncertain) == ("queued", True)
    heard: list[str] = []
    ring(call, answered, heard)
    assert right_code(shipment) in heard
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("received", call.sid)


def test_neither_the_request_nor_an_address_holds_the_code(voice: TwilioStandIn) -> None:
    shipment = out()
    _message, call = called(shipment, voice)
    assert right_code(shipment) not in repr(call.form)
    assert call.form["Url"].startswith("http://127.0.0.1:8000/hooks/twilio/voice/msg_")
    assert call.form["Record"] == "false"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_call_speaks_the_recipient_s_language(voice: TwilioStandIn, locale: str) -> None:
    message, call = called(out(locale), voice)
    said = ElementTree.fromstring(answered(key_pressed(message, call, "1")))
    language, speaker = VOICES[LANGUAGES[locale]]
    assert {(verb.get("language"), verb.get("voice")) for verb in said.iter("Say")} == {(language, speaker)}


def test_there_is_a_voice_for_each_of_our_languages(settings: LazySettings) -> None:
    assert {code.partition("-")[0] for code, _ in settings.LANGUAGES} == set(VOICES)


def test_a_shop_s_name_is_no_markup(voice: TwilioStandIn) -> None:
    shipment = out()
    merchant = shipment.order.merchant
    type(merchant).objects.filter(pk=merchant.pk).update(name='<Play loop="0">x</Play> & "Söhne"\x0b')
    _message, call = called(shipment, voice)
    said = ElementTree.fromstring(answered(Callback(call.form["Url"], _answered_by(call), AUTH_TOKEN)))
    assert [verb.tag for verb in said] == ["Gather", "Say", "Hangup"]
    assert "& Söhne" in "".join(said.itertext())


def _answered_by(call: Resource) -> dict[str, str]:
    return {"CallSid": call.sid, "CallStatus": "in-progress", "To": PHONE}


def test_without_a_number_that_may_call_nobody_is_called(twilio: TwilioStandIn) -> None:
    shipment = out()
    message = outbox.enqueue(
        kind=DELIVERY_CODE,
        about=shipment.public_id,
        to=PHONE,
        channel="voice",
        locale="en",
        livemode=True,
        context={"generation": 1, "renewed": False},
    )
    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.fault) == ("failed", "configuration")
    assert twilio.account.calls == []
