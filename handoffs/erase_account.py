"""Forget a person's account. What they had chosen is taken back first: no parcel is less careful for somebody
who is no longer there."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model, Q

from accounts.messages.sending import NOBODY
from accounts.models import (
    AccountSession,
    AuthenticatorApp,
    Challenge,
    KnownPlace,
    RecoveryCode,
    SecurityEvent,
    SignInTry,
    TrustedBrowser,
    User,
)
from api.refusals import Refusal
from handoffs.erase import PERSONAL, UNSETTLED
from handoffs.preferences.account import take_back
from notifications.models import Message

# What goes with an account, whole rows of it; and what its own row holds afterwards.
GONE: tuple[type[Model], ...] = (
    *(AccountSession, AuthenticatorApp, Challenge, KnownPlace, RecoveryCode, SecurityEvent, SignInTry),
    TrustedBrowser,
)
NO_PHONE: dict[str, Any] = {"phone": "", "phone_channel": "", "phone_verified_at": None}
BLANK: dict[str, Any] = {
    **NO_PHONE,
    **dict.fromkeys(("name", "locale", "delivery_language"), ""),
    **dict.fromkeys(("email_verified_at", "last_login"), None),
    "code_way": User.CodeWay.EMAIL,
    "delivery_channel": User.DeliveryChannel.USUAL,
    "is_active": False,
}


def erase_account(account: User) -> User | Refusal:
    """Delete what it holds and blank its own row, which nobody can sign in to any more. A second time changes
    nothing. Its parcels are forgotten with their orders.

    Refuses with illegal_transition (somebody who works here: what they did has to stay theirs) or
    message_underway (one about it is still to be sent).
    """
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if account.is_staff or account.is_superuser:
            return Refusal("illegal_transition", "The account is of somebody who works here.")
        if account.email == _nobody(account):
            return account
        codes = Challenge.objects.filter(Q(account=account) | Q(account=None, address=account.email))
        about = Q(about__in=[account.public_id, *codes.values_list("public_id", flat=True)])
        messages = Message.objects.filter(about | Q(about=NOBODY, to=account.email))
        if messages.filter(state__in=UNSETTLED).exists():
            return Refusal("message_underway", "A message about it is still to be sent. Try again later.")
        for choice in account.opt_outs.filter(ended_at=None):
            take_back(choice)
        messages.filter(state__in=UNSETTLED).delete()  # word of what was just taken back: to nobody
        messages.update(**PERSONAL[Message], context={})
        codes.delete()
        for model in GONE:
            model._base_manager.filter(account=account).delete()
        Authenticator.objects.filter(user=account).delete()
        blank = {**BLANK, "email": _nobody(account), "password": make_password(None)}
        User.objects.filter(pk=account.pk).update(**blank)
        account.end_sessions()
        account.refresh_from_db()
        return account


def forget_phone(phone: str) -> int:
    """Take this number (E.164) out of every account. Returns how many had it; nobody is told there."""
    with transaction.atomic():
        Challenge.objects.filter(address=phone).delete()
        theirs = User.objects.filter(phone=phone)
        codes_there = theirs.filter(code_way=User.CodeWay.PHONE)
        return codes_there.update(code_way=User.CodeWay.EMAIL, **NO_PHONE) + theirs.update(**NO_PHONE)


def _nobody(account: User) -> str:
    """An address that there is not (RFC 2606)."""
    return f"{account.public_id}@erased.invalid"
