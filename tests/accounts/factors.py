"""Ada's authenticator app, and what else she has besides her phone."""

from django.utils import timezone

from accounts.factors import app
from accounts.models import AuthenticatorApp, User
from codes import totp


def an_app(account: User) -> AuthenticatorApp:
    """An app that is set up: its codes are asked for. The step before now is used."""
    begun = app.set_up(account)
    assert isinstance(begun, AuthenticatorApp)
    assert isinstance(app.confirm(account, shown(begun, steps=-1)), AuthenticatorApp)
    account.refresh_from_db()
    begun.refresh_from_db()
    return begun


def shown(its: AuthenticatorApp, steps: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    key = its.key
    assert key is not None
    return totp.code_at(key, totp.step_at(timezone.now().timestamp()) + steps)
