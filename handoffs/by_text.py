"""What a recipient may ask for by answering our text messages: CODE, STOP, and HELP.

Whatever is sent goes to the number that asked, and to no other. Nobody is told whether a parcel is on its way
to a number: where there is none, or none may be sent now, nothing comes back.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handoffs import ladder
from handoffs.resend import resend
from notifications import caps, inbound, kinds
from notifications.inbound import Heard
from notifications.models import Message
from orders.models import Actor, Shipment, Status

RECIPIENT = Actor("recipient")
MOST_AT_ONCE = 5


def send_code_again(heard: Heard) -> None:
    """Repeat the codes of the parcels that are on their way to this phone; the limits are everybody's."""
    underway = Shipment.objects.filter(
        order__phone=heard.phone, order__livemode=True, status=Status.OUT_FOR_DELIVERY, code_required=True
    )
    for shipment_id in underway.order_by("-pk").values_list("public_id", flat=True)[:MOST_AT_ONCE]:
        resend(
            within=Shipment.objects.filter(order__phone=heard.phone),
            shipment_id=shipment_id,
            channel=Message.Channel.SMS,
            actor=RECIPIENT,
        )


def help_text(heard: Heard) -> str | None:
    """Who we are and which words work, in the language that we last wrote to this number in."""
    if heard.answered:
        return None
    last = Message.objects.filter(to=heard.phone, livemode=True, channel=Message.Channel.SMS).order_by("-pk")
    locale = last.values_list("locale", flat=True).first()
    # Whoever we never wrote to gets nothing: a range of numbers could earn by asking.
    if locale is None or not caps.charge_reply(heard.phone):
        return None
    with translation.override(kinds.language_of(locale)):
        return _("Delivery codes, %(host)s. Answer CODE to get your code again, STOP for no more texts.") % {
            "host": urlsplit(settings.PUBLIC_URL).hostname
        }


def register() -> None:
    inbound.register(inbound.CODE, send_code_again)
    inbound.register(inbound.STOP, ladder.another_way)
    inbound.register(inbound.HELP, help_text)
