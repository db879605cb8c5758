"""The links that messages carry, built from PUBLIC_URL."""

from django.conf import settings
from django.urls import reverse

from handoffs.links import receipt_proof_of
from handoffs.models import DeliveryCode
from handoffs.models.codes import RECIPIENT
from orders.models import Shipment


def link_of(shipment: Shipment, code: DeliveryCode, holder: str = RECIPIENT) -> str:
    """The holder's own page. Only messages carry it."""
    return f"{settings.PUBLIC_URL}/o/{shipment.tracking_number}.{code.link_proof_of(holder)}/"


def account_link_of(shipment: Shipment) -> str:
    """Its page in the recipient's account, which asks who wants to see it. It may be passed on: for anybody
    else there is nothing behind it."""
    return f"{settings.PUBLIC_URL}{reverse('account_parcel', args=(shipment.tracking_number,))}"


def receipt_link_of(shipment: Shipment) -> str:
    """Where to say "I did not get it", and nothing else. Only the receipt carries it."""
    return f"{settings.PUBLIC_URL}/o/{shipment.tracking_number}.{receipt_proof_of(shipment)}/"
