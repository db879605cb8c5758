"""The derivation is what its documentation says, and its parts cannot be told from one another."""

import base64
import hashlib
import hmac
import struct
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.derivation import (
    Generation,
    derive_code,
    derive_link_proof,
    derive_number,
    new_nonce,
    superseded_mark,
)

MASTER = bytes(range(32))
GENERATION = Generation("delivery-code/v1", "shp_1", 1, bytes(16))


def by_the_book(master: bytes, generation: Generation, holder: str, label: str) -> bytes:
    """The documented derivation, once more and from RFC 5869 and RFC 2104 alone."""
    pseudorandom = hmac.new(bytes(32), master, hashlib.sha256).digest()
    subkey = hmac.new(pseudorandom, label.encode() + b"\x01", hashlib.sha256).digest()
    fields = (
        generation.subject.encode(),
        struct.pack(">I", generation.number),
        holder.encode(),
        generation.nonce,
    )
    return hmac.new(subkey, b"".join(struct.pack(">I", len(f)) + f for f in fields), hashlib.sha256).digest()


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_a_code_is_derived_as_documented(digits: int) -> None:
    number = int.from_bytes(by_the_book(MASTER, GENERATION, "recipient", GENERATION.label)[:8], "big")
    assert derive_code(MASTER, GENERATION, "recipient", digits) == f"{number % 10**digits:0{digits}d}"


def test_a_link_proof_is_96_bits_derived_under_a_label_of_its_own() -> None:
    proof = derive_link_proof(MASTER, GENERATION, "recipient")
    expected = by_the_book(MASTER, GENERATION, "recipient", "delivery-code/v1/link")[:12]
    assert base64.urlsafe_b64decode(proof) == expected
    assert len(proof) == 16


@pytest.mark.parametrize("below", [7, 64, 1000])
def test_a_number_without_a_nonce_is_of_generation_nought(below: int) -> None:
    """There is no generation nought: no code, no link and no mark is derived from the same fields."""
    nought = Generation("delivery-word/v1", "shp_1", 0, b"")
    number = int.from_bytes(by_the_book(MASTER, nought, "41", nought.label)[:8], "big")
    assert derive_number(MASTER, nought.label, "shp_1", "41", below) == number % below


def test_published_values_never_change() -> None:
    """Codes live across releases: these were computed once and hold for ever."""
    assert derive_code(MASTER, GENERATION, "recipient", 6) == "769850"
    assert derive_link_proof(MASTER, GENERATION, "recipient") == "0RKiK_EHwIQZ_oGx"
    assert superseded_mark(MASTER, "delivery-code/v1", "shp_1", 1, "769850").hex() == "2e1436677302d5ae"


@given(
    st.text(max_size=8), st.text(max_size=8), st.integers(0, 2**32 - 1), st.binary(min_size=16, max_size=16)
)
def test_fields_cannot_be_moved_into_one_another(
    subject: str, holder: str, number: int, nonce: bytes
) -> None:
    code = derive_link_proof(MASTER, Generation("l", subject, number, nonce), holder)
    moved = derive_link_proof(MASTER, Generation("l", subject + holder, number, nonce), "")
    assert (code == moved) == (holder == "")


def test_holders_generations_nonces_and_keys_each_give_another_code() -> None:
    base = derive_code(MASTER, GENERATION, "recipient", 8)
    others = {
        derive_code(MASTER, GENERATION, "delegate-1", 8),
        derive_code(MASTER, Generation(GENERATION.label, "shp_1", 2, bytes(16)), "recipient", 8),
        derive_code(MASTER, Generation(GENERATION.label, "shp_2", 1, bytes(16)), "recipient", 8),
        derive_code(MASTER, Generation(GENERATION.label, "shp_1", 1, bytes(15) + b"\x01"), "recipient", 8),
        derive_code(MASTER, Generation("sign-in/v1", "shp_1", 1, bytes(16)), "recipient", 8),
        derive_code(MASTER[::-1], GENERATION, "recipient", 8),
    }
    assert len(others | {base}) == 7


def test_codes_are_spread_evenly() -> None:
    """A chi-square over the first digit of 20 000 codes: above 33.7 once in 10 000 runs of a fair source."""
    firsts = Counter(
        derive_code(MASTER, Generation("l", "s", n, bytes(16)), "recipient", 6)[0] for n in range(20_000)
    )
    chi_square = sum((firsts[d] - 2000) ** 2 / 2000 for d in "0123456789")
    assert chi_square < 33.7


def test_a_nonce_is_128_bits_and_never_the_same() -> None:
    nonces = {new_nonce() for _ in range(1000)}
    assert len(nonces) == 1000
    assert {len(nonce) for nonce in nonces} == {16}


def test_a_mark_names_one_code_of_one_generation_of_one_shipment_under_one_key() -> None:
    marks = {
        superseded_mark(MASTER, "l", "shp_1", 1, "123456"),
        superseded_mark(MASTER[::-1], "l", "shp_1", 1, "123456"),
        superseded_mark(MASTER, "m", "shp_1", 1, "123456"),
        superseded_mark(MASTER, "l", "shp_2", 1, "123456"),
        superseded_mark(MASTER, "l", "shp_1", 2, "123456"),
        superseded_mark(MASTER, "l", "shp_1", 1, "123457"),
    }
    assert len(marks) == 6
