"""A handoff as handhelds usually send it, read without REST framework's ceremony.

What differs from the usual in anything is left to `HandOver`, which reads it thoroughly and says what is
wrong with it. So nothing here refuses, and nothing is taken here that `HandOver` would read otherwise.
"""

import math
from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import ParseError, ValidationError

from api.parsers import parse_json
from api.tokens import is_token, token_digest
from api.views import ID, KEY
from couriers.forms import OccurredAtField, position_of
from fleet.enrol import TOKEN_PREFIX
from fleet.position import Position
from handoffs.confirm import Handoff
from handoffs.models.proof import ReceivedBy

SCHEME = "Bearer "
MEMBERS = frozenset({"code", "location", "occurred_at", "received_by"})
RECEIVERS = frozenset(ReceivedBy.values)
POSITION = {"latitude": 90, "longitude": 180, "accuracy_m": 1_000_000}  # the most of each
LENGTH_DIGITS = 3  # of the body's bytes: a longer one is not as usual
OCCURRED_AT = OccurredAtField()


class _UnusualError(Exception):
    """It has to be read thoroughly."""


def usual_handoff(request: HttpRequest, shipment_id: str) -> tuple[str, str, Handoff] | None:
    """The digest of its token, its Idempotency-Key and the handoff; None where this is not the usual."""
    about = request.META
    authorization: str = about.get("HTTP_AUTHORIZATION", "")
    token, key = authorization.removeprefix(SCHEME), about.get("HTTP_IDEMPOTENCY_KEY", "")
    if request.method != "POST" or about.get("QUERY_STRING"):
        return None
    is_short = len(about.get("CONTENT_LENGTH") or "") <= LENGTH_DIGITS
    if about.get("CONTENT_TYPE") != "application/json" or not is_short:
        return None
    if token == authorization or not is_token(token, prefix=TOKEN_PREFIX):
        return None
    if not KEY.fullmatch(key) or not ID.fullmatch(shipment_id):
        return None
    try:
        return token_digest(token), key, _handoff(shipment_id, parse_json(request.body))
    except (_UnusualError, ParseError, ValidationError):
        return None


def _handoff(shipment_id: str, body: Any) -> Handoff:
    if not isinstance(body, dict) or not body.keys() <= MEMBERS:
        raise _UnusualError
    code, occurred_at = body.get("code"), body.get("occurred_at")
    received_by = body.get("received_by", ReceivedBy.RECIPIENT.value)
    if not isinstance(code, str | None) or not isinstance(received_by, str) or received_by not in RECEIVERS:
        raise _UnusualError
    return Handoff(
        shipment_id=shipment_id,
        code=code,
        barcodes=None,
        received_by=received_by,
        location=_position(body.get("location")),
        occurred_at=None if occurred_at is None else OCCURRED_AT.to_internal_value(occurred_at),
    )


def _position(location: Any) -> Position | None:
    if location is None:
        return None
    if not isinstance(location, dict) or not location.keys() <= POSITION.keys():
        raise _UnusualError
    latitude, longitude = _number(location, "latitude"), _number(location, "longitude")
    accuracy = None if location.get("accuracy_m") is None else _number(location, "accuracy_m", least=0)
    return position_of({"latitude": latitude, "longitude": longitude, "accuracy_m": accuracy})


def _number(location: dict[str, Any], name: str, *, least: int | None = None) -> float:
    value, most = location.get(name), POSITION[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _UnusualError
    if not (-most if least is None else least) <= value <= most:
        raise _UnusualError
    return float(value)
