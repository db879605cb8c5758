"""A phone for the codes: text message or call, the number as people write it, a code, done."""

from typing import Any

import phonenumbers
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.challenges import Started
from accounts.contacts import choose_way, keep_phone, remove_phone
from accounts.models import Challenge
from accounts.step_up import form_with_fresh_code, fresh_code_required
from api.guesses import a_guess
from api.refusals import Refusal
from api.throttling import client_network
from customers.account import limits
from customers.account.codes import CodeFlow, take_code
from customers.account.forms import PhoneForm
from customers.account.guard import account_of, onward, private
from customers.account.home import parcels_of
from customers.account.words import refused

COUNTRIES = sorted(
    (country, f"{country} +{phonenumbers.country_code_for_region(country)}")
    for country in phonenumbers.SUPPORTED_REGIONS
)


@private
@fresh_code_required
def choose(request: HttpRequest) -> HttpResponse:
    """Which number, and how codes are to reach it. A code then goes there."""
    account = account_of(request)
    form = PhoneForm(request.POST or None, countries=COUNTRIES, country=_country_of(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "customers/account/phone.html", {"form": form, "account": account})
    flow = PhoneFlow(request)
    flow.keep(phone=form.cleaned_data["phone"], channel=form.cleaned_data["channel"])
    result = flow.send(form.cleaned_data["channel"])
    if isinstance(result, Refusal):
        messages.warning(request, refused(result))
    return redirect("account_confirm_phone")


class PhoneFlow(CodeFlow):
    """The code goes to the number that is to be verified, and to no other."""

    purpose = Challenge.Purpose.PHONE
    elsewhere = "account_phone"

    @property
    def is_entered(self) -> bool:
        return self.account is not None and super().is_entered

    @property
    def ways(self) -> dict[str, str]:
        return {self.state["channel"]: self.state["phone"]}

    def send(self, channel: str, **more: Any) -> Started | Refusal:
        """Each text is counted, the first and those sent again."""
        whose, network = account_of(self.request).public_id, client_network(self.request)
        guess = a_guess((limits.NUMBERS, whose), (limits.NUMBERS_OF_NETWORK, network))
        if refusal := guess.charge():
            return refusal
        result = super().send(channel, **more)
        if not (isinstance(result, Started) and result.sent):
            guess.give_back()
        return result

    def succeed(self, challenge: Challenge) -> HttpResponse:
        self.leave()
        self.request.session.cycle_key()
        account = keep_phone(challenge)
        codes_too = _("Your phone number is verified. Codes now go there.")
        messages.success(self.request, _("Your phone number is verified.") if account.uses_app else codes_too)
        return redirect("account_home")


code = take_code(PhoneFlow)


@private
@require_POST
@form_with_fresh_code
def remove(request: HttpRequest) -> HttpResponse:
    remove_phone(account_of(request))
    messages.success(request, _("Your phone number was removed. Codes go to your e-mail address."))
    return redirect("account_home")


@private
@require_POST
@form_with_fresh_code
def way(request: HttpRequest) -> HttpResponse:
    """Where codes come from first: the mailbox, the verified phone, or the app."""
    choose_way(account_of(request), request.POST.get("way", ""))
    messages.success(request, _("Saved."))
    return redirect(onward(request))


def _country_of(request: HttpRequest) -> str:
    """The country that is likely: of the newest parcel, else of the browser's language."""
    for shipment in parcels_of(account_of(request))[:1]:
        return str(shipment.order.country)
    region = request.headers.get("Accept-Language", "").partition(",")[0].partition("-")[2].upper()
    return region if region in phonenumbers.SUPPORTED_REGIONS else "GB"
