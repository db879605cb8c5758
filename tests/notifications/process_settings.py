"""The service's own settings and the tests' message kind, for worker processes."""

from delivery_otp.settings import *  # noqa: F403
from delivery_otp.settings import INSTALLED_APPS as SERVICE_APPS

INSTALLED_APPS = [*SERVICE_APPS, "tests.notifications.greeting_app.GreetingConfig"]
