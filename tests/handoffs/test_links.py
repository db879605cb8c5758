"""A link opens for its whole proof and for nothing else."""

import pytest
from django.utils import timezone

from handoffs.links import holder_of
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from tests.handoffs.stories import living_code, out_for_delivery

pytestmark = pytest.mark.django_db


def test_only_the_whole_proof_opens() -> None:
    shipment, _ = out_for_delivery()
    code = living_code(shipment)
    proof = code.link_proof_of()
    assert code.opens_for(proof)
    for other in ("", proof[:1], proof[:8], proof[:-1], proof + "A", proof.swapcase(), " " + proof):
        assert not code.opens_for(other), other
        assert holder_of(shipment, other, timezone.now()) is None


def test_a_link_is_the_holders_own() -> None:
    shipment, _ = out_for_delivery()
    code = living_code(shipment)
    assert not code.opens_for(code.link_proof_of("delegate-1"))


def test_nothing_opens_once_the_generation_has_ended() -> None:
    shipment, _ = out_for_delivery()
    code = living_code(shipment)
    proof = code.link_proof_of()
    DeliveryCode.objects.filter(pk=code.pk).end(EndReason.CLOSED, timezone.now())
    ended = DeliveryCode.objects.select_related("shipment").get(pk=code.pk)
    assert not ended.opens_for(proof)
    assert holder_of(shipment, proof, timezone.now()) is None
