"""Indexes that nobody asks are not there, and those that keep something unique are."""

import pytest
from django.db import connection

ASKED_BY_NOBODY = (
    ("handoffs_codecheck", "courier_id"),
    ("handoffs_codecheck", "device_id"),
    ("handoffs_deliverycode", "shipment_id"),
    ("handoffs_proofofdelivery", "courier_id"),
    ("handoffs_proofofdelivery", "public_id"),
    ("orders_event", "shipment_id"),
    ("orders_event", "public_id"),
    ("notifications_message", "public_id"),
)
UNIQUE = (
    ("handoffs_proofofdelivery", ["public_id"]),
    ("handoffs_proofofdelivery", ["shipment_id"]),
    ("handoffs_deliverycode", ["shipment_id"]),  # of those that live
    ("handoffs_deliverycode", ["shipment_id", "generation"]),
    ("handoffs_codecheck", ["courier_id", "key_digest"]),
    ("orders_event", ["public_id"]),
    ("orders_event", ["shipment_id", "sequence"]),
    ("notifications_message", ["public_id"]),
)
pytestmark = pytest.mark.django_db


def indexed(table: str, *, unique: bool) -> list[list[str]]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    return [kind["columns"] for kind in found if bool(kind["unique"]) is unique and (unique or kind["index"])]


def test_a_handoff_writes_no_index_that_nobody_asks() -> None:
    for table, column in ASKED_BY_NOBODY:
        assert [column] not in indexed(table, unique=False), f"{table}.{column}"


def test_what_is_unique_is_still_kept_so() -> None:
    for table, columns in UNIQUE:
        assert columns in indexed(table, unique=True), f"{table}: {columns}"
