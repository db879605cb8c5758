"""Asking to have routine deliveries without a code: a code goes to the contact that this is for."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Max, Min, Q, Sum, When
from django.utils import timezone

from api.refusals import Refusal
from codes import derivation
from handoffs import limits
from handoffs.messages import channels_of
from handoffs.models import PreferenceChallenge
from handoffs.preferences.messages import send_preference_code
from handoffs.preferences.opened import hold_opened
from notifications.models import Message
from orders.models import DeliveryPreference, Shipment
from orders.models.shipments import ShipmentQuerySet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The challenge that has to be met, and the message that goes out with its code."""

    challenge: PreferenceChallenge
    message: Message


def ask_opt_out(
    *, within: ShipmentQuerySet, shipment_id: str, generation: int, channel: str
) -> Asked | Refusal:
    """Send a code to the contact that this channel leads to. A young one that lives is repeated.

    Refuses with not_found (the link that opened the page is dead), contact_not_settled, validation_failed (no
    such channel), illegal_transition (opted out already), rate_limited or code_locked (no guesses left, for
    `retry_after` seconds, or for good where that is None).
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = hold_opened(within, shipment_id, generation, now)
        if isinstance(shipment, Refusal):
            return shipment
        order = shipment.order
        contact = channels_of(order).get(channel)
        if contact is None:
            return Refusal("validation_failed", "This recipient cannot be reached that way.")
        preference = DeliveryPreference.objects.hold(
            livemode=order.livemode, contact=contact, address_key=order.address_key
        )
        if preference.is_opted_out:
            return Refusal("illegal_transition")
        challenge = _too_often(preference, now) or _challenge(preference, shipment, now)
        if isinstance(challenge, Refusal):
            return challenge
        return Asked(challenge, send_preference_code(shipment, challenge, channel, contact, now=now))


def _too_often(preference: DeliveryPreference, now: datetime) -> Refusal | None:
    """Counted over all addresses of the contact: it is one telephone that rings."""
    recent = PreferenceChallenge.objects.filter(
        preference__contact=preference.contact,
        preference__livemode=preference.livemode,
        last_sent_at__gt=now - DAY,
    ).aggregate(sends=Sum("sends"), newest=Max("last_sent_at"), oldest=Min("last_sent_at"))
    if not recent["sends"]:
        return None
    allowed_at = recent["newest"] + limits.SEND_COOLDOWN
    if recent["sends"] >= limits.PREFERENCE_SENDS_PER_DAY:
        allowed_at = recent["oldest"] + DAY
    return _refuse("rate_limited", allowed_at, now) if allowed_at > now else None


def _challenge(
    preference: DeliveryPreference, shipment: Shipment, now: datetime
) -> PreferenceChallenge | Refusal:
    living = PreferenceChallenge.objects.living().filter(preference=preference).first()
    repeated = living and living.shipment_id == shipment.pk and living.is_usable(now)
    if living and repeated and now < living.issued_at + limits.PREFERENCE_CODE_REPEATED_FOR:
        living.preference = preference
        return living
    return _issue(preference, shipment, now)


def _issue(
    preference: DeliveryPreference, shipment: Shipment, now: datetime
) -> PreferenceChallenge | Refusal:
    """The next challenge of this contact and address. It brings back no guess that was made already."""
    hour = PreferenceChallenge.objects.filter(preference=preference, expires_at__gt=now - HOUR)
    guessed = hour.aggregate(attempts=Sum("attempts"), newest=Max("expires_at"))
    in_an_hour = limits.PREFERENCE_ATTEMPTS - (guessed["attempts"] or 0)
    if in_an_hour <= 0:
        return _refuse("code_locked", guessed["newest"] + HOUR, now)
    through_this_page = limits.PREFERENCE_ATTEMPTS_PER_SHIPMENT - _spoken_for(preference, shipment)
    if through_this_page <= 0:
        return Refusal("code_locked", members={"retry_after": None})
    PreferenceChallenge.objects.filter(preference=preference).end(
        PreferenceChallenge.EndReason.SUPERSEDED, now
    )
    challenge = PreferenceChallenge(
        preference=preference,
        shipment=shipment,
        key_id=list(settings.DELIVERY_CODE_KEYS)[-1],
        nonce=derivation.new_nonce(),
        attempts_allowed=min(in_an_hour, through_this_page),
        issued_at=now,
        expires_at=now + limits.PREFERENCE_CODE_LIFETIME,
    )
    challenge.save(force_insert=True)
    return challenge


def _spoken_for(preference: DeliveryPreference, shipment: Shipment) -> int:
    """Guesses made through this shipment's page, and those that another living challenge of it still has."""
    open_elsewhere = Q(ended_at=None) & ~Q(preference=preference)
    each = Case(When(open_elsewhere, then=F("attempts_allowed")), default=F("attempts"))
    total = PreferenceChallenge.objects.filter(shipment=shipment).aggregate(total=Sum(each))["total"]
    return total or 0


def _refuse(code: str, until: datetime, now: datetime) -> Refusal:
    return Refusal(code, members={"retry_after": math.ceil((until - now).total_seconds())})
