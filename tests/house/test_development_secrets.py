"""A development machine's secrets are made once, and stay."""

import json
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from delivery_otp.keys import development_secrets, parse_master_keys


def test_they_are_the_same_ever_after_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    first = development_secrets(tmp_path)
    assert development_secrets(tmp_path) == first
    assert (tmp_path / "development-secrets.json").stat().st_mode & 0o077 == 0
    parse_master_keys(first["DELIVERY_CODE_KEYS"])
    parse_master_keys(first["QR_SIGNING_KEYS"])


def test_a_file_of_an_earlier_release_keeps_what_it_has(tmp_path: Path) -> None:
    earlier = {"SECRET_KEY": "of before", "DELIVERY_CODE_KEYS": "dev:of-before"}
    (tmp_path / "development-secrets.json").write_text(json.dumps(earlier))
    extended = development_secrets(tmp_path)
    assert extended == earlier | {"QR_SIGNING_KEYS": extended["QR_SIGNING_KEYS"]}
    assert development_secrets(tmp_path) == extended


def test_all_that_start_at_once_read_the_same(tmp_path: Path) -> None:
    found: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(development_secrets(tmp_path))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("text", ["", "nokey", "a:short", "a:" + "A" * 43 + "=,a:" + "A" * 43 + "="])
def test_an_unreadable_key_is_named_and_not_shown(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="QR_SIGNING_KEYS: entry") as error:
        parse_master_keys(text, "QR_SIGNING_KEYS")
    assert "AAAA" not in str(error.value)
    assert "short" not in str(error.value)
