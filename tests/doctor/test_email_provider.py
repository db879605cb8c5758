"""doctor looks at an e-mail provider's settings, and at whether its receipts are taken."""

import pytest
from pytest_django import Settings

from delivery_otp.doctor import Level
from tests.doctor.conftest import found, said

TOKEN = "only-for-tests-token"


@pytest.fixture(autouse=True)
def _provider(settings: Settings) -> None:
    settings.SANDBOX, settings.EMAIL_CONFIGURED, settings.EMAIL_PROVIDER = False, True, "postmark"
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": TOKEN, "WEBHOOK_SECRET": "hooks:random"}
    settings.DEFAULT_FROM_EMAIL = "Acme <codes@acme.example>"


@pytest.mark.django_db
def test_a_provider_with_its_settings_is_well(settings: Settings) -> None:
    assert said("channels") == []
    assert any(says.startswith("E-mail goes by postmark.") for says in said("channels", Level.OK))
    address = f"{settings.PUBLIC_URL}/hooks/email/postmark/"
    assert any(address in says for says in said("channels", Level.OK))
    assert TOKEN not in repr(found("channels"))


@pytest.mark.django_db
def test_a_missing_setting_is_named(settings: Settings) -> None:
    settings.ANYMAIL = {}
    assert said("channels") == ["The e-mail provider postmark is not set up."]
    [problem] = [each for each in found("channels") if each.level == Level.PROBLEM]
    assert "POSTMARK_SERVER_TOKEN" in problem.mend


@pytest.mark.django_db
def test_a_package_that_a_provider_needs_besides_is_named(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = "amazon_ses"
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    assert said("channels") == ["The e-mail provider amazon_ses is not set up."]
    [problem] = [each for each in found("channels") if each.level == Level.PROBLEM]
    assert "boto3" in problem.mend


@pytest.mark.django_db
def test_receipts_that_are_refused_for_want_of_a_secret_are_a_warning(settings: Settings) -> None:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": TOKEN}
    assert any("Receipts of e-mail are refused" in says for says in said("channels", Level.WARNING))
