"""What docs/proof-format.md shows to strangers works as it stands there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handoffs.proofs.signing import key_set
from orders.models import Shipment
from tests.handoffs.delegate_stories import name, their_code
from tests.handoffs.stories import out_for_delivery, submit
from tests.proofs.stories import delivered, events_of, proof_of, statement_in
from tests.servers.service import ROOT

pytestmark = pytest.mark.django_db


def example(name: str) -> str:
    page = (ROOT / "docs/proof-format.md").read_text()
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", page, re.S)
    assert found
    return found[1]


def in_python(folder: Path, proof: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    (folder / "verify.py").write_text(example("python"))
    (folder / "proof.json").write_text(json.dumps(proof))
    (folder / "keys.json").write_text(json.dumps(key_set()))
    command = [sys.executable, "verify.py", "proof.json", "keys.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def with_openssl(folder: Path, token: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PROOF": token, "X": key_set()["keys"][0]["x"]}
    command = ["sh", "-ec", example("openssl")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def with_another_signature(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def test_the_python_example(tmp_path: Path) -> None:
    shipment = delivered()
    proof = proof_of(shipment)
    done = in_python(tmp_path, proof)
    assert done.stdout.split() == [shipment.public_id, "code", proof["delivered_at"]], done.stderr
    done = in_python(tmp_path, proof | {"signature": with_another_signature(proof["signature"])})
    assert "InvalidSignature" in done.stderr


def test_the_openssl_example(tmp_path: Path) -> None:
    shipment = delivered()
    token = proof_of(shipment)["signature"]
    done = with_openssl(tmp_path, token)
    assert done.returncode == 0, done.stderr
    verdict, said = done.stdout.splitlines()
    assert verdict == "Signature Verified Successfully"
    assert json.loads(said)["shipment"] == shipment.public_id
    assert with_openssl(tmp_path, with_another_signature(token)).returncode != 0


def test_the_chain_example() -> None:
    shipment = delivered()
    scope: dict[str, Any] = {}
    exec(example("chain"), scope)
    events, head = events_of(shipment), proof_of(shipment)["events_head"]
    assert scope["head_of"](events, shipment.public_id) == head
    assert scope["head_of"](events[:2] + events[3:], shipment.public_id) != head


def test_the_page_names_what_is_signed() -> None:
    page = (ROOT / "docs/proof-format.md").read_text()
    table = page.partition("| Name | Meaning |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    told = set(statement_in(proof_of(delivered())["signature"]))
    shipment, device = out_for_delivery()
    submit(device, shipment, their_code(shipment, name(shipment)))
    of_a_delegate = set(statement_in(proof_of(Shipment.objects.get(pk=shipment.pk))["signature"]))
    assert (named, of_a_delegate - told) == (of_a_delegate, {"delegate"})
