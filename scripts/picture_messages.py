#!/usr/bin/env python3
"""Make the sheets of all e-mails anew, and the tables of text messages in docs/messages.md.

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

from accounts.messages.letters import rendered  # noqa: E402
from handoffs.messages.letters import letter  # noqa: E402
from notifications.models import Message  # noqa: E402
from orders.models import Merchant, Order, Shipment  # noqa: E402
from tests.accounts import every_message as of_account  # noqa: E402
from tests.handoffs import every_message as of_parcel  # noqa: E402
from tests.notifications.segments import LANGUAGES, table  # noqa: E402
from tests.servers.chromium import started_browser  # noqa: E402

PICTURES, PAGE = ROOT / "docs" / "screenshots", ROOT / "docs" / "messages.md"
BASE = "https://codes.example.com"
LARGEST_SHEET = 1_500_000
LIGHT, DARK = "light", "dark"
GAP, GROUND = 12, (128, 128, 128)


def letters_of_parcels(language: str) -> dict[str, str]:
    """The HTML of every letter about a parcel in this language."""
    order = Order(merchant=Merchant(name="Acme"))
    shipment = Shipment(order=order, tracking_number="7KQ2MZX9RTB")
    with translation.override(language):
        at = datetime(2026, 11, 23, 14, 3, tzinfo=ZoneInfo("Europe/London"))
        when = date_format(at, _("D j M, H:i"))
        words = {"merchant": "Acme", "code": "407912", "until": when, "when": when}
        own = f"{BASE}/o/7KQ2MZX9RTB.nT4vY8sLw2QxE6hK/"
        said = of_parcel.every_message(words, f"{BASE}/o/7KQ2MZX9RTB/", own)
        return {kind: letter(each, shipment).html for kind, each in said.items()}


def letters_of_accounts(language: str) -> dict[str, str]:
    """The HTML of every letter about an account in this language."""
    with translation.override(language):
        said = of_account.every_message(f"{BASE}/account/").items()
        return {kind: rendered(Message(channel="email"), each).html for kind, each in said}


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


def every_kind(browser: Browser, written: dict[str, dict[str, str]], name: str) -> None:
    """A row for each kind, a column for each language."""
    rows = [[written[language][kind] for language in LANGUAGES] for kind in written["en-gb"]]
    sheet([list(shots(browser, row, 420, LIGHT, 0.5)) for row in rows], name)


def fill(name: str, written: str) -> None:
    """Put the table between its marks in the guide."""
    begin, end = f"<!-- {name}: scripts/picture_messages.py -->\n", f"\n<!-- end of {name} -->"
    before, _begin, rest = PAGE.read_text().partition(begin)
    PAGE.write_text(before + begin + written + end + rest.partition(end)[2])


def main() -> None:
    settings.PUBLIC_URL = BASE
    of_parcels = {language: letters_of_parcels(language) for language in LANGUAGES}
    of_accounts = {language: letters_of_accounts(language) for language in LANGUAGES}
    with started_browser() as browser:
        codes = [of_parcels[language]["delivery_code"] for language in LANGUAGES]
        ways = [(600, LIGHT, 0.6), (600, DARK, 0.6), (320, LIGHT, 0.9), (320, DARK, 0.9)]
        sheet([list(shots(browser, codes, *way)) for way in ways], "emails")
        every_kind(browser, of_parcels, "emails-every-kind")
        every_kind(browser, of_accounts, "emails-of-accounts")
    settings.PUBLIC_URL = of_parcel.LONGEST_PUBLIC_URL
    fill("segments", table(of_parcel.measured()))
    fill("segments of accounts", table(of_account.measured()))


if __name__ == "__main__":
    main()
