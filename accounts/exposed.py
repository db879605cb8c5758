"""A right password and then no code: somebody else may have the password, and its owner is told.
So they are when wrong codes have locked the account, which somebody who is signed in can do as well.

Each try is a row from the right password on. One that is finished by the same session is nobody's business;
one that is not is told once its time is over, at most once a day.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.history import record, tell
from accounts.messages.sending import CODES_LOCKED, PASSWORD_EXPOSED
from accounts.models import SecurityEvent, SignInTry, User

What = SecurityEvent.What
IN_SESSION = "account_try"
INTERVAL_SECONDS = 60
WARNED_AT_MOST = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
TIME_TO_FINISH = timedelta(seconds=settings.ACCOUNT_LOGIN_TIMEOUT)


def begin_try(request: HttpRequest, account: User) -> None:
    """The right password was given here, and something more is asked for. The same browser's next try for the
    same account is the same one."""
    before = SignInTry.objects.filter(public_id=request.session.get(IN_SESSION, ""), account=account)
    if before.filter(finished_at=None, warned_at=None).exists():
        return
    tried = SignInTry.objects.create(account=account, began_at=timezone.now())
    request.session[IN_SESSION] = tried.public_id


def finish_try(request: HttpRequest, account: User) -> None:
    """What was asked for came, in the browser that began it."""
    begun = SignInTry.objects.filter(public_id=request.session.pop(IN_SESSION, ""), account=account)
    begun.filter(finished_at=None).update(finished_at=timezone.now())


def warn_of_unfinished() -> int:
    """Warn the owners of accounts where a try was not finished in its time. Returns how many tries it was."""
    now = timezone.now()
    stale = SignInTry.objects.filter(finished_at=None, warned_at=None, began_at__lte=now - TIME_TO_FINISH)
    accounts = sorted(set(stale.values_list("account_id", flat=True)[:1000]))
    return sum(_warn_of_stale(pk, now) for pk in accounts)


def _warn_of_stale(account_pk: int, now: datetime) -> int:
    with transaction.atomic():
        account = User.objects.hold(account_pk)
        return warn(account, now, began_by=now - TIME_TO_FINISH)


def warn(account: User, now: datetime, *, began_by: datetime | None = None) -> int:
    """Warn of the tries that are open, or of those begun by then. Call with the account held."""
    tries = SignInTry.objects.filter(account=account, finished_at=None, warned_at=None)
    count = tries.filter(began_at__lte=began_by or now).update(warned_at=now)
    if count and account.is_active:
        is_told = _was_told(account, now, What.EXPOSED)
        record(account, What.EXPOSED)
        if not is_told:
            tell(account, PASSWORD_EXPOSED)
    return count


def warn_of_lock(account: User, now: datetime) -> None:
    """Tell of the last wrong code that was judged, unless a warning went out within a day.

    Call with the account held, and after `warn` where both are due.
    """
    is_told = _was_told(account, now, What.EXPOSED, What.CODES_LOCKED)
    record(account, What.CODES_LOCKED)
    if not is_told:
        tell(account, CODES_LOCKED)


def _was_told(account: User, now: datetime, *whats: SecurityEvent.What) -> bool:
    lately = SecurityEvent.objects.filter(account=account, at__gt=now - WARNED_AT_MOST)
    return lately.filter(what__in=whats).exists()


def forget_tries() -> int:
    """Delete tries of long ago. Returns how many it was."""
    return SignInTry.objects.filter(began_at__lte=timezone.now() - KEPT_FOR).delete()[0]
