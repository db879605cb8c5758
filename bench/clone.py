"""Many rows from one: each table's sample row, made by the service's own verbs, copied inside PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

Row = dict[str, Any]


def columns_of(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """The table's columns in their order."""
    described = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table)))
    return [column.name for column in described.description or ()]


def clone(
    connection: psycopg.Connection[Any],
    table: str,
    ids: Sequence[int],
    count: int,
    changes: Mapping[str, str],
) -> None:
    """Copy the rows `ids` of a table so many times. `changes` gives columns as SQL over `n` (from 1 on) and
    the sample `t`; a column `id` that is not among them is numbered by the table."""
    named = [name for name in columns_of(connection, table) if name != "id" or "id" in changes]
    values = [sql.SQL(changes[name]) if name in changes else sql.Identifier("t", name) for name in named]
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(1, {}) AS n, {} t WHERE t.id = ANY({})")
        .format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, named)),
            sql.SQL(", ").join(values),
            sql.Literal(count),
            sql.Identifier(table),
            sql.Literal(list(ids)),
        )
    )  # fmt: skip


def insert_like(
    connection: psycopg.Connection[Any], table: str, sample: int, changes: Mapping[str, str], origin: str
) -> str:
    """The text of an INSERT … SELECT from `origin` of one row like the sample; `changes` as in `clone`."""
    names = [name for name in columns_of(connection, table) if name != "id"]
    query = sql.SQL("SELECT {} FROM {} WHERE id = %s").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table)
    )
    found = connection.execute(query, (sample,)).fetchone()
    assert found is not None, f"{table} has no sample row {sample}"
    values = [
        sql.SQL(changes[name]) if name in changes else sql.Literal(Jsonb(value) if _is_json(value) else value)
        for name, value in zip(names, found, strict=True)
    ]
    return (
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}")
        .format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(values),
            sql.SQL(origin),
        )
        .as_string(connection)
    )


def _is_json(value: object) -> bool:
    return isinstance(value, dict | list)
