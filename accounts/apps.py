from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import exposed, history
        from accounts.challenges import expire
        from accounts.messages import kinds
        from notifications import worker

        kinds.register()
        worker.every(expire.INTERVAL_SECONDS, expire.expire_challenges)
        worker.every(3600, expire.forget_challenges)
        worker.every(exposed.INTERVAL_SECONDS, exposed.warn_of_unfinished)
        worker.every(3600, exposed.forget_tries)
        worker.every(3600, history.forget)
