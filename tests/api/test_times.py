from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.times import parse_rfc3339, rfc3339


def test_a_moment_is_written_in_utc_with_z() -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=-3)))
    assert rfc3339(noon) == "2026-11-22T15:00:00Z"


def test_a_fraction_is_kept() -> None:
    assert rfc3339(datetime(2026, 1, 1, microsecond=120_000, tzinfo=UTC)) == "2026-01-01T00:00:00.120000Z"


def test_a_time_without_an_offset_is_not_written() -> None:
    with pytest.raises(ValueError, match="offset"):
        rfc3339(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T15:00:00Z",
        "2026-11-22t15:00:00z",
        "2026-11-22T12:00:00-03:00",
        "2026-11-22 15:00:00.000000000Z",
    ],
)
def test_an_offset_names_the_moment(text: str) -> None:
    assert parse_rfc3339(text) == datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T15:00:00",
        "2026-11-22",
        "20261122T150000Z",
        "2026-02-30T00:00:00Z",
        "2026-11-22T25:00:00Z",
        "2026-11-22T15:00:60Z",
        "2026-11-22T15:00:00+24:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-11-22T15:00:00Z\n",
        "٢٠٢٦-11-22T15:00:00Z",
        "now",
        "",
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_rfc3339(text)
