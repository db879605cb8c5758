"""Delivery preferences of an account: routine parcels to an address without a code, and back."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import delivery
from accounts.history import record
from accounts.models import SecurityEvent, User
from api.refusals import Refusal
from handoffs.limits import ACCOUNT_OPT_OUTS_PER_DAY, SETTLES
from handoffs.linked import is_wholly_theirs, shipments_of
from handoffs.models import AccountOptOut
from handoffs.preferences.messages import tell_account_opted_out
from handoffs.preferences.opened import Because, Unsettled, happened_to, newest_of
from orders.models import DeliveryPreference, Order

What = SecurityEvent.What
OPTED_OUT = DeliveryPreference.Wish.OPTED_OUT
CONTACT_EVENTS = (What.SIGNED_UP, What.EMAIL_CHANGED, What.PHONE_CHANGED, What.PHONE_REMOVED)
DAY = timedelta(days=1)
NEWEST = 200  # orders that are looked through for addresses


@dataclass(frozen=True)
class Door:
    """An address that the account's parcels go to, as its newest order writes it."""

    order: Order
    opted_out: bool

    @property
    def key(self) -> str:
        return self.order.address_key


def doors_of(account: User) -> list[Door]:
    """The addresses for which it can be chosen, or is: those of the account's newest orders, each once."""
    newest = shipments_of(account).select_related("order").order_by("-pk")[:NEWEST]
    by_key: dict[str, Order] = {}
    may_choose = set()
    for shipment in newest:
        if key := shipment.order.address_key:  # it is blank once its recipient is forgotten
            by_key.setdefault(key, shipment.order)
            may_choose |= {key} if is_wholly_theirs(account, shipment.order) else set()
    wished = DeliveryPreference.objects.filter(
        address_key__in=by_key, contact__in=_contacts_of(account), livemode__in=_modes(), wish=OPTED_OUT
    )
    opted_out = set(wished.values_list("address_key", flat=True))
    return [Door(by_key[key], key in opted_out) for key in by_key if key in may_choose | opted_out]


def account_unsettled(account: User, now: datetime) -> Unsettled | None:
    """What has to settle before deliveries may be made less careful: the account was opened, a contact of it
    or of one of its orders changed, or one of its parcels disputed."""
    orders = Order.objects.filter(shipments__in=shipments_of(account))
    changed = account.security_events.filter(what__in=CONTACT_EVENTS, at__gt=now - SETTLES)
    because: Because = "contact"
    ours = [(at, because) for at in changed.order_by("-at").values_list("at", flat=True)[:1]]
    return newest_of([*ours, *happened_to(orders, now)])


def opt_out(account: User, address_key: str) -> AccountOptOut | Refusal:
    """Routine parcels that are ordered from now on to this address for the account's mailbox come without a
    code. The caller has seen a fresh code. Every contact is told, with a way back.

    Refuses with not_found (nothing that is wholly theirs goes there), illegal_transition (it is so already),
    contact_not_settled (`until`, `because`) or rate_limited (`retry_after` seconds): each one is told.
    """
    now = timezone.now()
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        orders = Order.objects.filter(shipments__in=shipments_of(account), address_key=address_key)
        here = {order.livemode for order in orders if is_wholly_theirs(account, order)}
        if not (here and address_key):
            return Refusal("not_found")
        refusal = _too_often(account, now) or _too_early(account, now)
        if refusal:
            return refusal
        wishes = _held(account, address_key, here)
        if all(each.is_opted_out for each in wishes):
            return Refusal("illegal_transition")
        choice = AccountOptOut.objects.create(
            account=account, key_id=list(settings.DELIVERY_CODE_KEYS)[-1], chosen_at=now
        )
        for each in wishes:
            each.become(OPTED_OUT)
        choice.preferences.set(wishes)
        record(account, What.CODES_OFF)
        tell_account_opted_out(account, choice)
        return choice


def opt_in(account: User, address_key: str) -> int:
    """Back to codes there, however it came about that there are none; it asks for no proof, because it only
    protects more. Returns how many wishes it ended: a second time none, and nothing is told."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        theirs = DeliveryPreference.objects.filter(
            address_key=address_key, contact__in=_contacts_of(account), livemode__in=_modes()
        )
        chosen = DeliveryPreference.objects.filter(
            address_key=address_key, account_opt_outs__account=account, account_opt_outs__ended_at=None
        )
        return _end(account, [*theirs.values_list("pk", flat=True), *chosen.values_list("pk", flat=True)])


def found_by(public_id: str, proof: str) -> AccountOptOut | None:
    """The opt-out, still standing, whose notice carried a link with this proof; compared in constant time."""
    standing = AccountOptOut.objects.filter(public_id=public_id, ended_at=None)
    choice = standing.select_related("account").first()
    return choice if choice and choice.leads_back(proof) else None


def take_back(choice: AccountOptOut) -> int:
    """End what this opt-out wrote. Returns how many wishes it was; 0 where it was taken back meanwhile."""
    with transaction.atomic():
        account = User.objects.hold(choice.account_id)
        standing = AccountOptOut.objects.filter(pk=choice.pk, ended_at=None)
        written = DeliveryPreference.objects.filter(account_opt_outs__in=standing)
        return _end(account, list(written.values_list("pk", flat=True)))


def choose_way(account: User, *, channel: str, language: str) -> User | Refusal:
    """On which way delivery codes come first, and in which language. The caller has seen a fresh code.

    Codes in the account alone would leave out who was reached until now, so that is refused with
    contact_not_settled while something has to settle.
    """
    in_account = User.DeliveryChannel.ACCOUNT
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if channel == in_account and account.delivery_channel != in_account:
            refusal = _too_early(account, timezone.now())
            if refusal:
                return refusal
        return delivery.choose_delivery(account, channel=channel, language=language)


def _too_early(account: User, now: datetime) -> Refusal | None:
    waits = account_unsettled(account, now)
    return waits.refusal() if waits else None


def _too_often(account: User, now: datetime) -> Refusal | None:
    today = account.opt_outs.filter(chosen_at__gt=now - DAY).order_by("-chosen_at")
    newest = list(today.values_list("chosen_at", flat=True)[:ACCOUNT_OPT_OUTS_PER_DAY])
    if len(newest) < ACCOUNT_OPT_OUTS_PER_DAY:
        return None
    return Refusal(
        "rate_limited", members={"retry_after": math.ceil((newest[-1] + DAY - now).total_seconds())}
    )


def _contacts_of(account: User) -> list[str]:
    """Those that are verified, as a wish names them."""
    verified = ((account.email, account.email_verified_at), (account.phone, account.phone_verified_at))
    return [contact for contact, at in verified if contact and at]


def _modes() -> tuple[bool, ...]:
    return (True, False) if settings.SANDBOX else (True,)


def _held(account: User, address_key: str, modes: Iterable[bool]) -> list[DeliveryPreference]:
    """The wish of the mailbox there, made where there is none; locked in the order of their keys, as by
    everybody who locks several."""
    made = [
        DeliveryPreference(livemode=mode, contact=account.email, address_key=address_key)
        for mode in sorted(modes)
    ]
    DeliveryPreference.objects.bulk_create(made, ignore_conflicts=True)
    wishes = DeliveryPreference.objects.filter(address_key=address_key, contact=account.email)
    held = wishes.filter(livemode__in=modes)
    return list(held.order_by("pk").select_for_update(no_key=True))


def _end(account: User, wishes: list[int]) -> int:
    """Ask for codes again where these wishes say otherwise, and end the choices that no wish stands on."""
    held = DeliveryPreference.objects.filter(pk__in=wishes, wish=OPTED_OUT)
    ended = list(held.order_by("pk").select_for_update(no_key=True))
    for each in ended:
        each.become(DeliveryPreference.Wish.USUAL)
    standing = AccountOptOut.objects.filter(account=account, ended_at=None)
    standing.exclude(preferences__wish=OPTED_OUT).update(ended_at=timezone.now())
    if ended:
        record(account, What.CODES_ON)
    return len(ended)
