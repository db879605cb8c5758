"""Photos that a courier takes at a stop."""

import hashlib

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller_of
from api.errors import Refused
from api.multipart import StrictMultipartParser
from api.refusals import Refusal
from api.schema import refuses
from api.throttling import Limit
from couriers.forms import PhotoSerializer
from couriers.shapes import PhotoShapeSerializer
from couriers.views.base import CourierView
from handoffs.photos import keep_photo
from handoffs.pictures import Picture, reencode

MAX_PHOTO_BODY_BYTES = 8 * 1_048_576


def courier_of(request: HttpRequest | Request) -> str:
    assert isinstance(request, Request)
    caller = caller_of(request)
    assert caller is not None, "permissions come before limits"
    return caller.id


class Photos(CourierView):
    parser_classes = (StrictMultipartParser,)
    max_body_bytes = MAX_PHOTO_BODY_BYTES
    limits = (Limit("photos", quota=30, window_seconds=60, counted_by=courier_of),)

    sent: bytes
    picture: Picture

    def prepare(self) -> None:
        self.sent = self.read(PhotoSerializer)["photo"]
        picture = reencode(self.sent)
        if isinstance(picture, Refusal):
            raise Refused(picture)
        self.picture = picture

    def idempotency_parts(self) -> tuple[str | bytes, ...]:
        return (hashlib.sha256(self.sent).digest(),)

    @refuses("rate_limited")
    @extend_schema(operation_id="send_photo", request=PhotoSerializer, responses={201: PhotoShapeSerializer})
    def post(self, request: Request) -> HttpResponse:
        """Keep a photo for a failed visit, a parcel left in a safe place or a release without a code; name
        its id there, once, within two days. JPEG, PNG or WebP; it is made smaller, and where and with what it
        was taken is thrown away. Never of an identity document."""
        kept = keep_photo(device=self.device, picture=self.picture)
        if isinstance(kept, Refusal):
            return self.refuse(kept)
        return Response({"id": kept.public_id}, status=status.HTTP_201_CREATED)
