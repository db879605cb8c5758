"""The registry of kinds: one meaning for each name, and words that only their reader sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from notifications import kinds
from notifications.models import Message
from tests.notifications.greeting import KIND, WORDS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en-gb"), ("pt-BR", "pt-br"), ("de-AT", "de"), ("xx", "en-gb"), ("", "en-gb")],
)
def test_a_text_is_made_in_the_reader_s_language(locale: str, language: str, settings: LazySettings) -> None:
    settings.LANGUAGES = [("en-gb", "English"), ("pt-br", "Portuguese"), ("de", "German")]

    rendered = kinds.render(Message(kind=KIND, locale=locale))

    assert rendered is not None
    assert rendered.text.endswith(f"({language})")


def test_the_words_do_not_show_when_something_prints_them() -> None:
    rendered = kinds.Rendered(subject=WORDS, text=WORDS, html=WORDS)

    assert WORDS not in f"{rendered} {rendered!r} {[rendered]}"


def test_a_name_means_one_kind() -> None:
    def other(message: Message) -> Any:
        return None

    with pytest.raises(ValueError, match="registered twice"):
        kinds.register(kinds.Kind(KIND, other))


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(kinds.UnknownKindError):
        kinds.render(Message(kind="nobody_registered_this"))
