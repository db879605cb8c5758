"""How our docstrings read on a page."""

import re

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_CODE = re.compile(r"`([^`]+)`")
_ESCAPED = re.compile(r"[_/]")


@register.filter
def with_code(text: str) -> SafeString:
    """Escaped, with `words in backticks` set as code."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped before


@register.filter
def breakable(text: str) -> SafeString:
    """Escaped, with places where a long name or path may break on a narrow screen."""
    escaped = str(conditional_escape(text))
    return mark_safe(_ESCAPED.sub(r"\g<0><wbr>", escaped))  # noqa: S308 - escaped before
