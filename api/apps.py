from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What every API shares. Its one table holds the stored answers of idempotent requests."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"
