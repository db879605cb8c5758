"""Three views: nothing but DRF, DRF with its own tokens, and a handoff assembled from django-otp.

The last one does what a careful user would do: it locks, lets `EmailDevice` compare, limit and end the token,
and writes status, proof, event and message in one transaction.
"""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication, TokenAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.otp_shop.models import Event, Message, Proof, Shipment


class Bare(APIView):
    authentication_classes: tuple[type[BaseAuthentication], ...] = ()
    permission_classes: tuple[type[BasePermission], ...] = (AllowAny,)

    def post(self, request: Request, public_id: str) -> Response:
        return Response({"status": "delivered", "shipment": public_id})


class WithToken(Bare):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)


class HandoffSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=8)
    received_by = serializers.CharField(max_length=20, default="recipient")


class HandOver(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    def post(self, request: Request, public_id: str) -> Response:
        form = HandoffSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        with transaction.atomic():
            shipment = get_object_or_404(
                Shipment.objects.select_for_update(of=("self",)).select_related("recipient"),
                public_id=public_id,
                courier=request.user,
            )
            if shipment.status != "out_for_delivery":
                return Response({"detail": "not out"}, status=status.HTTP_409_CONFLICT)
            device = EmailDevice.objects.select_for_update().get(user=shipment.recipient, confirmed=True)
            if not device.verify_token(form.validated_data["code"]):
                return Response({"detail": "wrong code"}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
            now = timezone.now()
            shipment.status, shipment.delivered_at = "delivered", now
            shipment.save(update_fields=["status", "delivered_at"])
            received_by = form.validated_data["received_by"]
            Proof.objects.create(shipment=shipment, courier=request.user, received_by=received_by, at=now)
            Event.objects.create(shipment=shipment, type="shipment.delivered", at=now)
            Message.objects.create(shipment=shipment, to=shipment.recipient.email, kind="handed_over")
        return Response({"status": "delivered", "shipment": public_id})
