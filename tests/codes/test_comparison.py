"""What people type, and what it resembles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.comparison import Likeness, clean, likeness, matches

DIGITS = st.text("0123456789", min_size=6, max_size=6)


@pytest.mark.parametrize(
    "typed", ["482913", "482 913", "48-29-13", " 482913 ", "4 8 2 9 1 3", "482\u00a0913"]
)
def test_spaces_and_hyphens_that_people_type_are_dropped(typed: str) -> None:
    assert clean(typed, 6) == "482913"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "48291",
        "4829131",
        "48291a",
        "٤٨٢٩١٣",
        "४८२९१३",
        "４８２９１３",  # noqa: RUF001 - full-width digits
        "48291²",
        "482913\x00",
        "482913\n",
        "\ud800482913",
        "48291🙂",
        "+482913",
        "4.8e05",
        "0x1234",
        "1" * 3_000_000,
        "482913" + " " * 100,
    ],
)
def test_anything_but_ascii_digits_is_malformed(typed: str) -> None:
    assert clean(typed, 6) is None


def test_what_is_four_times_as_long_is_still_read_and_what_is_longer_is_not() -> None:
    """However much there is to strip, a hostile text costs nothing."""
    for digits, code in ((6, "482913"), (8, "48291374")):
        assert clean(code + " " * 3 * digits, digits) == code
        assert clean(code + " " * (3 * digits + 1), digits) is None


@given(st.text(max_size=30))
def test_what_is_let_through_is_six_ascii_digits(typed: str) -> None:
    bare = clean(typed, 6)
    assert bare is None or (len(bare) == 6 and bare.isascii() and bare.isdecimal())


@given(DIGITS, DIGITS)
def test_a_code_matches_itself_alone(a: str, b: str) -> None:
    assert matches(a, b) == (a == b)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("482913", Likeness.NONE),  # the same: no slip
        ("482914", Likeness.ONE_DIGIT),
        ("082913", Likeness.ONE_DIGIT),
        ("842913", Likeness.SWAPPED),
        ("482931", Likeness.SWAPPED),
        ("482319", Likeness.NONE),  # not neighbours
        ("482922", Likeness.NONE),  # two digits off
        ("842931", Likeness.NONE),  # two swaps
        ("000000", Likeness.NONE),
    ],
)
def test_a_slip_of_the_finger_is_one_digit_or_two_neighbours(typed: str, kind: Likeness) -> None:
    assert likeness(typed, "482913") == kind


@given(DIGITS, st.integers(0, 5), st.integers(1, 9))
def test_one_digit_off_is_always_seen(right: str, place: int, by: int) -> None:
    typed = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert likeness(typed, right) == Likeness.ONE_DIGIT


@given(DIGITS, st.integers(0, 4))
def test_swapped_neighbours_are_always_seen(right: str, place: int) -> None:
    typed = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert likeness(typed, right) == (Likeness.NONE if typed == right else Likeness.SWAPPED)


def test_codes_of_two_lengths_are_no_question() -> None:
    for typed, right in (("48291", "482913"), ("482913", "48291")):
        with pytest.raises(ValueError, match="argument"):
            likeness(typed, right)
