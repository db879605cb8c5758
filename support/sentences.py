"""Each event as a sentence that can be read out on the phone."""

from collections.abc import Callable
from typing import Any

from notifications.models import Message
from orders.masking import mask
from orders.models import Event
from support.people import People
from support.words import (
    BLAMELESS,
    CHANNELS,
    METHODS,
    RECEIVERS,
    RELEASE_REASONS,
    VISIT_REASONS,
    provider_words,
    tries,
)

Messages = dict[str, Message]
FIELDS = {"phone": "phone number", "email": "e-mail address"}
ROTATED = {
    "someone_asked_for_it": "{who} said that somebody had asked for the code, so code no. {n} was replaced.",
    "locked": "{who} asked for a new code, because code no. {n} was locked.",
    "support": "{who} had code no. {n} replaced. It no longer works, and neither does its link.",
}


def sentence(event: Event, people: People, messages: Messages) -> str:
    """What happened, as one or two sentences; the event's own name for one that has no words yet."""
    say = SENTENCES.get(event.type)
    if say is None:
        return f"{people.actor(event)}: {event.type}."
    return say(people.actor(event), event.data, people, messages)


def _set_out(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    courier = people.courier(data.get("courier"))
    if data.get("reassigned"):
        return f"{who} gave it to another courier, {courier}. The code stays the same."
    if who.startswith(f"{courier} "):
        return f"{who} set out with it."
    return f"{who} sent it out for delivery with {courier}."


def _arrived(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    return f"{who} reported being at the door{'' if data.get('located') else ', without a position'}."


def _failed(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    reason = data.get("reason", "")
    if data.get("recipient_here"):
        why = VISIT_REASONS.get(reason, reason)
        return f"{who} left without handing it over: {why}. The recipient had said that they are there."
    if because := BLAMELESS.get(data.get("blameless", "")):
        return f"It was not handed over: {because}. That is not put down to the courier."
    return f"{who} left without handing it over: {VISIT_REASONS.get(reason, reason)}."


def _delivered(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    receiver = RECEIVERS.get(data.get("received_by", ""), "somebody")
    if data.get("delegate"):
        receiver = f"delegate {data['delegate']}, whom the recipient had named"
    return f"{who} handed it over to {receiver}; {METHODS.get(data.get('method', ''), 'by another way')}."


def _sent(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    return f"Code no. {data['generation']} went out by {_way(data, messages)}: accepted by the provider."


def _not_received(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    code, way = f"Code no. {data['generation']}", _way(data, messages)
    message = messages.get(data.get("message", ""))
    why = provider_words(message.error) if message and message.error else "no reason was given"
    said = {
        "unsent": f"{code} could not be sent by {way} so far: {why}.",
        "silence": f"{code} went out by {way}, and nothing tells that it has arrived.",
        "stopped": f"{code} had gone out by {way}, who then answered STOP.",
    }
    told = said.get(data.get("because", ""), f"{code} did not arrive by {way}: {why}.")
    following = CHANNELS.get(data.get("next") or "")
    return f"{told} It goes by {following} as well." if following else told


def _undeliverable(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    if data.get("because") == "no_contact":
        return f"Code no. {data['generation']} could not be sent: no phone number or e-mail is known."
    if "tried" in data:
        tried = ", ".join(CHANNELS.get(way, way) for way in data["tried"])
        return f"Code no. {data['generation']} has reached the recipient on no way. Tried: {tried}."
    message = messages.get(data.get("message", ""))
    why = provider_words(message.error) if message and message.error else "no reason was given"
    return f"Code no. {data['generation']} could not be sent by {_way(data, messages)}: {why}."


def _way(data: dict[str, Any], messages: Messages) -> str:
    channel = CHANNELS.get(data.get("channel", ""), "message")
    message = messages.get(data.get("message", ""))
    return f"{channel} to {mask(message.to)}" if message else channel


def _wrong(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    left = data.get("attempts_left", 0)
    return f"{who} typed a wrong code; {tries(left) if left else 'no try'} left with this code."


def _rotated(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    words = ROTATED.get(data.get("because", ""), "{who} replaced code no. {n}.")
    return words.format(who=who, n=data["generation"])


def _contact_changed(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    changed = " and ".join(FIELDS.get(name, name) for name in data.get("changed", []))
    return f"{who} changed the recipient's {changed}. The contact before was told, and the code ended."


def _release_asked(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    reason = data.get("reason", "")
    needed = "two of the staff have" if data.get("approvals_needed") == 2 else "one supervisor has"
    why = RELEASE_REASONS.get(reason, reason)
    return f"{who} asked to hand it over without the code: {why}. {needed.capitalize()} to approve."


def _release_given(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    courier = people.courier(data.get("courier"))
    return f"{who} released it from their account: for ten minutes {courier} needs no code for it."


def _release_approved(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    given, needed = data.get("approvals", 1), data.get("approvals_needed", 1)
    if given < needed:
        return f"{who} approved handing it over without the code: {given} of {needed}."
    return f"{who} approved handing it over without the code. The courier has ten minutes for it."


def _release_expired(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    if data.get("approved"):
        return "Handing over without the code was approved, but not done in time: a code is needed again."
    return "Nobody answered in time whether it may be handed over without the code."


def _named(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    return f"{who} named delegate {data.get('delegate')}: somebody else may receive it with a code of theirs."


def _revoked(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
    return f"{who} ended the pass of delegate {data.get('delegate')}."


def _fixed(words: str) -> Callable[..., str]:
    def say(who: str, data: dict[str, Any], people: People, messages: Messages) -> str:
        return words.format(who=who, n=data.get("generation", ""))

    return say


SENTENCES: dict[str, Callable[[str, dict[str, Any], People, Messages], str]] = {
    "order.created": _fixed("{who} placed the order."),
    "order.contact_changed": _contact_changed,
    "order.recipient_erased": _fixed("{who} erased the recipient's personal data."),
    "shipment.in_transit": _fixed("{who} put it in transit."),
    "shipment.out_for_delivery": _set_out,
    "shipment.arrived": _arrived,
    "shipment.attempt_failed": _failed,
    "shipment.delivered": _delivered,
    "shipment.disputed": _fixed("{who} reported that they did not get it."),
    "shipment.returning": _fixed("{who} sent it back to the shop."),
    "shipment.returned": _fixed("{who} reported that it came back."),
    "shipment.cancelled": _fixed("{who} cancelled the delivery."),
    "recipient.here": _fixed("{who} said on their page that they are there."),
    "delegate.named": _named,
    "delegate.revoked": _revoked,
    "release.requested": _release_asked,
    "release.given": _release_given,
    "release.approved": _release_approved,
    "release.refused": _fixed("{who} refused to have it handed over without the code."),
    "release.expired": _release_expired,
    "code.issued": _fixed("Delivery code no. {n} was made."),
    "code.shown": _fixed("Code no. {n} was shown to the recipient: the courier comes."),
    "code.sent": _sent,
    "code.not_received": _not_received,
    "code.undeliverable": _undeliverable,
    "code.rotated": _rotated,
    "code.wrong": _wrong,
    "code.locked": _fixed("Code no. {n} is locked: no tries left."),
}
