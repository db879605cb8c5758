"""As few tables as a handoff with its proof, its event and its message needs."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models


class Shipment(models.Model):
    public_id = models.CharField(max_length=32, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="parcels")
    courier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries")
    status = models.CharField(max_length=20)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return self.public_id


class Proof(models.Model):
    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT)
    courier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    received_by = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return str(self.at)


class Event(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT)
    type = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return self.type


class Message(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT)
    to = models.EmailField()
    kind = models.CharField(max_length=40)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return self.kind
