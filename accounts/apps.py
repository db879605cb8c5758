from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.challenges import expire
        from accounts.messages import kinds
        from notifications import worker

        kinds.register()
        worker.every(expire.INTERVAL_SECONDS, expire.expire_challenges)
        worker.every(3600, expire.forget_challenges)
