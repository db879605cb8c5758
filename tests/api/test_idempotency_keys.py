import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.idempotency import IdempotencyKeys, UnreadableSealError

KEYS = IdempotencyKeys("a secret of the server")


def test_a_key_is_kept_as_its_sha256() -> None:
    assert KEYS.digest("k-1") == hashlib.sha256(b"k-1").hexdigest()


def test_the_same_request_is_recognised() -> None:
    assert KEYS.recognises(KEYS.fingerprint("k-1", "shp_1", "123456"), "k-1", "shp_1", "123456")


def test_another_request_is_not_recognised() -> None:
    assert not KEYS.recognises(KEYS.fingerprint("k-1", "shp_1", "123456"), "k-1", "shp_1", "123457")


def test_parts_do_not_run_into_each_other() -> None:
    assert KEYS.fingerprint("k-1", "ab", "c") != KEYS.fingerprint("k-1", "a", "bc")
    assert KEYS.fingerprint("k-1", "ab") != KEYS.fingerprint("k-1", "ab", "")


def test_who_knows_the_database_and_the_code_space_but_not_the_caller_s_key_finds_no_code() -> None:
    stored = KEYS.fingerprint("k-1", "shp_1", "042")
    guesses = (KEYS.fingerprint(KEYS.digest("k-1"), "shp_1", f"{code:03}") for code in range(1_000))
    assert stored not in set(guesses)


def test_who_knows_the_caller_s_key_but_not_the_server_s_secret_finds_no_code() -> None:
    stored = KEYS.fingerprint("k-1", "shp_1", "042")
    thief = IdempotencyKeys("")
    assert stored not in {thief.fingerprint("k-1", "shp_1", f"{code:03}") for code in range(1_000)}


def test_a_seal_opens_with_its_key() -> None:
    assert KEYS.unseal("k-1", KEYS.seal("k-1", b"ct_secret")) == b"ct_secret"


def test_a_seal_shows_nothing_and_is_new_each_time() -> None:
    first, second = KEYS.seal("k-1", b"ct_secret"), KEYS.seal("k-1", b"ct_secret")
    assert b"ct_secret" not in first
    assert first != second


@pytest.mark.parametrize(
    ("key", "bound_to", "secret"),
    [
        ("k-2", "mer_a", "a secret of the server"),
        ("k-1", "mer_b", "a secret of the server"),
        ("k-1", "mer_a", "x"),
    ],
)
def test_a_seal_opens_with_nothing_else(key: str, bound_to: str, secret: str) -> None:
    sealed = KEYS.seal("k-1", b"ct_secret", bound_to="mer_a")
    with pytest.raises(UnreadableSealError):
        IdempotencyKeys(secret).unseal(key, sealed, bound_to=bound_to)


def test_an_altered_seal_does_not_open() -> None:
    sealed = bytearray(KEYS.seal("k-1", b"ct_secret"))
    sealed[-1] ^= 1
    with pytest.raises(UnreadableSealError):
        KEYS.unseal("k-1", bytes(sealed))


def test_what_was_stored_before_the_secret_changed_still_counts() -> None:
    renewed = IdempotencyKeys("a newer secret", "a secret of the server")
    assert renewed.recognises(KEYS.fingerprint("k-1", "x"), "k-1", "x")
    assert renewed.unseal("k-1", KEYS.seal("k-1", b"ct_secret")) == b"ct_secret"


def test_a_fingerprint_s_key_is_derived_as_rfc_5869_says() -> None:
    told = b"".join(len(part).to_bytes(8, "big") + part for part in (b"secret", b"key"))
    derived = HKDF(SHA256(), length=32, salt=None, info=b"idempotency/fingerprint/v1").derive(told)
    expected = hmac.digest(derived, (4).to_bytes(8, "big") + b"part", "sha256").hex()
    assert IdempotencyKeys("secret").fingerprint("key", "part") == expected
