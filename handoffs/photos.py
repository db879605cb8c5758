"""Keeping a courier's photos until they are used, once, for what they show."""

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Device
from handoffs.limits import PHOTO_WAITS_FOR, PHOTOS_PER_DAY
from handoffs.models import Photo
from handoffs.pictures import Picture
from orders.checking import Fault, validation_failed
from orders.models import Shipment

DAY = timedelta(days=1)
SWEEP_SECONDS = 600
SWEEP_BATCH = 500


def keep_photo(*, device: Device, picture: Picture) -> Photo | Refusal:
    """Keep this picture for its courier to name later.

    Refuses with authentication_failed (revoked meanwhile) or rate_limited: PHOTOS_PER_DAY in 24 hours.
    """
    now = timezone.now()
    with transaction.atomic():
        courier = Courier.objects.select_for_update(no_key=True).get(pk=device.courier_id)
        if not courier.active or not Device.objects.filter(pk=device.pk, revoked_at=None).exists():
            return Refusal("authentication_failed")
        sent = Photo.objects.filter(courier=courier, created_at__gt=now - DAY)
        times = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:PHOTOS_PER_DAY])
        if len(times) == PHOTOS_PER_DAY:
            wait = math.ceil((times[-1] + DAY - now).total_seconds())
            detail = f"At most {PHOTOS_PER_DAY} photos in 24 hours."
            return Refusal("rate_limited", detail, members={"retry_after": wait})
        return Photo.objects.create(
            courier=courier,
            device=device,
            created_at=now,
            picture=picture.jpeg,
            width=picture.width,
            height=picture.height,
        )


def unusable_photo(courier: Courier, photo_id: str | None) -> Refusal | None:
    """Why this courier cannot name this photo (validation_failed); None where they can, or named none.

    One answer for a photo that is not there, another's, used or swept. Call with the courier's row locked, so
    that what it says still holds when the photo is used.
    """
    if photo_id is None or Photo.objects.filter(courier=courier, public_id=photo_id, used_at=None).exists():
        return None
    return validation_failed(Fault("/photo", "unknown", "You have no unused photo with this id."))


def use_photo(
    courier: Courier, photo_id: str | None, *, used_for: Photo.UsedFor, shipment: Shipment, now: datetime
) -> None:
    """Use the photo up. Call with the courier locked, after `unusable_photo` in the same transaction."""
    if photo_id is not None:
        Photo.objects.filter(courier=courier, public_id=photo_id, used_at=None).update(
            used_at=now, used_for=used_for, shipment=shipment
        )


def sweep_photos() -> int:
    """Delete photos that nobody used in PHOTO_WAITS_FOR, some at a time. Returns how many."""
    old = Photo.objects.filter(used_at=None, created_at__lt=timezone.now() - PHOTO_WAITS_FOR)
    batch = list(old.order_by("created_at").values_list("pk", flat=True)[:SWEEP_BATCH])
    # Asked once more: one that was used since it was looked for stays.
    return Photo.objects.filter(pk__in=batch, used_at=None).delete()[0]
