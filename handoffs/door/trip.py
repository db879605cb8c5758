"""Several statements to PostgreSQL and back in one round trip.

libpq's pipeline mode, with everything written to the socket at once and read by libpq itself. psycopg's own
`Connection.pipeline()` goes to the socket for each statement, which costs more than it saves where there are
few.
"""

import select
from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors, pq
from psycopg.abc import Transformer as Loader
from psycopg.adapt import PyFormat, Transformer

Statement = tuple[str, Sequence[Any]]
Row = tuple[Any, ...]
_OK = pq.ExecStatus.COMMAND_OK
_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)
_names = count(1)


class _Known:
    """What one connection has prepared, by text and types of the values, and what converts for it."""

    def __init__(self, server: psycopg.Connection[Any]) -> None:
        self.names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        # Not as the connection converts: Django has it read times by Python, and here they are read as UTC.
        self.converts: Loader = Transformer()
        self.readable = select.poll()  # select() knows no descriptor above 1023
        self.readable.register(server.fileno(), select.POLLIN)
        self.both_ways = select.poll()
        self.both_ways.register(server.fileno(), select.POLLIN | select.POLLOUT)


_known: WeakKeyDictionary[psycopg.Connection[Any], _Known] = WeakKeyDictionary()


def trip(*statements: Statement, commit: bool = False) -> list[list[Row]]:
    """The rows of each statement. They run in the transaction that is open, or open it; each
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
    begins = server.pgconn.transaction_status == pq.TransactionStatus.IDLE
    with database.wrap_database_errors:
        try:
            results = _there_and_back(server.pgconn, known, statements, begins=begins, commit=commit)
            _raise_first_failure(results, server)
        except psycopg.Error:
            del _known[server]
            raise
    first = 1 if begins else 0
    return [_rows(known.converts, result) for result in results[first : first + len(statements)]]


def _there_and_back(
    server: pq.abc.PGconn, known: _Known, statements: Sequence[Statement], *, begins: bool, commit: bool
) -> list[pq.abc.PGresult]:
    """The result of each statement, with those of BEGIN and COMMIT where they were sent."""
    server.enter_pipeline_mode()
    try:
        if begins:
            server.send_query_params(b"BEGIN", None)
        prepared = [_send(server, known, statement) for statement in statements]
        if commit:
            server.send_query_params(b"COMMIT", None)
        server.pipeline_sync()
        results = _results(server, known)
    finally:
        if server.status == pq.ConnStatus.OK:
            server.exit_pipeline_mode()
    if any(prepared):  # each has a result of that, which says nothing, before its own
        return [result for result in results if result.status != _OK or result.command_status]
    return results


def _send(server: pq.abc.PGconn, known: _Known, statement: Statement) -> bool:
    """Whether it had to be prepared before."""
    text, given = statement
    values = known.converts.dump_sequence(given, [PyFormat.AUTO] * len(given))
    types, formats = known.converts.types or (), known.converts.formats
    if not settings.PREPARED_STATEMENTS:
        server.send_query_params(text.encode(), values, types, formats)
        return False
    name = known.names.get((text, types))
    is_new = name is None
    if name is None:
        name = known.names[text, types] = b"door_%d" % next(_names)
        server.send_prepare(name, text.encode(), types)
    server.send_query_prepared(name, values, formats)
    return is_new


def _results(server: pq.abc.PGconn, known: _Known) -> list[pq.abc.PGresult]:
    """Write what is still queued, and read to the end of the pipeline. Others go on meanwhile: libpq's own
    wait would not let them."""
    while server.flush():
        known.both_ways.poll()
        server.consume_input()
    found: list[pq.abc.PGresult] = []
    while True:
        while server.is_busy():
            known.readable.poll()
            server.consume_input()
        result = server.get_result()
        if result is None:
            continue  # the end of one statement's results
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


def _raise_first_failure(results: Sequence[pq.abc.PGresult], server: psycopg.Connection[Any]) -> None:
    for result in results:
        if result.status in _FAILED:
            raise errors.error_from_result(result, encoding=server.info.encoding)


def _rows(transformer: Loader, result: pq.abc.PGresult) -> list[Row]:
    if not result.ntuples:
        return []
    transformer.set_pgresult(result)
    rows: list[Row] = transformer.load_rows(0, result.ntuples, tuple)
    return rows
