"""`manage.py create_merchant`."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from merchants.models import ApiKey
from tests.base import ApiClient, a_key, acme

pytestmark = pytest.mark.django_db


def created(*options: str) -> dict[str, str]:
    out = StringIO()
    call_command("create_merchant", "Acme", "--json", *options, stdout=out)
    answer: dict[str, str] = json.loads(out.getvalue().splitlines()[-1])
    return answer


@pytest.mark.parametrize(("options", "prefix"), [((), "mk_test_"), (("--live",), "mk_live_")])
def test_a_new_merchants_key_works(options: tuple[str, ...], prefix: str) -> None:
    answer = created(*options)
    assert sorted(answer) == ["api_key", "merchant"]
    assert answer["merchant"].startswith("mer_")
    assert answer["api_key"].startswith(prefix)
    assert ApiClient(answer["api_key"]).send("GET", "/orders").status_code == 200


def test_for_people_it_says_what_it_made() -> None:
    out = StringIO()
    call_command("create_merchant", "Acme", stdout=out)
    assert "mk_test_" in out.getvalue()


def test_a_key_is_not_stored_and_ends_at_once_when_revoked() -> None:
    token = a_key(acme())
    key = ApiKey.objects.get()
    assert token not in str(vars(key))
    key.revoke()
    assert ApiClient(token).send("GET", "/orders").status_code == 401
