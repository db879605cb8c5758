"""The environment of the tests and of the services they start: fixed secrets, nothing of the machine's."""

import os

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
TEST_SECRETS = {
    "SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789-0123456789",
    "DELIVERY_CODE_KEYS": "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "QR_SIGNING_KEYS": "test:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
}


def service_environment(**variables: str) -> dict[str, str]:
    """What a started service sees: as under bin/run, with test secrets and `variables`."""
    base = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**base, "DEBUG": "1", "SANDBOX": "1", **TEST_SECRETS, **variables}
