"""Looking at a photo from a door. Only a POST with a reason shows it, because looking is written down."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from api.refusals import Refusal
from handoffs.models import Photo
from support.audit import Entry, audited
from support.forms import ReasonForm
from support.models import StaffAction
from support.views.base import page, staff_of

VIEW, LOOK = "orders.view_shipment", "handoffs.view_photo"
REASONS = ("To decide on a release", "Recipient says that it did not arrive", "Courier's account is doubted")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, site: AdminSite, photo_id: str) -> HttpResponseBase:
    """The picture itself, as it is kept: a JPEG that we encoded. Of photos that were used; others wait."""
    staff = staff_of(request, VIEW, LOOK)
    used = Photo.objects.filter(used_at__isnull=False).select_related("shipment__order", "courier")
    photo = get_object_or_404(used, public_id=photo_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or photo.picture is None:
        context = {"title": "Photo", "photo": photo, "form": form, "reasons": REASONS}
        return page(site, request, "support/photo.html", context, status=400 if form.errors else 200)
    assert photo.shipment is not None, "a used photo has its shipment"
    entry = Entry(
        staff=staff,
        action=StaffAction.Kind.PHOTO,
        about=photo.shipment.public_id,
        reason=form.cleaned_data["reason"],
        form_key=form.cleaned_data["form_key"],
        details={"photo": photo.public_id},
    )
    if isinstance(audited(entry, lambda: photo), Refusal):
        messages.info(request, "Nothing is shown twice. Give a reason once more to see it again.")
        return redirect("admin:photo", photo.public_id)
    return _picture(bytes(photo.picture))


def _picture(jpeg: bytes) -> HttpResponse:
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = 'inline; filename="photo.jpg"'
    add_never_cache_headers(answer)
    return answer
