"""Every error of the provider is somebody's fault, and has words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from notifications.channels.twilio_errors import ERRORS, fault_of, says
from tests.servers.twilio.plans import FAILURES

# The codes of the list at twilio.com/docs/api/errors for messaging.
PUBLISHED = Path(__file__).with_name("twilio_error_codes.txt")


@pytest.mark.parametrize(
    ("code", "status", "fault"),
    [
        ("21211", 400, "permanent"),
        ("21610", 400, "permanent"),
        ("21614", 400, "permanent"),
        ("21635", 400, "permanent"),
        ("30003", 0, "temporary"),
        ("30005", 0, "permanent"),
        ("30006", 0, "permanent"),
        ("30007", 0, "permanent"),
        ("20429", 429, "temporary"),
        ("20503", 503, "temporary"),
        ("20003", 401, "configuration"),
        ("21408", 400, "configuration"),
        ("30034", 0, "configuration"),
        ("30449", 0, "configuration"),
        ("21657", 400, "configuration"),
        ("30099", 0, "temporary"),
        ("busy", 0, "temporary"),
        ("99999", 400, "permanent"),
        ("99999", 403, "configuration"),
        ("99999", 500, "temporary"),
        ("99999", 0, "temporary"),
    ],
)
def test_an_error_is_somebody_s_fault(code: str, status: int, fault: str) -> None:
    assert fault_of(code, status) == fault


def test_every_failure_that_the_runs_try_has_words() -> None:
    codes = {plan.error_code or (plan.refusal and plan.refusal.code) for plan in FAILURES.values()} - {None}
    assert codes
    assert all(says(str(code)) for code in codes)


@pytest.mark.parametrize("code", PUBLISHED.read_text().split())
def test_every_error_that_is_published_for_messages_is_somebody_s_fault_and_told(code: str) -> None:
    assert says(code)
    # What a 400 would come to without knowing the code is nobody's finding.
    assert fault_of(code, 400) == fault_of(code, 503)


def test_the_words_are_a_clause_and_name_nobody() -> None:
    with translation.override("en-gb"):
        for code in ERRORS:
            assert not says(code).endswith(".")
            assert says(code)[0].islower()
            assert "Twilio" not in says(code)


def test_an_unknown_error_has_none() -> None:
    assert says("12345") == says("") == ""
