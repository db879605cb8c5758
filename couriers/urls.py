"""The courier's addresses, under /api/v1/courier/."""

from django.urls import path

from couriers.views import devices, handoff, photos, release, route, visits

urlpatterns = [
    path("shipments/<str:shipment_id>/handoff", handoff.HandOver.as_view()),
    path("devices", devices.Devices.as_view()),
    path("devices/current", devices.CurrentDevice.as_view()),
    path("photos", photos.Photos.as_view()),
    path("route", route.CurrentRoute.as_view()),
    path("route/start", route.StartRoute.as_view()),
    path("shipments/<str:shipment_id>/arrive", visits.Arrive.as_view()),
    path("shipments/<str:shipment_id>/resend", visits.Resend.as_view()),
    path("shipments/<str:shipment_id>/fail", visits.Fail.as_view()),
    path("shipments/<str:shipment_id>/reopen", visits.Reopen.as_view()),
    path("shipments/<str:shipment_id>/release-request", release.Release.as_view()),
]
