from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import exposed, history, sessions
        from accounts.challenges import expire
        from accounts.delivery import language_chosen_for
        from accounts.messages import kinds
        from notifications import kinds as all_kinds
        from notifications import worker

        kinds.register()
        all_kinds.ask_for_language(language_chosen_for)
        worker.every(expire.INTERVAL_SECONDS, expire.expire_challenges)
        worker.every(3600, expire.forget_challenges)
        worker.every(exposed.INTERVAL_SECONDS, exposed.warn_of_unfinished)
        worker.every(3600, exposed.forget_tries)
        worker.every(3600, history.forget)
        worker.every(3600, sessions.forget_sessions)
