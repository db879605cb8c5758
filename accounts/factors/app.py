"""The authenticator app: set up with a picture, confirmed with its first code, each code accepted once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import browsers, limits
from accounts.challenges import streak
from accounts.history import record
from accounts.models import AuthenticatorApp, SecurityEvent, User
from api.guesses import GuessLimit, a_guess
from api.refusals import Refusal
from codes import comparison, totp

PER_ACCOUNT = GuessLimit("app codes of an account", limits.ATTEMPTS, limits.ATTEMPTS_WINDOW)


def set_up(account: User) -> AuthenticatorApp | Refusal:
    """A new key to be shown. Refuses with illegal_transition where the account has an app already."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if app_of(account):
            return Refusal("illegal_transition")
        return AuthenticatorApp.begin(account, timezone.now())


def app_of(account: User) -> AuthenticatorApp | None:
    """The app that counts."""
    found = AuthenticatorApp.objects.select_related("account")
    return found.filter(account=account, confirmed_at__isnull=False).first()


def pending_of(account: User) -> AuthenticatorApp | None:
    """The one that waits for its first code."""
    young = timezone.now() - limits.SET_UP_WITHIN
    found = AuthenticatorApp.objects.select_related("account")
    return found.filter(account=account, confirmed_at=None, made_at__gt=young).first()


def confirm(account: User, typed: str) -> AuthenticatorApp | Refusal:
    """Judge the first code of the app that is being set up. Right: its codes are asked for from now on, in
    the place of messages. Refuses as `check` does."""
    return _guessed(account, typed, is_first=True)


def check(account: User, typed: str) -> AuthenticatorApp | Refusal:
    """Judge a code of the app. A code is right once, whoever else sends it at the same moment.

    Refuses with not_found (no app, or the account is disabled), code_malformed (not charged), wrong_code, or
    code_locked: with `retry_after` seconds, or None where waiting does not help. Raises RuntimeError within a
    transaction, which could take the charge back.
    """
    return _guessed(account, typed, is_first=False)


def _guessed(account: User, typed: str, *, is_first: bool) -> AuthenticatorApp | Refusal:
    digits = comparison.clean(typed, totp.DIGITS)
    if digits is None:
        return Refusal("code_malformed")
    guess = a_guess((PER_ACCOUNT, account.public_id))
    if spent := guess.charge():
        return Refusal("code_locked", members=spent.members)
    with transaction.atomic(durable=True):
        result = _judge(User.objects.hold(account.pk), digits, is_first=is_first)
    if isinstance(result, AuthenticatorApp):
        guess.give_back()
    return result


def _judge(account: User, digits: str, *, is_first: bool) -> AuthenticatorApp | Refusal:
    app = pending_of(account) if is_first else app_of(account)
    if app is None or not account.is_active:
        return Refusal("not_found")
    if not streak.charge(account):
        return Refusal("code_locked", members={"retry_after": None})
    now = timezone.now()
    key = app.key
    step = totp.matching_step(key, digits, totp.step_at(now.timestamp())) if key else None
    if key is None or step is None or not app.accept(step, now):
        streak.missed(account)
        return Refusal("wrong_code")
    streak.end(account)
    _keep(app, key, now, is_first=is_first)
    return app


def _keep(app: AuthenticatorApp, key: bytes, now: datetime, *, is_first: bool) -> None:
    """What a right code changes besides: it confirms the app, and ends all trust
    in browsers, which never showed a code of it; its key goes under the newest master key."""
    if is_first:
        app.confirmed_at = now
        app.save(update_fields=("confirmed_at",))
        User.objects.filter(pk=app.account_id).update(code_way=User.CodeWay.APP)
        browsers.forget(app.account)
        record(app.account, SecurityEvent.What.APP_ADDED)
    if app.key_id != list(settings.DELIVERY_CODE_KEYS)[-1]:
        app.keep_key(key)
        app.save(update_fields=("key_id", "sealed_key"))


def remove(account: User) -> None:
    """From now on codes go by message again."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if AuthenticatorApp.objects.filter(account=account).delete()[0] == 0:
            return
        if account.uses_app:
            account.code_way = User.CodeWay.PHONE if account.phone else User.CodeWay.EMAIL
            account.save(update_fields=("code_way",))
        record(account, SecurityEvent.What.APP_REMOVED)
