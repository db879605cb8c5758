#!/usr/bin/env python3
"""Make the sheets of all e-mails anew, and the table of text messages in docs/messages.md.

.venv/bin/python scripts/picture_messages.py      needs a Chromium, and fonts for Hindi, Arabic and Japanese
                                                  (Debian: apt install fonts-noto-core fonts-noto-cjk)
"""

import io
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django  # noqa: E402 - the project comes from above

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.formats import date_format  # noqa: E402
from django.utils.translation import gettext as _  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402

from handoffs.messages.letters import letter  # noqa: E402
from orders.models import Merchant, Order, Shipment  # noqa: E402
from tests.handoffs.every_message import every_message, table  # noqa: E402
from tests.servers.chromium import started_browser  # noqa: E402

PICTURES, PAGE = ROOT / "docs" / "screenshots", ROOT / "docs" / "messages.md"
BEGIN, END = "<!-- segments: scripts/picture_messages.py -->\n", "\n<!-- end of segments -->"
LARGEST_SHEET = 1_500_000
LANGUAGES = [language for language, _name in settings.LANGUAGES]
LIGHT, DARK = "light", "dark"
GAP, GROUND = 12, (128, 128, 128)


def letters(language: str) -> dict[str, str]:
    """The HTML of every letter in this language."""
    base = "https://codes.example.com"
    order = Order(merchant=Merchant(name="Acme"))
    shipment = Shipment(order=order, tracking_number="7KQ2MZX9RTB")
    with translation.override(language):
        at = datetime(2026, 11, 23, 14, 3, tzinfo=ZoneInfo("Europe/London"))
        when = date_format(at, _("D j M, H:i"))
        words = {"merchant": "Acme", "code": "407912", "until": when, "when": when}
        own = f"{base}/o/7KQ2MZX9RTB.nT4vY8sLw2QxE6hK/"
        said = every_message(words, f"{base}/o/7KQ2MZX9RTB/", own)
        return {kind: letter(each, shipment).html for kind, each in said.items()}


def shots(browser: Browser, pages: list[str], width: int, scheme: str, scale: float) -> Iterator[Image.Image]:
    """Each page as a mail program of this width shows it."""
    context = browser.new_context(
        viewport={"width": width, "height": 400},
        color_scheme="dark" if scheme == DARK else "light",
        device_scale_factor=scale,
    )
    page = context.new_page()
    for html in pages:
        page.set_content(html)
        yield Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    context.close()


def sheet(rows: list[list[Image.Image]], name: str) -> None:
    """The pictures in rows, as one picture of few colours."""
    width = max(sum(each.width + GAP for each in row) for row in rows) + GAP
    height = sum(max(each.height for each in row) + GAP for row in rows) + GAP
    whole, top = Image.new("RGB", (width, height), GROUND), GAP
    for row in rows:
        left = GAP
        for each in row:
            whole.paste(each, (left, top))
            left += each.width + GAP
        top += max(each.height for each in row) + GAP
    path = PICTURES / f"{name}.png"
    whole.quantize(48, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST_SHEET:
        raise SystemExit(f"{path} has {size} bytes, more than {LARGEST_SHEET}: make the pictures smaller.")
    print(f"{path}  {whole.width}x{whole.height}  {size / 1000:.0f} kB")


def main() -> None:
    settings.PUBLIC_URL = "https://codes.example.com"
    written = {language: letters(language) for language in LANGUAGES}
    with started_browser() as browser:
        codes = [written[language]["delivery_code"] for language in LANGUAGES]
        ways = [(600, LIGHT, 0.6), (600, DARK, 0.6), (320, LIGHT, 0.9), (320, DARK, 0.9)]
        sheet([list(shots(browser, codes, *way)) for way in ways], "emails")
        every = [[written[language][kind] for language in LANGUAGES] for kind in written["en-gb"]]
        sheet([list(shots(browser, row, 420, LIGHT, 0.5)) for row in every], "emails-every-kind")
    if PAGE.exists():
        before, _begin, rest = PAGE.read_text().partition(BEGIN)
        settings.PUBLIC_URL = "https://codes.a-long-carrier.example"
        PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2])


if __name__ == "__main__":
    main()
