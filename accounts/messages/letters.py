"""The shape of what an account is told: an SMS of one segment, a letter, or a call."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from notifications import gsm, kinds
from notifications.models import Message


@dataclass(frozen=True)
class House:
    """What a letter wears in the place of a shop's brand."""

    shown_name: str
    brand_colour: str = "#0b4f43"
    brand_ink: str = "#fdf8ea"


@dataclass(frozen=True)
class Said:
    """The words of one message, ready: nothing of it comes from outside but `code` and `link`.

    The link goes by e-mail alone, unless there is an `sms_alone`: that is said in the place of `sms` where no
    link fits beside it.
    """

    sms: str = field(repr=False)
    subject: str
    lines: tuple[str, ...]
    code: str = field(default="", repr=False)
    advice: str = ""
    after: tuple[str, ...] = ()
    link: str = field(default="", repr=False)
    button: str = ""
    call: kinds.Call | None = None
    sms_alone: str = ""


def rendered(message: Message, said: Said) -> kinds.Rendered:
    """The message as its channel carries it."""
    if message.channel != Message.Channel.EMAIL:
        return kinds.Rendered("", _one_segment(said, message), call=said.call)
    context = {
        "said": said,
        "merchant": House(_("Delivery codes")),
        "subject": said.subject,
        "heading": said.subject,
        "lines": said.lines,
        "advice": said.advice,
        "after": said.after,
        "known": _(
            "Our links begin with %(base)s. We never call to ask for a code, and nobody who works here will "
            "ever ask you for one: type it on our page, and tell it to nobody."
        )
        % {"base": f"{settings.PUBLIC_URL}/"},
        "language": get_language(),
        "rtl": get_language_bidi(),
    }
    return kinds.Rendered(
        subject=said.subject,
        text=render_to_string("messages/letter.txt", context).strip(),
        html=render_to_string("messages/letter.html", context),
        sender=_("Delivery codes"),
    )


def _one_segment(said: Said, message: Message) -> str:
    """With a code, the last line lets a phone offer it to our page alone (WICG, "Origin-bound one-time
    codes delivered via SMS"); it goes last, whatever it costs."""
    if said.sms_alone:
        with_link = _as_gsm(f"{said.sms} {said.link}")
        return with_link if gsm.segments(with_link) == 1 else _as_gsm(said.sms_alone)
    text = _as_gsm(said.sms)
    if said.code and message.channel == Message.Channel.SMS:
        return f"{text}\n\n@{urlsplit(settings.PUBLIC_URL).hostname or ''} #{said.code}"
    return text


def _as_gsm(text: str) -> str:
    return gsm.plain(text) if gsm.is_gsm(gsm.plain(text)) and _is_latin(text) else text


def _is_latin(text: str) -> bool:
    return len(gsm.plain(text)) >= len(text)
