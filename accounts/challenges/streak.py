"""Failures in a row of one account, across every way to prove oneself that can be guessed.

After `limits.FAILURES_IN_A_ROW` nothing that can be guessed is judged any more. What ends it is a success of
what cannot be guessed (a passkey, a recovery code), or a new password through the mailbox.
"""

from django.db.models import F

from accounts.limits import FAILURES_IN_A_ROW
from accounts.models import User


def charge(account: User) -> bool:
    """Count one guess before it is judged, in one conditional UPDATE. False, and no more, at the limit.

    Call inside the transaction that judges, with the account held, and answer after its commit.
    """
    below = User.objects.filter(pk=account.pk, code_failures__lt=FAILURES_IN_A_ROW)
    return below.update(code_failures=F("code_failures") + 1) == 1


def end(account: User) -> None:
    """It was right: the row of failures is over."""
    User.objects.filter(pk=account.pk).update(code_failures=0)
