"""`check_invariants` finds nothing in a sound database, and each thing that breaks one."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from delivery_otp.demo import make_demo
from delivery_otp.invariants import INVARIANTS, broken
from orders.models import Shipment
from tests.handoffs.preference_stories import opt_out

pytestmark = pytest.mark.django_db

# For each defect: what plants it, and a word of what is then said to be broken.
DEFECTS = {
    "delivered without a proof": (
        "DELETE FROM handoffs_proofofdelivery",
        "a delivered shipment has a proof",
    ),
    "delivered without its code": (
        "UPDATE handoffs_deliverycode SET ended_because = 'closed' WHERE ended_because = 'used'",
        "a delivered shipment has a proof",
    ),
    "a proof of something else": (
        "UPDATE handoffs_proofofdelivery SET method = 'not_required'",
        "a delivered shipment has a proof",
    ),
    "a code consumed without delivery": (
        "UPDATE handoffs_deliverycode SET ended_because = 'used' WHERE ended_because = 'closed'",
        "consumed and a proof made only where",
    ),
    "an opt-out that nobody confirmed": (
        "UPDATE handoffs_preferencechallenge SET ended_because = 'superseded'",
        "a recipient opted out by typing",
    ),
    "more guesses at an opt-out than allowed": (
        "UPDATE handoffs_preferencechallenge SET attempts = attempts_allowed + 1",
        "guesses at an opt-out",
    ),
    "more attempts than allowed in a shipment": (
        "UPDATE handoffs_deliverycode SET attempts = attempts + 11 WHERE attempts = 5",
        "attempts stay within",
    ),
    "attempts forgotten": (
        "UPDATE handoffs_deliverycode SET attempts = 0 WHERE attempts = 5",
        "every attempt has its check",
    ),
    "a budget overdrawn": ("UPDATE handoffs_courierday SET wrong_codes = 16", "wrong codes of a day"),
    "a delivered event too few": (
        "DELETE FROM orders_event WHERE type = 'shipment.delivered'",
        "one delivered event",
    ),
    "attempts not carried over": (
        "UPDATE handoffs_deliverycode SET attempts_before = 3 WHERE generation = 1",
        "no generation forgets",
    ),
    "out without a courier": ("UPDATE fleet_stop SET replaced_at = arrived_at", "on one courier's route"),
    "a failure untold": (
        "UPDATE notifications_message SET state = 'failed', next_try_at = NULL",
        "a code whose message failed",
    ),
    "a code without a message": (
        "UPDATE handoffs_deliverycode SET sends = 0 WHERE ended_at IS NULL",
        "a living code has a message",
    ),
    "a message never sent": (
        "UPDATE notifications_message SET next_try_at = '2020-01-01 00:00:00+00:00'",
        "within 15 minutes",
    ),
    "an issue without its event": (
        "DELETE FROM orders_event WHERE type = 'code.issued'",
        "every generation has its event",
    ),
    "a status that nothing tells": (
        "UPDATE orders_shipment SET status = 'in_transit' WHERE status = 'created'",
        "the status is that of the newest event",
    ),
    "an event removed from the end": (
        "DELETE FROM orders_event WHERE type = 'shipment.cancelled'",
        "as many events as the shipment says",
    ),
    "an event rewritten": (
        "UPDATE orders_event SET actor_id = 'cou_other' WHERE type = 'code.wrong'",
        "every event's hash follows",
    ),
}


def allow_anything() -> None:
    """Take the database's own guards off, as only its owner could. The test's rollback brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orders_event DISABLE TRIGGER USER")
            for table in ("handoffs_deliverycode", "handoffs_preferencechallenge", "orders_shipment"):
                cursor.execute(
                    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                    [table],
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("DROP TRIGGER orders_event_never_updated")
            cursor.execute("DROP TRIGGER orders_event_never_deleted")


def a_whole_installation() -> None:
    """The demo, and a recipient who has opted out."""
    opt_out(make_demo().shipments["out for delivery, with a code"])


def test_a_sound_database_breaks_nothing() -> None:
    a_whole_installation()
    assert list(broken()) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_found(defect: str) -> None:
    a_whole_installation()
    statement, said = DEFECTS[defect]
    with transaction.atomic():
        allow_anything()
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, "the defect was planted"
        found = [item.says for item in broken()]
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")
    assert any(said in says for says in found), found


def test_two_living_generations_and_a_nonce_after_the_end_are_refused_by_the_database() -> None:
    """What these two queries look for cannot even be planted: the constraints are named in the schema."""
    guarded = [item.says for item in INVARIANTS if item.number in (5, 23)]
    assert len(guarded) == 2
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "handoffs_deliverycode")
    assert {"one_living_code_per_shipment", "code_nonce_erased_when_ended"} <= set(names)


def test_the_command_tells_scripts_and_fails() -> None:
    shipment = make_demo().shipments["ordered"]
    out = StringIO()
    call_command("check_invariants", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"checked": len(INVARIANTS) + 1, "broken": []}
    Shipment.objects.filter(pk=shipment.pk).update(events_head="0" * 64)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["broken"][0]["rows"] == [shipment.public_id]
