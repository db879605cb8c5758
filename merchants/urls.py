"""The merchant's addresses, under /api/v1/."""

from django.urls import path

from merchants.views import orders, shipments

urlpatterns = [
    path("orders", orders.Orders.as_view()),
    path("orders/<str:order_id>", orders.OneOrder.as_view()),
    path("shipments/<str:shipment_id>", shipments.OneShipment.as_view()),
    path("shipments/<str:shipment_id>/events", shipments.ShipmentEvents.as_view()),
    path("shipments/<str:shipment_id>/proof", shipments.ShipmentProof.as_view()),
    path("shipments/<str:shipment_id>/dispatch", shipments.Dispatch.as_view()),
    path("shipments/<str:shipment_id>/cancel", shipments.Cancel.as_view()),
]
