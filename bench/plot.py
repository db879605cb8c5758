"""The plot of docs/performance.md, drawn from bench/results/handoff.json."""

import argparse
import json
import math
from html import escape
from pathlib import Path

from bench.report import RESULTS

PLOT = Path(__file__).parent.parent / "docs" / "performance-handoff.svg"
NAMES = {
    "otp-startproject": "django-otp, startproject's settings",
    "otp-tuned": "django-otp, our settings",
    "token": "DRF TokenAuthentication alone",
    "ours": "this service",
    "floor": "pgbench, the same rows",
    "bare": "bare DRF view",
}
COLOURS = {"1": "#9ecae1", "8": "#4292c6", "32": "#084594"}  # by connections, the darker the more
LEFT, WIDTH, BAR, GAP, TOP = 250, 430, 14, 16, 64
LEAST, MOST = 10, 10_000


def run(options: argparse.Namespace) -> None:
    """Draw it."""
    kept = json.loads((RESULTS / "handoff.json").read_text())
    PLOT.write_text(drawing(kept["summaries"]))
    print(PLOT.name)


def drawing(summaries: list[dict[str, object]]) -> str:
    """An SVG of requests a second on a logarithmic scale: the median as a bar, the range as a line."""
    parts: list[str] = []
    y = TOP
    for name, label in NAMES.items():
        rows = [row for row in summaries if row["contender"] == name]
        weight = ' font-weight="bold"' if name == "ours" else ""
        middle = y + len(rows) * BAR / 2 + 4
        parts.append(
            f'<text x="{LEFT - 10}" y="{middle:.0f}" text-anchor="end"{weight}>{escape(label)}</text>'
        )
        for row in rows:
            parts += _bar(row, y)
            y += BAR
        y += GAP
    lines = "".join(
        f'<line x1="{_x(at):.0f}" y1="{TOP - 8}" x2="{_x(at):.0f}" y2="{y - GAP}" stroke="#ddd"/>'
        f'<text x="{_x(at):.0f}" y="{TOP - 14}" text-anchor="middle" fill="#555">{at}</text>'
        for at in (10, 100, 1000, 10_000)
    )
    key = "".join(
        f'<rect x="{LEFT + 110 * place}" y="16" width="12" height="12" fill="{colour}"/>'
        f'<text x="{LEFT + 110 * place + 17}" y="26">{at} connections</text>'
        for place, (at, colour) in enumerate(COLOURS.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {y}" role="img" '
        'font-family="sans-serif" font-size="12"><title>Requests a second</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{key}{lines}{"".join(parts)}</svg>\n'
    )


def _bar(row: dict[str, object], y: float) -> list[str]:
    rate, lowest, highest = (float(str(row[name])) for name in ("per_second", "lowest", "highest"))
    colour, middle = COLOURS[str(row["connections"])], y + BAR / 2
    return [
        f'<rect x="{LEFT}" y="{y + 1}" width="{_x(rate) - LEFT:.1f}" height="{BAR - 2}" fill="{colour}"/>',
        f'<line x1="{_x(lowest):.1f}" y1="{middle}" x2="{_x(highest):.1f}" y2="{middle}" stroke="#e6550d"/>',
        f'<text x="{_x(max(rate, highest)) + 5:.1f}" y="{middle + 4}" font-size="11">{rate:.0f}</text>',
    ]


def _x(rate: float) -> float:
    share = math.log(max(rate, LEAST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + WIDTH * share
