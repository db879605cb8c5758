"""Times as the API writes them: RFC 3339, always with an offset, answered in UTC."""

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def rfc3339(moment: datetime) -> str:
    """A moment in UTC with `Z`, such as `2026-11-22T14:03:11Z`; a fraction only where there is one.

    Raises ValueError for a datetime without an offset: nobody can say which moment that is.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is not a moment")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """The moment that an RFC 3339 text names, in UTC. Digits beyond microseconds are dropped.

    Raises ValueError for anything else: no offset, other ISO 8601 forms, a day that does not exist, a leap
    second.
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError("not an RFC 3339 time with an offset")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time outside the calendar") from error
