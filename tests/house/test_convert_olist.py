"""scripts/convert_olist.py, on made-up orders in the form of the dataset."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from merchants.imports import COLUMNS
from tests.servers.service import ROOT

ORDERS = """\
order_id,n_items,items_value_brl,main_category,customer_city,customer_state,zip_prefix,zip_lat,zip_lng,purchased_at,paid
aaaaaaaaaaaaaaaa,1,120.50,toys,sao paulo,SP,01000,-23.55,-46.63,2018-08-15 11:30:33,
bbbbbbbbbbbbbbbb,3,700.00,,cuiaba,MT,78000,-15.6,-56.1,2017-12-01 23:30:00,2017-11-30 10:00:00
cccccccccccccccc,0,,,recife,PE,50000,-8.05,-34.9,2017-09-04 09:44:46,
dddddddddddddddd,1,9.99,books,rio branco,AC,69900,,,2018-02-17 23:33:56,
"""
PHONES = """\
region,country_code,requested_type,e164
AC,247,MOBILE,+24740123
BR,55,FIXED_LINE,+551123456789
BR,55,MOBILE,+5511961234567
"""


def convert(folder: Path, phones: str = PHONES) -> subprocess.CompletedProcess[str]:
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "phones.csv").write_text(phones)
    command = [sys.executable, "scripts/convert_olist.py", folder / "orders.csv", folder / "phones.csv"]
    return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def rows(tmp_path: Path) -> list[dict[str, str]]:
    done = convert(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "4 orders, 6 rows, 1 orders without items.\n"
    return list(csv.DictReader(io.StringIO(done.stdout)))


def of(rows: list[dict[str, str]], letter: str) -> list[dict[str, str]]:
    return [row for row in rows if row["reference"] == letter * 16]


def test_it_writes_the_import_format(rows: list[dict[str, str]]) -> None:
    assert tuple(rows[0]) == COLUMNS


def test_each_item_is_a_parcel_of_one_reference(rows: list[dict[str, str]]) -> None:
    three = of(rows, "b")
    assert [row.pop("barcode")[-2:] for row in three] == ["-1", "-2", "-3"]
    assert three[0] == three[1] == three[2]


def test_an_order_without_items_keeps_its_row_for_the_import_to_refuse(rows: list[dict[str, str]]) -> None:
    [row] = of(rows, "c")
    assert (row["declared_value"], row["barcode"]) == ("", "")


def test_without_coordinates_the_state_tells_the_time_zone(rows: list[dict[str, str]]) -> None:
    [row] = of(rows, "d")
    assert (row["latitude"], row["longitude"], row["timezone"]) == ("", "", "America/Rio_Branco")


def test_times_are_of_the_shops_clock_in_winter_and_in_summer(rows: list[dict[str, str]]) -> None:
    assert of(rows, "a")[0]["placed_at"] == "2018-08-15T11:30:33-03:00"
    assert of(rows, "b")[0]["placed_at"] == "2017-12-01T23:30:00-02:00", "whatever the customer's state"


def test_an_hour_that_the_clock_showed_twice_is_the_first_one(rows: list[dict[str, str]]) -> None:
    assert of(rows, "d")[0]["placed_at"] == "2018-02-17T23:33:56-02:00"


def test_recipients_differ_and_are_the_same_in_every_run(rows: list[dict[str, str]], tmp_path: Path) -> None:
    orders = {row["reference"]: row for row in rows}
    assert len({row["phone"] for row in orders.values()}) == 4
    assert all(row["email"].endswith("@example.com") for row in rows)
    assert list(csv.DictReader(io.StringIO(convert(tmp_path).stdout))) == rows


def test_without_a_mobile_example_it_says_so(tmp_path: Path) -> None:
    done = convert(tmp_path, PHONES.replace("BR,55,MOBILE", "BR,55,PAGER"))
    assert done.returncode == 1
    assert done.stderr == "convert_olist: the file of phone numbers has no mobile number of BR.\n"
