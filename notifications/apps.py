"""The message outbox as a Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from notifications import looking, retention, worker

        worker.every(looking.INTERVAL_SECONDS, looking.look)
        worker.every(retention.INTERVAL_SECONDS, retention.forget)
