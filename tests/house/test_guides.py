"""What the guides tell to type really works, and ends as they say."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from drf_spectacular.generators import SchemaGenerator

from api.catalogue import PROBLEMS
from tests.servers import Service
from tests.servers.service import ROOT

GUIDES = [ROOT / "docs/merchants.md", ROOT / "docs/couriers.md"]
ENDINGS = {
    "merchants.md": """
        in_transit|live|illegal_transition|False|not_found
        idempotency_key_reused|reference_taken|/curency unknown_field|201 placed|409 reference_taken
        "orders": 1|"unchanged": 1
    """,
    "couriers.md": """
        out_for_delivery|code_malformed|delivered|already_delivered|not_required
        rate_limited|attempt_failed|waiting|authentication_failed
    """,
}


def typed(guide: Path) -> str:
    """Every shell block, one after the other."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", guide.read_text(), re.S | re.M))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_command_of_the_guide_works(guide: Path, make_service: Callable[..., Service]) -> None:
    service = make_service("sqlite")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed(guide)],
        cwd=ROOT,
        env={**service.environment, "URL": service.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    expected = [word.strip() for line in ENDINGS[guide.name].splitlines() for word in line.split("|")]
    assert [word for word in expected if word and word not in done.stdout] == []
    if guide.name == "merchants.md":
        ids = re.findall(r"^ord_\w+$", done.stdout, re.M)
        assert len(ids) > len(set(ids))  # the same id again under the same key


@pytest.mark.parametrize("guide", [*GUIDES, ROOT / "docs/operators.md"], ids=lambda guide: guide.name)
def test_every_file_that_a_guide_links_to_is_there(guide: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", guide.read_text())
    assert [link for link in links if not (guide.parent / link).exists()] == []


def test_the_guide_for_couriers_explains_every_answer_to_a_handoff() -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    codes = document["paths"]["/api/v1/courier/shipments/{shipment_id}/handoff"]["post"]["x-problem-codes"]
    own = {code for code in codes if "code" in code or PROBLEMS[code].status in {409, 410, 423}}
    table = GUIDES[1].read_text().partition("## Every answer")[2].partition("\n## ")[0]
    assert {code for code in own if f"`{code}`" not in table} <= {"idempotency_in_progress"}
