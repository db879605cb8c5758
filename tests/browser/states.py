"""Every state that a recipient's page can be in: what it is called, and how a parcel comes to it."""

from collections.abc import Callable

from tests.browser.parcels import DOOR, Parcels
from tests.scenarios.world import Rider, code_on_phone, other_than

Arrange = Callable[[Parcels], str]
OVER = """
    UPDATE handoffs_deliverycode SET expires_at = now() - interval '1 minute'
    FROM orders_shipment WHERE orders_shipment.id = shipment_id AND orders_shipment.public_id = %s
"""


def preparing(parcels: Parcels) -> str:
    address: str = parcels.ordered()["tracking_url"]
    return address


def on_its_way(parcels: Parcels) -> str:
    shipment = parcels.ordered()
    parcels.told(parcels.shop.post(f"/shipments/{shipment['id']}/in-transit"))
    address: str = shipment["tracking_url"]
    return address


def no_code_needed(parcels: Parcels) -> str:
    return parcels.bare(parcels.out(parcels.carl, "12.00"))


def bare_link(parcels: Parcels) -> str:
    return parcels.bare(parcels.out(parcels.carl))


def made_up_link(parcels: Parcels) -> str:
    return bare_link(parcels)[:-1] + ".AAAABBBBCCCCDDDD/"


def expired_link(parcels: Parcels) -> str:
    shipment = parcels.out(parcels.carl)
    address = parcels.own(shipment)
    parcels.service.rows(OVER, shipment)
    return address


def out_for_delivery(parcels: Parcels) -> str:
    rider = Rider(parcels.service)
    parcels.out(rider)
    return parcels.own(parcels.out(rider))


def comes_next(parcels: Parcels) -> str:
    return parcels.own(parcels.out(Rider(parcels.service)))


def at_the_door(parcels: Parcels) -> str:
    rider = parcels.carl
    shipment = parcels.out(rider)
    parcels.does(rider, shipment, "arrive", {"location": DOOR})
    return parcels.own(shipment)


def code_waits(parcels: Parcels) -> str:
    return _held_back(parcels)[2]


def is_someone_there(parcels: Parcels) -> str:
    rider, shipment, address = _held_back(parcels)
    parcels.does(rider, shipment, "arrive", {})
    return address


def _held_back(parcels: Parcels) -> tuple[Rider, str, str]:
    late, rider = parcels.of_a_shop_that_shows_codes_at_the_door(), parcels.carl
    shipment = late.out(rider)
    return rider, shipment, late.link_in(shipment, "delivery_code")


def mistyped(parcels: Parcels) -> str:
    return _wrong(parcels, 1)


def locked(parcels: Parcels) -> str:
    return _wrong(parcels, 5)


def _wrong(parcels: Parcels, times: int) -> str:
    rider = Rider(parcels.service)
    shipment = parcels.out(rider)
    address, wrong = parcels.own(shipment), other_than(code_on_phone(parcels.service, shipment))
    for _ in range(times):
        assert rider.hand_over(shipment, wrong).json()["code"] == "wrong_code"
    return address


def failed(parcels: Parcels) -> str:
    rider = parcels.carl
    shipment = parcels.out(rider)
    address = parcels.own(shipment)
    parcels.does(rider, shipment, "fail", {"reason": "absent"})
    return address


def delivered(parcels: Parcels) -> str:
    return parcels.receipt(_handed_over(parcels))


def disputed(parcels: Parcels) -> str:
    shipment = _handed_over(parcels)
    address = parcels.receipt(shipment)
    parcels.press(address, "not-received/")
    return address


def _handed_over(parcels: Parcels) -> str:
    rider = parcels.carl
    shipment = parcels.out(rider)
    parcels.told(rider.hand_over(shipment, code_on_phone(parcels.service, shipment)))
    return shipment


def returning(parcels: Parcels) -> str:
    return parcels.bare(_sent_back(parcels))


def returned(parcels: Parcels) -> str:
    shipment = _sent_back(parcels)
    parcels.told(parcels.shop.post(f"/shipments/{shipment}/returned"))
    return parcels.bare(shipment)


def _sent_back(parcels: Parcels) -> str:
    rider = parcels.carl
    shipment = parcels.out(rider)
    parcels.does(rider, shipment, "fail", {"reason": "refused"})
    parcels.told(parcels.shop.post(f"/shipments/{shipment}/return"))
    return shipment


def cancelled(parcels: Parcels) -> str:
    shipment = parcels.out(parcels.carl)
    parcels.told(parcels.shop.post(f"/shipments/{shipment}/cancel"))
    return parcels.bare(shipment)


# The words on it, to an English reader, that no other state's page has.
STATES: dict[Arrange, str] = {
    preparing: "It is not on its way yet",
    on_its_way: "It is travelling to the depot",
    out_for_delivery: "A courier has it",
    comes_next: "You are next",
    at_the_door: "Your courier is at the door",
    code_waits: "Your delivery code waits",
    is_someone_there: "Is someone at your door?",
    mistyped: "A wrong code was typed. 4 tries are left",
    locked: "This code is locked",
    failed: "nobody was at home",
    delivered: "Did you not get it?",
    disputed: "You said so on",
    returning: "is on its way back",
    returned: "It is back at",
    cancelled: "This delivery was called off",
    no_code_needed: "No delivery code is needed",
    bare_link: "it never shows here",
    expired_link: "This link is no longer valid",
    made_up_link: "This link is no longer valid",
}


def name_of(state: Arrange) -> str:
    return state.__name__.replace("_", " ")
