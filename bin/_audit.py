"""The audit of locked parts against the published advisories, by pip-audit, as bin/check runs it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from _children import last_lines, run_child, say
from _house import ROOT, VENV

LOCKS = ("requirements.txt", "requirements-dev.txt")


@dataclass
class Audit:
    """What came of it: lines about advisories that fit, how many parts were looked at, and how many not."""

    findings: list[str] = field(default_factory=list)
    audited: int = 0
    skipped: int = 0


def read_report(report: str) -> Audit:
    """What pip-audit's JSON says; an empty Audit where there is none, as when it reached nobody."""
    audit = Audit()
    try:
        parts = list(json.loads(report)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return audit
    for part in parts:
        if "skip_reason" in part:
            audit.skipped += 1
            continue
        audit.audited += 1
        for found in part["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release yet"
            audit.findings.append(f"{part['name']} {part['version']}: {found['id']} (mended in: {mended})")
    return audit


def audit_parts() -> bool:
    """Audit both locked files. False on any finding.

    An audit that could not be made fails nothing, because the advisories may be out of reach; it is said.
    """
    sound = True
    for lock in LOCKS:
        said = _run(lock)
        audit = read_report(next((line for line in said.splitlines() if line.startswith("{")), ""))
        for finding in audit.findings:
            say(f"{lock}: {finding}")
        if not audit.audited:
            why = (
                last_lines(said, 1)
                if not audit.skipped
                else "none of its parts is known where advisories are"
            )
            say(f"{lock}: THE AUDIT COULD NOT BE MADE ({why}).")
        elif audit.skipped:
            say(f"{lock}: {audit.audited} parts audited, {audit.skipped} COULD NOT BE.")
        else:
            say(f"{lock}: {audit.audited} parts audited.")
        sound = sound and not audit.findings
    return sound


def _run(lock: str) -> str:
    command = [str(VENV / "bin" / "pip-audit"), "--requirement", str(ROOT / lock), "--format=json"]
    # Every part is in the lock with its version and hash: nothing has to be resolved or installed.
    quick = ["--disable-pip", "--require-hashes", "--progress-spinner=off", "--timeout=10"]
    return run_child([*command, *quick], quiet=True).stdout
