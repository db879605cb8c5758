"""Telephone numbers, as people write them."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from orders.phones import NOBODYS_OWN, InvalidPhoneError, normalise


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+447400123456", "GB", "+447400123456"),
        ("07400 123456", "GB", "+447400123456"),
        ("(0) 7400-123-456", "GB", "+447400123456"),
        ("+55 11 96123-4567", "GB", "+5511961234567"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("0044 7400 123456", "DE", "+447400123456"),
        ("٠٧٤٠٠١٢٣٤٥٦", "GB", "+447400123456"),
    ],
)
def test_any_way_of_writing_it_is_one_number(text: str, country: str, number: str) -> None:
    assert normalise(text, country) == number


@pytest.mark.parametrize(
    "text", ["", "12", "call me", "+44 7400 12345", "+999123456789", "+447400123456 ext. 9", "1" * 300]
)
def test_what_cannot_be_called_is_refused(text: str) -> None:
    with pytest.raises(InvalidPhoneError):
        normalise(text, "GB")


def test_every_countrys_mobile_number_is_read_in_its_national_format() -> None:
    for country in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
        if example is not None:
            e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            for style in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL):
                assert normalise(phonenumbers.format_number(example, style), country) == e164


def test_every_countrys_invalid_example_is_refused() -> None:
    for country in phonenumbers.SUPPORTED_REGIONS:
        invalid = phonenumbers.invalid_example_number(country)
        if invalid is not None:
            with pytest.raises(InvalidPhoneError):
                normalise(phonenumbers.format_number(invalid, PhoneNumberFormat.E164), country)


@pytest.mark.parametrize("kind", sorted(NOBODYS_OWN))
def test_a_number_that_is_nobodys_own_is_refused_with_its_kind(kind: int) -> None:
    examples = [phonenumbers.example_number_for_type(each, kind) for each in phonenumbers.SUPPORTED_REGIONS]
    numbers = [each for each in examples if each and phonenumbers.number_type(each) == kind]
    assert numbers
    for number in numbers:
        with pytest.raises(InvalidPhoneError, match=f"This is {NOBODYS_OWN[kind]}"):
            normalise(phonenumbers.format_number(number, PhoneNumberFormat.E164), "GB")


def test_a_premium_rate_number_is_refused_at_entry() -> None:
    with pytest.raises(InvalidPhoneError, match="premium-rate"):
        normalise("0909 879 0000", "GB")
