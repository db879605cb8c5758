"""E-mail goes one way, by a provider that exists, and never out of a sandbox."""

import pytest

from tests.house.test_environment import manage, production

__all__ = ["production"]  # the fixture

POSTMARK = {"EMAIL_PROVIDER": "postmark", "ANYMAIL": '{"POSTMARK_SERVER_TOKEN": "t"}'}


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"EMAIL_PROVIDER": "pigeon"}, "EMAIL_PROVIDER=pigeon is not a provider"),
        ({"EMAIL_PROVIDER": "base.os"}, "EMAIL_PROVIDER=base.os is not a provider"),
        (POSTMARK | {"EMAIL_URL": "smtp://127.0.0.1:25"}, "EMAIL_URL and EMAIL_PROVIDER are both set"),
        (POSTMARK | {"SANDBOX": "1", "SANDBOX_PASSWORD": "x"}, "a real channel is configured"),
    ],
)
def test_what_does_not_fit_together_stops_the_start(
    production: dict[str, str], variables: dict[str, str], says: str
) -> None:
    done = manage(production | variables, "check")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_provider_s_mails_are_never_printed_whatever_its_settings_say(production: dict[str, str]) -> None:
    settings = POSTMARK | {"ANYMAIL": '{"POSTMARK_SERVER_TOKEN": "t", "DEBUG_API_REQUESTS": true}'}
    code = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.ANYMAIL['DEBUG_API_REQUESTS'])"
    done = manage(production | settings, "shell", "-v0", "-c", code)
    assert done.stdout.strip() == "anymail.backends.postmark.EmailBackend False", done.stderr
