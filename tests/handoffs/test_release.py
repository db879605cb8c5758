"""A release without a code: one asks, others approve, and it is used once."""

import pytest

from handoffs.models import CodeCheck, DeliveryCode, ProofOfDelivery, ReleaseRequest
from handoffs.proofs.signing import sign
from handoffs.proofs.statement import statement_of
from orders.models import HighValueLine, Shipment
from tests.base import CHEAP, acme
from tests.handoffs.release_stories import (
    a_supervisor,
    approve,
    approved_by,
    ask,
    asked,
    below_the_line,
    code_of,
    refused_by,
)
from tests.handoffs.stories import (
    a_device,
    answer_of,
    check_of,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def test_below_the_line_one_supervisor_is_enough() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    assert result(submit(device, shipment, None)) == "code_required"
    assert code_of(approved_by(a_supervisor(), request)) == "approved"
    assert result(submit(device, shipment, None)) == "delivered"
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert (proof.method, proof.received_by) == ("supervisor_release", "recipient")
    assert proof.signature == sign(statement_of(proof))


def test_above_the_line_it_takes_two() -> None:
    shipment, device = out_for_delivery()
    request = ask(device, shipment)
    assert code_of(approved_by(a_supervisor(), request)) == "waiting"
    assert result(submit(device, shipment, None)) == "code_required"
    assert code_of(approved_by(a_supervisor(), request)) == "approved"
    assert result(submit(device, shipment, None)) == "delivered"


def test_nobody_approves_twice() -> None:
    shipment, device = out_for_delivery()
    request, sue = ask(device, shipment), a_supervisor()
    approved_by(sue, request)
    assert code_of(approved_by(sue, request)) == "decided_before"
    assert result(submit(device, shipment, None)) == "code_required"


def test_a_line_that_moves_meanwhile_counts() -> None:
    merchant = acme()
    shipment, device = out_for_delivery(merchant, value=CHEAP, code="required")
    request = ask(device, shipment)
    assert request.approvals_needed == 1
    HighValueLine.objects.filter(merchant=merchant).update(amount=CHEAP)
    assert code_of(approved_by(a_supervisor(), request)) == "waiting"
    assert code_of(approved_by(a_supervisor(), request)) == "approved"


def test_whoever_may_hold_the_handheld_does_not_decide() -> None:
    sue, sam = a_supervisor("Sue"), a_supervisor("Sam")
    shipment, device = below_the_line()
    device.enrolled_by, device.courier.account = sue, sam
    device.save()
    device.courier.save()
    request = ask(device, shipment)
    for person in (sue, sam):
        assert code_of(approved_by(person, request)) == "own_request"
        assert code_of(refused_by(person, request)) == "own_request"
    assert code_of(approved_by(a_supervisor(), request)) == "approved"


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_who_is_not_staff_any_more_decides_nothing(lost: str) -> None:
    shipment, device = below_the_line()
    request, sue = ask(device, shipment), a_supervisor()
    type(sue).objects.filter(pk=sue.pk).update(**{lost: False})
    assert code_of(approved_by(sue, request)) == "permission_denied"
    assert code_of(refused_by(sue, request)) == "permission_denied"
    assert code_of(request) == "waiting"


def test_a_revoked_handheld_is_not_released() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    device.revoke()
    assert code_of(approved_by(a_supervisor(), request)) == "release_over"


def test_a_refusal_is_final_and_the_code_goes_on() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    assert code_of(refused_by(a_supervisor(), request)) == "refused"
    assert code_of(approved_by(a_supervisor(), request)) == "release_over"
    assert result(submit(device, shipment, None)) == "code_required"
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"


def test_it_is_used_once_and_the_answer_repeated() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    first = submit(device, shipment, None, key="k")
    assert answer_of(submit(device, shipment, None, key="k")) == answer_of(first)
    assert result(submit(device, shipment, None)) == "already_delivered"
    assert ReleaseRequest.objects.get().used_at == check_of(first).at


def test_what_lives_of_the_code_ends_with_it() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    submit(device, shipment, None)
    code = DeliveryCode.objects.get(shipment=shipment)
    assert (code.ended_because, code.nonce, code.attempts) == ("closed", None, 0)


def test_it_counts_for_this_shipment_only() -> None:
    shipment, device = below_the_line()
    other, _ = below_the_line(device)
    approve(ask(device, shipment))
    assert result(submit(device, other, None)) == "code_required"


def test_another_courier_does_not_use_it() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    other = a_device()
    assert result(submit(other, shipment, None)) == "not_found"
    send_out(shipment, other)
    assert result(submit(other, shipment, None)) == "code_required"
    send_out(shipment, device)
    assert result(submit(device, shipment, None)) == "code_required"


def test_a_typed_code_is_judged_as_always() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    wrong = submit(device, shipment, wrong_code(shipment))
    assert (result(wrong), answer_of(wrong)) == ("wrong_code", {"attempts_left": 4})
    assert result(submit(device, shipment, right_code(shipment))) == "delivered"
    assert ProofOfDelivery.objects.get().method == "code"
    assert ReleaseRequest.objects.get().used_at is None


@pytest.mark.parametrize("received_by", ["household", "reception", "safe_place"])
def test_it_is_for_the_person_whose_identity_was_looked_at(received_by: str) -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    assert result(submit(device, shipment, None, received_by=received_by)) == "code_required"
    assert result(submit(device, shipment, None, received_by="delegate")) == "delivered"


def test_a_wrong_parcel_is_refused_as_always() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    assert result(submit(device, shipment, None, barcodes=("OTHER",))) == "wrong_parcel"
    assert ReleaseRequest.objects.get().used_at is None


def test_a_locked_code_and_a_spent_budget_do_not_stop_it() -> None:
    device = a_device()
    shipments = [below_the_line(device)[0] for _ in range(3)]
    for shipment in shipments:
        wrong = wrong_code(shipment)
        for _ in range(5):
            submit(device, shipment, wrong)
    last, _ = below_the_line(device)
    assert result(submit(device, last, right_code(last))) == "courier_suspended"
    for shipment in (shipments[0], last):
        approve(ask(device, shipment))
        assert result(submit(device, shipment, None)) == "delivered"


def test_a_check_of_it_names_no_generation() -> None:
    shipment, device = below_the_line()
    approve(ask(device, shipment))
    submit(device, shipment, None)
    assert CodeCheck.objects.get(result="delivered").generation is None


def test_asking_again_answers_the_open_one() -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment)
    assert ask(device, shipment, reason="other").pk == request.pk
    approve(request)
    assert ask(device, shipment).pk == request.pk


def test_asking_needs_evidence() -> None:
    shipment, device = below_the_line()
    assert code_of(asked(device, shipment, identity_seen=False)) == "validation_failed"


def test_asking_needs_a_visit_a_code_and_an_arrival() -> None:
    shipment, device = out_for_delivery(value=CHEAP)
    assert code_of(asked(device, shipment)) == "illegal_transition"
    shipment, device = out_for_delivery(acme(arrival_first=True))
    assert code_of(asked(device, shipment)) == "too_early"
    assert code_of(asked(a_device(), shipment)) == "not_found"
    Shipment.objects.filter(pk=shipment.pk).update(status="attempt_failed")
    assert code_of(asked(device, shipment)) == "not_out_for_delivery"
    device.revoke()
    assert code_of(asked(device, shipment)) == "authentication_failed"
