"""What happened to a shipment, in a chain that nobody can rewrite."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models

from api.ids import new_id
from api.rows import unsaved

if TYPE_CHECKING:
    from orders.models.shipments import Shipment

# How an event's content and a proof's statement are written for hash and signature: names sorted, no spaces.
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Actor:
    """Who did it: the kind, and the public id where there is one."""

    kind: str
    id: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True)
class Fact:
    """An event before it has its place in the chain. `data` holds ids and numbers, never personal data."""

    type: str
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)


class Event(models.Model):
    """One append-only fact. Its hash covers its content and the hash of the one before it.

    The database itself refuses UPDATE and DELETE (migration `orders.0002`).
    """

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "evt"), editable=False)
    # Found by its constraint with the sequence.
    shipment = models.ForeignKey(
        "orders.Shipment", on_delete=models.PROTECT, related_name="events", db_index=False
    )
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 - the API answers null, not ""
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shipment", "sequence"), name="one_event_per_place_in_chain"),
        )
        # Rotations are few, and looked for among all events: whose recipients were asked for their code.
        indexes = (
            models.Index(fields=("at",), condition=models.Q(type="code.rotated"), name="rotation_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"

    @classmethod
    def following(
        cls, shipment: "Shipment", fact: Fact, *, at: datetime, sequence: int, previous: str
    ) -> "Event":
        """The event of this fact at this place in the shipment's chain, hashed, not yet stored."""
        event = unsaved(
            cls,
            shipment=shipment,
            sequence=sequence,
            type=fact.type,
            at=at,
            actor_kind=fact.actor.kind,
            actor_id=fact.actor.id,
            data=fact.data,
            previous_hash=previous,
        )
        event.hash = event.computed_hash(shipment.public_id)
        return event

    def computed_hash(self, shipment_id: str) -> str:
        """SHA-256 over the event's canonical JSON (sorted names, no spaces, UTF-8), in hex."""
        content = {
            "actor": {"id": self.actor_id, "kind": self.actor_kind},
            "at": self.at.isoformat(timespec="microseconds"),
            "data": self.data,
            "id": self.public_id,
            "previous": self.previous_hash,
            "sequence": self.sequence,
            "shipment": shipment_id,
            "type": self.type,
        }
        return hashlib.sha256(CANONICAL.encode(content).encode()).hexdigest()
