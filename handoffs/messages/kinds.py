"""The kinds of messages about a shipment: which words each has now, or none where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handoffs.issue import may_issue
from handoffs.messages import words as say
from handoffs.messages.letters import rendered
from handoffs.messages.links import account_link_of, link_of, receipt_link_of
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
from handoffs.messages.wanted import keeper_of
from handoffs.models import Delegate, DeliveryCode
from notifications import kinds
from notifications.models import Message
from orders.models import Order, Shipment, Status

WITH_MERCHANT = Shipment.objects.select_related("order__merchant")
CODES_WITH_MERCHANT = DeliveryCode.objects.select_related("shipment__order__merchant")


def render_needs_code(message: Message) -> kinds.Rendered | None:
    """That a code will be needed; nothing once the parcel is out, since the code itself then says so."""
    shipment = _shipment_of(message)
    if not shipment.code_required or shipment.status not in (Status.CREATED, Status.IN_TRANSIT):
        return None
    return rendered(message, say.needs_code(_words(shipment), shipment.tracking_url), shipment)


def render_code(message: Message) -> kinds.Rendered | None:
    """The code, first of all; None once this generation is dead."""
    code = _living(message)
    if code is None:
        return None
    shipment = code.shipment
    if keeper_of(shipment.order):
        return rendered(message, say.code_in_account(_words(shipment), account_link_of(shipment)), shipment)
    if code.held_back:
        return rendered(message, say.code_later(_words(shipment), link_of(shipment, code)), shipment)
    words = {
        **_words(shipment),
        "code": code.code_of(),
        "until": _moment(code.expires_at, shipment.order),
    }
    said = say.delivery_code(words, link_of(shipment, code), renewed=message.context["renewed"])
    return replace(rendered(message, said, shipment), valid_until=code.expires_at)


def render_arrived(message: Message) -> kinds.Rendered | None:
    """That the courier says they are at the door; nothing once that is over."""
    shipment = _shipment_of(message)
    if not shipment.is_out:
        return None
    code = DeliveryCode.objects.living().filter(shipment=shipment).first()
    link = _page_of(shipment, code) if code else shipment.tracking_url
    return rendered(message, say.courier_arrived(_words(shipment), link), shipment)


def render_locked(message: Message) -> kinds.Rendered | None:
    """That wrong codes have locked this generation; nothing once there is another, or the visit is over."""
    code = _living(message)
    if code is None or not code.is_locked or not code.shipment.is_out:
        return None
    shipment = code.shipment
    may_renew = may_issue(shipment, code, timezone.now())
    link = _page_of(shipment, code) if may_renew else shipment.tracking_url
    return rendered(message, say.code_locked(_words(shipment), link, may_renew=may_renew), shipment)


def render_nobody_home(message: Message) -> kinds.Rendered | None:
    """That the courier found nobody; nothing where they have been handed it after all."""
    shipment = _shipment_of(message)
    if shipment.status != Status.ATTEMPT_FAILED:
        return None
    return rendered(message, say.nobody_home(_words(shipment), shipment.tracking_url), shipment)


def render_receipt(message: Message) -> kinds.Rendered | None:
    """That the parcel was handed over, and how to say that one did not get it."""
    shipment = _shipment_of(message)
    when = _moment(shipment.delivered_at, shipment.order) if shipment.delivered_at else ""
    words, link = {**_words(shipment), "when": when}, receipt_link_of(shipment)
    if "delegate" in message.context:
        words["delegate"] = _name_of(shipment, message)
        return rendered(message, say.handed_over_to_delegate(words, link), shipment)
    if message.context.get("by_account"):
        return rendered(message, say.handed_over_as_released(words, link), shipment)
    said = say.handed_over_without_code if message.context.get("without_code") else say.handed_over
    return rendered(message, said(words, link), shipment)


def render_delegate_named(message: Message) -> kinds.Rendered | None:
    """That somebody else may receive it now; nothing once the parcel is closed."""
    shipment = _shipment_of(message)
    if shipment.is_closed:
        return None
    words = {**_words(shipment), "delegate": _name_of(shipment, message)}
    return rendered(message, say.delegate_named(words, shipment.tracking_url), shipment)


def render_released(message: Message) -> kinds.Rendered | None:
    """That it was released from an account; with the bare page's address."""
    shipment = _shipment_of(message)
    return rendered(message, say.released(_words(shipment), shipment.tracking_url), shipment)


def render_returned(message: Message) -> kinds.Rendered | None:
    """That it is back at the shop."""
    shipment = _shipment_of(message)
    return rendered(message, say.returned(_words(shipment), shipment.tracking_url), shipment)


def render_contact_changed(message: Message) -> kinds.Rendered | None:
    """To whom the contact was before: somebody changed it, and codes no longer come here."""
    shipment = _shipment_of(message)
    return rendered(message, say.contact_changed(_words(shipment), shipment.tracking_url), shipment)


def render_release_asked(message: Message) -> kinds.Rendered | None:
    """That a courier says they are at the door and cannot be told the code; with the bare page's address."""
    shipment = _shipment_of(message)
    return rendered(message, say.release_asked(_words(shipment), shipment.tracking_url), shipment)


def _shipment_of(message: Message) -> Shipment:
    return WITH_MERCHANT.get(public_id=message.about)


def _living(message: Message) -> DeliveryCode | None:
    """The generation that the message names, where its time is not over."""
    living = CODES_WITH_MERCHANT.living().filter(shipment__public_id=message.about)
    code = living.filter(generation=message.context["generation"]).first()
    return None if code is None or code.is_over(timezone.now()) else code


def _page_of(shipment: Shipment, code: DeliveryCode) -> str:
    """Where the recipient sees this code: a link of its own is as good as the code."""
    return account_link_of(shipment) if keeper_of(shipment.order) else link_of(shipment, code)


def _name_of(shipment: Shipment, message: Message) -> str:
    """Of the delegate that the message is about, as the recipient wrote it."""
    number = message.context["delegate"]
    return Delegate.objects.values_list("name", flat=True).get(shipment=shipment, number=number)


def _words(shipment: Shipment) -> dict[str, str]:
    return {"merchant": shipment.order.merchant.shown_name}


def _moment(at: datetime, order: Order) -> str:
    """The time by the clock of the address, as people write it in the language that is active."""
    return date_format(at.astimezone(order.zone), _("D j M, H:i"))


def register(code_settled: Callable[[Message], None]) -> None:
    """Make the kinds known. `code_settled`: what is done once a message with a code has met its end."""
    kinds.register(kinds.Kind(NEEDS_CODE, render=render_needs_code))
    kinds.register(kinds.Kind(DELIVERY_CODE, render=render_code, settled=code_settled, has_reserve=True))
    kinds.register(kinds.Kind(COURIER_ARRIVED, render=render_arrived))
    kinds.register(kinds.Kind(LOCKED, render=render_locked, has_reserve=True))
    kinds.register(kinds.Kind(NOBODY_HOME, render=render_nobody_home))
    kinds.register(kinds.Kind(HANDED_OVER, render=render_receipt))
    kinds.register(kinds.Kind(RETURNED, render=render_returned))
    kinds.register(kinds.Kind(CONTACT_CHANGED, render=render_contact_changed))
    kinds.register(kinds.Kind(DELEGATE_NAMED, render=render_delegate_named, has_reserve=True))
    kinds.register(kinds.Kind(RELEASE_ASKED, render=render_release_asked, has_reserve=True))
    kinds.register(kinds.Kind(RELEASED, render=render_released, has_reserve=True))
