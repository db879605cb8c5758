"""The page "Sign-in & security", and the forms on it that need no page of their own."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.factors import app, passkeys, recovery
from accounts.models import AccountSession, AuthenticatorApp, SecurityEvent, TrustedBrowser, User
from accounts.sessions import end_other_sessions, end_session, sessions_of
from accounts.step_up import form_with_fresh_code
from customers.account.guard import account_of, an_id, private, signed_in
from customers.account.happened import sentence
from customers.account.home import parcels_of
from handoffs.preferences.account import doors_of

NEWEST = 30


@dataclass(frozen=True)
class SecurityPage:
    """What the template shows of one account, in its person's time."""

    account: User
    session_key: str
    now: datetime

    @cached_property
    def zone(self) -> tzinfo:
        """Where the person's newest parcel goes; an account has no place of its own."""
        for parcel in parcels_of(self.account)[:1]:
            return ZoneInfo(parcel.order.timezone)
        return ZoneInfo("UTC")

    @cached_property
    def app(self) -> AuthenticatorApp | None:
        return app.app_of(self.account)

    @cached_property
    def passkeys(self) -> list[tuple[int, str, datetime | None]]:
        found = passkeys.passkeys_of(self.account)
        return [(each.pk, passkeys.name_of(each), each.last_used_at) for each in found]

    @property
    def can_have_passkeys(self) -> bool:
        return passkeys.can_be_made()

    @cached_property
    def recovery_codes_left(self) -> int:
        return recovery.left(self.account)

    @property
    def browsers(self) -> list[TrustedBrowser]:
        return list(self.account.trusted_browsers.living(self.now).order_by("-last_used_at"))

    @cached_property
    def sessions(self) -> list[tuple[AccountSession, bool]]:
        """With whether it is this very one, which comes first."""
        found = [(each, each.session_key == self.session_key) for each in sessions_of(self.account)]
        return sorted(found, key=lambda each: not each[1])

    @property
    def events(self) -> list[tuple[SecurityEvent, str]]:
        newest = self.account.security_events.order_by("-at", "-pk")[:NEWEST]
        return [(event, sentence(event)) for event in newest]

    @property
    def opted_out(self) -> int:
        """For how many addresses routine parcels come without a code."""
        return sum(door.opted_out for door in doors_of(self.account))


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    page = SecurityPage(account_of(request), request.session.session_key or "", timezone.now())
    with timezone.override(page.zone):
        return render(request, "customers/account/security.html", {"page": page})


@private
@require_POST
@form_with_fresh_code
def end(request: HttpRequest) -> HttpResponse:
    """End one session, or with `others` all but this."""
    account = account_of(request)
    if "others" in request.POST:
        end_other_sessions(account, keep=request.session.session_key)
        account.refresh_from_db()
        update_session_auth_hash(request, account)
        messages.success(request, _("Every other browser was signed out."))
    elif end_session(account, an_id(request.POST.get("session", ""))):
        messages.success(request, _("That browser was signed out."))
    return redirect("account_security")


@private
@require_POST
@form_with_fresh_code
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The answer to the form is the only place where the codes are ever shown."""
    return shown_once(request, recovery.renew(account_of(request)))


def shown_once(request: HttpRequest, codes: list[str], **more: Any) -> HttpResponse:
    return render(request, "customers/account/recovery.html", {"codes": codes, **more})
