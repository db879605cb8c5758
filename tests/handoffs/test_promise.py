"""What the limits add up to, computed once more, and docs/security.md says the same."""

import pytest
from django.db.models import CheckConstraint

from delivery_otp.doctor import limits as doctor
from handoffs import limits, promise
from orders.models import Merchant
from tests.doctor.conftest import said
from tests.servers.service import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()


def test_the_page_shows_what_the_configured_limits_add_up_to() -> None:
    assert promise.markdown(promise.table()) in PAGE


def test_the_table_is_what_one_computes_by_hand() -> None:
    guesses = {row.over.partition(" couriers")[0]: (row.guesses, row.chance) for row in promise.table()}
    assert guesses == {
        "one guess": (1, 4e-6),
        "one code": (5, pytest.approx(2e-5)),
        "one shipment": (10, pytest.approx(4e-5)),
        "opting out through one shipment's stolen link": (10, pytest.approx(1e-5)),
        "one courier, 365 days": (96, pytest.approx(9.6e-5)),
        "a depot of 50": (4_800, pytest.approx(1 - (1 - 9.6e-5) ** 50)),
        "a fleet of 5 000": (480_000, pytest.approx(1 - (1 - 9.6e-5) ** 5_000)),
    }


def test_the_promise_is_kept_for_as_many_holders_as_there_are() -> None:
    assert limits.HOLDERS_PER_SHIPMENT == 4
    assert promise.chance_a_year() < promise.PROMISE


def test_charged_once_for_four_holders_it_would_be_broken_and_the_page_says_so() -> None:
    broken = promise.chance_a_year(holders=limits.HOLDERS_PER_SHIPMENT)
    assert broken == pytest.approx(3.84e-4)
    assert "3.8 × 10⁻⁴" in PAGE  # noqa: RUF001


@pytest.mark.parametrize(
    ("budget", "a_year"),
    [(((1, 1),), 365), (((90, 48),), 240), (((365, 96), (1, 15)), 96), (((7, 2), (400, 100)), 100)],
)
def test_the_narrowest_limit_decides_the_year(budget: promise.Budget, a_year: int) -> None:
    assert promise.guesses_a_year(budget) == a_year


def test_no_merchant_may_have_fewer_digits_than_the_arithmetic_takes() -> None:
    (rule,) = [
        each
        for each in Merchant._meta.constraints
        if isinstance(each, CheckConstraint) and "digits" in each.name
    ]
    assert f"('code_digits__gte', {limits.FEWEST_DIGITS})" in str(rule.condition)


def test_doctor_complains_when_the_promise_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("limits") == []
    monkeypatch.setattr(doctor, "chance_a_year", lambda: promise.chance_a_year(holders=4))
    assert said("limits") == [
        "A dishonest courier's chance of one lucky guess in a year is at most 0.00038, more than 0.0001."
    ]
