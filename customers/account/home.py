"""The account's start: who it is, how codes reach them, and their parcels."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import browsers
from accounts.models import User
from accounts.step_up import form_with_fresh_code
from customers.account.guard import account_of, an_id, onward, private, signed_in
from customers.account.release import at_the_door_of
from customers.progress import LABELS
from handoffs.linked import shipments_of
from orders.models import Shipment, Status

NEWEST = 50


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    parcels = [(shipment, LABELS[Status(shipment.status)]) for shipment in parcels_of(account)]
    context = {
        "account": account,
        "parcels": parcels,
        "at_the_door": at_the_door_of(account),
        "browsers": account.trusted_browsers.living(timezone.now()).order_by("-last_used_at"),
    }
    return render(request, "customers/account/home.html", context)


def parcels_of(account: User) -> list[Shipment]:
    """The newest of those that are linked to this account."""
    return list(shipments_of(account).select_related("order__merchant").order_by("-id")[:NEWEST])


@private
@require_POST
@form_with_fresh_code
def forget_browser(request: HttpRequest) -> HttpResponse:
    """From now on it needs a code again."""
    if browsers.forget(account_of(request), public_id=an_id(request.POST.get("browser", ""))):
        messages.success(request, _("That browser needs a code again."))
    return redirect(onward(request))
