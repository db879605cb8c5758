"""Every message in every language: one segment as an SMS, and a letter that reads well and tells no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from handoffs.messages import names
from handoffs.messages.letters import letter, one_segment
from handoffs.messages.words import Said
from handoffs.preferences.messages import OPTED_OUT, PREFERENCE_CODE
from notifications import gsm, kinds
from orders.models import Merchant, Order, Shipment
from tests.handoffs.every_message import (
    LONGEST_NAME,
    LONGEST_PUBLIC_URL,
    WORDS,
    every_message,
    measured,
)
from tests.notifications.segments import LANGUAGES, table, too_long

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "messages.md"
KINDS = list(every_message())
LARGEST_LETTER = 30_000
CODE = WORDS["code"]

EVERY = [pytest.param(language, kind, id=f"{language} {kind}") for language in LANGUAGES for kind in KINDS]


def said(language: str, kind: str) -> Said:
    with translation.override(language):
        return every_message()[kind]


def written(language: str, kind: str, name: str = LONGEST_NAME, **brand: str) -> kinds.Rendered:
    """The letter, of a shop with the longest name unless told which."""
    order = Order(merchant=Merchant(name=name, **brand))
    with translation.override(language):
        return letter(every_message()[kind], Shipment(order=order, tracking_number="ABCDEFGHJKM"))


@pytest.fixture(autouse=True)
def _longest_address(settings: Settings) -> None:
    settings.PUBLIC_URL = LONGEST_PUBLIC_URL


# --- Text messages -------------------------------------------------------------------------------


def test_each_sms_is_one_segment_with_the_longest_names_and_links() -> None:
    assert too_long(measured()) == []


def test_each_sms_that_can_names_the_shop() -> None:
    for each in measured():
        if "%(merchant)s" in said(each.language, each.kind).sms:
            assert LONGEST_NAME[:6] in each.text, f"{each.language} {each.kind}: {each.text}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if every_message()[kind].code])
def test_a_code_is_the_first_thing_in_its_sms_in_ascii_digits(language: str, kind: str) -> None:
    with translation.override(language):
        assert one_segment(every_message()[kind]).startswith(CODE)


@pytest.mark.parametrize("language", ["en-gb", "es", "pt-br", "fr", "de"])
@pytest.mark.parametrize("kind", ["delivery_code", "delivery_code, new"])
def test_where_the_gsm_alphabet_serves_the_code_s_sms_carries_the_link(language: str, kind: str) -> None:
    [found] = [each for each in measured() if (each.language, each.kind) == (language, kind)]
    assert found.has_link
    assert gsm.is_gsm(found.text)


@pytest.mark.parametrize("name", ["東京百貨店", "Łódź Świętej Žofie’s 🎁", ""])  # noqa: RUF001
def test_no_name_of_a_shop_makes_a_latin_sms_longer_or_leaves_a_gap(name: str) -> None:
    with translation.override("fr"):
        one = every_message()["delivery_code"]
        text = one_segment(Said(**{**vars(one), "words": {**WORDS, "merchant": name}}))
    assert gsm.is_gsm(text)
    assert gsm.segments(text) == 1
    assert "  " not in text


# --- Letters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_a_letter_holds_what_it_should_and_no_more(language: str, kind: str) -> None:
    mail, words = written(language, kind), said(language, kind)
    assert len(mail.html.encode()) < LARGEST_LETTER
    assert "%(" not in mail.subject + mail.text + mail.html
    assert CODE not in mail.subject
    assert (CODE in mail.text) == (CODE in mail.html) == bool(words.code)
    assert words.link in mail.text
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in mail.html
    assert "\n" not in mail.subject


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_a_letter_fetches_nothing_and_leads_only_to_us(language: str, kind: str) -> None:
    html = written(language, kind).html
    assert not re.search(r"<(img|script|link|iframe|object|form|base)\b|@import|url\(|src=", html)
    assert all(link.startswith(f"{LONGEST_PUBLIC_URL}/o/") for link in re.findall(r'href="([^"]*)"', html))
    links = re.findall(r"https?://[^\s<\"]+", html)
    assert all(link.startswith(LONGEST_PUBLIC_URL) for link in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_in_a_letter_is_whole_and_keeps_its_direction(language: str) -> None:
    html = written(language, "delivery_code").html
    assert re.search(rf'<bdi dir="ltr"[^>]*>{CODE}</bdi>', html)


def test_a_shop_s_name_is_text_in_a_letter_whatever_is_in_it() -> None:
    html = written("en-gb", "delivery_code", 'A&B <script>alert("1")</script>').html
    assert "<script" not in html
    assert "A&amp;B" in html


def test_a_letter_comes_under_the_shop_s_name_in_its_colours() -> None:
    mail = written("de", "delivery_code", "Acme Ltd", brand_name="Acme", brand_colour="#123456")
    assert mail.sender == "Acme"
    assert "#123456" in mail.html
    assert written("de", "returned", "Acme Ltd", brand_sender="Acme parcels").sender == "Acme parcels"


def test_a_letter_says_how_to_know_that_it_is_ours() -> None:
    mail = written("en-gb", "delivery_code")
    for part in (mail.text, mail.html):
        assert "ABCDEFGHJKM" in part
        assert "only the courier at your door" in part


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en-gb"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_message_is_left_in_english(language: str, kind: str) -> None:
    ours, english = said(language, kind), said("en-gb", kind)
    for name in ("sms", "subject", "heading", "lines", "advice", "button", "after"):
        assert getattr(ours, name) != getattr(english, name) or not getattr(english, name), name


# --- What docs/messages.md says ------------------------------------------------------------------


def test_the_guide_s_table_of_segments_is_what_is_measured() -> None:
    assert table(measured()) in GUIDE.read_text(), "run scripts/picture_messages.py"


def test_the_guide_names_every_kind_and_no_other() -> None:
    told = GUIDE.read_text().partition("## What is sent")[2].partition("\n## ")[0]
    known = {name for key, name in vars(names).items() if key.isupper()} | {PREFERENCE_CODE, OPTED_OUT}
    assert set(re.findall(r"^\| `(\w+)` \|", told, re.M)) == known
