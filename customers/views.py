"""The order page: bare for whoever has the tracking number, the recipient's own behind their link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from api.refusals import Refusal
from customers.delegates import TEMPLATE as DELEGATES
from customers.delegates import DelegatePage
from customers.found import answer, find, in_language_of, only, opened, too_often, unknown, wrong_links
from customers.guard import secret_address
from customers.order_page import OrderPage
from customers.words import fresh_link_asked, refused, renewed, resent, told_here
from handoffs.dispute import dispute
from handoffs.fresh_link import send_fresh_link
from handoffs.here import say_here
from handoffs.links import holder_of, opens_receipt, pass_of
from handoffs.resend import Resent, resend
from handoffs.rotate import Because, rotate
from orders.models import Actor

RECIPIENT = Actor("recipient")
TEMPLATE = "customers/order.html"


@secret_address
@require_safe
def bare(request: HttpRequest, tracking: str) -> HttpResponse:
    """Status and progress. Never a code, and nothing personal: this link is passed on."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    return answer(request, TEMPLATE, shipment, OrderPage(shipment, timezone.now()))


@secret_address
@require_safe
def own(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """The recipient's own page, or that of a pass they gave. Any proof that opens neither gives one and the
    same bare page."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    now = timezone.now()
    code = holder_of(shipment, proof, now)
    given = None if code else pass_of(shipment, proof, now)
    if given is not None:
        return answer(request, DELEGATES, shipment, DelegatePage(shipment, given, now))
    is_receipt = code is None and opens_receipt(shipment, proof)
    opens = code is not None or is_receipt
    over = None if opens else too_often(request, wrong_links(tracking))
    page = OrderPage(shipment, now, code, old_link=not opens, is_receipt=is_receipt)
    return over or answer(request, TEMPLATE, shipment, page)


@secret_address
@require_POST
def resend_code(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Send the code once more. A second click meets the cool-down."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    channel = request.POST.get("channel") or None
    result = resend(
        within=only(shipment), shipment_id=shipment.public_id, channel=channel, generation=code.generation
    )
    with in_language_of(shipment):
        if isinstance(result, Resent):
            messages.success(request, resent(result.message))
        else:
            messages.warning(request, refused(result))
    return redirect("customers:own", tracking, proof)


@secret_address
@require_POST
def new_code(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """End this code, which someone else may know or which is locked, and send a new one.

    The link dies with it, so a second click finds an old link and changes nothing.
    """
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    result = rotate(
        within=only(shipment),
        shipment_id=shipment.public_id,
        actor=RECIPIENT,
        because=Because.LOCKED if code.is_locked else Because.ASKED_FOR,
        generation=code.generation,
    )
    with in_language_of(shipment):
        if isinstance(result, Refusal):
            messages.warning(request, refused(result))
            return redirect("customers:own", tracking, proof)
        messages.success(request, renewed(result))
    return redirect("customers:bare", tracking)


@secret_address
@require_POST
def here(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """ "I'm here", by the recipient or whom they named: the courier's stop is told. Again changes nothing."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    given = None if code else pass_of(shipment, proof, timezone.now())
    code = given.code if given else code
    if code is not None:
        result = say_here(
            within=only(shipment),
            shipment_id=shipment.public_id,
            generation=code.generation,
            actor=Actor("delegate", given.delegate.public_id) if given else RECIPIENT,
            delegate=given.delegate if given else None,
        )
        with in_language_of(shipment):
            if isinstance(result, Refusal):
                messages.warning(request, refused(result))
            else:
                messages.success(request, told_here())
    return redirect("customers:own", tracking, proof)


@secret_address
@require_POST
def not_received(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """ "I did not get it", from the receipt's link alone. The page then says that it is known."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    if opens_receipt(shipment, proof):
        result = dispute(within=only(shipment), shipment_id=shipment.public_id, actor=RECIPIENT)
        if isinstance(result, Refusal):
            with in_language_of(shipment):
                messages.warning(request, refused(result))
    return redirect("customers:own", tracking, proof)


@secret_address
@require_POST
def fresh_link(request: HttpRequest, tracking: str) -> HttpResponse:
    """Send the link once more to the contact on file. What is answered is always the same."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    send_fresh_link(within=only(shipment), shipment_id=shipment.public_id)
    with in_language_of(shipment):
        messages.success(request, fresh_link_asked())
    return redirect("customers:bare", tracking)
