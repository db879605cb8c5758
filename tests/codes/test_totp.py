"""Codes of authenticator apps against the vectors of RFC 4226, appendix D, and RFC 6238, appendix B."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512, HashAlgorithm

from codes import sealing, totp

KEY = b"12345678901234567890"
# RFC 6238's keys for the longer hashes are as long as these (erratum 2866).
KEY_256, KEY_512 = (KEY * 2)[:32], (KEY * 4)[:64]
LONGER = [(7, 7, "2162583"), (8, 7, "3399871"), (7, 8, "82162583"), (8, 8, "73399871")]
RFC_4226 = [
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
]
RFC_6238 = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize(("counter", "code"), list(enumerate(map(str, RFC_4226))))
def test_the_vectors_of_rfc_4226(counter: int, code: str) -> None:
    assert totp.code_at(KEY, counter) == code


@pytest.mark.parametrize(("counter", "digits", "code"), LONGER)
def test_codes_of_more_digits(counter: int, digits: int, code: str) -> None:
    assert totp.code_at(KEY, counter, digits=digits) == code


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    def code(key: bytes, algorithm: HashAlgorithm) -> str:
        return totp.code_at(key, totp.step_at(seconds), digits=8, algorithm=algorithm)

    assert (code(KEY, SHA1()), code(KEY_256, SHA256()), code(KEY_512, SHA512())) == (sha1, sha256, sha512)


@pytest.mark.parametrize(("off", "matched"), [(-2, None), (-1, 99), (0, 100), (1, 101), (2, None)])
def test_a_clock_may_be_one_step_off_and_no_more(off: int, matched: int | None) -> None:
    assert totp.matching_step(KEY, totp.code_at(KEY, 100 + off), 100) == matched


def test_the_first_steps_of_all_time_have_no_step_before_them() -> None:
    assert totp.matching_step(KEY, totp.code_at(KEY, 0), 0) == 0


def test_keys_are_fresh_and_as_long_as_the_hash() -> None:
    assert len({totp.new_key() for _ in range(100)}) == 100
    assert len(totp.new_key()) == 20


def test_what_is_sealed_opens_for_its_master_its_label_and_its_owner_alone() -> None:
    sealed = sealing.seal(b"m" * 32, "app", KEY, bound_to="usr_1")
    assert KEY not in sealed
    assert sealing.unseal(b"m" * 32, "app", sealed, bound_to="usr_1") == KEY
    assert sealing.unseal(b"n" * 32, "app", sealed, bound_to="usr_1") is None
    assert sealing.unseal(b"m" * 32, "other", sealed, bound_to="usr_1") is None
    assert sealing.unseal(b"m" * 32, "app", sealed, bound_to="usr_2") is None
    assert sealing.unseal(b"m" * 32, "app", b"short", bound_to="usr_1") is None
