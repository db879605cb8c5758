"""Rows put by reference, however many there are and wherever in the file they stand."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from merchants.imports.reading import COLUMNS, Refused, Row

CACHE_KIB = 16_384  # what is more goes to disk


class Spool:
    """A private database on disk that SQLite unlinks as soon as it is opened: it ends with this process.

    It is why memory stays the same for any size of file, why the rows of a reference need not stand together,
    and why nothing is placed before the file has been read to its end.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            f"""
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -{CACHE_KIB};
            CREATE TABLE first_line (reference TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID;
            CREATE TABLE row (
                first INTEGER, line INTEGER, reference TEXT, content TEXT, PRIMARY KEY (first, line)
            ) WITHOUT ROWID;
            CREATE TABLE refused (line INTEGER, field TEXT, reason TEXT);
            BEGIN;
            """
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, row: Row) -> None:
        """Keep a row that has a reference."""
        values = json.dumps([row.cells, [astuple(fault) for fault in row.faults]])
        self._database.execute("INSERT OR IGNORE INTO first_line VALUES (?, ?)", (row.reference, row.line))
        self._database.execute(
            "INSERT INTO row SELECT line, ?, reference, ? FROM first_line WHERE reference = ?",
            (row.line, values, row.reference),
        )

    def references(self) -> int:
        count: int = self._database.execute("SELECT count(*) FROM first_line").fetchone()[0]
        return count

    def groups(self) -> Iterator[list[Row]]:
        """The rows of each reference in the order of their lines; the references as they first appear."""
        rows = self._database.execute("SELECT first, line, reference, content FROM row ORDER BY first, line")
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield [_row(line, reference, json.loads(content)) for _, line, reference, content in group]

    def refuse(self, faults: Iterable[Refused]) -> None:
        values = ((fault.line, fault.field, fault.reason) for fault in faults)
        self._database.executemany("INSERT INTO refused VALUES (?, ?, ?)", values)

    def refused(self) -> Iterator[Refused]:
        """All that was refused, in the order of the file."""
        order = " ".join(f"WHEN '{name}' THEN {at}" for at, name in enumerate(COLUMNS))
        rows = self._database.execute(
            f"SELECT line, field, reason FROM refused ORDER BY line, CASE field {order} ELSE -1 END, rowid"  # noqa: S608
        )
        for row in rows:
            yield Refused(*row)


def _row(line: int, reference: str, content: Any) -> Row:
    cells, faults = content
    return Row(line, reference, cells, tuple(Refused(*fault) for fault in faults))
