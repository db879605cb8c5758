"""The tour in the README is what really happens."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import Service

README = Path(__file__).resolve().parents[2] / "README.md"


def tour() -> str:
    """Every shell block of the README, one after the other, as a reader would paste them."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.S | re.M))


def run_tour(service: Service) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour()],
        cwd=README.parent,
        env={**service.environment, "URL": service.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_tour_ends_with_a_delivered_parcel(database: str, make_service: Callable[..., Service]) -> None:
    said = run_tour(make_service(database))
    assert '"code_reason": "high_value"' in said
    assert "out_for_delivery" in said
    assert '"code":"wrong_code"' in said
    assert '"attempts_left":4' in said
    delivered = re.findall(r'^\{"status":"delivered".*$', said, re.M)
    assert len(delivered) == 2
    assert delivered[0] == delivered[1]
    assert '"type": "shipment.delivered"' in said
    assert "0 broken" in said


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text())
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
