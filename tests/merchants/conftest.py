"""Acme's program, with a test key."""

from pathlib import Path

import pytest

from orders.models import Merchant
from tests.base import ApiClient, a_key, acme
from tests.merchants.files import Imports


@pytest.fixture
def merchant(db: None) -> Merchant:
    return acme()


@pytest.fixture
def api(merchant: Merchant) -> ApiClient:
    return ApiClient(a_key(merchant))


@pytest.fixture
def stranger(db: None) -> ApiClient:
    """Another merchant's program."""
    return ApiClient(a_key(acme("Bolt")))


@pytest.fixture
def imports(merchant: Merchant, tmp_path: Path) -> Imports:
    return Imports(merchant, tmp_path)
