"""Releases without a code, in the words of the verbs."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from accounts.models import User
from api.refusals import Refusal
from fleet.models import Courier, Device
from handoffs.models import ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.ask import ask_release
from handoffs.release.decide import approve_release, refuse_release
from orders.models import Shipment
from tests.base import CHEAP
from tests.handoffs.stories import out_for_delivery

_numbers = count(1)


def a_supervisor(name: str = "Sue") -> User:
    """A member of staff."""
    return User.objects.create_user(
        f"{name.lower()}{next(_numbers)}@support.example", name=name, is_staff=True
    )


def below_the_line(device: Device | None = None) -> tuple[Shipment, Device]:
    """Out with Carl, and worth so little that one supervisor is enough."""
    return out_for_delivery(device=device, value=CHEAP, code="required")


def asked(device: Device, shipment: Shipment, **fields: object) -> ReleaseRequest | Refusal:
    """Carl has seen Ada's identity document and asks."""
    form: dict[str, object] = {"reason": "phone_unusable", "note": "", "identity_seen": True}
    return ask_release(device=device, shipment_id=shipment.public_id, **(form | fields))  # type: ignore[arg-type]


def ask(device: Device, shipment: Shipment, **fields: object) -> ReleaseRequest:
    request = asked(device, shipment, **fields)
    assert isinstance(request, ReleaseRequest), request
    return request


def approved_by(staff: User, request: ReleaseRequest) -> ReleaseRequest | Refusal:
    return approve_release(staff=staff, request_id=request.public_id, reason="Known at the depot")


def approve(request: ReleaseRequest, *staff: User) -> ReleaseRequest:
    """Everybody approves in turn; one new supervisor unless told who."""
    outcome: ReleaseRequest | Refusal = request
    for person in staff or (a_supervisor(),):
        outcome = approved_by(person, request)
    assert isinstance(outcome, ReleaseRequest), outcome
    return outcome


def refused_by(staff: User, request: ReleaseRequest) -> ReleaseRequest | Refusal:
    return refuse_release(staff=staff, request_id=request.public_id, reason="Nobody knows them")


def code_of(outcome: object) -> str:
    """The refusal's code, or the state that the request has now."""
    if isinstance(outcome, Refusal):
        return outcome.code
    assert isinstance(outcome, ReleaseRequest)
    return str(ReleaseRequest.objects.get(pk=outcome.pk).state)


def released_before(courier: Courier, *days_ago: int) -> None:
    """The courier was released on these days, each at a door of its own."""
    for days in days_ago:
        moment = timezone.now() - timedelta(days=days)
        shipment, device = below_the_line(Device.objects.filter(courier=courier).first())
        ReleaseRequest.objects.create(
            shipment=shipment,
            stop=shipment.stops.get(),
            courier=courier,
            device=device,
            reason="other",
            identity_seen=True,
            state=ReleaseState.EXPIRED,
            approvals_needed=1,
            asked_at=moment,
            expires_at=moment,
            decided_at=moment,
            approved_day=courier.depot.today(moment),
        )
