"""What the pages say of a message's fate, and once after something was asked of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.refusals import Refusal
from handoffs.messages import code_ways
from notifications.channels import says
from notifications.models import Message
from orders.masking import mask
from orders.models import DeliveryPreference, Shipment

State = Message.State


def became_of(message: Message) -> str:
    """What became of a message, in plain words."""
    if message.state in (State.QUEUED, State.SENDING):
        return _("It is on its way out, which takes a few seconds.")
    if message.state == State.SENT:
        return _("It has gone out, and is usually there within a minute.")
    if message.state == State.RECEIVED:
        return _("It has arrived there.")
    if message.state == State.FAILED:
        if why := says(message):
            return _("It did not arrive: %(why)s.") % {"why": why}
        return _("It could not be sent there. Choose another way, or ask the shop to correct the contact.")
    return _("It was not sent, because its code had ended.")


def resent(message: Message) -> str:
    words = {"to": mask(message.to)}
    if message.channel == Message.Channel.EMAIL:
        return _("Your code is on its way to %(to)s by e-mail.") % words
    if message.channel == Message.Channel.VOICE:
        return _("We are calling %(to)s to read out your code.") % words
    return _("Your code is on its way to %(to)s by text message.") % words


def renewed(shipment: Shipment) -> str:
    old = _("The old code and its link no longer work.")
    to = next(iter(code_ways(shipment.order).values()), "")
    if not to:
        return old
    return (
        old + " " + _("A new code is on its way to %(to)s. Open the link in that message.") % {"to": mask(to)}
    )


def told_here() -> str:
    return _("The courier now sees that you are there.")


def fresh_link_asked() -> str:
    """The same, whatever came of it: whoever has the number may ask."""
    return _("If this delivery has a code now, its message with the link goes to the recipient once more.")


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


# --- Delivery preferences ------------------------------------------------------------------------


def code_asked(message: Message) -> str:
    return _("A confirmation code is on its way to %(to)s.") % {"to": mask(message.to)}


def opted_out(preference: DeliveryPreference) -> str:
    words = {"to": mask(preference.contact)}
    return _("Done. Routine parcels ordered from now on for %(to)s come without a delivery code.") % words


def opted_back_in() -> str:
    return _("Done. Parcels ordered from now on come with a delivery code wherever the shop asks for one.")


def preference_refused(refusal: Refusal) -> str:
    """A refusal of a verb of preferences, in words that say what to do now."""
    if refusal.code == "wrong_code":
        return _wrong(int(refusal.members["attempts_left"]))
    if refusal.code == "code_locked":
        return _locked(refusal.members)
    if refusal.code == "rate_limited" and int(refusal.members["retry_after"]) > 120:
        return _("As many codes have gone to this contact as may in a day. Please try again tomorrow.")
    said = {
        "contact_not_settled": _("The contact was changed a short time ago, so this has to wait."),
        "code_expired": _("The time of that code is over. Ask for another one."),
        "code_malformed": _("That was not a code of six digits. It has not been counted."),
    }
    return said.get(refusal.code) or refused(refusal)


def _wrong(left: int) -> str:
    if left == 0:
        return _("That was not the code, and it was the last try. Nothing has changed.")
    return ngettext(
        "That is not the code. %(left)s try is left.", "That is not the code. %(left)s tries are left.", left
    ) % {"left": left}


def _locked(members: Mapping[str, Any]) -> str:
    if "retry_after" not in members:
        return _("That code no longer works: wrong ones were typed too often.")
    if members["retry_after"] is None:
        return _("Wrong codes were typed here too often. Use the page of your next delivery.")
    return _("Wrong codes were typed here too often. Please try again in an hour or so.")
