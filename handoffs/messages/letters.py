"""The shape of every message: an SMS of one segment, or a letter as plain text with HTML beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from handoffs.messages.words import Said
from notifications import gsm, kinds
from notifications.models import Message
from orders.models import Shipment

LEAST_OF_A_NAME = 6  # rather no link than less of the shop's name


def rendered(message: Message, said: Said, shipment: Shipment) -> kinds.Rendered:
    """The message as its channel carries it. Call with the shipment's order and merchant loaded."""
    if message.channel != Message.Channel.EMAIL:
        return kinds.Rendered("", one_segment(said), call=said.call)
    return letter(said, shipment)


def one_segment(said: Said) -> str:
    """The SMS, with the link where one segment has room for it and for some of the shop's name."""
    name = said.words["merchant"]
    if said.link:
        text = gsm.fitted(f"{said.sms} %(link)s", {**said.words, "link": said.link}, shorten="merchant")
        kept = gsm.plain(name) if gsm.is_gsm(text) else name
        names_it = "%(merchant)s" not in said.sms or kept[:LEAST_OF_A_NAME].strip() in text
        if gsm.segments(text) == 1 and names_it:
            return text
    return gsm.fitted(said.sms_alone or said.sms, said.words, shorten="merchant")


def letter(said: Said, shipment: Shipment) -> kinds.Rendered:
    """The e-mail, under the shop's name and in its colours."""
    merchant = shipment.order.merchant
    ours = {"tracking": shipment.tracking_number, "base": f"{settings.PUBLIC_URL}/"}
    context: dict[str, Any] = {
        "said": said,
        "merchant": merchant,
        "subject": said.subject % said.words,
        "heading": said.heading % said.words,
        "advice": said.advice,
        "language": get_language(),
        "rtl": get_language_bidi(),
    }
    known = said.known or _(
        "It is about the parcel with the tracking number %(tracking)s, and its link begins with %(base)s. We "
        "never ask for a code by phone or message, or on a page: only the courier at your door does."
    )
    text = {"lines": _texts(said.lines, said.words), "after": _texts(said.after, said.words)}
    html = {"lines": _marked(said.lines, said.words), "after": _marked(said.after, said.words)}
    return kinds.Rendered(
        subject=context["subject"],
        text=render_to_string("messages/letter.txt", {**context, **text, "known": known % ours}).strip(),
        html=render_to_string("messages/letter.html", {**context, **html, "known": _mark(known, ours)}),
        sender=merchant.brand_sender or merchant.shown_name,
    )


def _texts(templates: tuple[str, ...], words: Mapping[str, str]) -> list[str]:
    return [template % words for template in templates]


def _marked(templates: tuple[str, ...], words: Mapping[str, str]) -> list[SafeString]:
    return [_mark(template, words) for template in templates]


def _mark(template: str, words: Mapping[str, str]) -> SafeString:
    """The sentence as HTML: each word keeps its own direction, whatever stands around it."""
    marked = {name: f"<bdi>{escape(word)}</bdi>" for name, word in words.items()}
    return mark_safe(escape(template) % marked)  # noqa: S308 - both parts were escaped above
