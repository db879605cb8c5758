"""What happened to an account: written with the fact, and told where its owner should know."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.messages.sending import NEW_BROWSER, SECURITY_CHANGED, send_notice
from accounts.models import SecurityEvent, User

What = SecurityEvent.What
KEPT_FOR = timedelta(days=365)
# Of one kind: whatever somebody does over and over fills the history, not the phone.
NOTICES = 5
NOTICES_WINDOW = timedelta(hours=1)
TOLD = {
    What.NEW_BROWSER: NEW_BROWSER,
    What.APP_ADDED: SECURITY_CHANGED,
    What.APP_REMOVED: SECURITY_CHANGED,
    What.PASSKEY_ADDED: SECURITY_CHANGED,
    What.PASSKEY_REMOVED: SECURITY_CHANGED,
    What.RECOVERY_MADE: SECURITY_CHANGED,
    What.RECOVERY_USED: SECURITY_CHANGED,
    What.WAY_CHANGED: SECURITY_CHANGED,
    What.CODES_ON: SECURITY_CHANGED,
    What.DELIVERY_WAY: SECURITY_CHANGED,
}


def record(account: User, what: SecurityEvent.What, *, browser: str = "") -> None:
    """Write it down, and tell every contact of the account what `TOLD` names. Call in the transaction of the
    fact."""
    now = timezone.now()
    same = SecurityEvent.objects.filter(account=account, what=what, at__gt=now - NOTICES_WINDOW).count()
    SecurityEvent.objects.create(account=account, what=what, browser=browser, at=now)
    if what in TOLD and same < NOTICES:
        tell(account, TOLD[what], what=what.value, browser=browser)


def record_of_contact(contact: str, what: SecurityEvent.What) -> None:
    """The same, for every account that has verified this phone (E.164) or e-mail address: it was done by
    whoever reads that contact, and not in the account."""
    by_mail = Q(email=contact.lower(), email_verified_at__isnull=False)
    for account in User.objects.filter(by_mail | Q(phone=contact), is_active=True)[:10]:
        record(account, what)


def tell(account: User, kind: str, **context: str) -> None:
    """Queue this notice to each contact that can be written to."""
    for channel, to in account.ways.items():
        if channel != "voice":
            send_notice(account, kind, channel, to, **context)


def forget() -> int:
    """Delete what is older than a year. Returns how many it was."""
    return SecurityEvent.objects.filter(at__lte=timezone.now() - KEPT_FOR).delete()[0]
