"""Judging a code: charge, commit, then tell, as at the door."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import exposed
from accounts.challenges import streak
from accounts.limits import DIGITS, JUDGED_BY_ANYBODY
from accounts.models import Challenge, User
from api.guesses import GuessLimit, a_guess
from api.refusals import Refusal
from codes import comparison

PER_ADDRESS = GuessLimit("codes of an address, by anybody", JUDGED_BY_ANYBODY, timedelta(days=1))


def check(*, challenge_id: str, purpose: Challenge.Purpose, typed: str) -> Challenge | Refusal:
    """Judge what was typed for this challenge. Where it is right the challenge is used up, and returned with
    its account; nothing can be right a second time.

    Refuses with not_found (no such challenge for this purpose, or its account is disabled), code_expired,
    code_locked (none is judged any more), code_malformed (not charged), or wrong_code with `attempts_left`.
    Raises RuntimeError within a transaction, which could take the charge back.
    """
    spent = _charge_address(challenge_id, purpose, typed)
    with transaction.atomic(durable=True):
        challenge = _hold(challenge_id, purpose)
        if challenge is None:
            return Refusal("not_found")
        return _unusable(challenge) or spent or _judge(challenge, typed)


def _charge_address(challenge_id: str, purpose: Challenge.Purpose, typed: str) -> Refusal | None:
    """Count a guess for the address, where no failures in a row stand against it: there is no account yet, or
    its own codes end the row. Committed before it is judged."""
    if not purpose.is_anybodys or comparison.clean(typed, DIGITS) is None:
        return None
    found = Challenge.objects.filter(public_id=challenge_id, purpose=purpose).first()
    if found is None or not found.is_usable(timezone.now()):
        return None
    refused = a_guess((PER_ADDRESS, found.address.lower())).charge()
    return Refusal("code_locked", members=refused.members) if refused else None


def _hold(challenge_id: str, purpose: Challenge.Purpose) -> Challenge | None:
    """The account locked first, which every challenge of it has in common; then the challenge, read anew."""
    ours = Challenge.objects.filter(public_id=challenge_id, purpose=purpose)
    found = ours.first()
    if found is None:
        return None
    account = User.objects.hold(found.account_id) if found.account_id else None
    if account and not account.is_active:
        return None
    challenge = ours.select_for_update(no_key=True).get()
    challenge.account = account
    return challenge


def _unusable(challenge: Challenge) -> Refusal | None:
    spent = challenge.ended_because == Challenge.EndReason.LOCKED
    if spent or (challenge.account and challenge.account.is_code_locked):
        return Refusal("code_locked")
    return None if challenge.is_usable(timezone.now()) else Refusal("code_expired")


def _missed(challenge: Challenge, account: User) -> None:
    """Its owner may want to know: the last wrong code after a right password, or of all."""
    if challenge.purpose == Challenge.Purpose.SIGN_IN and not challenge.attempts_left:
        exposed.warn(account, timezone.now())
    streak.missed(account)


def _judge(challenge: Challenge, typed: str) -> Challenge | Refusal:
    digits = comparison.clean(typed, DIGITS)
    if digits is None:
        return Refusal("code_malformed")
    matched = challenge.matches(digits)
    if challenge.account and not streak.charge(challenge.account):
        return Refusal("code_locked")
    if not challenge.charge(consume=matched, now=timezone.now()):
        return Refusal("code_locked")
    if not matched:
        if challenge.account:
            _missed(challenge, challenge.account)
        return Refusal("wrong_code", members={"attempts_left": challenge.attempts_left})
    if challenge.account:
        streak.end(challenge.account)
    return challenge
