"""Who delivers, from where, with which handheld, on which run."""

import datetime
from functools import partial
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.models import User
from api.ids import new_id
from fleet.enrolment_codes import enrolment_digests, new_enrolment_code
from orders.models import Merchant, Shipment
from orders.models.shipments import WITH_MERCHANT

ENROLMENT_LIFETIME = datetime.timedelta(days=7)


def validate_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(f"{name!r} is not an IANA time zone like Europe/London.") from error


class DepotQuerySet(models.QuerySet["Depot"]):
    def visible_to(self, merchant: Merchant) -> Self:
        """The merchant's own depots and the shared ones."""
        return self.filter(models.Q(merchant=merchant) | models.Q(merchant=None))


class Depot(models.Model):
    """A place that couriers deliver from. One merchant's, or shared by the installation."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "dep"), editable=False)
    merchant = models.ForeignKey(Merchant, null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])

    objects: ClassVar[DepotQuerySet] = DepotQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def shared_default(cls) -> "Depot":
        """The installation's first shared depot, made where there is none."""
        shared = cls.objects.filter(merchant=None).order_by("pk").first()
        return shared or cls.objects.create(name="Main depot")

    def today(self, now: datetime.datetime | None = None) -> datetime.date:
        """The depot's own date, which a route belongs to and a courier's budget is counted by."""
        return (now or timezone.now()).astimezone(ZoneInfo(self.timezone)).date()


class CourierQuerySet(models.QuerySet["Courier"]):
    def visible_to(self, merchant: Merchant) -> Self:
        """The couriers of the merchant's own depots and of the shared ones."""
        return self.filter(models.Q(depot__merchant=merchant) | models.Q(depot__merchant=None))

    def for_mode(self, *, livemode: bool) -> Self:
        """Those who carry parcels of this mode, or have carried none of either by now."""
        return self.filter(models.Q(livemode=livemode) | models.Q(livemode=None))


class Courier(models.Model):
    """A person who delivers."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "cou"), editable=False)
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="couriers")
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True)
    livemode = models.BooleanField(
        "live",
        null=True,
        blank=True,
        help_text="Whether they carry real parcels or test ones; unknown until their first real one.",
    )
    account = models.OneToOneField(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courier",
        limit_choices_to={"is_staff": True},
        help_text="Their own sign-in as staff, if they have one: nobody decides on what they asked for.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[CourierQuerySet] = CourierQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    def takes_on(self, *, livemode: bool) -> bool:
        """Whether parcels of this mode may be given to them. The first real one makes them a live courier for
        good: then nobody's test parcel comes onto their runs. Call inside the transaction that gives it."""
        if livemode:
            Courier.objects.filter(pk=self.pk, livemode=None).update(livemode=True)
        return Courier.objects.for_mode(livemode=livemode).filter(pk=self.pk).exists()


class Enrolment(models.Model):
    """A one-time code that binds a handheld to a courier."""

    courier = models.ForeignKey(Courier, on_delete=models.CASCADE, related_name="enrolments")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Staff, if it was."
    )

    def __str__(self) -> str:
        return f"enrolment of {self.courier_id}"

    @classmethod
    def issue(cls, courier: Courier, *, by: User | None = None) -> tuple["Enrolment", str]:
        """A new enrolment and its code, in groups of four. The code is shown once and not stored.

        `by`: the member of staff who is shown it.
        """
        plain = new_enrolment_code()
        enrolment = cls.objects.create(
            courier=courier,
            digest=enrolment_digests(plain)[0],
            expires_at=timezone.now() + ENROLMENT_LIFETIME,
            issued_by=by,
        )
        return enrolment, "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


class Device(models.Model):
    """A handheld enrolled for a courier. Its token is kept hashed and can be revoked at once."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "dev"), editable=False)
    courier = models.ForeignKey(Courier, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=100, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    enrolled_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The member of staff who was shown its enrolment code: they may hold it themselves.",
    )

    def __str__(self) -> str:
        return self.name or self.public_id

    def revoke(self) -> None:
        """End the token at once. A second time changes nothing."""
        Device.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())


class RouteQuerySet(models.QuerySet["Route"]):
    def current_of(self, courier: Courier, now: datetime.datetime | None = None) -> "Route | None":
        """The courier's newest run that is not closed. One planned for a later day only where there is no
        other."""
        unclosed = self.filter(courier=courier, closed_at=None)
        begun = unclosed.filter(date__lte=courier.depot.today(now)).order_by("-date").first()
        return begun or unclosed.order_by("date").first()


class Route(models.Model):
    """A courier's run on one day of the depot."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "rte"), editable=False)
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="routes")
    date = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RouteQuerySet] = RouteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("courier", "date"), name="one_route_a_day"),)

    def __str__(self) -> str:
        return f"{self.date} {self.public_id}"

    def next_sequence(self) -> int:
        last = self.stops.aggregate(last=models.Max("sequence"))["last"]
        return (last or 0) + 1


class StopQuerySet(models.QuerySet["Stop"]):
    def current(self) -> Self:
        return self.filter(replaced_at=None)

    def hold(self, courier_id: int, shipment_id: str) -> "Stop | None":
        """Lock the courier's stop of this shipment with courier and shipment; None where it is not theirs.

        Call inside a transaction, first of all: what is read after it is as it stays until COMMIT.
        """
        return (
            self.current()
            .filter(
                route__courier_id=courier_id, route__courier__active=True, shipment__public_id=shipment_id
            )
            .select_related("shipment", "route__courier__depot")
            # The order after the lock, for the reason that `Shipment.objects.locked` gives.
            .prefetch_related(models.Prefetch("shipment__order", WITH_MERCHANT))
            # The shipment first, as whoever moves a stop to another route does: else the two would deadlock.
            .select_for_update(of=("shipment", "self", "route__courier"), no_key=True)
            .first()
        )


class Stop(models.Model):
    """One shipment on a route. A shipment has at most one stop that was not replaced by another."""

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="stops")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="stops")
    sequence = models.PositiveIntegerField()
    eta_from = models.DateTimeField(null=True, blank=True)
    eta_to = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    arrived_at = models.DateTimeField(null=True, blank=True, help_text="When we were told.")
    arrival_occurred_at = models.DateTimeField(null=True, blank=True, help_text="When the handheld says.")
    arrival_latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    arrival_longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    arrival_accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    recipient_here_at = models.DateTimeField(
        null=True, blank=True, help_text="When the recipient last said on their page that they are there."
    )

    objects: ClassVar[StopQuerySet] = StopQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("shipment",),
                condition=models.Q(replaced_at=None),
                name="one_current_stop_per_shipment",
            ),
        )

    def __str__(self) -> str:
        return f"stop {self.sequence} of {self.route_id}"
