"""The handoff itself: `handoffs.confirm` judges, this only reads and tells."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

from api.errors import log_where
from api.problems import problem_response
from api.refusals import Refusal
from api.request_ids import current_request_id
from api.schema import refuses
from api.tokens import Caller, is_token, resolve_token, token_digest
from api.views import UNKNOWN_TOKENS
from couriers.answers import answer_to
from couriers.forms import HandoffSerializer, position_of
from couriers.shapes import HandedOverSerializer
from couriers.tokens import caller_of
from couriers.views.base import CourierView
from fleet.enrol import TOKEN_PREFIX
from handoffs.confirm import Handoff, Submission, confirm

UNASKED = frozenset({401, 429})  # told to whoever asks


@dataclass(frozen=True)
class Unproven:
    """The digest of a token of which nobody has said yet that it is a handheld's."""

    token_digest: str


class HandOver(CourierView):
    """Its idempotency is the check's own: the row that records the attempt is what a replay is told from."""

    own_idempotency = True
    idempotency_key_required = True

    def resolve_token(self, token: str) -> Caller | None:
        """A handheld's is looked up with all that a handoff reads, in one trip. Here its form counts."""
        if not is_token(token, prefix=TOKEN_PREFIX):
            return resolve_token(token)
        return Caller(kind="courier", id="", row=Unproven(token_digest(token)), livemode=True)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whatever is told without having looked the token up is told to a live one only."""
        self.was_looked_up = False
        answer = super().dispatch(request, *args, **kwargs)
        if self.was_looked_up or answer.status_code in UNASKED:
            return answer
        row = getattr(self.request.user, "row", None)
        if isinstance(row, Unproven) and caller_of(row.token_digest) is None:
            return self._turn_away()
        return answer

    @property
    def token_digest(self) -> str:
        caller: Any = self.request.user
        return str(caller.row.token_digest)

    def _turn_away(self) -> HttpResponse:
        """As the authentication does."""
        try:
            self._spend(UNKNOWN_TOKENS, self.request)
            raise AuthenticationFailed
        except APIException as refused:
            return self._rendered(self.handle_exception(refused))

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
        self.was_looked_up = True
        handoff = handoff_of(shipment_id, form)
        answer = judged(self.request, self.token_digest, self.idempotency_key() or "", handoff)
        return self._turn_away() if answer is None else answer


def handoff_of(shipment_id: str, form: dict[str, Any]) -> Handoff:
    """What a checked form says."""
    barcodes = form.get("barcodes")
    return Handoff(
        shipment_id=shipment_id,
        code=form.get("code"),
        barcodes=None if barcodes is None else tuple(barcodes),
        received_by=form["received_by"],
        location=position_of(form.get("location")),
        occurred_at=form.get("occurred_at"),
        photo_id=form.get("photo"),
    )


def judged(
    request: HttpRequest | Request, token_digest: str, key: str, handoff: Handoff
) -> HttpResponse | None:
    """The answer to this handoff; None where the token is nobody's.

    Whatever goes wrong from here on has one answer: it must not tell whether the code was right.
    """
    try:
        told = confirm(Submission(token_digest, key, handoff, request_id=current_request_id()))
        if isinstance(told, Refusal):
            return None if told.code == "authentication_failed" else problem_response(told, request)
        return answer_to(told, shipment_id=handoff.shipment_id, request=request)
    except Exception as error:
        log_where(error, "a handoff could not be judged or told")
        return problem_response("service_unavailable", request)
