"""On which way recipients want their codes first, as they have said in their accounts.

A wish counts for what its account has verified: nobody turns another person's code. Where two accounts that
have said something could be meant, none of them is.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from handoffs.linked import is_wholly_theirs
from orders.models import Order

Channel = User.DeliveryChannel
_SAID = User.objects.filter(is_active=True).exclude(delivery_channel=Channel.USUAL)


def with_wishes(orders: QuerySet[Order]) -> QuerySet[Order]:
    """These, each with `wished`: whether an account that says something has one of its contacts. Where many
    orders are read, it saves the statement of `ways_wanted` as long as nobody says anything."""
    by_mail = _SAID.filter(email=Lower(OuterRef("email")))
    by_phone = _SAID.exclude(phone="").filter(phone=OuterRef("phone"))
    return orders.annotate(wished=Exists(by_mail) | Exists(by_phone))


def ways_wanted(orders: Iterable[Order]) -> dict[int, Channel]:
    """By the key of each order for which something is wanted; with one statement however many they are."""
    return {pk: Channel(account.delivery_channel) for pk, account in _accounts_heard(orders).items()}


def keeper_of(order: Order) -> User | None:
    """The account in which the code of this order's shipments is shown, and in no message; mostly None."""
    account = _accounts_heard([order]).get(order.pk)
    return account if account and account.delivery_channel == Channel.ACCOUNT else None


def _accounts_heard(orders: Iterable[Order]) -> dict[int, User]:
    """The one account that says something about each order.

    What a test key orders is left out, except where everything is a test: it would tell who has an account.
    """
    heard = [order for order in orders if order.livemode or settings.SANDBOX]
    asked = [order for order in heard if getattr(order, "wished", True)]
    if not asked:
        return {}
    emails = Q(email__in={order.email.lower() for order in asked}, email_verified_at__isnull=False)
    phones = Q(phone__in={order.phone for order in asked if order.phone})
    said = _SAID.filter(emails | phones)
    by_contact: dict[str, set[User]] = defaultdict(set)
    for account in said.only("email", "email_verified_at", "phone", "delivery_channel"):
        by_contact[account.phone].add(account)
        if account.email_verified_at:
            by_contact[account.email].add(account)
    return {
        order.pk: wanted[0]
        for order in asked
        if len(wanted := list(_whose(order, by_contact))) == 1 and _counts(wanted[0], order)
    }


def _whose(order: Order, by_contact: dict[str, set[User]]) -> set[User]:
    found: set[User] = set()
    for contact in order.contacts:
        found |= by_contact.get(contact.lower(), set())
    return found


def _counts(account: User, order: Order) -> bool:
    """Whether its wish is about a contact that is the account's. Messages end only where all is theirs."""
    match account.delivery_channel:
        case Channel.ACCOUNT:
            return is_wholly_theirs(account, order)
        case Channel.EMAIL:
            return order.email.lower() == account.email and account.email_verified_at is not None
    return bool(order.phone) and order.phone == account.phone
