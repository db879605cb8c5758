"""How much of its segments each text message takes, in every language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from notifications import gsm

LANGUAGES = [language for language, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Measured:
    """One SMS as it would go out, and whether the link had room in it."""

    kind: str
    language: str
    text: str
    has_link: bool

    @property
    def segments(self) -> int:
        return gsm.segments(self.text)

    @property
    def shown(self) -> str:
        room = gsm.ONE_SEGMENT if gsm.is_gsm(self.text) else gsm.ONE_SEGMENT_UCS2
        return f"{self.segments} ({gsm.units(self.text)}/{room}{', link' if self.has_link else ''})"


def too_long(measured: Iterable[Measured]) -> list[str]:
    """Those of more than one segment."""
    return [f"{each.language} {each.kind}: {each.shown}" for each in measured if each.segments != 1]


def table(measured: Iterable[Measured]) -> str:
    """The segments of every SMS in every language, as a table in Markdown."""
    lines = ["| kind | " + " | ".join(LANGUAGES) + " |", "|---" * (len(LANGUAGES) + 1) + "|"]
    cells: dict[str, dict[str, str]] = {}
    for each in measured:
        cells.setdefault(each.kind, {})[each.language] = each.shown
    lines += [
        f"| {kind} | {' | '.join(shown[each] for each in LANGUAGES)} |" for kind, shown in cells.items()
    ]
    return "\n".join(lines)
