"""What bin/check makes of pip-audit's words. The advisories themselves are out of a test's reach."""

import json

from _audit import read_report

DJANGO = {
    "name": "django",
    "version": "5.2.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.2"], "aliases": [], "description": ""}],
}
SOUND = {"name": "segno", "version": "1.6.6", "vulns": []}
UNKNOWN = {"name": "six", "skip_reason": "Dependency not found and could not be audited: six (1.17.0)"}


def test_an_advisory_that_fits_is_a_finding() -> None:
    audit = read_report(json.dumps({"dependencies": [DJANGO, SOUND], "fixes": []}))
    assert audit.findings == ["django 5.2.1: PYSEC-2026-1 (mended in: 5.2.2)"]
    assert (audit.audited, audit.skipped) == (2, 0)


def test_parts_that_were_not_looked_at_are_not_taken_for_sound() -> None:
    audit = read_report(json.dumps({"dependencies": [UNKNOWN, UNKNOWN], "fixes": []}))
    assert (audit.audited, audit.skipped) == (0, 2)


def test_no_report_is_no_audit() -> None:
    for report in ("", "ERROR: no route to host", "{}", '{"dependencies": 1}', "[]"):
        assert read_report(report).audited == 0
