"""From a file to rows: CSV as RFC 4180 has it, in UTF-8, with or without a byte order mark."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

COLUMNS = (
    *("reference", "placed_at", "currency", "declared_value", "category"),
    *("name", "phone", "email", "locale"),
    *("line1", "line2", "city", "region", "postal_code", "country"),
    *("latitude", "longitude", "timezone", "barcode"),
)
MAX_LINE = 1_000_000  # characters: what is longer is no row, and would have to be held in memory


class ImportFileError(Exception):
    """The file as a whole cannot be imported. The message says why, and what to do about it."""


@dataclass(frozen=True)
class Refused:
    """One thing that is wrong with a row. `field` is the column; empty where it is the row as a whole."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row: the line of the file it begins on, and its cells by column, trimmed.

    `faults`: why it cannot be read; there are no cells then, and a reference only where it was seen.
    """

    line: int
    reference: str
    cells: dict[str, str]
    faults: tuple[Refused, ...] = ()


def open_csv(path: Path) -> TextIO:
    """The file as text. Bytes that are not UTF-8 come as lone surrogates, so that their row can be named.

    Raises ImportFileError where it cannot be opened.
    """
    try:
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read: {error.strerror}.") from error


def rows_of(file: TextIO) -> Iterator[Row]:
    """Each row. Blank ones are passed over.

    Raises ImportFileError where the file is not one of orders at all.
    """
    reader = csv.reader(_lines(file), strict=True)
    columns = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, "", {}, (Refused(line, "", _not_csv(line, reader.line_num, error)),))
            continue
        if any(cells):
            yield _row(line, columns, cells)


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise ImportFileError(
                f"Line {number} has more than {MAX_LINE:,} characters: this is not a CSV file."
            )
        yield line


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        found = [name.strip() for name in next(reader)]
    except StopIteration:
        raise ImportFileError("The file is empty. Its first line must name the columns.") from None
    except csv.Error as error:
        raise ImportFileError(f"This is not a CSV file: {error}.") from error
    if sorted(found) != sorted(COLUMNS):
        raise ImportFileError(_wrong_header(found))
    return found


def _wrong_header(found: list[str]) -> str:
    expected = f"The first line must be: {','.join(COLUMNS)}"
    text = "".join(found).replace("\t", "")
    if not text.isprintable() or not _is_utf8(text):
        return f"This is not a CSV file in UTF-8. {expected}"
    for name, delimiter in (("semicolons", ";"), ("tabs", "\t"), ("vertical bars", "|")):
        if len(found) == 1 and found[0].count(delimiter) >= 2:
            return f"The columns are separated by {name}; they must be separated by commas. {expected}"
    missing = [name for name in COLUMNS if name not in found]
    unknown = [name or "(no name)" for name in found if name not in COLUMNS]
    repeated = sorted({name for name in found if name in COLUMNS and found.count(name) > 1})
    parts = (("missing", missing), ("not known", unknown), ("repeated", repeated))
    what = "; ".join(f"{which}: {', '.join(names)}" for which, names in parts if names)
    return f"The columns are not those of an import ({what[:500]}). {expected}"


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    by_column = dict(zip(columns, cells, strict=False))
    reference = by_column.get("reference", "")
    if len(cells) != len(columns):
        faults = [Refused(line, "", f"The row has {len(cells)} cells, the header {len(columns)}.")]
    else:
        garbled = [name for name, cell in by_column.items() if not _is_utf8(cell)]
        faults = [Refused(line, name, "Not UTF-8 text.") for name in garbled]
    if faults:
        return Row(line, reference if _is_utf8(reference) else "", {}, tuple(faults))
    return Row(line, reference, by_column)


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _not_csv(first: int, last: int, error: csv.Error) -> str:
    where = f"Lines {first} to {last} are" if last > first else "The line is"
    return f"{where} not CSV ({error}). Is a quotation mark missing?"
