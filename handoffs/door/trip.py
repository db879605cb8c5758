"""Several statements to PostgreSQL and back in one round trip.

libpq's pipeline mode, with everything written to the socket at once. psycopg's own `Connection.pipeline()`
goes to the socket for each statement, which costs more than it saves where there are few.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors, generators, pq
from psycopg.abc import PQGen
from psycopg.abc import Transformer as Loader
from psycopg.adapt import PyFormat, Transformer

Statement = tuple[str, Sequence[Any]]
Row = tuple[Any, ...]
_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)
_names = count(1)


class _Known:
    """What one connection has prepared, by text and types of the values, and what converts for it."""

    def __init__(self, server: psycopg.Connection[Any]) -> None:
        self.names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self.converts: Loader = Transformer(server)


_known: WeakKeyDictionary[psycopg.Connection[Any], _Known] = WeakKeyDictionary()


def trip(*statements: Statement, commit: bool = False) -> list[Row | None]:
    """The first row of each statement, or None. They run in the transaction that is open, or open it; each
    sees what was committed before it began. With `commit`, it is committed too if all went well.

    Raises django.db.Error; nothing after the statement that failed was done.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    if database.queries_logged:  # where Django logs its own
        database.queries_log.extend({"sql": text, "time": "0"} for text, _ in statements)
    server = database.connection
    known = _known.get(server)
    if known is None:
        known = _known[server] = _Known(server)
    with database.wrap_database_errors, _pipeline(server.pgconn):
        begins = server.pgconn.transaction_status == pq.TransactionStatus.IDLE
        if begins:
            server.pgconn.send_query_params(b"BEGIN", None)
        for statement in statements:
            _send(server.pgconn, known, statement)
        if commit:
            server.pgconn.send_query_params(b"COMMIT", None)
        server.pgconn.pipeline_sync()
        results = server.wait(_results(server.pgconn))
        try:
            _raise_first_failure(results, server)
        except psycopg.Error:
            del _known[server]
            raise
    first = 1 if begins else 0
    answers = [
        result for result in results if result.status != pq.ExecStatus.COMMAND_OK or result.command_status
    ]
    return [_first_row(known.converts, answers[first + place]) for place in range(len(statements))]


@contextmanager
def _pipeline(server: pq.abc.PGconn) -> Iterator[None]:
    server.enter_pipeline_mode()
    try:
        yield
    finally:
        if server.status == pq.ConnStatus.OK:
            server.exit_pipeline_mode()


def _send(server: pq.abc.PGconn, known: _Known, statement: Statement) -> None:
    text, given = statement
    values = known.converts.dump_sequence(given, [PyFormat.AUTO] * len(given))
    types, formats = known.converts.types or (), known.converts.formats
    if not settings.PREPARED_STATEMENTS:
        server.send_query_params(text.encode(), values, types, formats)
        return
    name = known.names.get((text, types))
    if name is None:
        name = known.names[text, types] = b"door_%d" % next(_names)
        server.send_prepare(name, text.encode(), types)
    server.send_query_prepared(name, values, formats)


def _results(server: pq.abc.PGconn) -> PQGen[list[pq.abc.PGresult]]:
    """Write all that is queued, and read to the end of the pipeline."""
    yield from generators.send(server)
    found: list[pq.abc.PGresult] = []
    while True:
        result = yield from generators.fetch(server)
        if result is None:
            continue  # the end of one statement's results
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


def _raise_first_failure(results: Sequence[pq.abc.PGresult], server: psycopg.Connection[Any]) -> None:
    for result in results:
        if result.status in _FAILED:
            raise errors.error_from_result(result, encoding=server.info.encoding)


def _first_row(transformer: Loader, result: pq.abc.PGresult) -> Row | None:
    if not result.ntuples:
        return None
    transformer.set_pgresult(result)
    row: Row | None = transformer.load_row(0, tuple)
    return row
