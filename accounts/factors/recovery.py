"""Recovery codes: for whoever has lost the phone, the app and the passkey. Random, hashed, used once.

A code has 120 bits, so that a plain hash is enough (NIST SP 800-63B-4, 3.1.2.2, asks 112 of look-up secrets
for that) and nobody can guess one.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.challenges import streak
from accounts.history import record
from accounts.models import RecoveryCode, SecurityEvent, User
from api.guesses import GuessLimit, a_guess
from api.refusals import Refusal
from api.tokens import token_digest

COUNT = 10
CHARACTERS = 24
GROUP = 4
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: five bits each, nothing to mix up
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None})
TRIES = GuessLimit("recovery codes of an account", 20, timedelta(hours=1))  # spares work, not secrets


def renew(account: User) -> list[str]:
    """New codes in the place of all the old ones. This is the only time that anybody sees them."""
    now = timezone.now()
    codes = [_new_code() for _ in range(COUNT)]
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        RecoveryCode.objects.filter(account=account).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account=account, digest=token_digest(code), made_at=now) for code in codes
        )
        record(account, SecurityEvent.What.RECOVERY_MADE)
    return [as_written(code) for code in codes]


def left(account: User) -> int:
    """How many can still be used."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def use(account: User, typed: str) -> RecoveryCode | Refusal:
    """Use a code up, in one conditional UPDATE. It also ends a row of failed guesses, which it cannot be.

    Refuses with code_malformed, wrong_code (also one used before), not_found (the account is disabled) or
    code_locked with `retry_after` seconds.
    """
    code = clean(typed)
    if code is None:
        return Refusal("code_malformed")
    if spent := a_guess((TRIES, account.public_id)).charge():
        return Refusal("code_locked", members=spent.members)
    with transaction.atomic(durable=True):
        account = User.objects.hold(account.pk)
        if not account.is_active:
            return Refusal("not_found")
        unused = RecoveryCode.objects.filter(account=account, digest=token_digest(code), used_at=None)
        if not unused.update(used_at=timezone.now()):
            return Refusal("wrong_code")
        streak.end(account)
        record(account, SecurityEvent.What.RECOVERY_USED)
        return RecoveryCode.objects.get(account=account, digest=token_digest(code))


def clean(typed: str) -> str | None:
    """What was typed, as it was made; None if it cannot be one."""
    bare = typed.upper().translate(MISREAD) if len(typed) <= 3 * CHARACTERS else ""
    return bare if len(bare) == CHARACTERS and set(bare) <= set(ALPHABET) else None


def as_written(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, CHARACTERS, GROUP))


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS))
