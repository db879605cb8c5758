"""Shipments: show, and what a merchant does to one."""

from typing import Protocol

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from api.refusals import Refusal
from api.schema import refuses
from api.serializers import ListQuery, NothingSerializer
from handoffs.cancel import cancel
from handoffs.contact import change_recipient
from handoffs.dispatch import dispatch
from handoffs.models import ProofOfDelivery
from handoffs.returns import send_back, take_back
from handoffs.transit import put_in_transit
from merchants.describe import describe, describe_list
from merchants.forms import ChangedRecipientSerializer, DispatchSerializer
from merchants.shapes import EventSerializer, ProofSerializer, ShipmentSerializer, shown_shipments
from merchants.views.base import MerchantView
from orders.models import Actor, Event, Shipment
from orders.models.shipments import ShipmentQuerySet


class OneShipment(MerchantView):
    @describe("get_shipment", answers=ShipmentSerializer)
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """One shipment. It says how its code stands, never what it is."""
        shipment = self.shipments(shown_shipments()).filter(public_id=shipment_id).first()
        return self.refuse("not_found") if shipment is None else Response(ShipmentSerializer(shipment).data)


class ShipmentEvents(MerchantView):
    query = ListQuery

    @describe_list("list_shipment_events", EventSerializer)
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """The shipment's timeline, oldest first."""
        shipment = self.shipments().filter(public_id=shipment_id).first()
        if shipment is None:
            return self.refuse("not_found")
        events = Event.objects.filter(shipment=shipment).select_related("shipment")
        return self.list_of(events, EventSerializer, oldest_first=True)


class ShipmentProof(MerchantView):
    @describe("get_shipment_proof", answers=ProofSerializer)
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """How, when, where, by whom and to whom it was handed over. Not found until it was."""
        proofs = ProofOfDelivery.objects.select_related("shipment", "courier")
        proof = proofs.filter(shipment__in=self.shipments().filter(public_id=shipment_id)).first()
        return self.refuse("not_found") if proof is None else Response(ProofSerializer(proof).data)


class Verb(Protocol):
    """A verb of `handoffs` that needs to know nothing else."""

    def __call__(self, *, within: ShipmentQuerySet, shipment_id: str, actor: Actor) -> Shipment | Refusal: ...


class ShipmentVerbView(MerchantView):
    """What is done to a shipment answers with the shipment."""

    def do(self, verb: Verb, shipment_id: str) -> HttpResponse:
        self.read(NothingSerializer)
        return self.answer(verb(within=self.shipments(), shipment_id=shipment_id, actor=self.actor))

    def answer(self, outcome: Shipment | Refusal) -> HttpResponse:
        if isinstance(outcome, Refusal):
            return self.refuse(outcome)
        return Response(ShipmentSerializer(shown_shipments().get(pk=outcome.pk)).data)


class Dispatch(ShipmentVerbView):
    @refuses("illegal_transition")
    @describe("dispatch_shipment", takes=DispatchSerializer, answers=ShipmentSerializer)
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Out for delivery on this courier's route of today; its code, if it needs one, goes out."""
        wanted = self.read(DispatchSerializer)["courier"]
        if not self.shipments().filter(public_id=shipment_id).exists():
            return self.refuse("not_found")
        courier = self.courier(wanted)
        if isinstance(courier, Refusal):
            return self.refuse(courier)
        return self.answer(
            dispatch(within=self.shipments(), shipment_id=shipment_id, courier=courier, actor=self.actor)
        )


class InTransit(ShipmentVerbView):
    @refuses("illegal_transition")
    @describe("put_shipment_in_transit", answers=ShipmentSerializer)
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """The carrier has it."""
        return self.do(put_in_transit, shipment_id)


class Cancel(ShipmentVerbView):
    @refuses("illegal_transition")
    @describe("cancel_shipment", answers=ShipmentSerializer)
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Call the delivery off, at any time before it is delivered or on its way back."""
        return self.do(cancel, shipment_id)


class Return(ShipmentVerbView):
    @refuses("illegal_transition")
    @describe("return_shipment", answers=ShipmentSerializer)
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Send it back after a failed visit. Its code ends."""
        return self.do(send_back, shipment_id)


class Returned(ShipmentVerbView):
    @refuses("illegal_transition")
    @describe("close_returned_shipment", answers=ShipmentSerializer)
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """It has come back."""
        return self.do(take_back, shipment_id)


class ShipmentRecipient(ShipmentVerbView):
    @refuses("illegal_transition", "rate_limited")
    @describe("change_recipient", takes=ChangedRecipientSerializer, answers=ShipmentSerializer)
    def patch(self, request: Request, shipment_id: str) -> HttpResponse:
        """Change the recipient of the shipment's order.

        Another phone or e-mail address ends the live codes of all its shipments and tells the contacts
        before. High value gets no new code on the same delivery day. An order's contact is changed five times
        a day at most.
        """
        changes = self.read(ChangedRecipientSerializer)
        return self.answer(
            change_recipient(
                within=self.shipments(), shipment_id=shipment_id, changes=changes, actor=self.actor
            )
        )
