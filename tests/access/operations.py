"""Every operation of the API with what a rightful caller sends, and the callers of the matrix.

The two tests that use it compare it with the published document and with the site's addresses: what it lacks
makes them fail.
"""

import re
from dataclasses import dataclass
from typing import Any

from api.tokens import new_token
from fleet.models import Courier, Depot, Device
from merchants.models import ApiKey
from tests.base import ApiClient, a_shipment, acme, an_order_body
from tests.couriers.pictures import send_photo
from tests.handoffs.stories import send_out

OPEN_TO_ALL = {("POST", "/courier/devices")}
FORM = "a form with a picture"
# What a rightful caller would send. None: there is no body.
BODIES: dict[tuple[str, str], Any] = {
    ("GET", "/orders"): None,
    ("POST", "/orders"): an_order_body(),
    ("POST", "/orders/batch"): {"orders": [an_order_body()]},
    ("GET", "/orders/{order_id}"): None,
    ("GET", "/shipments/{shipment_id}"): None,
    ("GET", "/shipments/{shipment_id}/events"): None,
    ("GET", "/shipments/{shipment_id}/proof"): None,
    ("POST", "/shipments/{shipment_id}/in-transit"): {},
    ("POST", "/shipments/{shipment_id}/dispatch"): {"courier": "{courier_id}"},
    ("POST", "/shipments/{shipment_id}/cancel"): {},
    ("POST", "/shipments/{shipment_id}/return"): {},
    ("POST", "/shipments/{shipment_id}/returned"): {},
    ("PATCH", "/shipments/{shipment_id}/recipient"): {"name": "Somebody else"},
    ("POST", "/routes"): {
        "courier": "{courier_id}",
        "date": "2099-01-01",
        "stops": [{"shipment": "{shipment_id}", "sequence": 1}],
    },
    ("GET", "/routes/{route_id}"): None,
    ("GET", "/couriers"): None,
    ("POST", "/couriers"): {"name": "Dana"},
    ("PATCH", "/couriers/{courier_id}"): {"active": False},
    ("POST", "/couriers/{courier_id}/enrolment"): {},
    ("DELETE", "/couriers/{courier_id}/devices/{device_id}"): None,
    ("POST", "/courier/devices"): {"enrolment_code": "AAAA-BBBB-CCCC", "name": "handheld"},
    ("DELETE", "/courier/devices/current"): None,
    ("POST", "/courier/photos"): FORM,
    ("GET", "/courier/route"): None,
    ("POST", "/courier/route/start"): {},
    ("POST", "/courier/shipments/{shipment_id}/arrive"): {},
    ("POST", "/courier/shipments/{shipment_id}/handoff"): {"code": "123456"},
    ("POST", "/courier/shipments/{shipment_id}/resend"): {},
    ("POST", "/courier/shipments/{shipment_id}/fail"): {"reason": "absent"},
    ("POST", "/courier/shipments/{shipment_id}/reopen"): {},
    ("POST", "/courier/shipments/{shipment_id}/release-request"): {"reason": "other", "identity_seen": True},
    ("GET", "/courier/shipments/{shipment_id}/release-request"): None,
}
# What another owner may do: it concerns only what is their own.
THEIR_OWN = {
    ("GET", "/orders"),
    ("POST", "/orders"),
    ("POST", "/orders/batch"),
    ("GET", "/couriers"),
    ("POST", "/couriers"),
    ("DELETE", "/courier/devices/current"),
    ("POST", "/courier/photos"),
}


@dataclass
class World:
    """What belongs to one merchant and one courier, and the tokens of all the others."""

    ids: dict[str, str]
    merchant: str
    other_merchant: str
    courier: str
    other_courier: str

    def fill(self, value: Any) -> Any:
        """The ids of what is theirs, put where the endpoint names them."""
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], value)
        if isinstance(value, dict):
            return {name: self.fill(inner) for name, inner in value.items()}
        return [self.fill(inner) for inner in value] if isinstance(value, list) else value

    def ask(self, token: str, method: str, path: str) -> Any:
        if BODIES[method, path] == FORM:
            return send_photo(ApiClient(token), key="k")
        return ApiClient(token).send(method, self.fill(path), self.fill(BODIES[method, path]), key="k")


def a_world() -> World:
    merchant, other = acme(), acme("Other")
    courier = Courier.objects.create(
        depot=Depot.objects.create(merchant=merchant, name="Theirs", timezone="Europe/London"),
        name="Carl",
        livemode=False,
    )
    stranger = Courier.objects.create(depot=Depot.objects.create(merchant=other, name="Others"), name="Eve")
    tokens = {}
    for whose in (courier, stranger):
        token, digest = new_token("ct_")
        tokens[whose.pk] = token, Device.objects.create(courier=whose, token_digest=digest)
    device = tokens[courier.pk][1]
    shipment = send_out(a_shipment(merchant), device)
    ids = {
        "order_id": shipment.order.public_id,
        "shipment_id": shipment.public_id,
        "courier_id": courier.public_id,
        "device_id": device.public_id,
        "route_id": courier.routes.get().public_id,
    }
    return World(
        ids=ids,
        merchant=ApiKey.issue(merchant, livemode=False)[1],
        other_merchant=ApiKey.issue(other, livemode=False)[1],
        courier=tokens[courier.pk][0],
        other_courier=tokens[stranger.pk][0],
    )


def is_couriers(path: str) -> bool:
    return path.startswith("/courier/")
