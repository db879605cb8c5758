"""A release without a code: one asks, others approve, and it is used once."""


import pytest

from handoffs.models import ProofOfDelivery
from handoffs.proofs.signing import sign
from handoffs.proofs.statement import statement_of
from tests.handoffs.release_stories import (
    a_supervisor,
    approved_by,
    ask,
    below_the_line,
    code_of,
)
from tests.handoffs.stories import out_for_delivery, result, submit

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
