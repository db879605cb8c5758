"""`check_invariants` finds nothing in a sound database, and each thing that breaks one."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.challenges import start
from accounts.models import Challenge, CodeAddress
from delivery_otp.demo import make_demo
from delivery_otp.invariants import INVARIANTS, broken
from orders.models import Shipment
from tests.accounts.stories import an_account
from tests.handoffs.delegate_stories import name, revoke, their_code
from tests.handoffs.preference_stories import opt_out
from tests.handoffs.release_stories import a_supervisor, approve, ask, below_the_line
from tests.handoffs.stories import a_device, out_for_delivery, submit

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
    "released without the second of staff": (
        "DELETE FROM handoffs_releaseapproval WHERE id = (SELECT MAX(id) FROM handoffs_releaseapproval)",
        "a release was approved by as many of staff",
    ),
    "released by who enrolled the handheld": (
        "UPDATE fleet_device SET enrolled_by_id = (SELECT MIN(staff_id) FROM handoffs_releaseapproval)",
        "a release was approved by as many of staff",
    ),
    "high value released by one": (
        "UPDATE handoffs_releaserequest SET approvals_needed = 1",
        "a release was approved by as many of staff",
    ),
    "a release used after its time": (
        "UPDATE handoffs_releaserequest SET expires_at = used_at WHERE used_at IS NOT NULL",
        "a release was approved by as many of staff",
    ),
    "another courier's release": (
        "UPDATE handoffs_releaserequest SET courier_id = (SELECT MIN(id) FROM fleet_courier)",
        "a release was approved by as many of staff",
    ),
    "a release used without delivery": (
        "UPDATE handoffs_releaserequest SET used_at = decided_at WHERE used_at IS NOT NULL",
        "a release is used by the one delivery",
    ),
    "more releases in a day than the cap": (
        "UPDATE handoffs_releaserequest SET approved_day = '2020-01-01'",
        "releases of a day and of these 90 days",
    ),
    "more approvals of one person than the cap": (
        """INSERT INTO handoffs_releaseapproval (request_id, staff_id, verdict, reason, at)
        SELECT id, (SELECT MAX(id) FROM accounts_user), 'approved', '', asked_at
        FROM handoffs_releaserequest""",
        "more of one courier's releases than the pair's cap",
    ),
    "an open release of what is not out": (
        "UPDATE orders_shipment SET status = 'attempt_failed' WHERE status = 'out_for_delivery'",
        "an open release is of a shipment that is out",
    ),
    "an open release that its shipment does not know": (
        "UPDATE orders_shipment SET release_open = (1 = 0)",
        "the shipment knows an open one",
    ),
    "a delegate's code after their pass had ended": (
        "UPDATE handoffs_delegate SET expires_at = made_at WHERE number = 2",
        "taken while their pass held",
    ),
    "a proof that names another than whose code it was": (
        "UPDATE handoffs_proofofdelivery SET delegate_number = 9 WHERE delegate_number IS NOT NULL",
        "taken while their pass held",
    ),
    "a fourth pass that holds": (
        """INSERT INTO handoffs_delegate (public_id, shipment_id, number, name, made_at, expires_at)
        SELECT 'dlg_' || n.number, d.shipment_id, n.number, '', d.made_at, d.expires_at
        FROM handoffs_delegate d, (SELECT 11 AS number UNION SELECT 12 UNION SELECT 13 UNION SELECT 14) n
        WHERE d.id = (SELECT MAX(id) FROM handoffs_delegate)""",
        "no more passes hold at once",
    ),
    "a pass that its shipment does not know": (
        "UPDATE orders_shipment SET passes_made = 0 WHERE passes_made > 0",
        "the shipment knows how many it gave",
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
        "each message with a code that failed",
    ),
    "a code that reached nobody, untold": (
        "UPDATE notifications_message SET state = 'failed', next_try_at = NULL",
        "no provider has taken on any way",
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
    "a code of an account guessed too often": (
        "UPDATE accounts_challenge SET attempts = attempts_allowed + 1",
        "within the challenge's five",
    ),
    "wrong codes of an account without end": (
        "UPDATE accounts_user SET code_failures = 21",
        "twenty in a row",
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


APPEND_ONLY = ("orders_event", "handoffs_releaseapproval")
CHECKED = (
    *("handoffs_deliverycode", "handoffs_preferencechallenge", "handoffs_releaserequest"),
    *("orders_shipment", "accounts_challenge", "accounts_user"),
)


def allow_anything() -> None:
    """Take the database's own guards off, as only its owner could. The test's rollback brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in APPEND_ONLY:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for table in CHECKED:
                cursor.execute(
                    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                    [table],
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            for table in APPEND_ONLY:
                cursor.execute(f"DROP TRIGGER {table}_never_updated")
                cursor.execute(f"DROP TRIGGER {table}_never_deleted")


def a_whole_installation() -> None:
    """The demo, a recipient who has opted out, a courier's releases (two waiting, two used), and somebody who
    signs in and changes things."""
    account = an_account()
    for purpose in (Challenge.Purpose.SIGN_IN, Challenge.Purpose.STEP_UP):
        CodeAddress.objects.all().delete()
        start(purpose=purpose, account=account, channel="email", address=account.email, locale="en")
    opt_out(make_demo().shipments["out for delivery, with a code"])
    device = a_device()
    for _ in range(2):
        ask(device, below_the_line(device)[0])
    shipment, _ = out_for_delivery(device=device)
    approve(ask(device, shipment), a_supervisor(), a_supervisor())
    submit(device, shipment, None)
    shipment, _ = below_the_line(device)
    approve(ask(device, shipment))
    submit(device, shipment, None)
    shipment, _ = out_for_delivery(device=device)
    revoke(shipment, name(shipment, "Olaf"))
    submit(device, shipment, their_code(shipment, name(shipment)))
    a_supervisor()


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
    """What these four queries look for cannot even be planted: the constraints are named in the schema."""
    guarded = [item.says for item in INVARIANTS if item.number in (5, 23)]
    assert len(guarded) == 4
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "handoffs_deliverycode")
        of_accounts = connection.introspection.get_constraints(cursor, "accounts_challenge")
    assert {"one_living_code_per_shipment", "code_nonce_erased_when_ended"} <= set(names)
    assert {"one_living_account_challenge", "account_challenge_nonce_erased"} <= set(of_accounts)


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
