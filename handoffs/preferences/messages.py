"""What we tell about an opt-out.

Its code is typed on a page and told to nobody, the opposite of a delivery code: so its words say first what
it does, and never call it by that name.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import tell
from accounts.messages import letters as of_account
from accounts.models import User
from handoffs.messages import channels_of
from handoffs.messages.letters import rendered
from handoffs.messages.words import Said
from handoffs.models import AccountOptOut, PreferenceChallenge
from notifications import gsm, kinds, outbox
from notifications.models import Message
from orders.models import Shipment

PREFERENCE_CODE = "preference_code"
OPTED_OUT = "opted_out"
ACCOUNT_OPTED_OUT = "account_opted_out"


def send_preference_code(
    shipment: Shipment, challenge: PreferenceChallenge, channel: str, to: str, *, now: datetime
) -> Message:
    """Queue the message with this challenge's code, and count it. Call with its preference locked."""
    challenge.sends, challenge.last_sent_at = challenge.sends + 1, now
    challenge.save(update_fields=("sends", "last_sent_at"))
    return _enqueue(PREFERENCE_CODE, shipment, challenge, channel, to)


def send_opted_out(shipment: Shipment, challenge: PreferenceChallenge) -> None:
    """Queue the notice, with its way back, on every channel that leads to the order's recipient."""
    for channel, to in channels_of(shipment.order).items():
        _enqueue(OPTED_OUT, shipment, challenge, channel, to)


def _enqueue(kind: str, shipment: Shipment, challenge: PreferenceChallenge, channel: str, to: str) -> Message:
    return outbox.enqueue(
        kind=kind,
        about=shipment.public_id,
        to=to,
        channel=channel,
        locale=shipment.order.locale,
        livemode=shipment.order.livemode,
        context={"challenge": challenge.public_id},
        payer=shipment.order.merchant.public_id,
    )


# --- The words. They exist only in memory, while a message is sent. ------------------------------


def way_back_link(challenge: PreferenceChallenge) -> str:
    """The page that takes this opt-out back. It opens while the opt-out stands, and shows no code."""
    tracking = challenge.shipment.tracking_number
    return f"{settings.PUBLIC_URL}/o/{tracking}.{challenge.way_back_proof()}/preferences/"


def render_preference_code(message: Message) -> kinds.Rendered | None:
    """The code, first of all, with what it does; None once the challenge is dead."""
    challenge = _challenge_of(message)
    if challenge is None or not challenge.is_usable(timezone.now()):
        return None
    said = code_said(_words(challenge) | {"code": challenge.code_of()})
    whole = rendered(message, said, challenge.shipment)
    # The last line lets a phone offer the code to our page alone (WICG, "Origin-bound one-time codes").
    autofill = f"\n\n@{urlsplit(settings.PUBLIC_URL).hostname or ''} #{said.code}"
    if message.channel == Message.Channel.SMS and gsm.segments(whole.text + autofill) == 1:
        return replace(whole, text=whole.text + autofill)
    return whole


def code_said(words: Mapping[str, str]) -> Said:
    return Said(
        sms=_(
            "%(code)s turns off delivery codes for routine parcels. "
            "Type it only on our page, tell nobody, not even a courier."
        ),
        subject=_("Confirm: routine parcels without a delivery code"),
        heading=_("Routine parcels without a delivery code?"),
        lines=(
            _("You asked for routine parcels to your address without a delivery code."),
            _("To confirm that, type this code on the page where you asked:"),
        ),
        code=words["code"],
        advice=_("Tell it to nobody, not even to a courier. It works for 10 minutes."),
        after=(_("If you did not ask for this, do nothing: everything stays as it is."),),
        known=_(
            "It is about the parcel with the tracking number %(tracking)s. Its code is typed on a page that "
            "begins with %(base)s, and told to nobody."
        ),
        words=words,
    )


def render_opted_out(message: Message) -> kinds.Rendered | None:
    """That it was done, and how to undo it; None where its key is gone and with it the link."""
    challenge = _challenge_of(message)
    if challenge is None or challenge.key_id not in settings.DELIVERY_CODE_KEYS:
        return None
    said = opted_out_said(_words(challenge), way_back_link(challenge))
    return rendered(message, said, challenge.shipment)


def opted_out_said(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_("No delivery code for your routine parcels from now on. Not you? Undo it:"),
        sms_alone=_("No delivery code for your routine parcels from now on. Not you? Tell the shop."),
        subject=_("Routine parcels now come without a delivery code"),
        heading=_("Routine parcels now come without a delivery code"),
        lines=(
            _("From now on, routine parcels ordered to your address come without a delivery code."),
            _("Valuable ones still need theirs, and so does every parcel that is ordered already."),
        ),
        after=(_("If it was not you, or you have changed your mind, one tap on this page takes it back:"),),
        words=words,
        link=link,
        button=_("Ask for a code again"),
    )


# --- Of an account, whichever shop's parcels they are --------------------------------------------


def tell_account_opted_out(account: User, choice: AccountOptOut) -> None:
    """Queue the notice, with its way back, to each contact of the account that can be written to."""
    tell(account, ACCOUNT_OPTED_OUT, choice=choice.public_id)


def account_way_back_link(choice: AccountOptOut) -> str:
    """The page that takes this opt-out back, for whoever has its notice."""
    path = reverse("account_codes_again", args=(f"{choice.public_id}.{choice.way_back_proof()}",))
    return f"{settings.PUBLIC_URL}{path}"


def render_account_opted_out(message: Message) -> kinds.Rendered | None:
    """None where it was taken back meanwhile, or its key is gone and with it the link."""
    standing = AccountOptOut.objects.filter(public_id=message.context["choice"], ended_at=None)
    choice = standing.select_related("account").first()
    if choice is None or choice.key_id not in settings.DELIVERY_CODE_KEYS:
        return None
    return of_account.rendered(message, account_opted_out_said(account_way_back_link(choice)))


def account_opted_out_said(link: str) -> of_account.Said:
    return of_account.Said(
        sms=_("No delivery code for your routine parcels from now on. Not you? Undo it:"),
        sms_alone=_("No delivery code for routine parcels from now on. Not you? Set a new password."),
        subject=_("Routine parcels now come without a delivery code"),
        lines=(
            _("From now on, routine parcels ordered to one of your addresses come without a delivery code."),
            _("Valuable ones still need theirs, and so does every parcel that is ordered already."),
        ),
        after=(
            _("If it was not you, or you have changed your mind, one tap on this page takes it back:"),
            _("It was not you? Then somebody is in your account: set a new password now."),
        ),
        link=link,
        button=_("Ask for a code again"),
    )


def _words(challenge: PreferenceChallenge) -> dict[str, str]:
    return {"merchant": challenge.shipment.order.merchant.shown_name}


def _challenge_of(message: Message) -> PreferenceChallenge | None:
    found = PreferenceChallenge.objects.filter(public_id=message.context["challenge"])
    return found.select_related("preference", "shipment__order__merchant").first()


def register() -> None:
    kinds.register(kinds.Kind(PREFERENCE_CODE, render=render_preference_code))
    kinds.register(kinds.Kind(OPTED_OUT, render=render_opted_out))
    kinds.register(kinds.Kind(ACCOUNT_OPTED_OUT, render=render_account_opted_out, has_reserve=True))
