"""The table in docs/invariants.md: what holds, with its test, its planted defects and its queries.

`python -m tests.invariants.listed` writes it anew, with manage.py's environment (DEBUG=1 is enough).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "invariants.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"

HOLDS = {
    1: "delivered means: its one living code was consumed, or others released it, or none was needed",
    2: "5 attempts a generation, 10 a shipment, and a courier's budget of wrong codes, at most",
    3: "no answer that depends on the comparison leaves before the commit that holds its charge",
    4: "one delivered event and one proof per shipment",
    5: "at most one generation of a shipment lives",
    6: "rotated, expired and used codes never work, nor their links; a courier cannot rotate",
    7: "no look-up by code alone, no code in a URL, no link to a code outside messages",
    8: "only the assigned, active courier, on a live device, re-checked inside the transaction",
    9: "what exists and is not yours looks like what does not exist",
    10: "each issued code reaches a provider, or staff and merchant see that none took it",
    11: "a message goes out once; where that is unknown it is recorded, and both carry the same code",
    12: "the same key and request get the same answer, and what is stored for that gives nothing away",
    13: "a fact, its event and its messages commit together",
    14: "Redis is never the authority for security or delivery",
    15: "no code anywhere but in the recipient's message and page",
    16: "staff never receive a code; nobody approves their own request; a changed contact ends the code",
    17: "events, checks and staff's audit are append-only",
    18: "forged, replayed or out-of-order callbacks of providers change nothing, or never go backwards",
    19: "outbound webhooks reach only public addresses",
    20: "one clock, UTC, decides expiry; the end of the day is the address's own",
    21: "GET and HEAD change nothing",
    22: "links are built from PUBLIC_URL, never from the request's Host",
    23: "after a shipment closes, its codes cannot be computed by anyone",
    24: "bad input gets a 4xx problem that names what is wrong, never a 500, and changes nothing",
}
ALSO = {
    1: "tests/handoffs/test_model.py, tests/handoffs/test_release.py",
    2: "tests/handoffs/test_attempts.py, tests/handoffs/test_courier_budget.py",
    3: "tests/handoffs/test_charge.py, tests/codes/test_constant_time.py, bin/faults",
    8: "tests/access/test_every_endpoint.py, tests/couriers/test_access.py",
    9: "tests/access/test_every_endpoint.py",
    10: "tests/notifications/test_crashes.py, bin/faults",
    11: "tests/notifications/test_crashes.py, tests/notifications/test_twilio_channel.py",
    12: "tests/api/test_idempotency_keys.py, tests/couriers/test_handoff_replays.py",
    13: "bin/faults",
    14: "tests/handoffs/test_charge.py, bin/faults",
    16: "tests/support/test_crawl.py, tests/support/test_releases.py, tests/merchants/test_contact_change.py",
    17: "tests/proofs/test_verify.py, tests/privacy/test_erase_recipient.py",
    22: "tests/access/test_hostile_headers.py",
    24: "tests/access/test_doors.py, tests/access/test_hostile_headers.py",
}
NOT_YET = {
    19: "comes with webhooks; there are none yet",
}


@dataclass(frozen=True)
class Row:
    """One invariant and what stands behind it."""

    number: int
    tests: list[str]
    planted: list[str]
    queries: int

    def __str__(self) -> str:
        tests = ", ".join(f"`{test}`" for test in self.tests) or NOT_YET.get(self.number, "")
        also = "".join(f"; also `{path}`" for path in ALSO.get(self.number, "").split(", ") if path)
        planted = ", ".join(self.planted)
        return f"| {self.number} | {HOLDS[self.number]} | {tests}{also} | {planted} | {self.queries or ''} |"


def rows() -> Iterator[Row]:
    """All 24, from the files, the patches' first lines and check_invariants."""
    from delivery_otp.invariants import INVARIANTS

    files = sorted(path.name for path in Path(__file__).parent.glob("test_[0-9][0-9]_*.py"))
    planted = {path.stem: numbers_of(path) for path in sorted((ROOT / "tests/mutants").glob("*.patch"))}
    for number in HOLDS:
        yield Row(
            number,
            [name for name in files if name.startswith(f"test_{number:02}_")],
            [name for name, numbers in planted.items() if number in numbers],
            sum(each.number == number for each in INVARIANTS),
        )


def numbers_of(patch: Path) -> list[int]:
    """The invariants that a planted defect breaks, from its first line; none where it is about others."""
    first = patch.read_text().partition("\n")[0]
    assert first.startswith("Invariant: "), (patch.name, first)
    return [int(number) for number in re.findall(r"\d+", first)]


def table() -> str:
    head = "| # | What holds | What tries to break it | Planted defects that it catches | Queries |\n"
    return head + "|---|---|---|---|---|\n" + "\n".join(map(str, rows())) + "\n"


def rewritten(page: str) -> str:
    before, rest = page.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery_otp.settings")
    import django

    django.setup()
    PAGE.write_text(rewritten(PAGE.read_text()))
