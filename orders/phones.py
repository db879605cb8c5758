"""Telephone numbers: any national way of writing one in, E.164 out (ITU-T E.164)."""

import phonenumbers


class InvalidPhoneError(ValueError):
    """Says, for the person who typed it, why the text is no number that can be called."""


def normalise(text: str, country: str) -> str:
    """The number in E.164, such as `+447400123456`. `country` (ISO 3166-1 alpha-2) reads a national format.

    Raises InvalidPhoneError. An extension cannot be sent to, so a number with one is refused too.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhoneError(_ADVICE) from error
    if number.extension:
        raise InvalidPhoneError("A number with an extension cannot receive a message.")
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhoneError(_ADVICE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_ADVICE = "Not a valid phone number for this country. Write it with its country code, like +447400123456."
