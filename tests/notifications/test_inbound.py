"""STOP, START, CODE and HELP by text message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handoffs.limits import SENDS_PER_GENERATION
from notifications import inbound, stops, worker
from notifications.models import Message, StoppedNumber
from orders.models import Shipment
from tests.handoffs.stories import living_code, out_for_delivery
from tests.notifications.greeting import PHONE
from tests.notifications.twilio_stories import answered, bring, sent_sms, texted
from tests.servers.twilio import TwilioStandIn

Enqueue = Callable[..., Message]
NOTHING = "<?xml version='1.0' encoding='utf-8'?>\n<Response />"
OTHER_PHONE = "+447400123457"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", "STOP"),
        (" stop. ", "STOP"),
        ("Unsubscribe", "STOP"),
        ("arrêt", "STOP"),
        ("start", "START"),
        ("Help!", "HELP"),
        ("code", "CODE"),
        ("Código", "CODE"),
        ("コード", "CODE"),
        ("please stop by at noon", ""),
        ("", ""),
    ],
)
def test_a_word_is_known_however_it_is_written(text: str, word: str) -> None:
    assert inbound.word_of(text) == word


def test_after_stop_no_text_goes_until_start(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    assert answered(texted(twilio, "STOP")) == NOTHING
    refused = enqueue(channel="sms", to=PHONE)
    worker.drain()
    refused.refresh_from_db()
    assert (refused.state, refused.error_code, refused.fault) == ("failed", "21610", "permanent")
    assert twilio.requests == []
    assert stops.stopped_among([PHONE, OTHER_PHONE]) == {PHONE}

    assert answered(texted(twilio, "START")) == NOTHING
    sent_sms(enqueue)


def test_what_goes_by_e_mail_or_is_a_call_is_not_stopped(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    bring(texted(twilio, "STOP"))
    assert stops.refusal(Message(channel="voice", to=PHONE, livemode=True)) is None
    assert stops.refusal(Message(channel="sms", to=PHONE, livemode=False)) is None
    assert stops.refusal(Message(channel="sms", to=PHONE, livemode=True)) is not None


def test_a_stop_that_only_twilio_heard_is_learnt_from_its_refusal(
    enqueue: Enqueue, twilio: TwilioStandIn
) -> None:
    twilio.account.opted_out.add(PHONE)
    for _ in range(2):
        message = enqueue(channel="sms", to=PHONE)
        worker.drain()
        message.refresh_from_db()
        assert (message.state, message.error_code) == ("failed", "21610")
    assert len(twilio.requests) == 1
    StoppedNumber.objects.update(at=message.created_at - stops.ASKED_AGAIN_AFTER)
    twilio.account.opted_out.clear()
    sent_sms(enqueue)


def test_what_a_test_key_made_stops_nobody(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    message = enqueue(channel="sms", to="+12025550102", livemode=False)
    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.error_code) == ("failed", "21610")
    assert not StoppedNumber.objects.exists()


def out() -> Shipment:
    shipment, _ = out_for_delivery(livemode=True)
    code = living_code(shipment)
    code.last_sent_at = None
    code.save(update_fields=["last_sent_at"])
    Message.objects.all().delete()
    return shipment


def codes_to(phone: str) -> int:
    return Message.objects.filter(kind="delivery_code", channel="sms", to=phone).count()


@pytest.mark.django_db
def test_code_sends_the_living_code_again_to_the_phone_that_asked(twilio: TwilioStandIn) -> None:
    shipment = out()
    assert answered(texted(twilio, "code")) == NOTHING
    [message] = Message.objects.filter(kind="delivery_code")
    assert (message.about, message.to, message.channel) == (shipment.public_id, PHONE, "sms")
    assert living_code(shipment).generation == message.context["generation"] == 1


@pytest.mark.django_db
def test_another_phone_gets_the_same_answer_and_nothing_more(twilio: TwilioStandIn) -> None:
    out()
    assert answered(texted(twilio, "CODE", phone=OTHER_PHONE)) == NOTHING
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_code_shares_the_limits_of_every_other_way_to_ask(twilio: TwilioStandIn) -> None:
    shipment = out()
    for _ in range(3):
        bring(texted(twilio, "CODE"))
    assert codes_to(PHONE) == 1, "the cool-down holds"
    code = living_code(shipment)
    code.sends, code.last_sent_at = SENDS_PER_GENERATION, None
    code.save(update_fields=["sends", "last_sent_at"])
    bring(texted(twilio, "CODE"))
    assert codes_to(PHONE) == 1, "so does the count"


@pytest.mark.django_db
def test_the_same_message_told_twice_is_acted_on_once(twilio: TwilioStandIn) -> None:
    shipment = out()
    callback = texted(twilio, "CODE")
    bring(callback)
    code = living_code(shipment)
    code.last_sent_at = None
    code.save(update_fields=["last_sent_at"])
    bring(callback)
    assert codes_to(PHONE) == 1


def written_to(twilio: TwilioStandIn) -> None:
    """There has been a message to this phone."""
    out()
    bring(texted(twilio, "CODE"))


@pytest.mark.django_db
def test_help_is_answered_unless_twilio_has_done_so(twilio: TwilioStandIn) -> None:
    written_to(twilio)
    assert answered(texted(twilio, "HELP")) == NOTHING
    said = answered(texted(twilio, "info"))
    assert "<Message>" in said
    assert "CODE" in said
    assert "STOP" in said


@pytest.mark.django_db
def test_whoever_asks_for_help_again_and_again_earns_nothing_by_it(twilio: TwilioStandIn) -> None:
    written_to(twilio)
    answers = [answered(texted(twilio, "info")) for _ in range(5)]
    assert [answer != NOTHING for answer in answers] == [True] * 3 + [False] * 2
    assert answered(texted(twilio, "info", phone=OTHER_PHONE)) == NOTHING, "we never wrote to it"


@pytest.mark.parametrize(
    "altered", [{"From": "Ada"}, {"From": "+1\x00"}, {"MessageSid": "SM1"}, {"Body": "\x00"}]
)
@pytest.mark.django_db
def test_what_is_no_text_message_is_answered_with_nothing(
    twilio: TwilioStandIn, altered: dict[str, str]
) -> None:
    callback = texted(twilio, "CODE")
    callback.form.update(altered)
    assert answered(callback) == NOTHING
