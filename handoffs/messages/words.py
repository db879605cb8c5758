"""What each message about a shipment says. The words exist only in memory, while a message is sent.

An SMS is one segment in every language, so `sms` is short and a link is added where it still fits; a letter
has room. `%(merchant)s` is the shop's name as it wants to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from notifications.kinds import Call


@dataclass(frozen=True)
class Said:
    """The words of one message: templates over `words`, except for code and link, which are as they are.

    `sms_alone`: instead of `sms` where no link fits beside it. `button` is what the letter's link is called.
    `known`: how to know that the letter is ours, where it asks for what all others never do.
    """

    sms: str
    subject: str
    heading: str
    lines: tuple[str, ...]
    words: Mapping[str, str] = field(repr=False)
    sms_alone: str = ""
    link: str = field(default="", repr=False)
    button: str = ""
    code: str = field(default="", repr=False)
    advice: str = ""
    after: tuple[str, ...] = ()
    call: Call | None = None
    known: str = ""


def needs_code(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_("Your %(merchant)s parcel is handed over only for a delivery code. It comes on the day."),
        subject=_("Your parcel from %(merchant)s will need a delivery code"),
        heading=_("Your parcel will need a delivery code"),
        lines=(
            _("%(merchant)s is sending you a parcel that is handed over only for its delivery code."),
            _("You get the code in a message on the day of delivery. Until then there is nothing to do."),
        ),
        after=(_("Will you be reached somewhere else that day? The shop can correct your contact details."),),
        words=words,
        link=link,
        button=_("Follow your parcel"),
    )


def delivery_code(words: Mapping[str, str], link: str, *, renewed: bool) -> Said:
    """`words` has the `code`, and `until`: the end of its time, as the recipient writes it."""
    return Said(
        sms=_("%(code)s is your NEW %(merchant)s delivery code. Tell only the courier at your door.")
        if renewed
        else _("%(code)s is your %(merchant)s delivery code. Tell only the courier at your door."),
        subject=_("A new delivery code for your parcel from %(merchant)s")
        if renewed
        else _("Your delivery from %(merchant)s needs a delivery code"),
        heading=_("Your new delivery code") if renewed else _("Your delivery code"),
        lines=(
            _("This is a new delivery code for your parcel from %(merchant)s. Earlier codes no longer work.")
            if renewed
            else _("Your parcel from %(merchant)s is handed over only with this delivery code."),
        ),
        code=words["code"],
        advice=_("Tell it only to the courier at your door, never by phone or in a link."),
        after=(
            _("It works until %(until)s."),
            _("Has someone asked you for it? You can end it on the page of your parcel and get a new one."),
        ),
        words=words,
        link=link,
        button=_("Open the page of your parcel"),
        call=_call(words),
    )


def code_later(words: Mapping[str, str], link: str) -> Said:
    """Out for delivery, where the code shows only once the courier comes."""
    return Said(
        sms=_("Your %(merchant)s parcel is on its way. Its delivery code comes when the courier does."),
        subject=_("Your parcel from %(merchant)s is on its way"),
        heading=_("Your parcel is on its way"),
        lines=(
            _("Your parcel from %(merchant)s is handed over only with a delivery code."),
            _("To protect it, the code is shown only when the courier comes: on its page, and in a message."),
        ),
        advice=_("Whoever asks for it before is not to be told."),
        words=words,
        link=link,
        button=_("Open the page of your parcel"),
    )


def code_in_account(words: Mapping[str, str], link: str) -> Said:
    """Out for delivery to somebody who wants the code in no message."""
    return Said(
        sms=_("Your %(merchant)s parcel is on its way. Its delivery code is in your account."),
        subject=_("Your parcel from %(merchant)s is on its way"),
        heading=_("Your parcel is on its way"),
        lines=(
            _("Your parcel from %(merchant)s is handed over only with a delivery code."),
            _("As you have chosen, the code is in your account, and in no message."),
        ),
        advice=_("Tell it only to the courier at your door, never by phone or in a link."),
        words=words,
        link=link,
        button=_("Open the page of your parcel"),
    )


def _call(words: Mapping[str, str]) -> Call:
    return Call(
        ask=_(
            "Hello. This is a call about your parcel from %(merchant)s. To hear your delivery code, press 1."
        )
        % words,
        before=_("Your delivery code is:"),
        spelled=words["code"],
        again=_("Once more:"),
        after=_("Tell it only to the courier at your door. Goodbye."),
        missed=_("No key was pressed, so we will try to reach you another way. Goodbye."),
    )


def courier_arrived(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_(
            "Your courier reports being at your door with your %(merchant)s parcel. Nobody "
            "there? Keep your code to yourself."
        ),
        subject=_("Your courier is at the door with your parcel from %(merchant)s"),
        heading=_("Your courier is at the door"),
        lines=(
            _("Your courier reports being at your door with your parcel from %(merchant)s."),
            _("Please have your delivery code ready."),
        ),
        advice=_("Is nobody at your door? Then tell the code to nobody, whoever asks for it."),
        words=words,
        link=link,
        button=_("Open the page of your parcel"),
    )


def code_locked(words: Mapping[str, str], link: str, *, may_renew: bool) -> Said:
    """`link` is the recipient's own where a new code can be had there, else the bare page's."""
    alone = _("The delivery code of your %(merchant)s parcel is locked after wrong tries. The shop can help.")
    return Said(
        sms=_("The delivery code of your %(merchant)s parcel is locked after wrong tries. Get a new one:")
        if may_renew
        else alone,
        sms_alone=alone,
        subject=_("Your delivery code is locked"),
        heading=_("Your delivery code is locked"),
        lines=(
            _(
                "Wrong codes were typed too often for your parcel from %(merchant)s, so its code "
                "no longer works."
            ),
            _("On the page of your parcel you can have a new one sent to you.")
            if may_renew
            else _("No further code can be made for it today. The shop can help you to get it another way."),
        ),
        words=words,
        link=link,
        button=_("Get a new code") if may_renew else _("Open the page of your parcel"),
    )


def nobody_home(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_(
            "The courier with your %(merchant)s parcel found nobody at home. It is tried "
            "again, or the shop is in touch."
        ),
        subject=_("The courier found nobody at home"),
        heading=_("The courier found nobody at home"),
        lines=(
            _("The courier came with your parcel from %(merchant)s and reports that nobody was at home."),
            _("Either it is tried again, or the shop will be in touch."),
        ),
        words=words,
        link=link,
        button=_("See what happens next"),
    )


def handed_over(words: Mapping[str, str], link: str) -> Said:
    """`words` has `when` it was, as the recipient writes it."""
    return Said(
        sms=_("Your %(merchant)s parcel was handed over. You did not get it? Tell the shop now."),
        subject=_("Your parcel from %(merchant)s was handed over"),
        heading=_("Your parcel was handed over"),
        lines=(_("Your parcel from %(merchant)s was handed over: %(when)s."),),
        after=(_("Did you, or someone you asked, not get it? Then say so now."),),
        words=words,
        link=link,
        button=_("I did not get it"),
    )


def handed_over_without_code(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_("Your %(merchant)s parcel was handed over WITHOUT its code. Not to you? Say so:"),
        sms_alone=_(
            "Your %(merchant)s parcel was handed over WITHOUT its code, as support approved. "
            "Not to you? Tell them now."
        ),
        subject=_("Your parcel from %(merchant)s was handed over"),
        heading=_("Your parcel was handed over without its code"),
        lines=(
            _("Your parcel from %(merchant)s was handed over: %(when)s."),
            _(
                "The courier could not be told its delivery code, and support approved to hand "
                "it over without."
            ),
        ),
        after=(_("Did you, or someone you asked, not get it? Then say so now."),),
        words=words,
        link=link,
        button=_("I did not get it"),
    )


def handed_over_as_released(words: Mapping[str, str], link: str) -> Said:
    """`words` has `when` it was. Who reads it, or whoever was in their account, did without the code."""
    return Said(
        sms=_("Your %(merchant)s parcel was handed over WITHOUT its code. Not to you? Say so:"),
        sms_alone=_(
            "Your %(merchant)s parcel was handed over WITHOUT its code, as released in your account. "
            "Not you? Tell them now."
        ),
        subject=_("Your parcel from %(merchant)s was handed over"),
        heading=_("Your parcel was handed over without its code"),
        lines=(
            _("Your parcel from %(merchant)s was handed over: %(when)s."),
            _("It was released from your account, so the courier needed no delivery code."),
        ),
        after=(_("Did you, or someone you asked, not get it? Then say so now."),),
        words=words,
        link=link,
        button=_("I did not get it"),
    )


def handed_over_to_delegate(words: Mapping[str, str], link: str) -> Said:
    """`words` has `when` it was, and `delegate`: whose code was told, as the recipient named them."""
    return Said(
        sms=_(
            "Your %(merchant)s parcel was handed over to a person you named. Not right? Tell the shop now."
        ),
        subject=_("Your parcel from %(merchant)s was handed over"),
        heading=_("Your parcel was handed over"),
        lines=(
            _("Your parcel from %(merchant)s was handed over: %(when)s."),
            _("It was received with the code that you gave to: %(delegate)s."),
        ),
        after=(_("Did you, or someone you asked, not get it? Then say so now."),),
        words=words,
        link=link,
        button=_("I did not get it"),
    )


def returned(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_(
            "Your %(merchant)s parcel could not be handed over and is back at the shop. They "
            "can tell you more."
        ),
        subject=_("Your parcel from %(merchant)s has gone back"),
        heading=_("Your parcel has gone back"),
        lines=(
            _("Your parcel from %(merchant)s could not be handed over and is back at the shop."),
            _("They can tell you what happens next."),
        ),
        words=words,
        link=link,
        button=_("See your parcel"),
    )


def contact_changed(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_("Your contact for a %(merchant)s parcel was changed. If it was not you, tell them now."),
        subject=_("The contact for your parcel was changed"),
        heading=_("The contact for your parcel was changed"),
        lines=(
            _(
                "The contact details for your parcel from %(merchant)s were changed. Codes no "
                "longer come here."
            ),
            _("If it was not you, tell the shop now."),
        ),
        words=words,
        link=link,
        button=_("See your parcel"),
    )


def delegate_named(words: Mapping[str, str], link: str) -> Said:
    """`words` has `delegate`: the name as the recipient wrote it. `link` is the bare page's."""
    return Said(
        sms=_("Someone was named to receive your %(merchant)s parcel. Not you? Tell the shop now."),
        subject=_("Someone else may receive your parcel from %(merchant)s"),
        heading=_("Someone else may receive your parcel"),
        lines=(
            _("On the page of your parcel from %(merchant)s somebody was named to receive it: %(delegate)s."),
            _("They have a code of their own. On that page you can take it back at any time."),
        ),
        advice=_("It was not you? Then end the code on that page, and tell the shop."),
        words=words,
        link=link,
        button=_("See your parcel"),
    )


def released(words: Mapping[str, str], link: str) -> Said:
    """The recipient released it from their account; `link` is the bare page's."""
    return Said(
        sms=_(
            "Your %(merchant)s parcel was released from your account: no code is needed now. "
            "Not you? Tell the shop now."
        ),
        subject=_("Your parcel from %(merchant)s was released"),
        heading=_("Your parcel was released without its code"),
        lines=(
            _("From your account, the parcel from %(merchant)s was released to the courier at your door."),
            _("For ten minutes this courier can hand it over without the code. Nobody else can."),
        ),
        advice=_("It was not you? Then tell the shop now, and set a new password for your account."),
        words=words,
        link=link,
        button=_("See your parcel"),
    )


def release_asked(words: Mapping[str, str], link: str) -> Said:
    return Said(
        sms=_(
            "The courier asks to hand over your %(merchant)s parcel without its code. Nobody "
            "at your door? Tell them now."
        ),
        subject=_("The courier asks to hand over your parcel without its code"),
        heading=_("May your parcel be handed over without its code?"),
        lines=(
            _(
                "The courier with your parcel from %(merchant)s reports being at your door and "
                "not getting its code."
            ),
            _("Our support is looking at it, and you need to do nothing if that is so."),
        ),
        advice=_("Is nobody at your door? Then tell the shop now."),
        words=words,
        link=link,
        button=_("See your parcel"),
    )
