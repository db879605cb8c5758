"""doctor looks at the secrets, and shows none."""

import pytest
from pytest_django import Settings

from delivery_otp.doctor import Level
from handoffs.models import DeliveryCode
from tests.accounts.factors import an_app
from tests.accounts.stories import an_account
from tests.doctor.conftest import found, said
from tests.handoffs.stories import out_for_delivery
from tests.proofs.stories import delivered

GOOD = bytes(range(100, 132))


@pytest.fixture(autouse=True)
def _good_secrets(settings: Settings) -> None:
    settings.SECRET_KEY = "aW4gdGhlIGJlZ2lubmluZyB0aGVyZSB3YXMgYSBwYXJjZWwgd2l0aA"
    settings.DELIVERY_CODE_KEYS = {"k1": GOOD}


def test_good_secrets_are_well_and_not_shown(settings: Settings) -> None:
    assert said("keys") == []
    assert settings.SECRET_KEY not in repr(found("keys"))


def test_a_signing_key_that_is_not_random_is_found(settings: Settings) -> None:
    settings.QR_SIGNING_KEYS = {"q1": GOOD, "q2": bytes(32)}
    assert said("keys") == ["These signing keys are not random: q2."]
    assert str(GOOD) not in repr(found("keys"))


@pytest.mark.parametrize("secret", ["hush", "a" * 60, "ab" * 40])
def test_a_secret_that_is_easy_to_guess_is_found(settings: Settings, secret: str) -> None:
    settings.SECRET_KEY = secret
    assert said("keys") == ["SECRET_KEY is easy to guess: it is short, or made of few different characters."]
    assert secret not in repr(found("keys"))


def test_a_fallback_that_is_easy_to_guess_is_found(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = ["old"]
    assert [says.partition(" ")[0] for says in said("keys")] == ["SECRET_KEY_FALLBACKS"]


def test_a_master_key_that_is_not_random_is_found(settings: Settings) -> None:
    settings.DELIVERY_CODE_KEYS = {"k1": GOOD, "k2": bytes(32)}
    assert said("keys") == ["These delivery code keys are not random: k2."]


def test_one_key_under_two_ids_is_found(settings: Settings) -> None:
    settings.DELIVERY_CODE_KEYS = {"k1": GOOD, "k2": GOOD}
    assert said("keys") == ["Two delivery code keys are the same under different ids."]


def test_debug_on_a_public_address_is_found(settings: Settings) -> None:
    settings.HOST = "0.0.0.0"
    assert said("keys") == ["DEBUG is on, and others can reach this address."]
    settings.HOST, settings.PUBLIC_HOST = "127.0.0.1", "codes.example.com"
    assert said("keys") == ["DEBUG is on, and others can reach this address."]
    settings.DEVELOPMENT = False
    assert said("keys") == said("keys", Level.WARNING) == []


@pytest.mark.django_db
def test_a_key_that_living_codes_need_and_that_is_gone_is_found(settings: Settings) -> None:
    out_for_delivery()
    assert said("codes") == []
    settings.DELIVERY_CODE_KEYS = {"k2": GOOD}
    assert said("codes") == ["1 living codes come from keys that are not configured: k1."]
    assert DeliveryCode.objects.living().count() == 1


@pytest.mark.django_db
def test_a_key_that_an_app_is_sealed_under_and_that_is_gone_is_found(settings: Settings) -> None:
    an_app(an_account())
    assert said("codes") == []
    settings.DELIVERY_CODE_KEYS = {"k2": GOOD}
    assert len(said("codes")) == 1
    assert said("codes")[0].startswith("1 authenticator apps are sealed under keys that are not configured")


@pytest.mark.django_db
def test_proofs_whose_key_is_gone_are_found(settings: Settings) -> None:
    delivered()
    assert said("proofs", Level.WARNING) == []
    settings.QR_SIGNING_KEYS = {"q2": GOOD}
    delivered()
    assert said("proofs", Level.WARNING) == [
        "1 proofs of delivery were signed with keys that are not configured."
    ]
