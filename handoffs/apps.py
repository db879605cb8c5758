from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    name = "handoffs"

    def ready(self) -> None:
        from handoffs import expire, messages
        from notifications import worker

        messages.register()
        worker.every(expire.INTERVAL_SECONDS, expire.expire)
