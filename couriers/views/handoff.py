"""The handoff itself: `handoffs.confirm` judges, this only reads and tells."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.errors import log_where
from api.refusals import Refusal
from api.request_ids import current_request_id
from api.schema import refuses
from couriers.answers import answer_to
from couriers.forms import HandoffSerializer, position_of
from couriers.shapes import HandedOverSerializer
from couriers.views.base import CourierView
from handoffs.confirm import Handoff, confirm


class HandOver(CourierView):
    """Its idempotency is the check's own: the row that records the attempt is what a replay is told from."""

    own_idempotency = True
    idempotency_key_required = True

    @refuses(
        "already_delivered",
        "not_out_for_delivery",
        "code_required",
        "code_malformed",
        "wrong_parcel",
        "parcel_missing",
        "too_early",
        "courier_suspended",
        "code_expired",
        "code_locked",
        "wrong_code",
        "qr_invalid",
    )
    @extend_schema(operation_id="hand_over", request=HandoffSerializer, responses={200: HandedOverSerializer})
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Hand the shipment over to whoever told this code. A wrong code is charged; every other refusal is
        not."""
        form = self.read(HandoffSerializer)
        if form.get("qr") is not None:
            return self.refuse(Refusal("qr_invalid", "This service issues no QR codes yet."))
        barcodes = form.get("barcodes")
        handoff = Handoff(
            shipment_id=shipment_id,
            code=form.get("code"),
            barcodes=None if barcodes is None else tuple(barcodes),
            received_by=form["received_by"],
            location=position_of(form.get("location")),
            occurred_at=form.get("occurred_at"),
            photo_id=form.get("photo"),
        )
        return self._judged(handoff, key=self.idempotency_key() or "")

    def _judged(self, handoff: Handoff, *, key: str) -> HttpResponse:
        """From here on, whatever goes wrong has one answer: it must not tell whether the code was right."""
        try:
            told = confirm(device=self.device, key=key, handoff=handoff, request_id=current_request_id())
            if isinstance(told, Refusal):
                return self.refuse(told)
            return answer_to(told, shipment_id=handoff.shipment_id, request=self.request)
        except Exception as error:
            log_where(error, "a handoff could not be judged or told")
            return self.refuse("service_unavailable")
