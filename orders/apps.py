from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from notifications import caps
        from orders.models.merchants import sms_cap_of

        caps.cap_of_payer = sms_cap_of
