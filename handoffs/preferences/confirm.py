"""Confirming an opt-out: charge, then tell, as at the door."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import SecurityEvent
from api.refusals import Refusal
from codes import comparison
from handoffs.models import PreferenceChallenge
from handoffs.models.challenges import DIGITS
from handoffs.preferences.messages import send_opted_out
from handoffs.preferences.noted import note_for_account
from handoffs.preferences.opened import hold_opened
from orders.models import Actor, DeliveryPreference, Fact, Shipment
from orders.models.shipments import ShipmentQuerySet


def confirm_opt_out(
    *, within: ShipmentQuerySet, shipment_id: str, generation: int, challenge_id: str, typed: str
) -> DeliveryPreference | Refusal:
    """Judge what was typed on the page and, where it is right, opt the contact out at this address.

    Shipments that exist stay as they are. Refuses with not_found, contact_not_settled, code_expired,
    code_malformed (not charged), code_locked, or wrong_code with `attempts_left`.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        shipment = hold_opened(within, shipment_id, generation, now)
        if isinstance(shipment, Refusal):
            return shipment
        challenge = _hold(shipment, challenge_id)
        if challenge is None:
            return Refusal("not_found")
        return _unusable(challenge, now) or _judge(challenge, shipment, typed, now)


def _unusable(challenge: PreferenceChallenge, now: datetime) -> Refusal | None:
    if challenge.ended_because == PreferenceChallenge.EndReason.LOCKED:
        return Refusal("code_locked")
    return None if challenge.is_usable(now) else Refusal("code_expired")


def _judge(
    challenge: PreferenceChallenge, shipment: Shipment, typed: str, now: datetime
) -> DeliveryPreference | Refusal:
    digits = comparison.clean(typed, DIGITS)
    if digits is None:
        return Refusal("code_malformed")
    matched = challenge.matches(digits)
    if not challenge.charge(consume=matched, now=now):
        return Refusal("code_locked")
    if not matched:
        return Refusal("wrong_code", members={"attempts_left": challenge.attempts_left})
    return _opt_out(challenge, shipment)


def _hold(shipment: Shipment, challenge_id: str) -> PreferenceChallenge | None:
    """Asked for through this page: its preference locked first, then read."""
    ours = PreferenceChallenge.objects.filter(shipment=shipment, public_id=challenge_id)
    preferences = DeliveryPreference.objects.filter(pk__in=ours.values("preference"))
    if preferences.select_for_update(no_key=True).first() is None:
        return None
    return ours.select_related("preference").first()


def _opt_out(challenge: PreferenceChallenge, shipment: Shipment) -> DeliveryPreference:
    preference = challenge.preference
    preference.become(DeliveryPreference.Wish.OPTED_OUT)
    shipment.record([Fact("preference.opted_out", Actor("recipient"), {"challenge": challenge.public_id})])
    send_opted_out(shipment, challenge)
    note_for_account(preference, SecurityEvent.What.CODES_OFF)
    return preference
