"""The account's start: who it is, how codes reach them, and their parcels."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import browsers
from accounts.models import User
from accounts.step_up import form_with_fresh_code
from customers.account.guard import account_of, onward, private, signed_in
from customers.progress import LABELS
from orders.models import Shipment, Status

NEWEST = 50


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    parcels = [(shipment, LABELS[Status(shipment.status)]) for shipment in parcels_of(account)]
    context = {
        "account": account,
        "parcels": parcels,
        "browsers": account.trusted_browsers.living(timezone.now()).order_by("-last_used_at"),
    }
    return render(request, "customers/account/home.html", context)


def parcels_of(account: User) -> list[Shipment]:
    """The newest of those ordered for a contact that this account has verified, before or since.

    What a test key orders belongs to nobody, except where everything is a test.
    """
    mine = Q()
    if account.email_verified_at:
        mine |= Q(lowered=account.email)
    if account.phone_verified_at:
        mine |= Q(order__phone=account.phone)
    if not mine:
        return []
    found = Shipment.objects.alias(lowered=Lower("order__email")).filter(mine)
    if not settings.SANDBOX:
        found = found.filter(order__livemode=True)
    return list(found.select_related("order__merchant").order_by("-id")[:NEWEST])


@private
@require_POST
@form_with_fresh_code
def forget_browser(request: HttpRequest) -> HttpResponse:
    """From now on it needs a code again."""
    if browsers.forget(account_of(request), public_id=request.POST.get("browser", "")):
        messages.success(request, _("That browser needs a code again."))
    return redirect(onward(request))
