"""Language tags."""

import pytest

from orders.locales import is_language_tag


@pytest.mark.parametrize(
    "tag", ["en", "en-GB", "pt-BR", "zh-Hant-TW", "sr-Latn", "es-419", "de-CH-1996", "ar", "fil"]
)
def test_a_language_tag_is_recognised(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "text", ["", "e", "en_GB", "en GB", "english please", "en-", "-GB", "en-GB\n", "é", "en-" + "a" * 40]
)
def test_anything_else_is_not(text: str) -> None:
    assert not is_language_tag(text)
