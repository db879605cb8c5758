"""A handoff's answer, rendered from its stored row: the first time and each time it is replayed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from api.encoding import to_json
from api.problems import problem_response
from api.refusals import Refusal
from handoffs.confirm import Told
from handoffs.models import CodeCheck

PROOF = ("id", "method", "delivered_at", "received_by")


def answer_to(told: Told, *, shipment_id: str, request: HttpRequest | Request) -> HttpResponse:
    """The answer of this check: same status and bytes whenever it is given.

    Its request id is that of the request that was judged. Members are put in an order of our own, because
    PostgreSQL keeps none.
    """
    check = told.check
    headers = {"Idempotent-Replayed": "true"} if told.replayed else {}
    if check.result != CodeCheck.DELIVERED:
        refusal = Refusal(check.result, members=_members(check.answer))
        return problem_response(refusal, request, request_id=check.request_id, headers=headers)
    body = delivered_body(told, shipment_id=shipment_id)
    return HttpResponse(body, content_type="application/json", headers=headers)


def delivered_body(told: Told, *, shipment_id: str) -> bytes:
    """What is told of a shipment that was handed over."""
    return to_json({"status": "delivered", "shipment": shipment_id, **_members(told.check.answer)})


def _members(answer: dict[str, Any]) -> dict[str, Any]:
    members = {name: answer[name] for name in sorted(answer)}
    if "proof" in members:
        members["proof"] = {name: members["proof"][name] for name in PROOF}
    return members
