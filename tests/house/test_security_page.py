"""docs/security.md names tests that exist, and every promise in a table is shown by one."""

import re

from tests.servers.service import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()


def test_every_test_and_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert len(named) > 40
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_attack_names_what_shows_that_it_is_stopped() -> None:
    attacks = PAGE.partition("## Who attacks")[2].partition("\n## ")[0]
    rows = [
        line for line in attacks.splitlines() if line.startswith("| ") and "What they can try" not in line
    ]
    assert len(rows) > 25
    assert [row for row in rows if "`tests/" not in row.split("|")[-2]] == []


def test_all_ten_of_the_api_top_ten_are_there() -> None:
    assert re.findall(r"^\| API(\d+) ", PAGE, re.M) == [str(number) for number in range(1, 11)]


def test_all_chapters_of_the_asvs_are_there() -> None:
    assert set(re.findall(r"^\| V(\d+) ", PAGE, re.M)) == {str(number) for number in range(1, 18)}
