"""The list of invariants is that of the tree: no number without its test and its planted defect."""

import re

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


@pytest.mark.parametrize("number", ROWS)
def test_the_page_says_of_each_what_is_in_the_tree(number: int) -> None:
    """A defect that was planted since may be missing there: `python -m tests.invariants.listed` adds it."""
    (line,) = [line for line in listed.PAGE.read_text().splitlines() if line.startswith(f"| {number} |")]
    said, is_so = (str(text).strip("| ").split(" | ") for text in (line, ROWS[number]))
    assert said[:3] == is_so[:3]
    planted = re.findall(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+", said[3]) if len(said) > 3 else []
    assert bool(planted) == (number not in listed.NOT_YET)
    assert set(planted) <= set(ROWS[number].planted)
