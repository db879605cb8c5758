from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What every API shares. Its one table holds the stored answers of idempotent requests."""

    name = "api"

    def ready(self) -> None:
        from api import schema  # noqa: F401 - describes the bearer token to the OpenAPI generator
