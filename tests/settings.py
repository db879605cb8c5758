"""The service's settings under fixed test secrets: `pytest`, `mypy` and bin/check need no environment."""

import os

from tests.servers.environment import TEST_SECRETS

os.environ.update(TEST_SECRETS, DEBUG="1", SANDBOX="1", PUBLIC_URL="http://127.0.0.1:8000")
for channel in ("TWILIO_ACCOUNT_SID", "EMAIL_URL", "SANDBOX_PASSWORD"):
    os.environ.pop(channel, None)

from delivery_otp.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nothing here is secret
