"""Failures in a row of one account, across every way to prove oneself that can be guessed.

After `limits.FAILURES_IN_A_ROW` nothing that can be guessed is judged any more. What ends it is a success of
what cannot be guessed (a passkey, a recovery code), or a new password through the mailbox: where an app is
used, which the mailbox does not stand for, three times in a month at most.
"""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts import exposed
from accounts.limits import FAILURES_IN_A_ROW
from accounts.models import User
from api.guesses import GuessLimit, a_guess

BY_MAILBOX_WITH_APP = GuessLimit("rows of failures ended by mailbox", 3, timedelta(days=30))


def charge(account: User) -> bool:
    """Count one guess before it is judged, in one conditional UPDATE. False, and no more, at the limit.

    Call inside the transaction that judges, with the account held, and answer after its commit.
    """
    below = User.objects.filter(pk=account.pk, code_failures__lt=FAILURES_IN_A_ROW)
    return below.update(code_failures=F("code_failures") + 1) == 1


def missed(account: User) -> None:
    """The guess that was charged was wrong. Where no other will be judged, the owner is told.

    Call in the same transaction.
    """
    account.refresh_from_db(fields=("code_failures",))
    if account.is_code_locked:
        exposed.warn_of_lock(account, timezone.now())


def end(account: User) -> None:
    """It was right: the row of failures is over."""
    User.objects.filter(pk=account.pk).update(code_failures=0)


def end_by_mailbox(account: User) -> None:
    """The mailbox was shown, so the row of failures is over. Where an app is asked for it is so only now and
    then: else whoever reads the mailbox could guess at the app for ever. Call after the commit of the fact.
    """
    counts = account.uses_app and account.code_failures > 0
    if not (counts and a_guess((BY_MAILBOX_WITH_APP, account.public_id)).charge()):
        end(account)
