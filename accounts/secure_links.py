"""The link in the warning: signs everything out and leads to a new password. One use, and a day.

It is signed under SECRET_KEY over the account, its password, its sessions' epoch and its e-mail address, and
stored nowhere: using it changes the first two, so it is dead then, as it is after any new password, and once
the mailbox is another. It goes to the mailbox alone, which a new password is asked from anyway.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import browsers
from accounts.challenges import streak
from accounts.history import record
from accounts.models import SecurityEvent, User

LIFETIME = timedelta(days=1)
_SALT = "accounts.secure_links"


def secure_link(account: User) -> str:
    """Only its message carries it."""
    token = signing.dumps([account.public_id, _state_of(account)], salt=_SALT)
    return f"{settings.PUBLIC_URL}{reverse('account_secure', args=(token,))}"


def whose_link(token: str) -> User | None:
    """The active account whose living link this is."""
    try:
        public_id, state = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = User.objects.filter(public_id=public_id, is_active=True).first()
    return account if account and constant_time_compare(state, _state_of(account)) else None


def secure(token: str) -> tuple[User, str] | None:
    """Sign everything out, end the password, and return the account with the token for setting a new one.
    None where the link is dead, also by being used a moment ago."""
    found = whose_link(token)
    if found is None:
        return None
    with transaction.atomic():
        account = User.objects.hold(found.pk)
        if whose_link(token) is None:
            return None
        account.set_unusable_password()
        account.save(update_fields=("password",))
        account.end_sessions()
        browsers.forget(account)
        record(account, SecurityEvent.What.SECURED)
    streak.end_by_mailbox(account)
    return account, default_token_generator.make_token(account)


def _state_of(account: User) -> str:
    state = f"{account.password}\n{account.session_epoch}\n{account.email}"
    return salted_hmac(_SALT, state, algorithm="sha256").hexdigest()[:32]
