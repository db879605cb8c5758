"""The list of invariants is that of the tree: no number without its test and its planted defect."""

import pytest

from tests.invariants import listed

ROWS = {row.number: row for row in listed.rows()}


def test_there_are_twenty_four() -> None:
    assert list(ROWS) == list(range(1, 25))


@pytest.mark.parametrize("number", [number for number in ROWS if number not in listed.NOT_YET])
def test_each_has_a_file_that_tries_to_break_it_and_a_defect_that_is_caught(number: int) -> None:
    assert len(ROWS[number].tests) == 1
    assert ROWS[number].planted


@pytest.mark.parametrize("number", [number for number in ROWS if ROWS[number].tests])
def test_the_file_says_which_it_is(number: int) -> None:
    (name,) = ROWS[number].tests
    text = (listed.ROOT / "tests/invariants" / name).read_text()
    assert text.startswith(f'"""{number}: ')


def test_what_else_is_named_is_there() -> None:
    named = [path for paths in listed.ALSO.values() for path in paths.split(", ")]
    assert [path for path in named if not (listed.ROOT / path).exists()] == []


def test_every_planted_defect_names_an_invariant_of_the_list() -> None:
    for patch in (listed.ROOT / "tests/mutants").glob("*.patch"):
        assert set(listed.numbers_of(patch)) <= set(ROWS), patch.name


def test_the_page_is_as_the_tree_is() -> None:
    page = listed.PAGE.read_text()
    assert page == listed.rewritten(page), "write it anew: python -m tests.invariants.listed"
