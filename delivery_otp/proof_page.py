"""The page that says in words what a proof of delivery proves, and the keys that verify it elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from api.throttling import Limit
from api.times import parse_rfc3339
from handoffs.models.proof import Method, ReceivedBy
from handoffs.proofs.signing import key_set, public_keys
from handoffs.proofs.verifying import MAX_BYTES, Verdict, verify

CHECKS = Limit("proofs", quota=30, window_seconds=60)
MAX_FORM_BYTES = MAX_BYTES * 2  # pasted text grows when a form encodes it, and the form has more fields
RECEIVERS: dict[str, Promise] = {
    ReceivedBy.RECIPIENT: _("to the recipient"),
    ReceivedBy.DELEGATE: _("to somebody the recipient had named"),
    ReceivedBy.HOUSEHOLD: _("to somebody of the household"),
    ReceivedBy.RECEPTION: _("to a reception"),
    ReceivedBy.SAFE_PLACE: _("by leaving it in a safe place"),
}
METHODS: dict[str, Promise] = {
    Method.CODE: _("The right delivery code was told at the door."),
    Method.QR: _("The right QR code was shown at the door."),
    Method.DELEGATE_CODE: _("The code of somebody the recipient had named was told at the door."),
    Method.ACCOUNT_RELEASE: _("The recipient released it from their account."),
    Method.SUPERVISOR_RELEASE: _("It was released without a code, by two people of the carrier."),
    Method.NOT_REQUIRED: _("No delivery code was needed for it."),
}
# What is wrong with it, for readers of other languages; in English the judgement says it more exactly.
PROBLEMS: dict[str, Promise] = {
    "unreadable": _("What you brought cannot be read as a proof of delivery."),
    "not_a_proof": _("What you brought cannot be read as a proof of delivery."),
    "not_signed": _("This proof carries no signature."),
    "unknown_key": _("It names a key that is not among those published here."),
    "wrong_signature": _("The signature does not hold: it was changed, or another key made it."),
    "differs": _("The signature holds, but the file around it says something else."),
    "not_our_record": _("This service has recorded another proof of this delivery, or none."),
}
BROKEN_CHAIN = _("The events of this delivery do not lead to this proof: one is missing or was changed.")


@dataclass(frozen=True)
class Proven:
    """What the template tells of a proof that holds."""

    verdict: Verdict

    @property
    def statement(self) -> dict[str, object]:
        return self.verdict.statement or {}

    @property
    def at(self) -> datetime:
        return parse_rfc3339(str(self.statement["delivered_at"]))

    @property
    def receiver(self) -> Promise | str:
        return RECEIVERS.get(str(self.statement["received_by"]), str(self.statement["received_by"]))

    @property
    def method(self) -> Promise | str:
        return METHODS.get(str(self.statement["method"]), str(self.statement["method"]))


@csrf_exempt  # the size is looked at before anything reads the form; then the check is made as everywhere
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def check_proof(request: HttpRequest) -> HttpResponse:
    """Paste or upload a proof; the answer is on the same page. Nothing is kept or changed."""
    if request.method == "POST":
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > MAX_FORM_BYTES:
            return _page(request, too_long=True, status=413)
        spent = CHECKS.spend(request)
        if spent is not None and spent.refused:
            response = _page(request, too_often=True, status=429)
            response["Retry-After"] = str(spent.resets_in)
            return response
    return _checked(request)


@csrf_protect
def _checked(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    verdict = verify(_brought(request), public_keys())
    proven = Proven(verdict) if verdict.holds else None
    return _page(request, verdict=verdict, proven=proven, problem=_told(verdict))


def _told(verdict: Verdict) -> Promise | str:
    if verdict.problem is None:
        return ""
    if get_language() == settings.LANGUAGE_CODE:
        return verdict.problem.detail
    return PROBLEMS.get(verdict.problem.code, BROKEN_CHAIN)


def _brought(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file:
        return bytes(file.read(MAX_BYTES + 1))
    return str(request.POST.get("proof", "")).encode("utf-8", "replace")


def _page(request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
    return render(request, "proof.html", context, status=status)


@require_safe
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys, as a JSON Web Key Set that programs of any site may read."""
    response = JsonResponse(key_set(), content_type="application/jwk-set+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response
