"""manage.py verify_proof, for scripts and for people."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from handoffs.proofs.signing import key_set
from tests.proofs.stories import delivered, events_of, proof_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """Runs the command over a file with this in it; answers exit status and output."""

    def run(brought: Any, *arguments: str) -> tuple[int, str]:
        file, out, status = tmp_path / "proof.json", io.StringIO(), 0
        file.write_text(json.dumps(brought))
        try:
            call_command("verify_proof", str(file), *arguments, stdout=out)
        except SystemExit as ended:
            status = int(str(ended.code))
        return status, out.getvalue()

    return run


def test_a_proof_that_holds(told: Any) -> None:
    shipment = delivered()
    status, out = told({"proof": proof_of(shipment), "events": events_of(shipment)})
    assert status == 0
    assert "This proof holds" in out
    assert f"The {len(events_of(shipment))} events of the file lead to it" in out
    assert f"The {len(events_of(shipment))} events of this database lead to it" in out


def test_a_proof_that_does_not(told: Any) -> None:
    status, out = told(proof_of(delivered()) | {"method": "qr"})
    assert (status, "does not hold" in out) == (1, True)


def test_the_same_for_scripts(told: Any) -> None:
    shipment = delivered()
    proof = proof_of(shipment)
    status, out = told(proof, "--json")
    answer = json.loads(out.strip().splitlines()[-1])
    assert (status, answer["valid"], answer["problem"], answer["key_id"]) == (0, True, None, "test")
    assert answer["statement"]["shipment"] == shipment.public_id
    assert answer["events"] == {"file": None, "database": len(events_of(shipment))}
    status, out = told(proof | {"id": "prf_other"}, "--json")
    answer = json.loads(out.strip().splitlines()[-1])
    assert (status, answer["valid"], answer["problem"]["code"]) == (1, False, "differs")


def test_keys_that_were_kept_verify_what_ours_no_longer_do(
    told: Any, settings: Settings, tmp_path: Path
) -> None:
    proof = proof_of(delivered())
    kept = tmp_path / "keys.json"
    kept.write_text(json.dumps(key_set()))
    settings.QR_SIGNING_KEYS = {"new": bytes(range(64, 96))}
    assert told(proof)[0] == 1
    assert told(proof, "--keys", str(kept))[0] == 0


@pytest.mark.parametrize("text", ["{}", "no", '{"keys": [{"kid": "a", "crv": "P-256", "x": "AAAA"}]}', "[]"])
def test_keys_that_are_none(told: Any, tmp_path: Path, text: str) -> None:
    kept = tmp_path / "keys.json"
    kept.write_text(text)
    with pytest.raises(CommandError, match="not a JSON Web Key Set"):
        told({}, "--keys", str(kept))


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_proof", "no-such-file.json")
