"""Telephone numbers: any national way of writing one in, E.164 out (ITU-T E.164)."""

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumberType

# Nobody receives a parcel's message there, and some pay whoever owns the number for each message sent.
NOBODYS_OWN = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company's universal access number",
    PhoneNumberType.VOICEMAIL: "a voicemail number",
}


class InvalidPhoneError(ValueError):
    """Says, for the person who typed it, why the text is no number that can be called."""


def normalise(text: str, country: str) -> str:
    """The number in E.164, such as `+447400123456`. `country` (ISO 3166-1 alpha-2) reads a national format.

    Raises InvalidPhoneError. An extension cannot be sent to, so a number with one is refused too, as are the
    kinds of numbers that are no person's own.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhoneError(_ADVICE) from error
    if number.extension:
        raise InvalidPhoneError("A number with an extension cannot receive a message.")
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhoneError(_ADVICE)
    kind = NOBODYS_OWN.get(phonenumbers.number_type(number))
    if kind:
        raise InvalidPhoneError(
            f"This is {kind}: give one that the recipient is reached at, such as a mobile."
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def gets_texts(phone: str) -> bool:
    """Whether text messages can go to this number (E.164): not where its range is of fixed lines alone, nor
    where we send none to its country."""
    number = _parsed(phone)
    if number is None:
        return True  # whatever stands in an old row: the provider will tell
    return _is_served(number) and phonenumbers.number_type(number) != PhoneNumberType.FIXED_LINE


def gets_calls(phone: str) -> bool:
    """Whether we call this number's country at all."""
    number = _parsed(phone)
    return number is None or _is_served(number)


def _is_served(number: phonenumbers.PhoneNumber) -> bool:
    served = settings.SMS_COUNTRIES
    return not served or phonenumbers.region_code_for_number(number) in served


def _parsed(phone: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None


_ADVICE = "Not a valid phone number for this country. Write it with its country code, like +447400123456."
