"""Files in the import format, and the command over them."""

import csv
import io
import json
from collections.abc import Iterable
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command

from merchants.imports import COLUMNS
from orders.models import Merchant

HEADER = ",".join(COLUMNS) + "\n"
_numbers = count(1)


def a_row(**cells: str) -> dict[str, str]:
    """Ada's parcel, each time another order, to a street of its own."""
    number = next(_numbers)
    row = {
        **{"reference": f"A-{number}", "placed_at": "2026-11-20T09:00:00Z", "currency": "GBP"},
        **{"declared_value": "1299.00", "category": "electronics", "name": "Ada Lovelace"},
        **{"phone": "+447400123456", "email": "ada@example.com", "locale": "en-GB"},
        **{"line1": f"{number} High Street", "line2": "Flat 1", "city": "London", "region": "Westminster"},
        **{"postal_code": "SW1A 1AA", "country": "GB", "latitude": "51.501", "longitude": "-0.1246"},
        **{"timezone": "Europe/London", "barcode": f"JD{number:06}"},
    }
    return row | cells


def csv_text(rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class Imports:
    """Acme's imports of files in one folder."""

    def __init__(self, merchant: Merchant, folder: Path) -> None:
        self.merchant, self.path = merchant, folder / "orders.csv"
        self.status = 0

    def rows(self, *rows: dict[str, str], live: bool = False) -> dict[str, Any]:
        """What importing these rows answers."""
        return self.content(csv_text(rows), live=live)

    def content(self, content: str | bytes, *, live: bool = False) -> dict[str, Any]:
        """What importing a file of this content answers. Its exit status is in `status`."""
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        answer: dict[str, Any] = json.loads(
            self.run("--json", *(["--live"] if live else [])).splitlines()[-1]
        )
        return answer

    def refused(self, *rows: dict[str, str]) -> list[tuple[int, str]]:
        """Line and field of everything that is wrong with these rows."""
        return [(fault["line"], fault["field"]) for fault in self.rows(*rows)["refused"]]

    def run(self, *options: str) -> str:
        out, self.status = StringIO(), 0
        try:
            call_command(
                "import_orders", self.path, f"--merchant={self.merchant.public_id}", *options, stdout=out
            )
        except SystemExit as end:
            self.status = int(end.code or 0)
        return out.getvalue()
