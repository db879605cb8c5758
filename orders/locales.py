"""Language tags (BCP 47)."""

import re

# RFC 5646: language, script, region, variants, extensions, private use; without the grandfathered tags.
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
MAX_LENGTH = 35  # RFC 5646, 4.4.1: what everybody has to be able to hold


def is_language_tag(text: str) -> bool:
    """Whether the text has the form of a language tag such as `pt-BR`; not whether anyone speaks it."""
    return len(text) <= MAX_LENGTH and _TAG.fullmatch(text) is not None
