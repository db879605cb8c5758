"""A handoff as handhelds usually send it, read without ceremony.

What differs from the usual in anything is left to `views.handoff`, which reads it thoroughly and says
what is wrong with it. So nothing here refuses, and nothing is taken here that it would read otherwise.
"""

import io
import math
import re
from typing import Any

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
LENGTH = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)  # a longer body is not as usual
PATH = re.compile(rf"/api/v1/courier/shipments/(?P<shipment>{ID.pattern})/handoff")
OCCURRED_AT = OccurredAtField()


class _UnusualError(Exception):
    """It has to be read thoroughly."""


def usual_handoff(request: dict[str, Any]) -> tuple[str, str, Handoff] | None:
    """The digest of its token, its Idempotency-Key and the handoff; None where this is not the usual.

    `request` is the environ of PEP 3333, the body in it not yet read; whoever reads it afterwards finds it
    whole.
    """
    path = PATH.fullmatch(request["PATH_INFO"])
    if path is None or request["REQUEST_METHOD"] != "POST" or request.get("QUERY_STRING"):
        return None
    length = request.get("CONTENT_LENGTH") or ""
    if request.get("CONTENT_TYPE") != "application/json" or not LENGTH.fullmatch(length):
        return None
    authorization: str = request.get("HTTP_AUTHORIZATION", "")
    token, key = authorization.removeprefix(SCHEME), request.get("HTTP_IDEMPOTENCY_KEY", "")
    if token == authorization or not is_token(token, prefix=TOKEN_PREFIX) or not KEY.fullmatch(key):
        return None
    body = request["wsgi.input"].read(int(length))
    request["wsgi.input"] = io.BytesIO(body)
    try:
        return token_digest(token), key, _handoff(path["shipment"], parse_json(body))
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
