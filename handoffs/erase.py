"""Forget a recipient. What is personal is blanked; what proves stays, because it only points at that."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Stop
from handoffs.dispatch import illegal_transition
from handoffs.models import (
    Delegate,
    DeliveryAttempt,
    Photo,
    PreferenceChallenge,
    ProofOfDelivery,
    ReleaseRequest,
)
from notifications.models import Message
from orders.models import Actor, DeliveryPreference, Event, Fact, Order, Shipment

ERASED = "order.recipient_erased"
UNSETTLED = (Message.State.QUEUED, Message.State.SENDING)
_TEXTS = ("name", "company", "phone", "email", "line1", "line2", "city", "region", "postal_code")
_POSITION = dict.fromkeys(("latitude", "longitude", "accuracy_m"))

# The columns that hold what is personal, and what they hold afterwards.
PERSONAL: dict[type[Model], dict[str, Any]] = {
    Order: {
        **dict.fromkeys((*_TEXTS, "instructions", "address_key", "name_key"), ""),
        **{"latitude": None, "longitude": None, "locale": "en", "metadata": {}},
    },
    Stop: {f"arrival_{name}": value for name, value in _POSITION.items()},
    Delegate: {"name": ""},
    DeliveryAttempt: {"note": "", **_POSITION},
    ProofOfDelivery: _POSITION,
    Photo: {"picture": None},
    ReleaseRequest: {"note": ""},
    Message: {"to": "", "error": "", "provider_id": "", "locale": "en"},
}


def erase_recipient(*, order_id: str, actor: Actor) -> Order | Refusal:
    """Blank the recipient's personal data in everything about this order. A second time changes nothing.

    Country, ids, values, times, events, checks and the signed proof stay, and the proof still holds. Refuses
    with not_found, illegal_transition (a shipment is not closed: its courier needs the address) or
    message_underway (one about it is still to be sent).
    """
    with transaction.atomic():
        shipments = list(Shipment.objects.filter(order__public_id=order_id).locked())
        if not shipments:
            return Refusal("not_found")
        open_one = next((each for each in shipments if not each.is_closed), None)
        if open_one is not None:
            return illegal_transition(open_one)
        order = shipments[0].order
        messages = Message.objects.filter(about__in=[each.public_id for each in shipments])
        if messages.filter(state__in=UNSETTLED).exists():
            return Refusal("message_underway", "A message about it is still to be sent. Try again later.")
        contacts = {*order.contacts, *messages.exclude(to="").values_list("to", flat=True)}
        address = order.address_key
        _blank(order, shipments, messages)
        for contact in contacts:
            _forget_preference(order, contact, address)
        if not Event.objects.filter(shipment=shipments[0], type=ERASED).exists():
            for shipment in shipments:
                shipment.record([Fact(ERASED, actor)])
        return order


def orders_of(contact: str) -> QuerySet[Order]:
    """The orders of whoever has this phone (E.164) or e-mail address, also those that it was changed for."""
    told = Message.objects.filter(to__iexact=contact).values("about")
    about = Order.objects.filter(shipments__public_id__in=told).values("pk")
    return Order.objects.filter(Q(phone=contact) | Q(email__iexact=contact) | Q(pk__in=about)).order_by("pk")


def _blank(order: Order, shipments: Iterable[Shipment], messages: QuerySet[Message]) -> None:
    Order.objects.filter(pk=order.pk).update(**PERSONAL[Order])
    Stop.objects.filter(shipment__in=shipments).update(**PERSONAL[Stop])
    Delegate.objects.filter(shipment__in=shipments).update(**PERSONAL[Delegate])
    DeliveryAttempt.objects.filter(stop__shipment__in=shipments).update(**PERSONAL[DeliveryAttempt])
    ProofOfDelivery.objects.filter(shipment__in=shipments).update(**PERSONAL[ProofOfDelivery])
    Photo.objects.filter(shipment__in=shipments).update(**PERSONAL[Photo])
    ReleaseRequest.objects.filter(shipment__in=shipments).update(**PERSONAL[ReleaseRequest])
    messages.update(**PERSONAL[Message])
    order.refresh_from_db()


def _forget_preference(order: Order, contact: str, address: str) -> None:
    """Unless another order of theirs to that address needs it. Without it, codes are asked for again."""
    others = Order.objects.filter(livemode=order.livemode, address_key=address)
    if others.filter(Q(phone=contact) | Q(email__iexact=contact)).exists():
        return
    preferences = DeliveryPreference.objects.filter(
        livemode=order.livemode, contact=contact.lower(), address_key=address
    )
    for preference in preferences.select_for_update(no_key=True):
        challenges = PreferenceChallenge.objects.filter(preference=preference)
        challenges.end(PreferenceChallenge.EndReason.SUPERSEDED, timezone.now())
        preference.contact, preference.address_key = f"erased {preference.pk}", ""
        preference.save(update_fields=("contact", "address_key", "updated_at"))
