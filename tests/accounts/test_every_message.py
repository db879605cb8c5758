"""Every text message about an account is one segment, in every language, with the longest host and link."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from accounts.messages import security_words, words
from accounts.messages.letters import Said
from tests.accounts.every_message import every_message, measured
from tests.handoffs.every_message import LONGEST_PUBLIC_URL
from tests.notifications.segments import table, too_long

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "messages.md"


@pytest.fixture(autouse=True)
def _longest_address(settings: LazySettings) -> None:
    settings.PUBLIC_URL = LONGEST_PUBLIC_URL


def test_each_sms_is_one_segment() -> None:
    assert too_long(measured()) == []


def test_the_guide_s_table_of_segments_is_what_is_measured() -> None:
    assert table(measured()) in GUIDE.read_text(), "run scripts/picture_messages.py"


def test_whatever_is_said_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new function that says something has to be added to `every_message`."""
    asked: set[str] = set()

    def noting(name: str, says: Callable[..., Said]) -> Callable[..., Said]:
        def note(*given: str) -> Said:
            asked.add(name)
            return says(*given)

        return note

    speaking = [
        (module, name, each)
        for module in (words, security_words)
        for name, each in vars(module).items()
        if getattr(each, "__annotations__", {}).get("return") is Said and not name.startswith("_")
    ]
    for module, name, each in speaking:
        monkeypatch.setattr(module, name, noting(name, each))
    every_message()
    assert asked == {name for _module, name, _each in speaking}
