"""What fits one SMS: 160 characters of the GSM 7-bit alphabet (3GPP TS 23.038)."""

import unicodedata

ONE_SEGMENT = 160
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def plain(text: str) -> str:
    """The text in the alphabet: accents that it lacks are dropped, and so is what has no plain form."""
    return "".join(c if c in ALPHABET else _without_accents(c) for c in text)


def fitted(template: str, words: dict[str, str], *, shorten: str) -> str:
    """`template % words` in one segment, with the word named `shorten` cut as far as that needs."""
    room = ONE_SEGMENT - len(template % {**words, shorten: ""})
    return template % {**words, shorten: plain(words[shorten])[: max(room, 0)].rstrip()}


def _without_accents(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", character) if c in ALPHABET)
