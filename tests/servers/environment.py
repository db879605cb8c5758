"""The environment that tests and the services they start see: fixed test secrets and nothing of the machine's own."""

import os

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
TEST_SECRETS = {
    "SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789-0123456789",
    "DELIVERY_CODE_KEYS": "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
}


def service_environment(**variables: str) -> dict[str, str]:
    """What a started service sees: DEBUG=1 as under bin/run, the sandbox phone, test secrets, and `variables`."""
    base = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**base, "DEBUG": "1", "SANDBOX": "1", **TEST_SECRETS, **variables}
