"""The floor: pgbench writes the same rows by one statement, with nobody to ask and nothing to compute."""

import subprocess
from pathlib import Path

import psycopg

from bench.clone import insert_like
from bench.load import Outcome
from bench.seed import FRESH, Sample
from tests.servers.postgres import PostgresServer

# pgbench's time runs while it connects, which takes a busy machine longer than all that is measured here.
CONNECTING_SECONDS = 2

SCRIPT = """\
\\set n :n + 1
\\set k {base} + :start + :n * :clients + :client_id
WITH charged AS (
  UPDATE handoffs_deliverycode SET attempts = attempts + 1, ended_at = now(), ended_because = 'used',
    nonce = NULL, predecessor_mark = NULL
  WHERE id = :k AND ended_at IS NULL AND attempts < attempts_allowed RETURNING shipment_id
), moved AS (
  UPDATE orders_shipment s SET status = 'delivered', delivered_at = now(), events_count = events_count + 1,
    events_head = md5(s.public_id) || md5(s.public_id)
  FROM charged WHERE s.id = charged.shipment_id AND s.status = 'out_for_delivery'
  RETURNING s.id, s.public_id, s.events_count
), checked AS ({check} RETURNING id, shipment_id
), proved AS ({proof} RETURNING id
), told AS ({event} RETURNING id
)
{message};
"""


def floor_script(superuser_url: str, delivered: Sample) -> str:
    """A pgbench script that writes what a handoff writes, in rows like those of the delivered sample."""
    with psycopg.connect(superuser_url) as connection:

        def last(table: str) -> int:
            row = connection.execute(
                f"SELECT max(id) FROM {table} WHERE shipment_id = %s".encode(), (delivered.shipment,)
            ).fetchone()
            assert row is not None
            return int(row[0])

        message = connection.execute(
            "SELECT max(m.id) FROM notifications_message m JOIN orders_shipment s ON s.public_id = m.about "
            "WHERE s.id = %s",
            (delivered.shipment,),
        ).fetchone()
        assert message is not None
        courier = f"{FRESH} + 1 + moved.id % 60"
        check = insert_like(
            connection,
            "handoffs_codecheck",
            last("handoffs_codecheck"),
            {
                "shipment_id": "id",
                "courier_id": courier,
                "device_id": courier,
                "at": "now()",
                "key_digest": "md5(public_id) || md5('k' || public_id)",
            },
            "moved",
        )
        proof = insert_like(
            connection,
            "handoffs_proofofdelivery",
            last("handoffs_proofofdelivery"),
            {
                "shipment_id": "moved.id",
                "check_made_id": "checked.id",
                "courier_id": courier,
                "delivered_at": "now()",
                "public_id": "'prf_' || substr(public_id, 5)",
            },
            "moved JOIN checked ON checked.shipment_id = moved.id",
        )
        event = insert_like(
            connection,
            "orders_event",
            last("orders_event"),
            {
                "shipment_id": "id",
                "sequence": "events_count",
                "at": "now()",
                "public_id": "'evt_x' || substr(public_id, 6)",
            },
            "moved",
        )
        text = insert_like(
            connection,
            "notifications_message",
            message[0],
            {
                "public_id": "'msg_x' || substr(public_id, 6)",
                "about": "public_id",
                "state": "'queued'",
                "next_try_at": "now()",
                "created_at": "now()",
                "sent_at": "NULL",
            },
            "moved",
        )
    return SCRIPT.format(base=FRESH, check=check, proof=proof, event=event, message=text)


def run_floor(
    server: PostgresServer,
    database: str,
    script: str,
    *,
    connections: int,
    start: int,
    seconds: float = 0,
    transactions: int = 0,
) -> Outcome:
    """Run the script on the fresh shipments from number `start` on, for so long, or so often by each
    connection."""
    seconds = max(1, round(seconds))
    time = seconds + CONNECTING_SECONDS
    limit = f"--transactions={transactions}" if transactions else f"--time={time}"
    file = server.folder / "floor.sql"
    file.write_text(script)
    logs = server.folder / "floor-log"
    for old in server.folder.glob("floor-log*"):
        old.unlink()
    done = subprocess.run(
        [
            *(str(server.programs / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={file}"),
            *(f"--client={connections}", "--jobs=1", limit),
            *(f"--define=start={start}", f"--define=clients={connections}", "--define=n=-1"),
            *("--log", f"--log-prefix={logs}", server.url(database)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    outcome = Outcome(seconds=seconds)
    if done.returncode != 0:
        outcome.errors.append(done.stderr.encode())
    ended = [end for path in sorted(server.folder.glob("floor-log*")) for end in _ended(path)]
    outcome.successes = len(ended)
    begin = 0 if transactions else max((at for at, _ in ended), default=0.0) - seconds
    outcome.latencies = [latency for at, latency in ended if at > begin]
    return outcome


def _ended(log: Path) -> list[tuple[float, float]]:
    """When each transaction ended, and how long it took, in seconds."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [(int(line[4]) + int(line[5]) / 1e6, int(line[2]) / 1e6) for line in lines]
