"""An account that may no longer be used, or may be again."""

from django.db import transaction

from accounts.history import record
from accounts.models import SecurityEvent, User


def set_active(account: User, *, active: bool) -> User:
    """End every session, whichever it is: who was sent away is signed out, and stays so if they come back."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        account.is_active = active
        account.save(update_fields=("is_active",))
        account.end_sessions()
        account.sessions.all().delete()
        if not active:
            record(account, SecurityEvent.What.DISABLED)
        return account
