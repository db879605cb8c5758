"""What happens at doors, in the words of the verbs."""

import uuid
from typing import Any

from api.refusals import Refusal
from fleet.models import Courier, Device, Stop
from handoffs.confirm import Handoff, Submission, Told, confirm
from handoffs.dispatch import dispatch
from handoffs.models import CodeCheck, DeliveryCode
from handoffs.visit import fail
from orders.models import Actor, Merchant, Shipment
from tests.base import a_shipment, carl

ACME = Actor("merchant", "mer_acme")


def a_device(courier: Courier | None = None) -> Device:
    """A handheld enrolled for this courier, or for a new one."""
    return Device.objects.create(courier=courier or carl(), token_digest=uuid.uuid4().hex)


def send_out(shipment: Shipment, device: Device) -> Shipment:
    """Dispatch the shipment with the device's courier."""
    sent = dispatch(
        within=Shipment.objects.all(), shipment_id=shipment.public_id, courier=device.courier, actor=ACME
    )
    assert isinstance(sent, Shipment), sent
    return sent


def out_for_delivery(
    merchant: Merchant | None = None, *, device: Device | None = None, **fields: Any
) -> tuple[Shipment, Device]:
    """Ada's shipment, out with Carl."""
    device = device or a_device()
    return send_out(a_shipment(merchant, **fields), device), device


def living_code(shipment: Shipment) -> DeliveryCode:
    return DeliveryCode.objects.living().select_related("shipment").get(shipment=shipment)


def right_code(shipment: Shipment) -> str:
    """What Ada reads from her message."""
    return living_code(shipment).code_of()


def wrong_code(shipment: Shipment, *, not_like: tuple[str, ...] = ()) -> str:
    """A code that resembles the right one in nothing: every digit is another one."""
    right = right_code(shipment)
    wrong = "".join(str((int(digit) + 5) % 10) for digit in right)
    return wrong if wrong not in not_like else "".join(str((int(digit) + 4) % 10) for digit in right)


def submit(
    device: Device,
    shipment: Shipment,
    code: str | None,
    *,
    key: str | None = None,
    barcodes: tuple[str, ...] | None = None,
    received_by: str = "recipient",
) -> Told | Refusal:
    """What the handheld sends, under a key of its own unless told which."""
    handoff = Handoff(shipment.public_id, code, barcodes, received_by, location=None, occurred_at=None)
    return confirm(Submission(device.token_digest, key or uuid.uuid4().hex, handoff, request_id="req-1"))


def result(told: Told | Refusal) -> str:
    """`delivered`, or the problem's code."""
    return told.code if isinstance(told, Refusal) else told.check.result


def answer_of(told: Told | Refusal) -> dict[str, Any]:
    return dict(told.members) if isinstance(told, Refusal) else told.check.answer


def check_of(told: Told | Refusal) -> CodeCheck:
    assert isinstance(told, Told), told
    return told.check


def leave(device: Device, shipment: Shipment, reason: str = "absent") -> Stop | Refusal:
    """The courier leaves without having handed anything over."""
    return fail(
        device=device, shipment_id=shipment.public_id, reason=reason, note="", location=None, occurred_at=None
    )
