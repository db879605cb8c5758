"""Finding the shipment that a caller is talking about."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from django.db.models import Q
from django.db.models.functions import Lower, Right

from orders.masking import DOT, mask
from orders.models import Shipment
from orders.models.shipments import TRACKING_LENGTH

MOST = 50
LONGEST = 200
SHORTEST_NAME = 2
LAST_DIGITS = 4
SHORTEST_PHONE = 6
_PHONE = re.compile(r"[+\d\s().\-/]+")
_ID = re.compile(r"shp_[0-9a-z]{26}")


@dataclass(frozen=True)
class Found:
    """Keys of the shipments, the newest first. `more`: there are others beyond MOST. `said` repeats what was
    looked for, without the personal data in it."""

    keys: list[int]
    more: bool
    said: str


def search(text: str) -> Found:
    """Look the text up as everything that it can be: a number of ours or the shop's, a contact, else a name.

    A phone may be written in any national way, or be its last four digits.
    """
    text = _plain(text)
    tries = (way(text) for way in (_numbered, _contacted, _named)) if text else ()
    newest = sorted(next((keys for keys in tries if keys), set()), reverse=True)
    return Found(newest[:MOST], len(newest) > MOST, said(text))


def said(text: str) -> str:
    """What was looked for, as it may be kept and shown."""
    if "@" in text:
        return f"e-mail {mask(text)}"
    digits = _digits(text)
    if _PHONE.fullmatch(text) and len(digits) >= SHORTEST_PHONE:
        return f"number {mask(digits)}"
    if len(digits) and " " not in text:
        return f"“{text}”"
    return "the name " + " ".join(f"{word[0]}{DOT * 3}" for word in text.split())


def _numbered(text: str) -> set[int]:
    return _keys(
        Q(public_id=text.lower()) if _ID.fullmatch(text.lower()) else None,
        Q(tracking_number=_tracking(text)) if len(_tracking(text)) == TRACKING_LENGTH else None,
        Q(order__reference__in={text, text.upper()}),
        Q(reference__in={text, text.upper()}),
        _last_digits(text),
    )


def _contacted(text: str) -> set[int]:
    if "@" in text:
        return _keys(Q(order_email=text.lower()))
    if _PHONE.fullmatch(text) and len(_digits(text)) >= SHORTEST_PHONE:
        return _keys(Q(order__phone__in=set(readings(text))))
    return set()


def _named(text: str) -> set[int]:
    """Every word somewhere in the name."""
    if len(text) < SHORTEST_NAME or not any(character.isalpha() for character in text):
        return set()
    every = Q()
    for word in text.split():
        every &= Q(order__name__icontains=word)
    return _keys(every)


def readings(text: str) -> Iterator[str]:
    """Every number in E.164 that the text is in some country's way of writing it."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    yield f"+{_digits(text)}"


def _last_digits(text: str) -> Q | None:
    return Q(order_last_digits=text) if len(text) == LAST_DIGITS and _digits(text) == text else None


def _keys(*questions: Q | None) -> set[int]:
    """One statement for each question, so that each can use an index of its own."""
    keys: set[int] = set()
    for question in questions:
        if question is not None:
            keys.update(_ask(question))
    return keys


def _ask(question: Q) -> list[int]:
    shipments = Shipment.objects.alias(
        order_email=Lower("order__email"), order_last_digits=Right("order__phone", LAST_DIGITS)
    )
    return list(shipments.filter(question).order_by("-pk").values_list("pk", flat=True)[: MOST + 1])


def _plain(text: str) -> str:
    """Single spaces, and digits of every script as ASCII's."""
    shown = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text[:LONGEST]
        if character.isprintable() or character.isspace()
    )
    return " ".join(shown.split())


def _tracking(text: str) -> str:
    return text.upper().replace(" ", "").replace("-", "")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
