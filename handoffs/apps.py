from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    name = "handoffs"

    def ready(self) -> None:
        from handoffs import expire, messages
        from handoffs.preferences import expire as challenges
        from handoffs.preferences import messages as preference_messages
        from notifications import worker

        messages.register()
        preference_messages.register()
        worker.every(expire.INTERVAL_SECONDS, expire.expire)
        worker.every(challenges.INTERVAL_SECONDS, challenges.expire_challenges)
