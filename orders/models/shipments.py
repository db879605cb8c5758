"""What is handed over in one visit, and the states it goes through."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from api.ids import new_id
from orders.models.events import Event, Fact
from orders.models.merchants import Merchant
from orders.models.orders import Order

TRACKING_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TRACKING_LENGTH = 11  # 30^11 is above 10^16: nobody guesses a neighbour's page


def new_tracking_number() -> str:
    """Letters and digits that are not mistaken for one another, when read aloud either."""
    return "".join(secrets.choice(TRACKING_ALPHABET) for _ in range(TRACKING_LENGTH))


class Status(models.TextChoices):
    CREATED = "created"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"


# From which statuses each status is reached.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.IN_TRANSIT: frozenset({Status.CREATED}),
    Status.OUT_FOR_DELIVERY: frozenset({Status.CREATED, Status.IN_TRANSIT, Status.ATTEMPT_FAILED}),
    Status.ATTEMPT_FAILED: frozenset({Status.OUT_FOR_DELIVERY}),
    Status.DELIVERED: frozenset({Status.OUT_FOR_DELIVERY}),
    Status.RETURNING: frozenset({Status.ATTEMPT_FAILED}),
    Status.RETURNED: frozenset({Status.RETURNING}),
    Status.CANCELLED: frozenset(
        {Status.CREATED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED}
    ),
}
CLOSED = frozenset({Status.DELIVERED, Status.RETURNED, Status.CANCELLED})
OPEN = frozenset(Status) - CLOSED


class CodeReason(models.TextChoices):
    """Why a shipment needs a code, or why it does not."""

    HIGH_VALUE = "high_value"
    CATEGORY = "category"
    MERCHANT_REQUIRED = "merchant_required"
    RECIPIENT_CHOICE = "recipient_choice"
    ROUTINE = "routine"
    OPTED_OUT = "opted_out"
    MERCHANT_WAIVED = "merchant_waived"


WITH_MERCHANT = Order.objects.select_related("merchant")


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def of(self, merchant: Merchant, *, livemode: bool) -> Self:
        """What a key of this merchant can find: its own, made with a key of the same kind."""
        return self.filter(order__merchant=merchant, order__livemode=livemode)

    def hold(self, public_id: str) -> "Shipment | None":
        """Lock one of these shipments; None if it is not among them. Call inside a transaction, first."""
        return self.filter(public_id=public_id).locked().first()

    def locked(self, orders: models.QuerySet[Order] = WITH_MERCHANT) -> Self:
        """These shipments, locked in the order of their keys, so that two who lock some never wait in a ring.
        `orders`: how their orders are read.

        Those are read by the next statement: joined, a row that changed while we waited for the lock
        would still be as it was before (PostgreSQL, READ COMMITTED), and a code would go to an old contact.
        """
        ordered = self.order_by("pk").select_for_update(of=("self",), no_key=True)
        return ordered.prefetch_related(models.Prefetch("order", orders))


class Shipment(models.Model):
    """What is handed over in one visit: one or more parcels. Owns the status."""

    class Choice(models.TextChoices):
        """What the merchant asked for."""

        AUTO = "auto"
        REQUIRED = "required"
        NEVER = "never"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "shp"), editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    reference = models.CharField(max_length=100)
    tracking_number = models.CharField(
        max_length=16, unique=True, default=new_tracking_number, editable=False
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.CREATED)
    declared_value = models.DecimalField(max_digits=15, decimal_places=3)
    category = models.CharField(max_length=60, blank=True)
    code_choice = models.CharField(max_length=10, choices=Choice, default=Choice.AUTO)
    code_required = models.BooleanField()
    code_reason = models.CharField(max_length=20, choices=CodeReason)
    code_held_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="No new code before then: the contact of a high-value order was changed.",
    )
    release_open = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="A release is asked for, or approved and not used.",
    )
    passes_made = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How many delegates the recipient has named for it, over its whole life.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the recipient said that they did not get it."
    )
    events_count = models.PositiveIntegerField(default=0)
    events_head = models.CharField(max_length=64, blank=True)

    objects: ClassVar[ShipmentQuerySet] = ShipmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(fields=("reference",), name="shipment_by_reference"),
            models.Index(
                fields=("disputed_at",),
                condition=models.Q(disputed_at__isnull=False),
                name="shipment_by_dispute",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("order", "reference"), name="one_shipment_per_reference"),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="shipment_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="delivered", delivered_at__isnull=False)
                | (~models.Q(status="delivered") & models.Q(delivered_at__isnull=True)),
                name="shipment_delivered_at_iff_delivered",
            ),
        )

    def __str__(self) -> str:
        return self.tracking_number

    @property
    def tracking_url(self) -> str:
        """The bare page: status, never a code."""
        return f"{settings.PUBLIC_URL}/o/{self.tracking_number}/"

    @property
    def is_out(self) -> bool:
        return self.status == Status.OUT_FOR_DELIVERY

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    def may_become(self, status: Status) -> bool:
        """Whether the table of transitions leads from here to there."""
        return Status(self.status) in TRANSITIONS[status]

    def become(self, status: Status, facts: Iterable[Fact], *, at: datetime | None = None) -> None:
        """`become_all` of this one."""
        become_all(status, {self: facts}, at=at or timezone.now())

    def record(self, facts: Iterable[Fact], *, at: datetime | None = None, **changes: object) -> None:
        """`record_all` of this one, with `changes` written in the same UPDATE."""
        assert "status" not in changes, "only `become_all` writes the status"
        _append({self: facts}, at=at or timezone.now(), changes=changes, only_from=None)

    def next_events(self, facts: Iterable[Fact], *, at: datetime) -> list[Event]:
        """The events that would tell these facts next in the chain, not yet stored."""
        events: list[Event] = []
        for fact in facts:
            count, head = self.chain_after(events)
            events.append(Event.following(self, fact, at=at, sequence=count + 1, previous=head))
        return events

    def chain_after(self, events: list[Event]) -> tuple[int, str]:
        """The chain's length and head once these events are in it."""
        return (events[-1].sequence, events[-1].hash) if events else (self.events_count, self.events_head)


# --- What happens to shipments, one or many: an UPDATE and an INSERT, however many there are -----

Told = Mapping[Shipment, Iterable[Fact]]


def become_all(status: Status, told: Told, *, at: datetime) -> None:
    """Write the status of all of these, the only place that does, together with the facts that tell it.

    Call with the rows locked and after `may_become`. The UPDATE is conditional all the same: RuntimeError
    where a row was not as it was read, so that the transaction is undone.
    """
    changes: dict[str, Any] = {"status": status}
    if status == Status.DELIVERED:
        changes["delivered_at"] = at
    _append(told, at=at, changes=changes, only_from=TRANSITIONS[status])


def record_all(told: Told, *, at: datetime) -> None:
    """Append facts to the chains of these. Call with the rows locked."""
    _append(told, at=at, changes={}, only_from=None)


def _append(
    told: Told, *, at: datetime, changes: dict[str, Any], only_from: frozenset[Status] | None
) -> None:
    if not told:
        return
    events = {shipment: shipment.next_events(facts, at=at) for shipment, facts in told.items()}
    ends = {shipment: shipment.chain_after(new) for shipment, new in events.items()}
    if _write(ends, changes, only_from) != len(ends):
        raise RuntimeError(f"a shipment among {len(ends)} changed while it was held")
    Event.objects.bulk_create(chain.from_iterable(events.values()))
    for shipment, (count, head) in ends.items():
        for name, value in {**changes, "events_count": count, "events_head": head}.items():
            setattr(shipment, name, value)


# PostgreSQL and SQLite both name the columns of VALUES column1, column2 and so on.
_ADVANCE = """
UPDATE orders_shipment SET events_count = ends.column3, events_head = ends.column4{changes}
FROM (VALUES {ends}) AS ends
WHERE orders_shipment.id = ends.column1 AND orders_shipment.events_count = ends.column2{condition}
"""


def _write(
    ends: Mapping[Shipment, tuple[int, str]], changes: dict[str, Any], only_from: frozenset[Status] | None
) -> int:
    """Give each its new end of chain, and all of them `changes`, where they are as they were read; answers
    how many were. By hand, because the ORM would make a CASE over all of them for each column."""
    columns = {
        field.column: field.get_db_prep_save(changes[field.name], connection)
        for field in Shipment._meta.concrete_fields
        if field.name in changes
    }
    statuses = sorted(only_from) if only_from is not None else []
    statement = _ADVANCE.format(
        changes="".join(f", {column} = %s" for column in columns),
        ends=", ".join(["(%s, %s, %s, %s)"] * len(ends)),
        condition=f" AND orders_shipment.status IN ({', '.join(['%s'] * len(statuses))})" if statuses else "",
    )
    values: list[Any] = [*columns.values()]
    for shipment, end in ends.items():
        values += (shipment.pk, shipment.events_count, *end)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *statuses])
        return int(cursor.rowcount)


class Parcel(models.Model):
    """One box of a shipment, known by its barcode."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="parcels")
    barcode = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shipment", "barcode"), name="one_parcel_per_barcode"),
        )

    def __str__(self) -> str:
        return self.barcode
