"""Whose parcels they are: an order is linked to an account by a contact that the account has verified."""

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from orders.models import Order, Shipment
from orders.models.shipments import ShipmentQuerySet


def shipments_of(account: User) -> ShipmentQuerySet:
    """All that was ordered for a contact of this account, before it was opened or since.

    What a test key orders belongs to nobody, except where everything is a test.
    """
    mine = Q()
    if account.email_verified_at:
        mine |= Q(lowered=account.email)
    if account.phone_verified_at:
        mine |= Q(order__phone=account.phone)
    if not mine:
        return Shipment.objects.none()
    found = Shipment.objects.alias(lowered=Lower("order__email")).filter(mine)
    return found if settings.SANDBOX else found.filter(order__livemode=True)


def is_wholly_theirs(account: User, order: Order) -> bool:
    """Whether this order's mailbox is the account's, and no telephone in it another's. What makes deliveries
    less careful asks for it: a number may come to somebody else one day, a mailbox seldom does."""
    by_mail = account.email_verified_at is not None and order.email.lower() == account.email
    return by_mail and order.phone in ("", account.phone)


def is_linked(account: User, order: Order) -> bool:
    """Whether this order is one of those."""
    by_mail = account.email_verified_at is not None and order.email.lower() == account.email
    by_phone = account.phone_verified_at is not None and order.phone == account.phone
    return (by_mail or by_phone) and (order.livemode or settings.SANDBOX)
