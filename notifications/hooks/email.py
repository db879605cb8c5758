"""`/hooks/email/{provider}/`: what an e-mail provider tells of mails that it took (anymail's tracking)."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import receipts
from notifications.channels.base import Receipt
from notifications.channels.email_errors import fault_of
from notifications.faults import describe

log = logging.getLogger(__name__)

ARRIVED = frozenset({"delivered"})
NEVER = frozenset({"bounced", "rejected", "failed"})


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def events(request: HttpRequest, provider: str) -> HttpResponse:
    """Takes events of the configured provider, with WEBHOOK_SECRET and its own signature where it has one.

    404 for any other provider, 403 for what is not proven to come from it, 400 for what cannot be read.
    Providers try again after anything but 200, so an event that changes nothing is answered 200 too.
    """
    if provider != settings.EMAIL_PROVIDER:
        raise Http404
    if request.method == "HEAD":  # some providers look whether there is a hook
        return HttpResponse()
    hook = _hook_of(provider)
    if hook is None or not _is_genuine(hook, request):
        log.warning("refused: a request to the hook of %s that does not prove to be its", provider)
        return HttpResponse(status=403)
    try:
        told = hook.parse_events(request)
    except Exception as error:  # each provider's parser has errors of its own
        log.warning("what %s told could not be read: %s", provider, describe(error))
        return HttpResponse(status=400)
    for event in told:
        _take(event)
    return HttpResponse()


def _hook_of(provider: str) -> Any:
    """Anymail's hook of this provider; None where none is there or it is not set up."""
    from anymail.urls import urlpatterns

    views = {pattern.name: pattern.callback for pattern in urlpatterns}
    view = views.get(f"{provider}_tracking_webhook")
    if view is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return None
    try:
        return view.view_class()  # as_view() leaves its class there
    except ImproperlyConfigured:
        return None


def _is_genuine(hook: Any, request: HttpRequest) -> bool:
    from anymail.exceptions import AnymailWebhookValidationFailure

    try:
        hook.run_validators(request)
    except (AnymailWebhookValidationFailure, ImproperlyConfigured):
        return False
    except Exception as error:  # a signature in another form than it should have
        log.warning("a signature could not be looked at: %s", describe(error))
        return False
    return True


def _take(event: Any) -> None:
    receipt = _receipt_of(event)
    if receipt is None:
        return
    ours = str((event.metadata or {}).get("message", ""))
    if ours:
        receipts.apply(receipt, public_id=ours)
    else:
        receipts.apply(receipt, provider_id=str(event.message_id or ""))


def _receipt_of(event: Any) -> Receipt | None:
    """What the event says of the mail's way; None for what is no news of it, such as a delay."""
    if event.event_type in ARRIVED:
        return Receipt(arrived=True)
    if event.event_type not in NEVER:
        return None
    why = event.reject_reason or "other"
    return Receipt(False, f"the e-mail came back ({why})", error_code=why, fault=fault_of(why))
