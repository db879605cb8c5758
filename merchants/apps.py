from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "merchants"

    def ready(self) -> None:
        from api.tokens import register_token
        from merchants.models import LIVE_PREFIX, TEST_PREFIX, caller_of

        for prefix in (TEST_PREFIX, LIVE_PREFIX):
            register_token(prefix, caller_of)
