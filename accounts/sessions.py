"""The sessions of an account: which there are, ending one, ending all but this one; forgetting those over."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.models import AccountSession, SecurityEvent, User

BATCH = 1000


def sessions_of(account: User) -> Iterable[AccountSession]:
    """Those that live, the newest first."""
    living = AccountSession.objects.filter(account=account, expire_date__gt=timezone.now())
    return living.order_by("-began_at", "session_key")


def end_session(account: User, public_id: str) -> bool:
    """End one of this account's sessions at once. False where it has none of this id."""
    with transaction.atomic():
        ours = AccountSession.objects.filter(account=account, public_id=public_id).exclude(public_id="")
        if not ours.delete()[0]:
            return False
        record(account, SecurityEvent.What.SESSION_ENDED)
        return True


def end_other_sessions(account: User, *, keep: str | None) -> int:
    """End all of this account's sessions but the one with this key, which has to be told the new epoch
    (`update_session_auth_hash`). Returns how many it was."""
    with transaction.atomic():
        account.end_sessions()  # also what is under way and about to be written anew
        ended = AccountSession.objects.filter(account=account).exclude(session_key=keep or "").delete()[0]
        record(account, SecurityEvent.What.SESSIONS_ENDED)
        return ended


def forget_sessions() -> int:
    """Delete what is over, of anybody, some at a time: it may hold what a sign-up was begun with. Returns how
    many it was."""
    forgotten = 0
    while True:
        over = AccountSession.objects.filter(expire_date__lte=timezone.now())[:BATCH]
        gone = AccountSession.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()[0]
        forgotten += gone
        if gone < BATCH:
            return forgotten
