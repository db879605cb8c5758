"""The numbers around a code: who is told how often, how long others have, what a courier may without one.

The arithmetic of `docs/security.md` and the words of the guides rest on them.
"""

from datetime import timedelta

from handoffs import limits


def test_a_code_has_six_digits_or_more() -> None:
    assert limits.FEWEST_DIGITS == 6


def test_a_courier_is_released_twice_a_day_ten_times_in_ninety_days_and_three_times_by_one_person() -> None:
    assert limits.RELEASES_PER_COURIER == ((1, 2), (90, 10))
    assert limits.RELEASES_PER_PAIR == (90, 3)
    assert limits.RELEASE_ASKS_PER_SHIPMENT == 3


def test_a_release_waits_ten_minutes_and_is_then_used_within_ten() -> None:
    assert timedelta(minutes=10) == limits.RELEASE_WAITS
    assert timedelta(minutes=10) == limits.RELEASE_USABLE


def test_who_says_here_is_waited_for_ten_minutes_and_no_longer_than_fifteen_after_the_arrival() -> None:
    assert timedelta(minutes=10) == limits.HERE_HOLDS
    assert timedelta(minutes=15) == limits.HERE_HOLDS_AFTER_ARRIVAL
    assert limits.ARRIVAL_IS_CLOSE_M == 500


def test_a_handoff_is_disputed_within_a_fortnight() -> None:
    assert timedelta(days=14) == limits.DISPUTE_WINDOW


def test_a_tracking_number_sends_three_links_and_none_within_five_minutes() -> None:
    assert limits.FRESH_LINK_SENDS == 3
    assert timedelta(minutes=5) == limits.FRESH_LINK_COOLDOWN


def test_one_more_message_goes_once_the_courier_has_arrived() -> None:
    assert limits.SENDS_AT_THE_DOOR == 1


def test_an_orders_contact_changes_five_times_a_day() -> None:
    assert limits.CONTACT_CHANGES_PER_DAY == 5


def test_a_courier_sends_two_hundred_photos_a_day_and_each_waits_two_days_for_its_use() -> None:
    assert limits.PHOTOS_PER_DAY == 200
    assert timedelta(days=2) == limits.PHOTO_WAITS_FOR


def test_three_people_hold_a_pass_at_once_and_ten_in_a_parcels_life() -> None:
    assert (limits.DELEGATES_AT_ONCE, limits.DELEGATES_PER_SHIPMENT) == (3, 10)
    assert limits.HOLDERS_PER_SHIPMENT == 4
    assert limits.DELEGATE_NAME_LENGTH == 40


def test_an_account_releases_a_parcel_three_times_a_day_and_not_right_after_a_change() -> None:
    assert limits.ACCOUNT_RELEASES_PER_SHIPMENT == 3
    assert timedelta(hours=72) == limits.ACCOUNT_RELEASE_SETTLES


def test_an_account_opts_out_five_times_a_day() -> None:
    assert limits.ACCOUNT_OPT_OUTS_PER_DAY == 5
