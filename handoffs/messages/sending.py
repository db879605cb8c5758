"""Writing messages about a shipment, in the transaction of the fact that they tell.

Three rules say where they go. What is needed at the door goes the best way. A warning goes every way there
is. What is only good to know goes by e-mail, and costs a text message only where there is no mailbox.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import User
from handoffs.calling import calling_time
from handoffs.messages.names import (
    CONTACT_CHANGED,
    COURIER_ARRIVED,
    DELEGATE_NAMED,
    DELIVERY_CODE,
    HANDED_OVER,
    LOCKED,
    NEEDS_CODE,
    NOBODY_HOME,
    RELEASE_ASKED,
    RELEASED,
    RETURNED,
)
from handoffs.messages.wanted import Channel, ways_wanted
from handoffs.models import DeliveryCode
from notifications import outbox
from notifications.channels import is_configured
from notifications.models import Message
from orders import phones
from orders.models import Order, Shipment

Ways = dict[str, str]


def channels_of(order: Order) -> Ways:
    """The channels on which this recipient can read us, best first, and the address on each."""
    phone = order.phone if order.phone and phones.gets_texts(order.phone) else ""
    known = {Message.Channel.SMS.value: phone, Message.Channel.EMAIL.value: order.email}
    return {channel: address for channel, address in known.items() if address}


def code_ways(order: Order) -> Ways:
    """The channels on which this recipient can get a code, best first; last of all by a call."""
    ways = channels_of(order)
    callable_ = order.phone and phones.gets_calls(order.phone)
    if callable_ and is_configured(Message.Channel.VOICE, livemode=order.livemode):
        ways[Message.Channel.VOICE.value] = order.phone
    return ways


def best_way(order: Order) -> Ways:
    return dict(list(channels_of(order).items())[:1])


def quiet_way(order: Order) -> Ways:
    """The mailbox, else whatever there is."""
    return {Message.Channel.EMAIL.value: order.email} if order.email else best_way(order)


# --- What is needed at the door ------------------------------------------------------------------


def send_code(
    shipment: Shipment,
    code: DeliveryCode,
    *,
    now: datetime,
    channel: str | None = None,
    renewed: bool = False,
    not_before: datetime | None = None,
) -> Message | None:
    """`send_codes` of one; None where no channel is known."""
    sent = send_codes([Telling(shipment, code, channel, renewed, not_before)], now=now)
    return sent[0] if sent else None


@dataclass(frozen=True)
class Telling:
    """That a code is to be told to whom it is for, on the channel asked for or the best one.

    `renewed`: in words that say that it is a new one. `not_before`: the message waits until then.
    """

    shipment: Shipment
    code: DeliveryCode
    channel: str | None = None
    renewed: bool = False
    not_before: datetime | None = None


def send_codes(tellings: Iterable[Telling], *, now: datetime) -> list[Message]:
    """Queue the messages with these codes, with three statements however many they are (two, where their
    orders were read `with_wishes` and there are none); none for whom no channel is known. The first goes the
    way that its recipient wants, where none is asked for."""
    tellings = list(tellings)
    wanted = ways_wanted(each.shipment.order for each in tellings if each.channel is None)
    drafts = {
        each: draft
        for each in tellings
        if (draft := _code_draft(each, wanted.get(each.shipment.order_id), now))
    }
    if not drafts:
        return []
    sent = DeliveryCode.objects.filter(pk__in=[each.code.pk for each in drafts])
    sent.update(sends=F("sends") + 1, last_sent_at=now, unheard_since=now)
    for code in (each.code for each in drafts):
        code.sends, code.last_sent_at, code.unheard_since = code.sends + 1, now, now
    return outbox.enqueue_many(drafts.values())


def _code_draft(telling: Telling, wanted: Channel | None, now: datetime) -> outbox.Draft | None:
    channels = code_ways(telling.shipment.order)
    if not channels:
        return None
    chosen = telling.channel or _first_way(telling.shipment, channels, wanted, now)
    context = {"generation": telling.code.generation, "renewed": telling.renewed}
    draft = _draft(telling.shipment, DELIVERY_CODE, chosen, channels[chosen], context)
    return replace(draft, not_before=telling.not_before)


def _first_way(shipment: Shipment, channels: Ways, wanted: Channel | None, now: datetime) -> str:
    """The wanted one, if it leads there: at night a call does not. Word that a code is in the account goes
    the quiet way, since there is no hurry in it."""
    if wanted == Channel.ACCOUNT:
        return next(iter(quiet_way(shipment.order) or channels))
    if wanted is None or wanted.value not in channels:
        return next(iter(channels))
    if wanted == Channel.VOICE and calling_time(shipment, now) is not None:
        return next(iter(channels))
    return wanted.value


def send_locked(shipment: Shipment, generation: int) -> None:
    """Queue the word that wrong codes have locked this generation."""
    _send([shipment], LOCKED, best_way, {"generation": generation})


def send_nobody_home(shipment: Shipment) -> None:
    """Queue the word that the courier found nobody."""
    _send([shipment], NOBODY_HOME, best_way)


# --- Warnings ------------------------------------------------------------------------------------


def send_contact_changed(shipment: Shipment, told: Ways) -> None:
    """Queue a warning to the contacts that were known before the change, on each of their channels."""
    _send([shipment], CONTACT_CHANGED, lambda order: told)


def send_delegate_named(shipment: Shipment, number: int) -> None:
    """Queue the word that somebody was given a pass."""
    _send([shipment], DELEGATE_NAMED, channels_of, {"delegate": number})


def send_release_asked(shipment: Shipment) -> None:
    """Queue the word that the courier asks to hand over without the code."""
    _send([shipment], RELEASE_ASKED, channels_of)


def send_released(shipment: Shipment, account: User) -> None:
    """Queue the word that the recipient released it, to every contact of the order and of the account."""
    ways = [*channels_of(shipment.order).items(), *account.ways.items()]
    told = {to.lower(): (channel, to) for channel, to in reversed(ways) if channel != Message.Channel.VOICE}
    outbox.enqueue_many(
        [_draft(shipment, RELEASED, channel, to, {}) for channel, to in reversed(told.values())]
    )


# --- Good to know --------------------------------------------------------------------------------


def send_needs_code(shipments: Iterable[Shipment]) -> None:
    """Queue, for those among them that need one, the word that a code will be needed at the door."""
    _send([each for each in shipments if each.code_required], NEEDS_CODE, quiet_way)


def send_arrived(shipment: Shipment) -> None:
    """Queue the word that the courier says they are at the door, where a code is needed there."""
    if shipment.code_required:
        _send([shipment], COURIER_ARRIVED, quiet_way)


def send_receipt(
    shipment: Shipment, *, without_code: bool = False, by_account: bool = False, delegate: int | None = None
) -> None:
    """Queue the word that the shipment was handed over; without its code, that is a warning. `by_account`:
    the recipient had released it. `delegate`: the number of whose code was told."""
    outbox.enqueue_many(
        receipts(shipment, without_code=without_code, by_account=by_account, delegate=delegate)
    )


def receipts(
    shipment: Shipment, *, without_code: bool = False, by_account: bool = False, delegate: int | None = None
) -> list[outbox.Draft]:
    """What `send_receipt` queues."""
    if by_account:
        return _drafts([shipment], HANDED_OVER, channels_of, {"without_code": True, "by_account": True})
    if delegate is not None:
        return _drafts([shipment], HANDED_OVER, quiet_way, {"delegate": delegate})
    if without_code:
        return _drafts([shipment], HANDED_OVER, channels_of, {"without_code": True})
    return _drafts([shipment], HANDED_OVER, quiet_way)


def send_returned(shipment: Shipment) -> None:
    """Queue the word that it is back at the shop."""
    _send([shipment], RETURNED, quiet_way)


def _send(
    shipments: Iterable[Shipment],
    kind: str,
    ways: Callable[[Order], Ways],
    context: dict[str, Any] | None = None,
) -> None:
    outbox.enqueue_many(_drafts(shipments, kind, ways, context))


def _drafts(
    shipments: Iterable[Shipment],
    kind: str,
    ways: Callable[[Order], Ways],
    context: dict[str, Any] | None = None,
) -> list[outbox.Draft]:
    return [
        _draft(shipment, kind, channel, to, context or {})
        for shipment in shipments
        for channel, to in ways(shipment.order).items()
    ]


def _draft(shipment: Shipment, kind: str, channel: str, to: str, context: dict[str, Any]) -> outbox.Draft:
    return outbox.Draft(
        kind=kind,
        about=shipment.public_id,
        to=to,
        channel=channel,
        locale=shipment.order.locale,
        livemode=shipment.order.livemode,
        context=context,
        payer=shipment.order.merchant.public_id,
    )
