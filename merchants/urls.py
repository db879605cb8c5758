"""The merchant's addresses, under /api/v1/."""

from django.urls import path

from merchants.views import batch, couriers, orders, routes, shipments

urlpatterns = [
    path("orders", orders.Orders.as_view()),
    path("orders/batch", batch.OrdersBatch.as_view()),
    path("orders/<str:order_id>", orders.OneOrder.as_view()),
    path("shipments/<str:shipment_id>", shipments.OneShipment.as_view()),
    path("shipments/<str:shipment_id>/events", shipments.ShipmentEvents.as_view()),
    path("shipments/<str:shipment_id>/proof", shipments.ShipmentProof.as_view()),
    path("shipments/<str:shipment_id>/dispatch", shipments.Dispatch.as_view()),
    path("shipments/<str:shipment_id>/cancel", shipments.Cancel.as_view()),
    path("shipments/<str:shipment_id>/in-transit", shipments.InTransit.as_view()),
    path("shipments/<str:shipment_id>/return", shipments.Return.as_view()),
    path("shipments/<str:shipment_id>/returned", shipments.Returned.as_view()),
    path("shipments/<str:shipment_id>/recipient", shipments.ShipmentRecipient.as_view()),
    path("routes", routes.Routes.as_view()),
    path("routes/<str:route_id>", routes.OneRoute.as_view()),
    path("couriers", couriers.Couriers.as_view()),
    path("couriers/<str:courier_id>", couriers.OneCourier.as_view()),
    path("couriers/<str:courier_id>/enrolment", couriers.CourierEnrolment.as_view()),
    path("couriers/<str:courier_id>/devices/<str:device_id>", couriers.CourierDevice.as_view()),
]
