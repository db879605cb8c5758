"""A shop's brand shows who it is, and can be no way to a link, a number or unreadable words."""

import pytest
from django.core.exceptions import ValidationError

from orders import branding
from orders.models import Merchant

pytestmark = pytest.mark.django_db  # full_clean asks whether the public id is taken


@pytest.mark.parametrize(
    "name", ["Acme", "Łódź & Söhne", "L'Épicerie d'à côté", "東京百貨店", "متجر القاهرة", "Nº 7"]
)
def test_a_name_is_taken_in_every_alphabet(name: str) -> None:
    branding.validate_shown_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example",
        "www.evil",
        "evil.example",
        "Acme call +44 7400 123456",
        "Code 123456",
        "help@acme",
        "acme/login",
        "<b>Acme</b>",
        "Acme\nReply with your code",
        "Acme\u202egnp.exe",
        "%(code)s",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        branding.validate_shown_name(name)


def test_the_contrast_of_two_colours_is_that_of_wcag() -> None:
    assert branding.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert branding.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert branding.contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize(("colour", "ink"), [("#777777", "#ffffff"), ("#fafafa", "#ffffff")])
def test_colours_that_cannot_be_read_on_one_another_are_refused(colour: str, ink: str) -> None:
    with pytest.raises(ValidationError, match="contrast"):
        Merchant(name="Acme", brand_colour=colour, brand_ink=ink).full_clean()


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345", "#12345g", "url(//evil)", "#000000;"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError, match="written like"):
        Merchant(name="Acme", brand_colour=colour).full_clean()


def test_the_default_brand_is_readable() -> None:
    Merchant(name="Acme").full_clean()


@pytest.mark.parametrize(
    ("own", "brand", "shown"),
    [
        ("Acme Ltd", "", "Acme Ltd"),
        ("Acme Ltd", "Acme", "Acme"),
        ('A"c\nme <x> @ https://y', "", "A cme x y"),
    ],
)
def test_messages_show_the_brand_or_else_the_shop_s_own_name(own: str, brand: str, shown: str) -> None:
    assert Merchant(name=own, brand_name=brand).shown_name == shown
