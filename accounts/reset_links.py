"""The link that sets a new password: derived when its message is sent, stored nowhere, dead once used.

Django's token is an HMAC under SECRET_KEY of the account, its present password and its last sign-in, so a
new password or a sign-in ends it, besides the clock.

None is for staff: a code can come by e-mail, and with the password too their mailbox alone would be enough.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from accounts.models import User


def reset_link(account: User) -> str:
    """Only its message carries it."""
    token = default_token_generator.make_token(account)
    path = reverse("account_reset_password_from_key", args=(account.public_id, token))
    return f"{settings.PUBLIC_URL}{path}"


def whose_link(public_id: str, token: str) -> User | None:
    """The active account whose living link this is, which staff have none of."""
    account = User.objects.filter(public_id=public_id, is_active=True, is_staff=False).first()
    return account if account and default_token_generator.check_token(account, token) else None
