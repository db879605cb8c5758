"""What the page says once after something was asked of it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.refusals import Refusal
from handoffs.messages import channels_of
from notifications.models import Message
from orders.masking import mask
from orders.models import Shipment


def resent(message: Message) -> str:
    words = {"to": mask(message.to)}
    if message.channel == Message.Channel.EMAIL:
        return _("Your code is on its way to %(to)s by e-mail.") % words
    return _("Your code is on its way to %(to)s by text message.") % words


def renewed(shipment: Shipment) -> str:
    old = _("The old code and its link no longer work.")
    to = next(iter(channels_of(shipment.order).values()), "")
    if not to:
        return old
    return (
        old + " " + _("A new code is on its way to %(to)s. Open the link in that message.") % {"to": mask(to)}
    )


def refused(refusal: Refusal) -> str:
    """A refusal of a verb, in words that say what to do now."""
    if refusal.code == "rate_limited":
        return _wait(int(refusal.members["retry_after"]))
    if refusal.code == "code_locked":
        return _("No further code can be made for this parcel. The shop that sent it can help you.")
    if refusal.code == "validation_failed":
        return _("That way does not lead to you. Choose another one.")
    return _("This has changed meanwhile: here is how it stands now.")


def _wait(seconds: int) -> str:
    if seconds > 120:
        return _("It has been sent as often as it can be. The code on this page stays valid.")
    return ngettext(
        "A message has just gone out. You can ask for another in %(seconds)s second.",
        "A message has just gone out. You can ask for another in %(seconds)s seconds.",
        seconds,
    ) % {"seconds": seconds}
