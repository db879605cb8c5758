"""A small installation to look at: one shop, two couriers, somebody in support, a shipment in every state.

Everything is made with the same verbs as real life, in test mode, so that nothing of it ever reaches a phone
or a mailbox. The people are invented; the phone numbers are examples.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from api.refusals import Refusal
from delivery_otp.demo.stage import Stage
from delivery_otp.demo.stories import STORIES
from fleet.enrol import enrol
from fleet.models import Courier, Depot, Device, Enrolment
from merchants.models import ApiKey
from orders.models import Merchant, Shipment
from support.roles import AGENT
from support.staff import create_staff


@dataclass(frozen=True)
class Demo:
    """What was made, with the secrets that are shown only now."""

    merchant: Merchant
    api_key: str
    courier: Courier
    enrolment_code: str
    agent: User
    agent_password: str
    shipments: dict[str, Shipment]


def is_empty() -> bool:
    return not Merchant.objects.exists()


def make_demo() -> Demo:
    """Fill the database. Adds a second shop with the same stories when it is called again."""
    with transaction.atomic():
        merchant = Merchant.open("Acme Cameras")
        _, api_key = ApiKey.issue(merchant, livemode=False, name="demo")
        depot = Depot.objects.create(name="London Docks", timezone="Europe/London")
        courier, other = (Courier.objects.create(depot=depot, name=n) for n in ("Carl Rider", "Dana Walker"))
        _, enrolment_code = Enrolment.issue(courier)
        agent, password = create_staff(email=_free_address(), role=AGENT, name="Sam Agent")
    stage = Stage(merchant, courier, _device_of(courier), other)
    shipments = {name: story(stage) for name, story in STORIES.items()}
    return Demo(merchant, api_key, courier, enrolment_code, agent, password, shipments)


def _free_address() -> str:
    """`agent@example.com`, with a number once that is taken."""
    taken = User.objects.filter(email__startswith="agent", email__endswith="@example.com").count()
    return f"agent{taken + 1 if taken else ''}@example.com"


def _device_of(courier: Courier) -> Device:
    _, code = Enrolment.issue(courier)
    enrolled = enrol(enrolment_code=code, name="Demo handheld")
    assert not isinstance(enrolled, Refusal), enrolled
    return enrolled[0]
