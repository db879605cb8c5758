"""Who is behind the ids on a timeline."""

from collections.abc import Iterable

from accounts.models import User
from fleet.models import Courier
from orders.models import Event


class People:
    """The names of those that some events name, read in two statements."""

    def __init__(self, events: Iterable[Event], merchant: str) -> None:
        events = list(events)
        couriers = {event.actor_id for event in events if event.actor_kind == "courier"}
        couriers |= {event.data.get("courier") for event in events}
        staff = {event.actor_id for event in events if event.actor_kind == "staff"}
        self._merchant = merchant
        self._couriers = dict(
            Courier.objects.filter(public_id__in=couriers - {None}).values_list("public_id", "name")
        )
        self._staff = {user.public_id: name_of(user) for user in User.objects.filter(public_id__in=staff)}

    def courier(self, public_id: str | None) -> str:
        return self._couriers.get(public_id or "", "a courier")

    def actor(self, event: Event) -> str:
        """Who did it, as the subject of a sentence."""
        match event.actor_kind:
            case "courier":
                return f"{self.courier(event.actor_id)} (courier)"
            case "staff":
                return f"{self._staff.get(event.actor_id or '', 'Somebody')} (staff)"
            case "merchant":
                return self._merchant
            case "recipient" | "delegate" as kind:
                return f"The {kind}"
        return "The system"


def name_of(user: User) -> str:
    return user.name or user.email
