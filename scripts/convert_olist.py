#!/usr/bin/env python3
"""Turn orders of the Olist dataset into a file for `manage.py import_orders`.

    scripts/convert_olist.py orders_flat.csv example_numbers.csv > orders.csv

The first file has one row an order, joined from the "Brazilian E-Commerce Public Dataset by Olist": order_id,
n_items, items_value_brl, main_category, customer_city, customer_state, zip_prefix, zip_lat, zip_lng,
purchased_at (others are not read). It is for NON-COMMERCIAL use (CC BY-NC-SA 4.0) and no part of this
project. The second has example phone numbers: region, requested_type, e164. Nobody must ever be written to
there: import without --live.

What was decided, and why:

- Orders without items (no value): they get their row, with declared_value and barcode empty, and the import
  refuses them by line and reason. There is nothing to hand over, and a value that we made up (0, or what was
  paid) would decide by itself whether a code is needed. Left out here, nobody would hear of them.
- Each item is a parcel of its own, with a barcode: the file does not say how things were packed.
- The declared value is that of the goods. Freight is not what a thief carries away.
- Orders without coordinates: left empty; the time zone comes from the state. The others' position is the
  middle of their postal area, not the door, and no better one exists.
- The times carry no offset. They are of the shop's one clock, which shows the time of Brasilia (the zone
  America/Sao_Paulo), whatever the customer's state. An hour that the clock showed twice is the first one.
- Dates that contradict each other (handed to the carrier before the approval, or before the purchase) are
  those of later steps. A new order has only `purchased_at`, and that one is always there.
- What became of the order (cancelled, shipped) is not asked: the file is of orders as they were placed.
- The postal code is the prefix of five digits: three more would be invented.
- Names, streets, e-mail addresses (example.com) and phone numbers (the Brazilian mobile example, its last
  five digits counted up) are invented, the same ones in every run.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import _venv  # noqa: F401 - first: it may go on under another Python
import phonenumbers

COLUMNS = (
    *("reference", "placed_at", "currency", "declared_value", "category"),
    *("name", "phone", "email", "locale"),
    *("line1", "line2", "city", "region", "postal_code", "country"),
    *("latitude", "longitude", "timezone", "barcode"),
)
SHOP_CLOCK = ZoneInfo("America/Sao_Paulo")
# The IANA zone of each state's capital, where it is not Brasilia's; of PE without its islands.
STATE_ZONES = {
    **dict.fromkeys(("PA", "AP"), "America/Belem"),
    **dict.fromkeys(("MA", "PI", "CE", "RN", "PB"), "America/Fortaleza"),
    **dict.fromkeys(("AL", "SE"), "America/Maceio"),
    **{"AC": "America/Rio_Branco", "AM": "America/Manaus", "RR": "America/Boa_Vista"},
    **{"RO": "America/Porto_Velho", "MT": "America/Cuiaba", "MS": "America/Campo_Grande"},
    **{"TO": "America/Araguaina", "PE": "America/Recife", "BA": "America/Bahia"},
}
FIRST_NAMES = (
    "Ana",
    "Beatriz",
    "Caio",
    "Davi",
    "Elisa",
    "Heitor",
    "Iara",
    "Karina",
    "Lucas",
    "Marina",
    "Olivia",
)
LAST_NAMES = (
    "Almeida",
    "Barros",
    "Cardoso",
    "Dias",
    "Esteves",
    "Ferreira",
    "Gomes",
    "Lima",
    "Moreira",
    "Prado",
)
STREETS = ("das Flores", "do Comércio", "da Praia", "das Palmeiras", "do Sol", "Sete de Setembro", "da Paz")


def pick(order_id: str, purpose: str, among: int) -> int:
    """A number below `among` that is always the same for an order."""
    digest = hashlib.sha256(f"{purpose}:{order_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % among


def mobile_example(numbers: Iterable[dict[str, str]]) -> str:
    """The example of a Brazilian mobile number, in E.164."""
    found = (row["e164"] for row in numbers if (row["region"], row["requested_type"]) == ("BR", "MOBILE"))
    number = next(found, "")
    if not number:
        raise SystemExit("convert_olist: the file of phone numbers has no mobile number of BR.")
    return number


def phone_of(example: str, number: int) -> str:
    """Another number of the same kind for each of 100 000 orders."""
    phone = f"{example[:-5]}{number % 100_000:05}"
    if not phonenumbers.is_valid_number(phonenumbers.parse(phone)):
        raise SystemExit(f"convert_olist: {phone}, made from the example {example}, is not a valid number.")
    return phone


def placed_at(naive: str) -> str:
    return datetime.fromisoformat(naive).replace(tzinfo=SHOP_CLOCK).isoformat()


def rows_of(order: dict[str, str], phone: str) -> Iterator[dict[str, str]]:
    """The order's rows in the import format, one for each item; one without a barcode where there is none."""
    order_id = order["order_id"]
    first = FIRST_NAMES[pick(order_id, "first name", len(FIRST_NAMES))]
    last = LAST_NAMES[pick(order_id, "last name", len(LAST_NAMES))]
    street = STREETS[pick(order_id, "street", len(STREETS))]
    row = {
        "reference": order_id,
        "placed_at": placed_at(order["purchased_at"]),
        "currency": "BRL",
        "declared_value": order["items_value_brl"],
        "category": order["main_category"],
        "name": f"{first} {last}",
        "phone": phone,
        "email": f"{first}.{last}.{order_id[:12]}@example.com".lower(),
        "locale": "pt-BR",
        "line1": f"Rua {street}, {1 + pick(order_id, 'house', 2_000)}",
        "city": order["customer_city"].title(),
        "region": order["customer_state"],
        "postal_code": order["zip_prefix"],
        "country": "BR",
        "latitude": order["zip_lat"],
        "longitude": order["zip_lng"],
        "timezone": STATE_ZONES.get(order["customer_state"], "America/Sao_Paulo"),
    }
    items = int(order["n_items"] or 0)
    for item in range(1, max(items, 1) + 1):
        yield row | {"barcode": f"OL{order_id[:12].upper()}-{item}" if items else ""}


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn orders of the Olist dataset into the import format.")
    parser.add_argument("orders", type=Path)
    parser.add_argument("phones", type=Path)
    options = parser.parse_args()
    with options.phones.open(encoding="utf-8", newline="") as file:
        example = mobile_example(csv.DictReader(file))
    out = csv.DictWriter(sys.stdout, COLUMNS, restval="", lineterminator="\n")
    out.writeheader()
    orders = rows = without_items = 0
    with options.orders.open(encoding="utf-8", newline="") as file:
        for order in csv.DictReader(file):
            orders += 1
            made = list(rows_of(order, phone_of(example, orders)))
            out.writerows(made)
            rows += len(made)
            without_items += not made[0]["barcode"]
    print(f"{orders} orders, {rows} rows, {without_items} orders without items.", file=sys.stderr)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
