from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "fleet"

    def ready(self) -> None:
        from fleet import close
        from notifications import worker

        worker.every(close.INTERVAL_SECONDS, close.close_past_routes)
