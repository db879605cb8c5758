"""What a database takes on disk, and what updates leave behind in its tables."""

from dataclasses import dataclass

import psycopg

from bench.seed import TABLES
from tests.servers import PostgresServer

SIZES = """
SELECT relname, pg_table_size(relid), pg_indexes_size(relid) FROM pg_stat_user_tables
WHERE relname = ANY(%s) ORDER BY pg_total_relation_size(relid) DESC
"""
STATE = """
SELECT relname, pg_table_size(relid), pg_indexes_size(relid), n_tup_upd, n_tup_hot_upd, n_dead_tup,
  n_tup_ins, autovacuum_count FROM pg_stat_user_tables WHERE relname = ANY(%s) ORDER BY relname
"""


def sizes(server: PostgresServer, database: str, shipments: int) -> dict[str, dict[str, int]]:
    """Bytes of each table and its indexes for each shipment."""
    with psycopg.connect(server.superuser_url(database)) as connection:
        found = connection.execute(SIZES, (TABLES,)).fetchall()
    told = {name: {"rows": rows // shipments, "indexes": keys // shipments} for name, rows, keys in found}
    total = sum(rows + keys for _, rows, keys in found)
    print(f"{database}: {total / 2**30:.2f} GiB, {total / shipments:.0f} bytes a shipment")
    for name, each in told.items():
        print(f"  {name}: {each['rows']} and {each['indexes']} in indexes")
    return told


@dataclass(frozen=True)
class Growth:
    """A table's bytes and counters, or what was added to them."""

    table: str
    table_bytes: int
    index_bytes: int
    updated: int
    hot: int
    dead: int
    inserted: int
    vacuums: int

    def since(self, before: "Growth") -> "Growth":
        return Growth(
            self.table,
            self.table_bytes - before.table_bytes,
            self.index_bytes - before.index_bytes,
            self.updated - before.updated,
            self.hot - before.hot,
            self.dead,
            self.inserted - before.inserted,
            self.vacuums - before.vacuums,
        )

    def __str__(self) -> str:
        share = f", {100 * self.hot / self.updated:.0f} % HOT" if self.updated else ""
        return (
            f"  {self.table}: {self.table_bytes / 2**20:+.0f} MiB and {self.index_bytes / 2**20:+.0f} MiB of "
            f"indexes for {self.inserted} rows inserted and {self.updated} updated{share}; {self.dead} dead, "
            f"{self.vacuums} vacuums"
        )


def bloat(url: str) -> dict[str, Growth]:
    """The state of each table, by name."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        found = connection.execute(STATE, (TABLES,)).fetchall()
    return {row[0]: Growth(*row) for row in found}
