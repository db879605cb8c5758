"""23: when a code's time is over, or its shipment has closed, nobody can compute it."""

import pytest
import time_machine
from django.conf import settings

from codes import derivation
from handoffs.cancel import cancel
from handoffs.expire import expire
from handoffs.models import DeliveryCode
from handoffs.models.codes import LABEL, EndReason
from orders.models import Shipment
from tests.handoffs.stories import ACME, living_code, out_for_delivery, result, right_code, submit

pytestmark = pytest.mark.django_db


def test_the_sweep_ends_what_is_over_and_nothing_else() -> None:
    over, device = out_for_delivery()
    with time_machine.travel(living_code(over).expires_at, tick=False):
        fresh, _ = out_for_delivery()
        assert expire() == 1
        assert expire() == 0
        assert right_code(fresh)
        assert result(submit(device, over, "123456")) == "code_expired"
    code = DeliveryCode.objects.get(shipment=over)
    assert (code.ended_because, code.nonce) == (EndReason.EXPIRED, None)


def test_cancelling_ends_the_code() -> None:
    shipment, _ = out_for_delivery()
    cancel(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=ACME)
    code = DeliveryCode.objects.get(shipment=shipment)
    assert (code.ended_because, code.nonce) == (EndReason.CLOSED, None)


def test_after_delivery_no_key_gives_the_code_from_what_is_stored() -> None:
    shipment, device = out_for_delivery()
    right = right_code(shipment)
    submit(device, shipment, right)
    row = DeliveryCode.objects.get(shipment=shipment)
    stored = [bytes(value) for value in vars(row).values() if isinstance(value, bytes | memoryview)]
    assert stored == []
    for master in settings.DELIVERY_CODE_KEYS.values():
        for nonce in (b"", bytes(derivation.NONCE_BYTES)):
            generation = derivation.Generation(LABEL, shipment.public_id, 1, nonce)
            assert derivation.derive_code(master, generation, "recipient", 6) != right
