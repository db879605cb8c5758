"""Proof of a person that no message carries: an authenticator app, passkeys, recovery codes.

Each has a verb that judges: it is charged before it is judged, committed before it is told.
"""

from accounts.factors import app, passkeys, recovery
from accounts.models import User


def has_other_way(account: User) -> bool:
    """Whether this account can prove itself with any of them."""
    return bool(app.app_of(account) or recovery.left(account) or passkeys.passkeys_of(account))
