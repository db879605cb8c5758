from django.apps import AppConfig


class CouriersConfig(AppConfig):
    name = "couriers"

    def ready(self) -> None:
        from api.tokens import register_token
        from couriers.tokens import caller_of
        from fleet.enrol import TOKEN_PREFIX

        register_token(TOKEN_PREFIX, caller_of)
