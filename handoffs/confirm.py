"""The check at the door: read this file from top to bottom.

A handoff is judged in one transaction that holds the stop, its courier and its shipment. Nothing that
depends on the comparison is told before COMMIT: `confirm` returns only after it.

Handoffs that arrive at once are judged in one transaction, as far as they are right and nothing else is to be
asked (`together`, decision 0066). All others are judged alone (`confirm`). `_judge` says for both what is to
be done.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

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
from handoffs.gather import Gathering
from handoffs.holders import holders_of, likeness_of, who_has
from handoffs.messages import send_locked
from handoffs.models import CodeCheck, CourierDay, Delegate, DeliveryCode, Photo, ReleaseRequest
from handoffs.models.delegates import delegates_of
from handoffs.models.proof import Method, ReceivedBy
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
class Submission:
    """One handoff from the handheld with this token, under its Idempotency-Key."""

    token_digest: str
    key: str
    handoff: Handoff
    request_id: str

    @property
    def asked(self) -> door.Asked:
        return door.Asked(self.token_digest, self.handoff.shipment_id, self.key_digest)

    @cached_property
    def key_digest(self) -> str:
        return idempotency_keys().digest(self.key)


@dataclass(frozen=True)
class Told:
    """The stored row that the answer is rendered from, and whether it was there before."""

    check: CodeCheck
    replayed: bool


@dataclass(frozen=True)
class Wrong:
    """A code that opens nothing, and what it looks like."""

    code: DeliveryCode
    likeness: Likeness


def confirm(submission: Submission) -> Told | Refusal:
    """Judge one handoff. The same key and handoff get the first result again.

    A Refusal is an answer that leaves no row and does not use the key up (authentication_failed, not_found,
    validation_failed of the photo, code_malformed, courier_suspended) or tells that it was used for something
    else (idempotency_key_reused).
    """
    for _ in range(TRIES):
        told = _confirm_alone(submission)
        if told is not None:
            return told
    raise RuntimeError("its code ended again and again between the look and the charge")


def _confirm_alone(submission: Submission) -> Told | Refusal | None:
    """None, and nothing written, where the code ended since it was read: judge what is there now."""
    door.make_ready()
    with transaction.atomic(durable=True):
        seen = door.look(submission.asked, now=timezone.now())
        if isinstance(seen, Refusal):
            return seen
        if seen.standing.knows_key:
            return _replay(seen.stop.route.courier, submission)
        now = timezone.now()  # after the wait for the lock: what was decided meanwhile came before this
        check, visit = _read(submission, seen, now)
        verdict = _judge(check, visit, submission.handoff)
        if isinstance(verdict, Refusal):
            return _refuse(check, verdict)
        return _tell_wrong(check, visit, verdict) if isinstance(verdict, Wrong) else _hand_over(verdict)


def confirm_together(submissions: Sequence[Submission]) -> list[Told | None]:
    """Hand over all that are right, in one transaction. None, and nothing written, for all others: they are
    for `confirm`."""
    door.make_ready()
    with transaction.atomic(durable=True):
        seen = door.look_at_free([each.asked for each in submissions], now=timezone.now())
        now = timezone.now()
        found = [
            _right(submission, one, now) if one else None
            for submission, one in zip(submissions, seen, strict=True)
        ]
        # One for each courier: what follows from the first is not in what was read for the second.
        firsts = {each.check.courier_id: each for each in reversed(found) if each is not None}
        deliveries = [each for each in found if each is not None and firsts[each.check.courier_id] is each]
        written = door.write(deliveries, last=True) if deliveries else []
        transaction.set_rollback(not deliveries)  # nothing was written: there is nothing to commit
    done = {id(each) for each, is_written in zip(deliveries, written, strict=True) if is_written}
    return [Told(each.check, replayed=False) if each and id(each) in done else None for each in found]


together = Gathering("handoffs together", confirm_together)


def gather() -> None:
    """Judge together what arrives at once, from now on in this process: for a server that has started."""
    if door.lets_many_in():
        together.start()


# --- What is to be done --------------------------------------------------------------------------


def _right(submission: Submission, seen: door.Seen, now: datetime) -> door.Delivery | None:
    """The delivery, where this code opens and there is nothing else to ask or to write."""
    shipment, handoff = seen.stop.shipment, submission.handoff
    asks_more = shipment.release_open or shipment.passes_made or handoff.barcodes or handoff.photo_id
    if asks_more or seen.standing.knows_key or not shipment.is_out:
        return None
    try:
        verdict = _judge(*_read(submission, seen, now), handoff)
    except Exception:  # it says so when it is judged alone
        return None
    return verdict if isinstance(verdict, door.Delivery) and verdict.is_all else None


def _read(submission: Submission, seen: door.Seen, now: datetime) -> tuple[CodeCheck, Visit]:
    """The row of this submission, not yet stored, and all that it is judged by."""
    stop, latest, handoff = seen.stop, seen.latest, submission.handoff
    check = unsaved(
        CodeCheck,
        courier=stop.route.courier,
        device=seen.device,
        shipment=stop.shipment,
        generation=latest.generation if latest else None,
        at=now,
        occurred_at=handoff.occurred_at,
        key_digest=submission.key_digest,
        fingerprint=idempotency_keys().fingerprint(submission.key, *handoff.fingerprint_parts()),
        request_id=submission.request_id,
    )
    visit = Visit(
        stop,
        latest,
        seen.standing,
        now,
        release=_release_for(handoff, stop, now),
        delegates=delegates_of(stop.shipment),
    )
    return check, visit


def _judge(check: CodeCheck, visit: Visit, handoff: Handoff) -> door.Delivery | Wrong | Refusal:
    """Writes nothing."""
    refusal = unusable_photo(check.courier, handoff.photo_id) or first_refusal(
        visit, typed=handoff.code, barcodes=handoff.barcodes
    )
    if refusal is not None:
        return refusal
    if not visit.stop.shipment.code_required:
        return _delivery(check, visit.stop, handoff, Method.NOT_REQUIRED)
    if visit.release is not None:
        return _released(check, visit, visit.release, handoff)
    assert visit.latest is not None, "first_refusal lets no shipment through that has no code"
    return _compare(check, visit, visit.latest, handoff)


def _compare(check: CodeCheck, visit: Visit, code: DeliveryCode, handoff: Handoff) -> door.Delivery | Wrong:
    typed = comparison.clean(handoff.code or "", code.digits) or ""
    code.shipment = visit.stop.shipment
    holders = holders_of(code, visit.delegates, visit.now)
    holder = who_has(typed, holders)
    likeness = likeness_of(code, typed, holders)  # worked out for right and wrong alike: the same time
    if holder is None:
        return Wrong(code, likeness)
    method = Method.DELEGATE_CODE if holder.delegate else Method.CODE
    delivery = _delivery(check, visit.stop, handoff, method, delegate=holder.delegate)
    return replace(delivery, code=code, wrong_before=code.attempts_before + code.attempts)


def _delivery(
    check: CodeCheck, stop: Stop, handoff: Handoff, method: Method, *, delegate: Delegate | None = None
) -> door.Delivery:
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
    return door.Delivery(stop, check, proof, handoff.location, code=None, photo_id=handoff.photo_id)


def _release_for(handoff: Handoff, stop: Stop, now: datetime) -> ReleaseRequest | None:
    """What others approved for this visit, where it is used: for no code at all, and only for the person
    whose identity was looked at."""
    for_them = handoff.received_by in (ReceivedBy.RECIPIENT, ReceivedBy.DELEGATE)
    return usable_release(stop, now) if handoff.code is None and for_them else None


def _released(check: CodeCheck, visit: Visit, release: ReleaseRequest, handoff: Handoff) -> door.Delivery:
    """With a release nothing is compared."""
    check.generation = None
    charged = visit.latest.attempts_before + visit.latest.attempts if visit.latest else 0
    method = Method.ACCOUNT_RELEASE if release.account_id else Method.SUPERVISOR_RELEASE
    return replace(_delivery(check, visit.stop, handoff, method), release=release, wrong_before=charged)


# --- Write, and then tell ------------------------------------------------------------------------


def _tell_wrong(check: CodeCheck, visit: Visit, wrong: Wrong) -> Told | None:
    """Charge, then tell. None where there was no attempt left to charge, or the code had ended."""
    code, likeness = wrong.code, wrong.likeness
    if not code.charge(consume=False, now=visit.now):
        return None
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


def _hand_over(delivery: door.Delivery) -> Told | None:
    """None where its code had ended since it was read."""
    check, shipment = delivery.check, delivery.stop.shipment
    if delivery.release is not None:
        use_release(delivery.release, shipment, check.at)
    if not door.write([delivery], last=delivery.is_all)[0]:
        return None
    use_photo(
        check.courier,
        delivery.photo_id,
        used_for=Photo.UsedFor.HANDOFF,
        shipment=shipment,
        now=check.at,
    )
    withdraw_release(shipment, check.at)
    if delivery.wrong_before:
        give_back_typos(shipment)
    return Told(check, replayed=False)


# Answers that leave no row, so that the same key may be tried again.
LEAVE_NO_ROW = frozenset({"validation_failed", "code_malformed", "courier_suspended"})


def _refuse(check: CodeCheck, refusal: Refusal) -> Told | Refusal:
    if refusal.code in LEAVE_NO_ROW:
        return refusal
    check.result = refusal.code
    check.answer = dict(refusal.members)
    check.save(force_insert=True)
    return Told(check, replayed=False)


def _replay(courier: Courier, submission: Submission) -> Told | Refusal:
    earlier = CodeCheck.objects.of_key(courier, submission.key_digest)
    parts = submission.handoff.fingerprint_parts()
    if idempotency_keys().recognises(earlier.fingerprint, submission.key, *parts):
        return Told(earlier, replayed=True)
    return Refusal("idempotency_key_reused")
