"""Asking for a code: it is sent, or sent again, within what one address and one account may have."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import limits
from accounts.messages.sending import send_code
from accounts.models import Challenge, CodeAddress, User
from accounts.models.challenges import ChallengeQuerySet
from api.refusals import Refusal
from codes import derivation


@dataclass(frozen=True)
class Started:
    """The challenge to be met. `sent`: whether a code went out now; else one did a moment ago, and the next
    may from `next_at` on."""

    challenge: Challenge
    sent: bool
    next_at: datetime


@dataclass(frozen=True)
class _Asked:
    purpose: Challenge.Purpose
    account: User | None
    channel: str
    address: str
    locale: str
    decoy: bool

    @property
    def challenges(self) -> ChallengeQuerySet:
        """All there have been for this purpose: of the account, or of the address where there is none yet."""
        same = Challenge.objects.filter(purpose=self.purpose, account=self.account)
        return same if self.account else same.filter(address=self.address)

    def living(self) -> Challenge | None:
        """The very one that is asked for, if it lives."""
        here = self.challenges.living().filter(
            channel=self.channel, address=self.address, is_decoy=self.decoy
        )
        return here.select_for_update(of=("self",)).first()


def start(
    *,
    purpose: Challenge.Purpose,
    account: User | None,
    channel: str,
    address: str,
    locale: str,
    decoy: bool = False,
    instead: str = "",
) -> Started | Refusal:
    """Send a code to this address for this purpose. Asked again, it repeats the code, or makes the next one
    of the same challenge once its time is short; no new code gives attempts back.

    A `decoy` sends none; to its address goes the message of kind `instead`, if that is given. It counts and
    answers as any other. Refuses with rate_limited (`retry_after` seconds), not_found (the account is
    disabled), or code_locked (`retry_after`, or None where waiting does not help).
    """
    now = timezone.now()
    asked = _Asked(purpose, account, channel, address, locale, decoy)
    with transaction.atomic():
        sends = _Sends.hold(address, now, by_anybody=purpose.is_anybodys)
        if account:
            asked = replace(asked, account=User.objects.hold(account.pk))
        refused = _refused(asked.account)
        if refused:
            return refused
        next_at, living = sends.next_allowed_at(now), asked.living()
        if next_at > now:
            if living and living.is_usable(now):
                return Started(living, sent=False, next_at=next_at)
            return Refusal("rate_limited", members={"retry_after": _seconds(next_at, now)})
        challenge = _again(living, now) if living else _issue(asked, now)
        if isinstance(challenge, Refusal):
            return challenge
        sends.note(now)
        challenge.note_sent(now)
        send_code(challenge, instead=instead)
        return Started(challenge, sent=True, next_at=sends.next_allowed_at(now))


@dataclass(frozen=True)
class _Sends:
    """What has gone to an address, and what of it anybody could ask for. The owner's own codes wait for all
    of it; anybody's only for their like, so strangers neither take all that may go nor learn of an owner's.
    """

    every: CodeAddress
    anybodys: CodeAddress | None

    @classmethod
    def hold(cls, address: str, now: datetime, *, by_anybody: bool) -> Self:
        held = hold_address(address, now)
        return cls(held, _row("accounts.code_address/anybody", address, now) if by_anybody else None)

    def next_allowed_at(self, now: datetime) -> datetime:
        if self.anybodys:
            return self.anybodys.next_allowed_at(now, limits.SENDS_BY_ANYBODY)
        return self.every.next_allowed_at(now, limits.SENDS_PER_ADDRESS)

    def note(self, now: datetime) -> None:
        for row in filter(None, (self.every, self.anybodys)):
            row.note_sent(now)


def hold_address(address: str, now: datetime) -> CodeAddress:
    """What is locked first of all by everybody who has a code sent to this address, or keeps it."""
    return _row("accounts.code_address", address, now)


def _row(salt: str, address: str, now: datetime) -> CodeAddress:
    whom = salted_hmac(salt, address.lower(), algorithm="sha256").hexdigest()
    CodeAddress.objects.bulk_create([CodeAddress(whom=whom, newest=now)], ignore_conflicts=True)
    return CodeAddress.objects.select_for_update().get(whom=whom)


def _refused(account: User | None) -> Refusal | None:
    if account and not account.is_active:
        return Refusal("not_found")
    if account and account.is_code_locked:
        return Refusal("code_locked", members={"retry_after": None})
    return None


def _again(living: Challenge, now: datetime) -> Challenge:
    """With a next code where the present one has not long to live. Its attempts stay as they are."""
    if living.expires_at - now < limits.REPEATED_WITH_LEFT:
        living.renew(now)
    return living


def _issue(asked: _Asked, now: datetime) -> Challenge | Refusal:
    """The next challenge for this purpose, with the attempts that those before it have left."""
    recent = asked.challenges.filter(last_attempt_at__gt=now - limits.ATTEMPTS_WINDOW)
    judged = recent.aggregate(
        attempts=Sum("attempts"),
        right=Count("pk", filter=Q(ended_because=Challenge.EndReason.USED)),
        newest=Max("last_attempt_at"),
    )
    left = limits.ATTEMPTS - (judged["attempts"] or 0) + judged["right"]
    if left <= 0:
        until = judged["newest"] + limits.ATTEMPTS_WINDOW
        return Refusal("code_locked", members={"retry_after": _seconds(until, now)})
    asked.challenges.end(Challenge.EndReason.SUPERSEDED, now)
    return Challenge.objects.create(
        purpose=asked.purpose,
        account=asked.account,
        channel=asked.channel,
        address=asked.address,
        locale=asked.locale,
        is_decoy=asked.decoy,
        key_id=list(settings.DELIVERY_CODE_KEYS)[-1],
        nonce=derivation.new_nonce(),
        attempts_allowed=left,
        issued_at=now,
        expires_at=now + limits.CODE_LIFETIME,
    )


def _seconds(until: datetime, now: datetime) -> int:
    return math.ceil((until - now).total_seconds())
