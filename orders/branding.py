"""How a shop may show itself in our messages: a name and two colours. Nothing that leads elsewhere."""

import re
import unicodedata

from django.core.exceptions import ValidationError

NAME_LENGTH = 40
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text of any size
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What mail and message programs turn into a link, or what could pass for an address or a code.
_LINK = re.compile(r"://|www\.|\w\.\w{2,}|[@/\\]", re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d\s-]{2,}\d")
_MARKUP = re.compile(r"[<>\"%{}]")


def validate_shown_name(name: str) -> None:
    """Raise ValidationError where the name could be taken for a link, an address, a code or markup."""
    if _LINK.search(name):
        raise ValidationError("Not a name: it looks like a link or an address.", "brand_link")
    if _DIGITS.search(name):
        raise ValidationError("Not a name: its digits could be taken for a code or a number.", "brand_digits")
    if _MARKUP.search(name) or name != _printable(name):
        raise ValidationError("Only letters, digits and plain punctuation.", "brand_characters")


def is_colour(text: str) -> bool:
    """Whether it is written like #0b5a4c."""
    return _COLOUR.fullmatch(text) is not None


def validate_colour(colour: str) -> None:
    """Raise ValidationError unless it is a colour."""
    if not is_colour(colour):
        raise ValidationError("A colour is written like #0b5a4c.", "brand_colour")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def shown(name: str) -> str:
    """A shop's own name as it may stand in a message: nothing in it breaks a line, hides or leads away."""
    return " ".join(re.sub(r"https?:|[@/\\<>\"]", " ", _printable(name)).split())


def _printable(text: str) -> str:
    """Without control and format characters, such as those that turn the direction of what follows."""
    return "".join(character for character in text if not unicodedata.category(character).startswith("C"))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2), from 0 to 1."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
