"""Passkeys (W3C Web Authentication), with django-allauth's flow over python-fido2.

Each is discoverable and verifies its user, so it proves a person by itself, without a password: something
they have, opened with something they are or know. The challenge is in the session with what it is for and
since when, and used up by any answer.
"""

import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.challenges import streak
from accounts.history import record
from accounts.models import SecurityEvent, User
from api.refusals import Refusal

MOST = 20
NAME_LENGTH = 60
CHALLENGE_LASTS = 600  # seconds; the browser asks its person for far less
ADDING, PROVING = "add", "prove"
# What the library raises for an answer that is none; a stranger writes it.
_UNREADABLE = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class PasskeyAdapter(DefaultMFAAdapter):
    """Who we are to a passkey: the host of PUBLIC_URL, whatever Host a request names."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.PUBLIC_HOST, "name": _("Delivery codes")}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {
            **super().get_public_key_credential_user_entity(user),
            "display_name": user.name or user.email,
        }


def can_be_made() -> bool:
    """A browser makes them for a name, over https; for `localhost` also without (WebAuthn, 5.1.3)."""
    try:
        ip_address(settings.PUBLIC_HOST)
    except ValueError:
        return settings.SECURE or settings.PUBLIC_HOST == "localhost"
    return False


def passkeys_of(account: User) -> list[Authenticator]:
    """The oldest first."""
    found = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("created_at", "pk"))


def name_of(passkey: Authenticator) -> str:
    return str(passkey.data["name"])


def begin_adding(account: User) -> dict[str, Any]:
    """What the browser needs to make one."""
    wanted: dict[str, Any] = webauthn.begin_registration(account, passwordless=True)
    _note(ADDING)
    return wanted


def add(account: User, name: str, credential: Any) -> Authenticator | Refusal:
    """Keep the passkey that the browser has made. Refuses with validation_failed."""
    if not _is_open(ADDING) or not _read(webauthn.parse_registration_response, credential):
        return _forgotten()
    try:
        made = webauthn.complete_registration(credential)
    except _UNREADABLE:
        return _forgotten()
    if not made.is_user_verified():
        return Refusal("validation_failed")
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        same = Authenticator.objects.filter(data__credential__id=credential["id"])
        if same.exists() or len(passkeys_of(account)) >= MOST:
            return Refusal("validation_failed")
        passkey: Authenticator = webauthn.WebAuthn.add(account, _named(account, name), credential).instance
        record(account, SecurityEvent.What.PASSKEY_ADDED)
        return passkey


def rename(account: User, pk: int, name: str) -> bool:
    """False where this account has no such passkey, or the name is empty."""
    with transaction.atomic():
        User.objects.hold(account.pk)
        passkey = next((each for each in passkeys_of(account) if each.pk == pk), None)
        if passkey is None or not _kept(name):
            return False
        passkey.data["name"] = _kept(name)
        passkey.save(update_fields=("data",))
        return True


def remove(account: User, pk: int) -> bool:
    """False where this account has no such passkey."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        ours = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN, pk=pk)
        if not ours.delete()[0]:
            return False
        record(account, SecurityEvent.What.PASSKEY_REMOVED)
        return True


def begin_proving(account: User | None) -> dict[str, Any]:
    """What the browser needs to answer with one of this account's passkeys, or with any it has for us."""
    wanted: dict[str, Any] = webauthn.begin_authentication(account)
    _note(PROVING)
    return wanted


def prove(account: User | None, credential: Any) -> User | Refusal:
    """Whose passkey has signed our challenge; of no other account than the one given. It also ends a row of
    failed guesses, which it cannot be. Refuses with validation_failed, or not_found (a disabled account).
    """
    if not _is_open(PROVING) or not _read(webauthn.parse_authentication_response, credential):
        return _forgotten()
    try:
        whose = account or webauthn.extract_user_from_response(credential)
        passkey = webauthn.complete_authentication(whose, credential)
    except _UNREADABLE:
        return _forgotten()
    with transaction.atomic():
        held = User.objects.hold(passkey.user_id)
        if not held.is_active:
            return Refusal("not_found")
        Authenticator.objects.filter(pk=passkey.pk).update(last_used_at=timezone.now())
        streak.end(held)
        return held


def _note(use: str) -> None:
    """Beside the challenge in the session, of which the library keeps neither."""
    webauthn.set_state({**(webauthn.get_state() or {}), "for": use, "at": int(time.time())})


def _is_open(use: str) -> bool:
    """Whether this session's challenge is for that, and of these minutes."""
    state = webauthn.get_state() or {}
    return state.get("for") == use and 0 <= time.time() - state["at"] < CHALLENGE_LASTS


def _read(parse: Callable[[Any], Any], credential: Any) -> bool:
    """Whether the answer has its form and was given on our pages, not on those of a host below ours."""
    try:
        return bool(parse(credential).response.client_data.origin == settings.PUBLIC_URL)
    except _UNREADABLE:
        return False


def _forgotten() -> Refusal:
    """An answer that was no good uses the challenge up too."""
    webauthn.clear_state()
    return Refusal("validation_failed")


def _named(account: User, name: str) -> str:
    fallback = _("Passkey %(number)d") % {"number": len(passkeys_of(account)) + 1}
    return _kept(name) or fallback


def _kept(name: str) -> str:
    """PostgreSQL takes no NUL."""
    return name.replace("\0", "").strip()[:NAME_LENGTH]
