"""Messages and what they cost. Numbers only: no address, no text, nobody's name but the shops'."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders.models import Merchant
from support.spend_page import PERIODS, USUAL_PERIOD, SpendPage
from support.views.base import page, staff_of

VIEW = "support.view_spend"


@require_safe
def show(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """`?days=` 1, 7 or 30, `?merchant=` a public id; another number of days is a week."""
    staff_of(request, VIEW)
    asked, merchant_id = request.GET.get("days", ""), request.GET.get("merchant", "")
    days = next((each for each in PERIODS if str(each) == asked), USUAL_PERIOD)
    merchant = get_object_or_404(Merchant, public_id=merchant_id) if merchant_id else None
    seen = SpendPage(timezone.now().date(), days, merchant)
    context = {"title": "Messages and spend", "seen": seen, "periods": PERIODS}
    return page(site, request, "support/spend.html", context)
