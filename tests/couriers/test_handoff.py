"""The right code opens, a wrong one is charged."""

import pytest
from django.db import connection

from fleet.models import Device
from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery
from tests.base import CHEAP, ApiClient, acme
from tests.couriers.stories import DOOR, hand_over, problem, statements
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code


def test_the_right_code_hands_the_parcel_over(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    answer = hand_over(
        api, shipment, right_code(shipment), location=DOOR, occurred_at="2026-01-05T09:00:00+01:00"
    )
    assert answer.status_code == 200, answer.content
    proof = ProofOfDelivery.objects.get()
    assert answer.json() == {
        "status": "delivered",
        "shipment": shipment.public_id,
        "proof": {
            "id": proof.public_id,
            "method": "code",
            "delivered_at": answer.json()["proof"]["delivered_at"],
            "received_by": "recipient",
        },
    }
    assert (str(proof.latitude), str(proof.longitude), proof.accuracy_m) == ("51.501000", "-0.124600", 12)
    assert proof.occurred_at is not None
    assert proof.occurred_at.isoformat() == "2026-01-05T08:00:00+00:00"


@pytest.mark.parametrize("shown", ["{0} {1}-{2}", " {0}{1}{2}\t", "{0}\u00a0{1}\u202f{2}"])
def test_spaces_and_hyphens_do_not_matter(api: ApiClient, device: Device, shown: str) -> None:
    shipment, _ = out_for_delivery(device=device)
    code = right_code(shipment)
    assert hand_over(api, shipment, shown.format(code[:2], code[2:4], code[4:])).status_code == 200


def test_a_wrong_code_says_how_many_attempts_are_left(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    wrong = wrong_code(shipment)
    answers = [hand_over(api, shipment, wrong) for _ in range(6)]
    assert [problem(answer) for answer in answers] == [(422, "wrong_code")] * 5 + [(423, "code_locked")]
    assert [answer.json().get("attempts_left") for answer in answers] == [4, 3, 2, 1, 0, None]
    assert answers[5].json()["next"] == ["rotate", "release_request", "fail"]
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert problem(hand_over(api, shipment, right_code(shipment))) == (423, "code_locked")


def test_a_routine_parcel_needs_no_code_and_ignores_one(api: ApiClient, device: Device) -> None:
    merchant = acme()
    for number, code in enumerate((None, "not a code")):
        shipment, _ = out_for_delivery(merchant, device=device, value=CHEAP, reference=f"routine-{number}")
        answer = hand_over(api, shipment, code, received_by="safe_place")
        assert answer.status_code == 200, answer.content
        assert answer.json()["proof"]["method"] == "not_required"
        assert answer.json()["proof"]["received_by"] == "safe_place"


def test_a_couriers_spent_budget_stops_codes_but_is_not_stored(api: ApiClient, device: Device) -> None:
    shipments = [out_for_delivery(device=device)[0] for _ in range(4)]
    for shipment in shipments[:3]:
        wrong = wrong_code(shipment)
        for _ in range(5):
            assert problem(hand_over(api, shipment, wrong)) == (422, "wrong_code")
    answer = hand_over(api, shipments[3], right_code(shipments[3]), key="k")
    assert problem(answer) == (429, "courier_suspended")
    assert answer.json()["next"] == ["release_request", "fail"]
    assert CodeCheck.objects.filter(shipment=shipments[3]).count() == 0


# How many statements a handoff takes: on PostgreSQL by hand, elsewhere by the ORM.
MOST = {"postgresql": (3, 7, 8, 4, 10), "sqlite": (12, 11, 12, 13, 14)}
RIGHT, WRONG, FIRST_WRONG, SCANNED, MISTYPED = MOST[connection.vendor]


def test_a_right_code_takes_three_statements(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    right = right_code(shipment)
    with statements() as asked:
        assert hand_over(api, shipment, right).status_code == 200
    assert len(asked) == RIGHT, "\n".join(asked)


def test_a_routine_parcel_takes_as_many(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, value=CHEAP)
    with statements() as asked:
        assert hand_over(api, shipment).status_code == 200
    assert len(asked) <= RIGHT, "\n".join(asked)


def test_a_wrong_code_takes_few_statements_and_the_first_of_a_day_one_more(
    api: ApiClient, device: Device
) -> None:
    shipment, _ = out_for_delivery(device=device)
    wrong = wrong_code(shipment)
    with statements() as first:
        assert problem(hand_over(api, shipment, wrong)) == (422, "wrong_code")
    with statements() as second:
        assert problem(hand_over(api, shipment, wrong)) == (422, "wrong_code")
    assert (len(first), len(second)) == (FIRST_WRONG, WRONG), "\n".join(first)


def test_scanned_parcels_cost_one_statement_more(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device, barcodes=("JD1", "JD2"))
    right = right_code(shipment)
    with statements() as scanned:
        assert hand_over(api, shipment, right, barcodes=["JD1", "JD2"]).status_code == 200
    assert len(scanned) == SCANNED, "\n".join(scanned)


def test_a_typo_is_given_back_in_few_statements(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    right = right_code(shipment)
    hand_over(api, shipment, f"{right[:-1]}{(int(right[-1]) + 1) % 10}")
    with statements() as mistyped:
        assert hand_over(api, shipment, right).status_code == 200
    assert len(mistyped) == MISTYPED, "\n".join(mistyped)


def test_the_answer_does_not_tell_what_was_typed(api: ApiClient, device: Device) -> None:
    shipment, _ = out_for_delivery(device=device)
    right, wrong = right_code(shipment), wrong_code(shipment)
    for code in (wrong, right):
        assert code.encode() not in hand_over(api, shipment, code).content.replace(
            shipment.public_id.encode(), b""
        )
    assert DeliveryCode.objects.get().nonce is None
