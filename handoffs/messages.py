"""What we tell the recipient of a shipment: the words, and on which channel."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from handoffs.models import DeliveryCode
from handoffs.models.codes import RECIPIENT
from notifications import gsm, kinds, outbox
from notifications.models import Message
from orders.models import SYSTEM, Fact, Order, Shipment

DELIVERY_CODE = "delivery_code"
HANDED_OVER = "handed_over"
CONTACT_CHANGED = "contact_changed"
RELEASE_ASKED = "release_asked"


def channels_of(order: Order) -> dict[str, str]:
    """The channels that lead to this recipient, best first, and the address on each."""
    known = {Message.Channel.SMS.value: order.phone, Message.Channel.EMAIL.value: order.email}
    return {channel: address for channel, address in known.items() if address}


def send_code(
    shipment: Shipment,
    code: DeliveryCode,
    *,
    now: datetime,
    channel: str | None = None,
    renewed: bool = False,
) -> Message | None:
    """Queue the message with this code, on the channel asked for or the best one; None if none is known."""
    channels = channels_of(shipment.order)
    if not channels:
        return None
    chosen = channel or next(iter(channels))
    DeliveryCode.objects.filter(pk=code.pk).update(sends=F("sends") + 1, last_sent_at=now)
    code.sends, code.last_sent_at = code.sends + 1, now
    context = {"generation": code.generation, "renewed": renewed}
    return _enqueue(shipment, DELIVERY_CODE, chosen, channels[chosen], context)


def send_receipt(shipment: Shipment, *, without_code: bool = False) -> None:
    """Queue the word that the shipment was handed over; without its code, on every channel there is."""
    channels = list(channels_of(shipment.order).items())
    for channel, address in channels if without_code else channels[:1]:
        _enqueue(shipment, HANDED_OVER, channel, address, {"without_code": True} if without_code else {})


def send_release_asked(shipment: Shipment) -> None:
    """Queue the word, on every channel there is, that the courier asks to hand over without the code."""
    for channel, address in channels_of(shipment.order).items():
        _enqueue(shipment, RELEASE_ASKED, channel, address, {})


def send_contact_changed(shipment: Shipment, told: dict[str, str]) -> None:
    """Queue a warning to the contacts that were known before the change, on each of their channels."""
    for channel, address in told.items():
        _enqueue(shipment, CONTACT_CHANGED, channel, address, {})


def _enqueue(shipment: Shipment, kind: str, channel: str, to: str, context: dict[str, Any]) -> Message:
    return outbox.enqueue(
        kind=kind,
        about=shipment.public_id,
        to=to,
        channel=channel,
        locale=shipment.order.locale,
        livemode=shipment.order.livemode,
        context=context,
    )


# --- The words. They exist only in memory, while a message is sent. ------------------------------


def link_of(shipment: Shipment, code: DeliveryCode, holder: str = RECIPIENT) -> str:
    """The holder's own page. Only messages carry it."""
    return f"{settings.PUBLIC_URL}/o/{shipment.tracking_number}.{code.link_proof_of(holder)}/"


def render_code(message: Message) -> kinds.Rendered | None:
    """The code, first of all; None once this generation is dead."""
    code = (
        DeliveryCode.objects.living()
        .select_related("shipment__order__merchant")
        .filter(shipment__public_id=message.about, generation=message.context["generation"])
        .first()
    )
    if code is None or code.is_over(timezone.now()):
        return None
    merchant = code.shipment.order.merchant.name
    words = {"code": code.code_of(), "merchant": merchant, "link": link_of(code.shipment, code)}
    if message.channel == Message.Channel.EMAIL:
        subject = _("Your delivery from %(merchant)s needs a delivery code") % words
        return kinds.Rendered(subject, _code_letter(words, renewed=message.context["renewed"]))
    template = (
        _("%(code)s is your NEW %(merchant)s delivery code. Tell only the courier at your door. %(link)s")
        if message.context["renewed"]
        else _("%(code)s is your %(merchant)s delivery code. Tell only the courier at your door. %(link)s")
    )
    return kinds.Rendered("", gsm.fitted(template, words, shorten="merchant"))


def _code_letter(words: dict[str, str], *, renewed: bool) -> str:
    opening = (
        _("This is a new delivery code for your parcel from %(merchant)s. Earlier codes no longer work.")
        if renewed
        else _("Your parcel from %(merchant)s is handed over only with this delivery code.")
    )
    advice = _("Tell it only to the courier at your door, never by phone or in a link.")
    return "\n\n".join((opening % words, words["code"], advice, words["link"]))


def render_receipt(message: Message) -> kinds.Rendered | None:
    """That the parcel was handed over, with the bare page's address."""
    shipment = Shipment.objects.select_related("order__merchant").get(public_id=message.about)
    words = {"merchant": shipment.order.merchant.name, "link": shipment.tracking_url}
    subject = _("Your parcel from %(merchant)s was handed over") % words
    template = _("Your parcel from %(merchant)s was handed over. %(link)s")
    if message.context.get("without_code"):
        template = _(
            "Your %(merchant)s parcel was handed over WITHOUT its code, as support approved. Not to you? "
            "Tell them now. %(link)s"
        )
    if message.channel == Message.Channel.EMAIL:
        return kinds.Rendered(subject, template % words)
    return kinds.Rendered("", gsm.fitted(template, words, shorten="merchant"))


def render_release_asked(message: Message) -> kinds.Rendered | None:
    """That a courier says they are at the door and cannot be told the code; with the bare page's address."""
    shipment = Shipment.objects.select_related("order__merchant").get(public_id=message.about)
    words = {"merchant": shipment.order.merchant.name, "link": shipment.tracking_url}
    template = _(
        "The courier asks to hand over your %(merchant)s parcel without its code. Nobody at your door? Tell "
        "them now. %(link)s"
    )
    if message.channel == Message.Channel.EMAIL:
        return kinds.Rendered(
            _("The courier asks to hand over your parcel without its code"), template % words
        )
    return kinds.Rendered("", gsm.fitted(template, words, shorten="merchant"))


def render_contact_changed(message: Message) -> kinds.Rendered | None:
    """To whom the contact was before: somebody changed it, and codes no longer come here."""
    shipment = Shipment.objects.select_related("order__merchant").get(public_id=message.about)
    words = {"merchant": shipment.order.merchant.name, "link": shipment.tracking_url}
    template = _(
        "Your contact for a %(merchant)s parcel was changed. If it was not you, tell them now. %(link)s"
    )
    if message.channel == Message.Channel.EMAIL:
        return kinds.Rendered(_("The contact for your parcel was changed"), template % words)
    return kinds.Rendered("", gsm.fitted(template, words, shorten="merchant"))


def settled(message: Message) -> None:
    """Put on the shipment's timeline that its code's message went out, or that it could not."""
    if message.state not in (Message.State.SENT, Message.State.FAILED):
        return
    shipment = Shipment.objects.hold(message.about)
    if shipment is None:
        return
    kind = "code.sent" if message.state == Message.State.SENT else "code.undeliverable"
    data = {"message": message.public_id, "channel": message.channel, **_generation(message)}
    shipment.record([Fact(kind, SYSTEM, data)])


def _generation(message: Message) -> dict[str, object]:
    return {"generation": message.context["generation"]}


def register() -> None:
    kinds.register(kinds.Kind(DELIVERY_CODE, render=render_code, settled=settled, has_reserve=True))
    kinds.register(kinds.Kind(HANDED_OVER, render=render_receipt))
    kinds.register(kinds.Kind(CONTACT_CHANGED, render=render_contact_changed))
    kinds.register(kinds.Kind(RELEASE_ASKED, render=render_release_asked))
