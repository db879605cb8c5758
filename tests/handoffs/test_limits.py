"""The numbers that the arithmetic rests on. Whoever changes one changes the promise."""

from datetime import timedelta

import pytest

from handoffs import limits

GUESS = 1e-6  # the chance of one guess at six digits
PROMISE = 1e-4  # at most, for a courier who guesses for a whole year


def test_five_attempts_a_generation_ten_a_shipment() -> None:
    assert (limits.ATTEMPTS_PER_GENERATION, limits.ATTEMPTS_PER_SHIPMENT) == (5, 10)


def test_a_courier_has_fifteen_a_day_forty_eight_in_ninety_days_ninety_six_in_a_year() -> None:
    assert limits.COURIER_BUDGET == ((1, 15), (90, 48), (365, 96))


def test_a_courier_who_guesses_all_year_is_lucky_in_less_than_one_of_ten_thousand() -> None:
    days, most = limits.COURIER_BUDGET[-1]
    assert days >= 365
    assert 1 - (1 - GUESS) ** most < PROMISE


def test_two_typos_of_a_shipment_are_given_back() -> None:
    assert limits.TYPOS_GIVEN_BACK_PER_SHIPMENT == 2


@pytest.mark.parametrize(
    ("limit", "value"),
    [("SENDS_PER_GENERATION", 5), ("GENERATIONS_PER_SHIPMENT", 30)],
)
def test_nobody_floods_a_phone(limit: str, value: int) -> None:
    assert getattr(limits, limit) == value
    assert limits.SEND_COOLDOWN.total_seconds() == 60


def test_the_code_that_confirms_an_opt_out_lives_ten_minutes_and_is_guessed_at_five_times() -> None:
    assert timedelta(minutes=10) == limits.PREFERENCE_CODE_LIFETIME
    assert timedelta(minutes=5) == limits.PREFERENCE_CODE_REPEATED_FOR
    assert (limits.PREFERENCE_ATTEMPTS, limits.PREFERENCE_ATTEMPTS_PER_SHIPMENT) == (5, 10)
    assert limits.PREFERENCE_SENDS_PER_DAY == 5


def test_a_changed_contact_settles_for_three_days() -> None:
    assert timedelta(hours=72) == limits.SETTLES
