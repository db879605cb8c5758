"""Is this installation set up to run? Each check looks at one part and says what is wrong and how to mend it.

The checks only look: they change nothing, send nothing, and never show a secret.
"""

from collections.abc import Callable, Iterable, Iterator

from delivery_otp.doctor import address, channels, database, keys, limits, outbox, queue, role
from delivery_otp.doctor.findings import Finding, Level, problem

__all__ = ["CHECKS", "Finding", "Level", "examine"]

CHECKS: dict[str, Callable[[], Iterable[Finding]]] = {
    "keys": keys.check,
    "database": database.check,
    "role": role.check,
    "codes": keys.check_codes,
    "proofs": keys.check_proofs,
    "queue": queue.check,
    "outbox": outbox.check,
    "channels": channels.check,
    "address": address.check,
    "limits": limits.check,
    "time zones": limits.check_time_zones,
}


def examine() -> Iterator[tuple[str, Finding]]:
    """Every finding with the name of its check, as it is made."""
    for name, check in CHECKS.items():
        try:
            for finding in check():
                yield name, finding
        except Exception as error:  # The words of an error may hold a secret: its type has to do.
            yield (
                name,
                problem(
                    f"This could not be checked ({type(error).__qualname__}).",
                    "Mend the problems above first. If it stays, it is a defect of this check.",
                ),
            )
