"""What fits one SMS: 160 characters of the GSM 7-bit alphabet, or 70 of UCS-2 (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

ONE_SEGMENT = 160
ONE_SEGMENT_UCS2 = 70
# Of a text in several segments, each also says which one it is.
SEGMENT_OF_MANY, SEGMENT_OF_MANY_UCS2 = 153, 67
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # each costs two characters: an escape comes first
# Curly quotes, dashes, the ellipsis and the space that does not break.
PLAIN_FORMS = str.maketrans(
    dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ", strict=True)) | {"\u2026": "..."}
)


def is_gsm(text: str) -> bool:
    """Whether the text goes in the GSM alphabet. A single other character turns all of it into UCS-2."""
    return all(character in ALPHABET or character in EXTENSION for character in text)


def units(text: str) -> int:
    """How much of a segment the text takes: of 160 in the GSM alphabet, else of 70 (an emoji takes 2)."""
    if is_gsm(text):
        return len(text) + sum(character in EXTENSION for character in text)
    return len(text.encode("utf-16-le")) // 2


def segments(text: str) -> int:
    """How many SMS the text is paid as."""
    one, many = (ONE_SEGMENT, SEGMENT_OF_MANY) if is_gsm(text) else (ONE_SEGMENT_UCS2, SEGMENT_OF_MANY_UCS2)
    taken = units(text)
    return 1 if taken <= one else -(-taken // many)


def plain(text: str) -> str:
    """The text in the alphabet: accents that it lacks are dropped, and so is what has no plain form."""
    composed = unicodedata.normalize("NFC", text).translate(PLAIN_FORMS)
    return "".join(c if c in ALPHABET else _without_accents(c) for c in composed)


def fitted(template: str, words: Mapping[str, str], *, shorten: str) -> str:
    """`template % words` with the word named `shorten` cut as far as one segment needs.

    A template of Latin letters goes in the GSM alphabet, without the accents that it lacks; another one as it
    is, in UCS-2. The rest is not cut: a text may still be too long, see `segments`.
    """
    if _has_plain_form(template):
        template, name, one = plain(template), plain(words[shorten]), ONE_SEGMENT
    else:
        name, one = words[shorten], ONE_SEGMENT_UCS2
    name = " ".join(name.split())
    text = _filled(template, words, shorten, name)
    while name and units(text) > one:
        name = name[:-1].rstrip()
        text = _filled(template, words, shorten, name)
    return text


def _filled(template: str, words: Mapping[str, str], shorten: str, name: str) -> str:
    return re.sub(r" {2,}", " ", template % {**words, shorten: name}).replace(" .", ".")


def _has_plain_form(template: str) -> bool:
    return len(plain(template)) >= len(unicodedata.normalize("NFC", template))


def _without_accents(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", character) if c in ALPHABET)
