"""A proof that was changed in any way is refused, with what is wrong."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from pytest_django import Settings

from handoffs.models import ProofOfDelivery
from handoffs.proofs import signing
from handoffs.proofs.signing import public_keys, sign
from handoffs.proofs.statement import canonical
from handoffs.proofs.verifying import MAX_BYTES, verify
from orders.models import SYSTEM, Event, Fact, Shipment
from tests.proofs.stories import delivered, events_of, judged, problem, proof_of, statement_in

pytestmark = pytest.mark.django_db


def test_a_proof_holds_alone_with_its_events_and_as_a_bare_signature() -> None:
    shipment = delivered()
    proof, events = proof_of(shipment), events_of(shipment)
    assert len(events) >= 5
    alone, bare = judged(proof), judged(f" {proof['signature']}\n")
    assert (alone.holds, bare.holds, alone.told_events, alone.kept_events) == (True, True, None, len(events))
    for form in (events, {"data": events, "next": None}):
        verdict = judged({"proof": proof, "events": form})
        assert (verdict.problem, verdict.told_events) == (None, len(events))


def test_no_character_of_the_signature_can_be_changed() -> None:
    token = proof_of(delivered())["signature"]
    for place, character in enumerate(token):
        other = "B" if character != "B" else "C"
        assert problem(token[:place] + other + token[place + 1 :]) is not None, place
        assert problem(token[:place] + token[place + 1 :]) is not None, place


def test_another_spelling_of_the_same_bytes_is_refused() -> None:
    token = proof_of(delivered())["signature"]
    assert problem(token + "=") == "not_a_proof"
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = last[last.index(token[-1]) + 1]  # 64 bytes leave four bits of the last character without meaning
    assert problem(token[:-1] + twin) == "not_a_proof"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("id", "prf_another"),
        ("shipment", "shp_another"),
        ("method", "not_required"),
        ("received_by", "safe_place"),
        ("delivered_at", "2026-01-01T00:00:00Z"),
        ("courier", "cou_another"),
        ("events_head", "0" * 64),
    ],
)
def test_a_file_that_says_something_else_than_was_signed(name: str, other: str) -> None:
    proof = proof_of(delivered())
    verdict = judged(proof | {name: other})
    assert verdict.problem is not None
    assert verdict.problem.code == "differs"
    assert name in verdict.problem.detail
    assert verdict.statement is not None
    assert verdict.statement[name] == proof[name]


def test_the_signature_of_another_shipment() -> None:
    one, two = proof_of(delivered()), proof_of(delivered())
    assert problem(one | {"signature": two["signature"]}) == "differs"


def test_another_key_under_the_same_id(settings: Settings) -> None:
    proof = proof_of(delivered())
    settings.QR_SIGNING_KEYS = {"test": bytes(range(64, 96))}
    assert problem(proof) == "wrong_signature"
    assert problem(sign(statement_in(proof["signature"]))) == "not_our_record"


def test_a_key_that_is_not_published(settings: Settings) -> None:
    proof = proof_of(delivered())
    settings.QR_SIGNING_KEYS = {"other": settings.QR_SIGNING_KEYS["test"]}
    assert problem(proof) == "unknown_key"


def made_by_hand(header: dict[str, str], proof: dict[str, Any]) -> str:
    """A signature with our own key, over a header of one's own."""
    key = signing._private_key(bytes(range(32, 64)))
    signed = f"{signing._encoded(canonical(header))}.{proof['signature'].split('.')[1]}"
    return f"{signed}.{signing._encoded(key.sign(signed.encode()))}"


def test_a_statement_of_another_kind_signed_with_the_same_key() -> None:
    proof = proof_of(delivered())
    good = {"alg": "EdDSA", "kid": "test", "typ": "delivery-proof.v1"}
    assert made_by_hand(good, proof) == proof["signature"]
    others = [good | {"typ": "delivery-qr.v1"}, good | {"alg": "none"}, good | {"alg": "HS256"}]
    others += [{"alg": "EdDSA", "kid": "test"}, good | {"jwk": "x"}, good | {"crit": "x"}]
    assert {problem(made_by_hand(header, proof)) for header in others} == {"not_a_proof"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("  \n", "unreadable"),
        ("nothing", "not_a_proof"),
        ("..", "not_a_proof"),
        ("a.b.c", "not_a_proof"),
        ("\u00e9.\u00e9.\u00e9", "not_a_proof"),
        ("{", "unreadable"),
        ('{"a": NaN}', "unreadable"),
        ("{}", "not_signed"),
        ('{"proof": 7}', "unreadable"),
        ('{"proof": {}, "events": 7}', "unreadable"),
        ('{"signature": null}', "not_signed"),
        ('{"signature": {"a": 1}}', "not_signed"),
        ("[" * 1000, "not_a_proof"),
        ('{"a":' * 5000, "unreadable"),
        ("{" + " " * MAX_BYTES, "unreadable"),
    ],
)
def test_what_is_no_proof_at_all(text: str, code: str) -> None:
    verdict = verify(text.encode(), public_keys())
    assert verdict.problem is not None
    assert (verdict.problem.code, verdict.statement) == (code, None)


# --- The events in the file ----------------------------------------------------------------------


def told(shipment: Shipment, events: Any) -> str | None:
    return problem({"proof": proof_of(shipment), "events": events})


def test_events_that_were_cut_off_left_out_or_put_in() -> None:
    shipment = delivered()
    events = events_of(shipment)
    assert told(shipment, events[:-1]) == "chain_truncated"
    assert told(shipment, []) == "chain_truncated"
    assert told(shipment, events[1:]) == "chain_broken"
    assert told(shipment, events[:2] + events[3:]) == "chain_broken"
    assert told(shipment, [events[0], *events]) == "chain_broken"
    assert told(shipment, [events[1], events[0], *events[2:]]) == "chain_broken"


def test_an_event_that_was_changed() -> None:
    shipment = delivered()
    for place, event in enumerate(events_of(shipment)):
        changes: list[dict[str, Any]] = [
            {"id": "evt_other"},
            {"type": event["type"] + "x"},
            {"at": "2026-01-01T00:00:00Z"},
            {"actor": {"kind": "staff", "id": event["actor"]["id"]}},
            {"actor": {"kind": event["actor"]["kind"], "id": "someone"}},
            {"data": {**event["data"], "more": 1}},
        ]
        for change in changes:
            events = events_of(shipment)
            events[place] = event | change
            assert told(shipment, events) in {"chain_broken", "chain_truncated"}, (place, change)


def test_events_of_another_shipment() -> None:
    one, two = delivered(), delivered()
    assert told(one, events_of(two)) == "chain_of_another_shipment"
    disguised = [event | {"shipment": one.public_id} for event in events_of(two)]
    assert told(one, disguised) == "chain_broken"


@pytest.mark.parametrize("event", [7, None, "x", [], {}, {"id": "evt_1", "type": "x", "at": "yesterday"}])
def test_what_is_no_event(event: Any) -> None:
    assert told(delivered(), [event]) == "chain_unreadable"


# --- The events that we have kept ----------------------------------------------------------------


def rewritten(shipment: Shipment, **columns: Any) -> None:
    """What somebody could do who can switch the database's own guard off."""
    table = Event._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER {table}_never_updated")
            cursor.execute(f"DROP TRIGGER {table}_never_deleted")
    events = Event.objects.filter(shipment=shipment)
    if columns:
        events.filter(sequence=2).update(**columns)
    else:
        events.filter(type="shipment.delivered").delete()


def test_a_chain_that_was_rewritten_behind_our_back() -> None:
    shipment = delivered()
    proof = proof_of(shipment)
    rewritten(shipment, type="shipment.in_transit")
    verdict = judged(proof)
    assert verdict.problem is not None
    assert verdict.problem.code == "chain_broken"
    assert Event.objects.get(shipment=shipment, sequence=2).public_id in verdict.problem.detail


def test_a_chain_whose_end_was_taken_away() -> None:
    shipment = delivered()
    proof = proof_of(shipment)
    rewritten(shipment)
    assert problem(proof) == "chain_truncated"


def test_a_chain_that_was_rewritten_to_its_end_leads_elsewhere() -> None:
    """Whoever can write everything can make a new chain, but not one that leads to what was signed."""
    shipment = delivered()
    proof = proof_of(shipment)
    rewritten(shipment, type="shipment.in_transit")
    previous = ""
    for event in Event.objects.filter(shipment=shipment).order_by("sequence"):
        event.previous_hash = previous
        previous = event.computed_hash(shipment.public_id)
        Event.objects.filter(pk=event.pk).update(previous_hash=event.previous_hash, hash=previous)
    Shipment.objects.filter(pk=shipment.pk).update(events_head=previous)
    assert problem(proof) == "chain_truncated"


def test_a_chain_that_went_on_after_the_delivery_still_leads_there() -> None:
    shipment = delivered()
    before = len(events_of(shipment))
    shipment.record([Fact("code.sent", SYSTEM, {"generation": 1})])
    verdict = judged({"proof": proof_of(shipment), "events": events_of(shipment)})
    assert (verdict.problem, verdict.told_events, verdict.kept_events) == (None, before, before)


def test_a_proof_that_the_database_does_not_have() -> None:
    proof = proof_of(delivered())
    ProofOfDelivery.objects.update(signature="")
    assert problem(proof) == "not_our_record"


def test_a_shipment_that_the_database_has_never_seen(settings: Settings) -> None:
    statement = statement_in(proof_of(delivered())["signature"]) | {"shipment": "shp_elsewhere"}
    verdict = judged(sign(statement))
    assert (verdict.problem, verdict.kept_events) == (None, None)


def test_a_stranger_cannot_make_one() -> None:
    proof = proof_of(delivered())
    header, statement, _ = proof["signature"].split(".")
    forged = Ed25519PrivateKey.generate().sign(f"{header}.{statement}".encode())
    assert problem(f"{header}.{statement}.{signing._encoded(forged)}") == "wrong_signature"
