"""What the database keeps append-only stays as it was written, by whatever statement one tries."""

import pytest
from django.db import IntegrityError, connection, transaction

from orders.models import Event
from tests.base import a_shipment

pytestmark = pytest.mark.django_db

COLUMNS = [str(field.column) for field in Event._meta.concrete_fields]
EVENTS = f"orders_event ({', '.join(COLUMNS)})"
ROW = ", ".join(f"'forged' AS {name}" if name == "type" else name for name in COLUMNS)
NEW_ID = ROW.replace("id,", "id + 1,", 1)
WAYS: dict[str, str | dict[str, str]] = {
    "UPDATE": "UPDATE orders_event SET type = 'forged'",
    "DELETE": "DELETE FROM orders_event",
    "another row in its place": {
        "sqlite": f"INSERT OR REPLACE INTO {EVENTS} SELECT {ROW} FROM orders_event",
        "postgresql": f"INSERT INTO {EVENTS} SELECT {ROW} FROM orders_event WHERE true "
        "ON CONFLICT (id) DO UPDATE SET type = 'forged'",
    },
    "another row with its public id": {
        "sqlite": f"INSERT OR REPLACE INTO {EVENTS} SELECT {NEW_ID} FROM orders_event",
        "postgresql": f"INSERT INTO {EVENTS} SELECT {NEW_ID} FROM orders_event WHERE true "
        "ON CONFLICT (public_id) DO UPDATE SET type = 'forged'",
    },
}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("way", WAYS)
def test_an_event_stays_as_it_was_written(way: str, recursive: str) -> None:
    a_shipment()
    before = list(Event.objects.values())
    chosen = WAYS[way]
    statement = chosen if isinstance(chosen, str) else chosen[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # a program other than the service has it off
            cursor.execute(f"PRAGMA recursive_triggers = {recursive}")
        try:
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA recursive_triggers = ON")
    assert list(Event.objects.values()) == before
