"""The tests' message kind as an app, for worker processes of their own."""

from django.apps import AppConfig


class GreetingConfig(AppConfig):
    name = "tests.notifications"
    label = "tests_notifications"

    def ready(self) -> None:
        from tests.notifications import greeting  # noqa: F401 - registers its kind
