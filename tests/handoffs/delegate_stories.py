"""What Ada does with passes, and what Nina next door reads on hers."""

from django.utils import timezone

from api.refusals import Refusal
from handoffs.delegate import name_delegate, revoke_delegate
from handoffs.holders import code_of
from handoffs.messages import link_of
from handoffs.models import Delegate
from handoffs.models.delegates import delegates_of
from orders.models import Actor, Shipment
from tests.handoffs.stories import living_code

ADA = Actor("recipient")
NINA = "Nina next door"


def named(
    shipment: Shipment, name: str = NINA, *, lasts: str = "today", number: int | None = None
) -> Delegate | Refusal:
    """Ada's form, filled in on the page as it is now unless told which number it names."""
    passes_made = Shipment.objects.values_list("passes_made", flat=True).get(pk=shipment.pk)
    return name_delegate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        generation=living_code(shipment).generation,
        number=passes_made + 1 if number is None else number,
        name=name,
        lasts=lasts,
        actor=ADA,
    )


def name(shipment: Shipment, name: str = NINA, *, lasts: str = "today") -> Delegate:
    made = named(shipment, name, lasts=lasts)
    assert isinstance(made, Delegate), made
    shipment.refresh_from_db()
    return made


def revoke(shipment: Shipment, delegate: Delegate) -> Delegate | Refusal:
    return revoke_delegate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        generation=living_code(shipment).generation,
        number=delegate.number,
        actor=ADA,
    )


def their_code(shipment: Shipment, delegate: Delegate) -> str:
    """What the delegate reads on their page."""
    shipment.refresh_from_db()
    code = living_code(shipment)
    return code_of(code, delegates_of(shipment), delegate, timezone.now())


def their_path(shipment: Shipment, delegate: Delegate) -> str:
    """The path of the link that Ada passed on."""
    return "/o/" + link_of(shipment, living_code(shipment), delegate.holder).partition("/o/")[2]
