"""Changing a password, and asking for the link that lets one do it."""

from django.db import transaction
from django.utils import translation

from accounts import browsers
from accounts.challenges import streak
from accounts.history import record, tell
from accounts.messages.sending import NOBODY, PASSWORD_CHANGED, PASSWORD_RESET
from accounts.models import SecurityEvent, User
from notifications import outbox


def ask_reset(email: str) -> None:
    """Queue the link for the account with this address. Where there is none the same is written, and comes to
    nothing when it is rendered: so the time tells nothing."""
    account = User.objects.filter(email=email.lower(), is_active=True).first()
    with transaction.atomic():
        outbox.enqueue(
            kind=PASSWORD_RESET,
            about=account.public_id if account else NOBODY,
            to=account.email if account else email,
            channel="email",
            locale=translation.get_language() or "en",
            livemode=True,
        )


def change_password(account: User, password: str, *, by_mailbox: bool = False) -> None:
    """Set it, end every session and every trust in a browser, and tell every contact.

    `by_mailbox`: it was proved with a link to the mailbox, which also ends a row of failed codes.
    """
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        account.set_password(password)
        account.save(update_fields=("password",))
        account.end_sessions()
        browsers.forget(account)
        record(account, SecurityEvent.What.PASSWORD_CHANGED)
        tell(account, PASSWORD_CHANGED)
    if by_mailbox:
        streak.end_by_mailbox(account)
