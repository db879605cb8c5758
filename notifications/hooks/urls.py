"""Twilio's addresses, below /hooks/twilio/."""

from django.urls import path

from notifications.hooks import inbound, status, voice

urlpatterns = [
    path("status", status.status),
    path("inbound", inbound.message),
    path("voice/<str:message_id>", voice.ask),
    path("voice/<str:message_id>/key", voice.tell),
]
