"""The couriers who deliver for a merchant. Those of shared depots are listed, not managed."""

from django.http import HttpResponse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.serializers import ListQuery, NothingSerializer
from fleet.models import Courier, Depot, Device, Enrolment
from fleet.shapes import CourierSerializer
from merchants.describe import describe, describe_list
from merchants.forms import ChangedCourierSerializer, NewCourierSerializer
from merchants.shapes import NewEnrolmentSerializer
from merchants.views.base import MerchantView
from orders.checking import Fault, validation_failed


class CouriersView(MerchantView):
    def managed(self, public_id: str) -> Courier | Refusal:
        """One of the merchant's own couriers of the key's mode. Refuses with not_found or, if shared,
        permission_denied.

        A live key manages whom nobody has said the mode of, too: whoever enrols a handheld for them reads
        what they carry, and that can be real parcels from tomorrow on.
        """
        known = Courier.objects.visible_to(self.merchant).select_related("depot")
        courier = known.filter(public_id=public_id).first()
        if courier is None:
            return Refusal("not_found")
        if courier.depot.merchant_id != self.merchant.pk:
            return Refusal("permission_denied", "Couriers of a shared depot are managed by its operator.")
        if (courier.livemode is not False) != self.caller.livemode:
            return Refusal("not_found")
        return courier

    def depot(self, public_id: str | None) -> Depot | Refusal:
        """The merchant's own depot of this id, or their first one. Refuses with validation_failed."""
        own = Depot.objects.filter(merchant=self.merchant).order_by("pk")
        if public_id is None:
            return own.first() or Depot.objects.create(merchant=self.merchant, name=self.merchant.name)
        found = own.filter(public_id=public_id).first()
        return found or validation_failed(Fault("/depot", "unknown", "You have no such depot of your own."))


class Couriers(CouriersView):
    query = ListQuery

    @describe_list("list_couriers", CourierSerializer)
    def get(self, request: Request) -> Response:
        """Those of one's own depots and of the shared ones that may carry parcels of the key's mode, the
        newest first."""
        couriers = (
            Courier.objects.visible_to(self.merchant)
            .for_mode(livemode=self.caller.livemode)
            .select_related("depot")
        )
        return self.list_of(couriers, CourierSerializer)

    @describe("create_courier", takes=NewCourierSerializer, answers=CourierSerializer, status=201)
    def post(self, request: Request) -> HttpResponse:
        """A new courier of an own depot, for parcels of the key's mode. Their handheld is enrolled with a
        code of its own."""
        wanted = self.read(NewCourierSerializer)
        depot = self.depot(wanted.get("depot"))
        if isinstance(depot, Refusal):
            return self.refuse(depot)
        courier = Courier.objects.create(depot=depot, name=wanted["name"], livemode=self.caller.livemode)
        return Response(CourierSerializer(courier).data, status=status.HTTP_201_CREATED)


class OneCourier(CouriersView):
    @describe("change_courier", takes=ChangedCourierSerializer, answers=CourierSerializer)
    def patch(self, request: Request, courier_id: str) -> HttpResponse:
        """Rename, move to another own depot, or let go: who is not active can do nothing from then on."""
        wanted = self.read(ChangedCourierSerializer)
        courier = self.managed(courier_id)
        if isinstance(courier, Refusal):
            return self.refuse(courier)
        if "depot" in wanted:
            depot = self.depot(wanted["depot"])
            if isinstance(depot, Refusal):
                return self.refuse(depot)
            wanted["depot"] = depot
        for name, value in wanted.items():
            setattr(courier, name, value)
        courier.save(update_fields=list(wanted))
        return Response(CourierSerializer(courier).data)


class CourierEnrolment(CouriersView):
    @describe("enrol_courier", answers=NewEnrolmentSerializer, status=201)
    def post(self, request: Request, courier_id: str) -> HttpResponse:
        """A code that enrols one handheld for this courier, once."""
        self.read(NothingSerializer)
        courier = self.managed(courier_id)
        if isinstance(courier, Refusal):
            return self.refuse(courier)
        enrolment, code = Enrolment.issue(courier, by=self.caller.row.issued_by)
        answer = {"enrolment_code": code, "expires_at": enrolment.expires_at}
        return Response(NewEnrolmentSerializer(answer).data, status=status.HTTP_201_CREATED)


class CourierDevice(CouriersView):
    @describe("revoke_device", answers=None, status=204)
    def delete(self, request: Request, courier_id: str, device_id: str) -> HttpResponse:
        """End a handheld's token at once, such as when it was lost."""
        courier = self.managed(courier_id)
        if isinstance(courier, Refusal):
            return self.refuse(courier)
        device = Device.objects.filter(courier=courier, public_id=device_id).first()
        if device is None:
            return self.refuse("not_found")
        device.revoke()
        return Response(status=status.HTTP_204_NO_CONTENT)
