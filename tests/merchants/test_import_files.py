"""`manage.py import_orders`: a file that is none of orders imports nothing and says why; forms of CSV."""

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from tests.merchants.files import HEADER, Imports, a_row, csv_text

pytestmark = [pytest.mark.django_db, pytest.mark.heart]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(imports: Imports) -> None:
    text = csv_text([a_row(), a_row()]).replace("\n", "\r\n")
    assert imports.content(b"\xef\xbb\xbf" + text.encode())["orders"] == 2


def test_the_last_line_need_not_end(imports: Imports) -> None:
    assert imports.content(csv_text([a_row()]).rstrip("\n"))["orders"] == 1


def test_columns_may_stand_in_another_order(imports: Imports) -> None:
    row = a_row()
    names = sorted(row)
    text = ",".join(names) + "\n" + ",".join(row[name] for name in names) + "\n"
    assert imports.content(text)["orders"] == 1


def test_a_header_alone_imports_nothing(imports: Imports) -> None:
    assert imports.content(HEADER) == {"orders": 0, "shipments": 0, "unchanged": 0, "refused": []}


ROW = csv_text([a_row()])
NOT_ORDERS = [
    (b"", "The file is empty"),
    (ROW.replace("phone,", "").encode(), "missing: phone"),
    (ROW.replace("email,", "mail,").encode(), "missing: email; not known: mail"),
    (ROW.replace("barcode\n", "barcode,weight\n").encode(), "not known: weight"),
    (ROW.replace("email,", "phone,").encode(), "repeated: phone"),
    (ROW.replace(",", ";").encode(), "separated by semicolons"),
    (ROW.replace(",", "\t").encode(), "separated by tabs"),
    (ROW.encode("utf-16"), "not a CSV file in UTF-8"),
    (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe\n" * 20, "not a CSV file in UTF-8"),
    (b"just some words\n", "not known: just some words"),
    (b'"never closed\n' + ROW.encode(), "not a CSV file"),
    (ROW.encode() + b"x" * 1_000_001, "more than 1,000,000 characters"),
]


@pytest.mark.parametrize(("content", "reason"), NOT_ORDERS)
def test_a_file_that_is_none_of_orders_imports_nothing(imports: Imports, content: bytes, reason: str) -> None:
    with pytest.raises(CommandError, match="Nothing was imported") as refused:
        imports.content(content)
    assert reason in str(refused.value)
    assert not Order.objects.exists()


def test_a_file_that_is_not_there_is_told(imports: Imports) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        imports.run()


def test_an_unknown_merchant_is_told(imports: Imports) -> None:
    with pytest.raises(CommandError, match="There is no merchant"):
        call_command("import_orders", imports.path, "--merchant=mer_nobody")


def test_a_merchant_may_be_named(imports: Imports) -> None:
    imports.path.write_text(ROW)
    call_command("import_orders", imports.path, "--merchant=Acme", "--json")
    assert Order.objects.get().merchant == imports.merchant
