from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    name = "handoffs"

    def ready(self) -> None:
        from handoffs import by_text, expire, ladder, messages, photos, show
        from handoffs.preferences import expire as challenges
        from handoffs.preferences import messages as preference_messages
        from handoffs.release import expire as releases
        from notifications import worker

        messages.register(code_settled=ladder.settled)
        preference_messages.register()
        by_text.register()
        worker.every(expire.INTERVAL_SECONDS, expire.expire)
        worker.every(ladder.INTERVAL_SECONDS, ladder.climb_silent)
        worker.every(show.INTERVAL_SECONDS, show.show_codes)
        worker.every(photos.SWEEP_SECONDS, photos.sweep_photos)
        worker.every(releases.INTERVAL_SECONDS, releases.expire_releases)
        worker.every(challenges.INTERVAL_SECONDS, challenges.expire_challenges)
