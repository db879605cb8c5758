"""What somebody should look at now: deliveries of today that a code or a message holds up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from handoffs.messages import DELIVERY_CODE
from handoffs.models import DeliveryCode
from handoffs.rotate import Because
from handoffs.state import newest_codes
from notifications.models import Message
from orders.models import Event, Shipment

SHOWN = 12
DISPUTES_SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Matter:
    """One kind of trouble: the newest shipments that have it. `more`: there are others."""

    title: str
    advice: str
    shipments: list[Shipment]
    more: bool


def matters() -> list[Matter]:
    """Looked for among the living codes, which are few, what has ended waits for nobody; and disputes, among
    the shipments that have one."""
    living = DeliveryCode.objects.living()
    # PostgreSQL compares no jsonb with a number.
    told = Cast(KeyTextTransform("generation", "context"), IntegerField())
    taken = (
        Message.objects.annotate(told=told)
        .filter(
            about=OuterRef("shipment__public_id"),
            kind=DELIVERY_CODE,
            told=OuterRef("generation"),
        )
        .exclude(state__in=(Message.State.FAILED, Message.State.DROPPED))
    )
    unsent = living.exclude(Exists(taken))
    doubted = Event.objects.filter(
        shipment=OuterRef("shipment"), type="code.rotated", data__because=str(Because.ASKED_FOR)
    )
    return [
        _listed(
            "Not received",
            "Handed over, and the recipient says that they did not get it. Look at the proof and where the "
            "courier was; call the courier.",
            _disputed(),
        ),
        _matter(
            "Someone asked for the code",
            "The recipient was asked for it before anybody stood at their door, and it was replaced. Call: "
            "who asked, and what did they know?",
            living.filter(Exists(doubted), generation__gt=1),
        ),
        _matter(
            "Locked",
            "Too many wrong codes at the door. Unlocking sends the recipient a new code.",
            living.filter(attempts__gte=F("attempts_allowed")),
        ),
        _matter(
            "Code not delivered",
            "It reached the recipient on no channel, or no contact is known. Correct the contact, or help by "
            "phone; the courier may ask to do without the code.",
            unsent,
        ),
    ]


def _matter(title: str, advice: str, codes: QuerySet[DeliveryCode]) -> Matter:
    return _listed(title, advice, codes.order_by("-pk").values_list("shipment_id", flat=True))


def _disputed() -> QuerySet[Shipment, int]:
    lately = Shipment.objects.filter(disputed_at__gte=timezone.now() - DISPUTES_SHOWN_FOR)
    return lately.order_by("-disputed_at").values_list("pk", flat=True)


def _listed(title: str, advice: str, found: "QuerySet[Any, int]") -> Matter:
    keys = list(found[: SHOWN + 1])
    return Matter(title, advice, rows(keys[:SHOWN]), more=len(keys) > SHOWN)


def rows(keys: list[int]) -> list[Shipment]:
    """These shipments with all that a list shows, in three statements, the newest first."""
    return list(
        Shipment.objects.filter(pk__in=keys)
        .select_related("order__merchant")
        .prefetch_related(newest_codes())
        .order_by("-pk")
    )
