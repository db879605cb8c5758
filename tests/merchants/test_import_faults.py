"""`manage.py import_orders`: every fault with its line, field and reason, and good rows kept."""

import pytest

from orders.models import Order, Shipment
from tests.merchants.files import HEADER, Imports, a_row, csv_text

pytestmark = [pytest.mark.django_db, pytest.mark.heart]

WRONG = [
    ("reference", ""),
    ("reference", "R" * 101),
    ("placed_at", ""),
    ("placed_at", "2026-11-20 09:00"),
    ("placed_at", "2026-02-30T09:00:00Z"),
    ("currency", "XXX"),
    ("currency", "gbp"),
    ("declared_value", ""),
    ("declared_value", "1,299.00"),
    ("declared_value", "-1"),
    ("declared_value", "1299.999"),
    ("declared_value", "NaN"),
    ("declared_value", "=1+1"),
    ("category", "c" * 61),
    ("name", ""),
    ("name", "Ada\x00"),
    ("name", "Ada\x1b[2J"),
    ("phone", "12345"),
    ("email", "ada"),
    ("locale", "!"),
    ("line1", ""),
    ("city", ""),
    ("country", "UK"),
    ("latitude", "north"),
    ("latitude", "91"),
    ("latitude", "51,5"),
    ("latitude", ""),
    ("longitude", ""),
    ("longitude", "inf"),
    ("timezone", "Europe/Atlantis"),
    ("barcode", ""),
    ("barcode", "B" * 101),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_cell_is_named_and_the_other_rows_are_kept(imports: Imports, field: str, value: str) -> None:
    answer = imports.rows(a_row(), a_row(**{field: value}), a_row())
    assert (answer["orders"], imports.status) == (2, 1)
    assert [(fault["line"], fault["field"]) for fault in answer["refused"]] == [(3, field)]
    assert all(fault["reason"].endswith(".") for fault in answer["refused"])
    assert Order.objects.count() == 2


def test_all_that_is_wrong_with_a_row_is_told_at_once(imports: Imports) -> None:
    row = a_row(
        placed_at="yesterday", declared_value="dear", phone="1", email="ada", timezone="Mars", barcode=""
    )
    wrong = ["placed_at", "declared_value", "phone", "email", "timezone", "barcode"]
    assert imports.refused(row) == [(2, field) for field in wrong]


def test_one_wrong_barcode_does_not_hide_another(imports: Imports) -> None:
    row = a_row(barcode="1")
    assert imports.refused(row, row | {"barcode": ""}, row) == [
        (2, "reference"),
        (3, "barcode"),
        (4, "barcode"),
    ]


def test_what_cannot_be_judged_without_a_wrong_cell_is_not_told(imports: Imports) -> None:
    row = a_row(country="", phone="020 7946 0000 0000", currency="", declared_value="1.999")
    assert imports.refused(row) == [(2, "currency"), (2, "country")]


def test_without_a_contact_a_shipment_that_needs_a_code_is_refused(imports: Imports) -> None:
    nobody = {"phone": "", "email": ""}
    answer = imports.rows(a_row(**nobody), a_row(**nobody, declared_value="1.00"))
    assert answer["orders"] == 1
    assert [(fault["line"], fault["field"]) for fault in answer["refused"]] == [(2, "phone")]


def test_a_wrong_parcel_keeps_the_whole_shipment_out(imports: Imports) -> None:
    first = a_row(reference="R", barcode="1")
    answer = imports.rows(first, a_row(), first | {"barcode": "x" * 101})
    told = [(fault["line"], fault["field"], fault["reason"][:12]) for fault in answer["refused"]]
    assert told == [(2, "reference", "Not imported"), (4, "barcode", "Ensure this ")]
    assert not Order.objects.filter(reference="R").exists()


@pytest.mark.parametrize("broken", ["R,too few cells", "R" + "," * 30])
def test_a_row_that_cannot_be_read_keeps_its_shipment_out(imports: Imports, broken: str) -> None:
    answer = imports.content(csv_text([a_row(reference="R"), a_row()]) + broken + "\n")
    assert [(fault["line"], fault["field"]) for fault in answer["refused"]] == [(2, "reference"), (4, "")]
    assert (answer["orders"], Order.objects.filter(reference="R").exists()) == (1, False)


def test_rows_of_one_reference_say_the_same_but_for_the_barcode(imports: Imports) -> None:
    first = a_row(reference="R", barcode="1")
    other = first | {"barcode": "2", "name": "Eve", "declared_value": "1.00"}
    assert imports.refused(first, other) == [(2, "reference"), (3, "declared_value"), (3, "name")]


def test_a_row_twice_is_refused(imports: Imports) -> None:
    row = a_row()
    assert imports.refused(row, row) == [(2, "reference"), (3, "barcode")]


def test_too_many_parcels_are_refused(imports: Imports) -> None:
    row = a_row()
    answer = imports.rows(*(row | {"barcode": str(number)} for number in range(201)))
    assert (answer["orders"], answer["refused"][0]["field"], len(answer["refused"])) == (0, "barcode", 201)


def test_lines_are_those_of_the_file_with_line_breaks_in_cells(imports: Imports) -> None:
    rows = [a_row(line1="1 High Street"), a_row(line1='2 "Low"\nStreet'), a_row(email="ada")]
    assert imports.refused(*rows) == [(3, "line1"), (5, "email")]


def test_blank_lines_are_passed_over(imports: Imports) -> None:
    answer = imports.content(csv_text([a_row()]) + "\n" + "," * 18 + "\n\n" + "," * 17 + "x\n")
    assert (answer["orders"], answer["refused"][0]["line"]) == (1, 6)


def test_bytes_that_are_not_utf8_are_told_with_their_line(imports: Imports) -> None:
    good, bad = a_row(), a_row(name="Ang\u00e9lica")
    text = csv_text([good, bad]).encode("latin-1")
    answer = imports.content(text)
    assert answer["refused"] == [{"line": 3, "field": "name", "reason": "Not UTF-8 text."}]
    assert answer["orders"] == 1


def test_a_missing_quotation_mark_is_told(imports: Imports) -> None:
    text = csv_text([a_row()]) + '"never closed' + csv_text([a_row(), a_row()]).removeprefix(HEADER)
    answer = imports.content(text)
    assert answer["orders"] == 1
    assert [(fault["line"], fault["field"]) for fault in answer["refused"]] == [(3, "")]
    assert "quotation mark" in answer["refused"][0]["reason"]


def test_cells_that_look_like_formulas_are_just_text(imports: Imports) -> None:
    assert imports.rows(a_row(name='=HYPERLINK("http://example.com")', category="@SUM(A1)"))["refused"] == []
    assert Order.objects.get().name == '=HYPERLINK("http://example.com")'
    assert Shipment.objects.get().category == "@SUM(A1)"


def test_for_people_the_faults_are_a_list(imports: Imports) -> None:
    imports.path.write_text(csv_text([a_row(), a_row(email="ada")]))
    lines = imports.run().splitlines()
    assert lines[0] == "line 3, email: Not a valid e-mail address."
    assert lines[1].startswith(
        "1 orders with 1 shipments placed, 0 were there unchanged. 1 faults in the file."
    )
    assert imports.status == 1
