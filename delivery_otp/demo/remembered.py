"""The demo's secrets, for the start page of a development machine: in a file that git ignores, never in the
database."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from delivery_otp.demo import Demo
from fleet.enrolment_codes import enrolment_digests
from fleet.models import Enrolment
from orders.models import Merchant

KEPT = 10  # demos, of this database and others


@dataclass(frozen=True)
class Secrets:
    """What to sign in with as each of the demo's people. An enrolment code works once: then it is empty."""

    merchant: str
    api_key: str
    enrolment_code: str
    agent: str
    agent_password: str


def may_be_shown() -> bool:
    """Only where nobody but the developer can look: on a development machine that others do not reach."""
    return settings.DEVELOPMENT and {settings.HOST, settings.PUBLIC_HOST} <= settings.LOOPBACK


def remember(demo: Demo) -> None:
    """Write the demo's secrets down, readable by the developer alone. Elsewhere nothing is written."""
    if not may_be_shown():
        return
    secrets = Secrets(
        merchant=demo.merchant.public_id,
        api_key=demo.api_key,
        enrolment_code=demo.enrolment_code,
        agent=demo.agent.email,
        agent_password=demo.agent_password,
    )
    kept = [asdict(secrets), *_stored()][:KEPT]
    draft = _path().with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(kept, indent=1))
    draft.replace(_path())


def remembered() -> Secrets | None:
    """The secrets of this database's newest demo; None where there is none, or others could see them."""
    if not may_be_shown():
        return None
    stored = {each["merchant"]: each for each in reversed(_stored())}
    newest = Merchant.objects.filter(public_id__in=stored).order_by("-pk").first()
    if newest is None:
        return None
    found = Secrets(**stored[newest.public_id])
    return found if _enrols(found.enrolment_code) else Secrets(**{**asdict(found), "enrolment_code": ""})


def _enrols(code: str) -> bool:
    return Enrolment.objects.filter(digest__in=enrolment_digests(code), used_at=None).exists()


def _path() -> Path:
    return Path(settings.VAR_DIR) / "demo-secrets.json"


def _stored() -> list[dict[str, Any]]:
    try:
        stored: list[dict[str, Any]] = json.loads(_path().read_text())
    except (OSError, ValueError):
        return []
    return stored
