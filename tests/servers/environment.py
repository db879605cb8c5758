"""The environment of the tests and of the services they start: fixed secrets, nothing of the machine's."""

import os

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
TEST_SECRETS = {
    "SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789-0123456789",
    "DELIVERY_CODE_KEYS": "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "QR_SIGNING_KEYS": "test:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
}
# The phones of one town, and one shop's: for runs that try something else than the caps.
UNCAPPED = {
    "SMS_CAP_PER_PREFIX_PER_DAY": "0",
    "SMS_CAP_PER_COUNTRY_PER_DAY": "0",
    "SMS_CAP_PER_MERCHANT_PER_DAY": "0",
    "SMS_CAP_OF_ACCOUNTS_PER_DAY": "0",
}


def service_environment(**variables: str) -> dict[str, str]:
    """What a started service sees: as under bin/run, with test secrets and `variables`."""
    base = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**base, "DEBUG": "1", "SANDBOX": "1", **TEST_SECRETS, **variables}
