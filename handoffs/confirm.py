"""The check at the door: read this file from top to bottom.

A handoff is judged in one transaction that holds the stop, its courier and its shipment. Nothing that
depends on the comparison is told before COMMIT: `confirm` returns only after it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.idempotency import idempotency_keys
from api.refusals import Refusal
from api.rows import unsaved
from codes import comparison
from codes.comparison import Likeness
from fleet.models import Courier, Stop
from fleet.position import Position
from handoffs import door
from handoffs.deliver import new_proof
from handoffs.holders import holders_of, likeness_of, who_has
from handoffs.messages import send_locked
from handoffs.models import CodeCheck, CourierDay, Delegate, DeliveryCode, Photo, ReleaseRequest
from handoffs.models.delegates import delegates_of
from handoffs.models.proof import RELEASED, Method, ReceivedBy
from handoffs.photos import unusable_photo, use_photo
from handoffs.refuse import Visit, first_refusal
from handoffs.release.expire import withdraw_release
from handoffs.release.use import usable_release, use_release
from handoffs.typos import give_back_typos
from handoffs.visit import actor_of
from orders.models import Fact

TRIES = 3


@dataclass(frozen=True)
class Handoff:
    """What the courier submits. `code` is as it was typed; `barcodes` None where nothing was scanned."""

    shipment_id: str
    code: str | None
    barcodes: tuple[str, ...] | None
    received_by: str
    location: Position | None
    occurred_at: datetime | None
    photo_id: str | None = None

    def fingerprint_parts(self) -> tuple[str, ...]:
        """What makes two submissions the same: shipment, code and parcels."""
        return (self.shipment_id, json.dumps(self.code), json.dumps(self.barcodes and sorted(self.barcodes)))


@dataclass(frozen=True)
class Told:
    """The stored row that the answer is rendered from, and whether it was there before."""

    check: CodeCheck
    replayed: bool


def confirm(*, token_digest: str, key: str, handoff: Handoff, request_id: str) -> Told | Refusal:
    """Judge one handoff from the handheld with this token. `key` is its Idempotency-Key; the same key and
    handoff get the first result again.

    A Refusal is an answer that leaves no row and does not use the key up (authentication_failed, not_found,
    validation_failed of the photo, code_malformed, courier_suspended) or tells that it was used for something
    else (idempotency_key_reused).
    """
    for _ in range(TRIES):
        told = _judge_once(token_digest, key, handoff, request_id)
        if told is not None:
            return told
    raise RuntimeError("its code ended again and again between the look and the charge")


def _judge_once(token_digest: str, key: str, handoff: Handoff, request_id: str) -> Told | Refusal | None:
    """None, and nothing written, where the code ended since it was read: judge what is there now."""
    now = timezone.now()
    keys = idempotency_keys()
    key_digest = keys.digest(key)
    door.make_ready()
    with transaction.atomic(durable=True):
        seen = door.look(
            token_digest=token_digest, shipment_id=handoff.shipment_id, key_digest=key_digest, now=now
        )
        if isinstance(seen, Refusal):
            return seen
        now = timezone.now()  # after the wait for the lock: what was decided meanwhile came before this
        stop, latest = seen.stop, seen.latest
        courier = stop.route.courier
        if seen.standing.knows_key:
            return _replay(courier, key, handoff)

        check = unsaved(
            CodeCheck,
            courier=courier,
            device=seen.device,
            shipment=stop.shipment,
            generation=latest.generation if latest else None,
            at=now,
            occurred_at=handoff.occurred_at,
            key_digest=key_digest,
            fingerprint=keys.fingerprint(key, *handoff.fingerprint_parts()),
            request_id=request_id,
        )
        visit = Visit(
            stop,
            latest,
            seen.standing,
            now,
            release=_release_for(handoff, stop, now),
            delegates=delegates_of(stop.shipment),
        )
        refusal = unusable_photo(courier, handoff.photo_id) or first_refusal(
            visit, typed=handoff.code, barcodes=handoff.barcodes
        )
        if refusal is not None:
            return _refuse(check, refusal)
        return _go_on(check, visit, handoff)


def _go_on(check: CodeCheck, visit: Visit, handoff: Handoff) -> Told | Refusal | None:
    if not visit.stop.shipment.code_required:
        return _hand_over(check, visit.stop, handoff, Method.NOT_REQUIRED)
    if visit.release is not None:
        return _hand_over_released(check, visit, visit.release, handoff)
    assert visit.latest is not None, "first_refusal lets no shipment through that has no code"
    return _judge(check, visit, visit.latest, handoff)


# --- With a code: charge, then tell --------------------------------------------------------------


def _judge(check: CodeCheck, visit: Visit, code: DeliveryCode, handoff: Handoff) -> Told | Refusal | None:
    typed = comparison.clean(handoff.code or "", code.digits) or ""
    code.shipment = visit.stop.shipment
    holders = holders_of(code, visit.delegates, visit.now)
    holder = who_has(typed, holders)
    likeness = likeness_of(code, typed, holders)  # worked out for right and wrong alike: the same time
    if holder is not None:
        wrong_before = code.attempts_before + code.attempts
        delegate, method = holder.delegate, Method.DELEGATE_CODE if holder.delegate else Method.CODE
        return _hand_over(
            check, visit.stop, handoff, method, code=code, wrong_before=wrong_before, delegate=delegate
        )
    if not code.charge(consume=False, now=visit.now):
        return None
    return _tell_wrong(check, visit, code, likeness)


def _tell_wrong(check: CodeCheck, visit: Visit, code: DeliveryCode, likeness: Likeness) -> Told:
    check.result = "wrong_code"
    check.likeness = likeness
    check.answer = {"attempts_left": code.attempts_left}
    if likeness != Likeness.SUPERSEDED:  # yesterday's paper charges the shipment, not the courier
        check.budget_day = check.courier.depot.today(visit.now)
        check.holders = visit.holders
        CourierDay.charge(check.courier, check.budget_day, check.holders)
    check.save(force_insert=True)
    actor = actor_of(check.device)
    facts = [Fact("code.wrong", actor, {"generation": code.generation, "attempts_left": code.attempts_left})]
    if code.attempts_left == 0:
        facts.append(Fact("code.locked", actor, {"generation": code.generation}))
    visit.stop.shipment.record(facts, at=visit.now)
    if code.attempts_left == 0:
        send_locked(visit.stop.shipment, code.generation)
    return Told(check, replayed=False)


def _hand_over(
    check: CodeCheck,
    stop: Stop,
    handoff: Handoff,
    method: Method,
    *,
    code: DeliveryCode | None = None,
    wrong_before: int = 0,
    delegate: Delegate | None = None,
) -> Told | None:
    """`code` is charged and consumed by it; None where that had ended since it was read."""
    shipment = stop.shipment
    proof = new_proof(
        stop,
        method=method,
        received_by=handoff.received_by,
        now=check.at,
        occurred_at=handoff.occurred_at,
        delegate=delegate,
    )
    check.result = CodeCheck.DELIVERED
    check.answer = {"proof": proof.summary()}
    more = method in RELEASED or delegate or wrong_before or handoff.photo_id or shipment.release_open
    if not door.write(door.Delivery(stop, check, proof, handoff.location, code), last=not more):
        return None
    use_photo(
        check.courier,
        handoff.photo_id,
        used_for=Photo.UsedFor.HANDOFF,
        shipment=shipment,
        now=check.at,
    )
    withdraw_release(shipment, check.at)
    if wrong_before:
        give_back_typos(shipment)
    return Told(check, replayed=False)


# --- With a release: nothing is compared ---------------------------------------------------------


def _release_for(handoff: Handoff, stop: Stop, now: datetime) -> ReleaseRequest | None:
    """What others approved for this visit, where it is used: for no code at all, and only for the person
    whose identity was looked at."""
    for_them = handoff.received_by in (ReceivedBy.RECIPIENT, ReceivedBy.DELEGATE)
    return usable_release(stop, now) if handoff.code is None and for_them else None


def _hand_over_released(
    check: CodeCheck, visit: Visit, release: ReleaseRequest, handoff: Handoff
) -> Told | None:
    check.generation = None
    use_release(release, visit.stop.shipment, visit.now)
    charged = visit.latest.attempts_before + visit.latest.attempts if visit.latest else 0
    method = Method.ACCOUNT_RELEASE if release.account_id else Method.SUPERVISOR_RELEASE
    return _hand_over(check, visit.stop, handoff, method, wrong_before=charged)


# --- Without a charge ----------------------------------------------------------------------------

# Answers that leave no row, so that the same key may be tried again.
LEAVE_NO_ROW = frozenset({"validation_failed", "code_malformed", "courier_suspended"})


def _refuse(check: CodeCheck, refusal: Refusal) -> Told | Refusal:
    if refusal.code in LEAVE_NO_ROW:
        return refusal
    check.result = refusal.code
    check.answer = dict(refusal.members)
    check.save(force_insert=True)
    return Told(check, replayed=False)


def _replay(courier: Courier, key: str, handoff: Handoff) -> Told | Refusal:
    keys = idempotency_keys()
    earlier = CodeCheck.objects.of_key(courier, keys.digest(key))
    if keys.recognises(earlier.fingerprint, key, *handoff.fingerprint_parts()):
        return Told(earlier, replayed=True)
    return Refusal("idempotency_key_reused")
