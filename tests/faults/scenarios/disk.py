"""A disk that is full."""

import atexit
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.faults.catalogue import scenario
from tests.faults.doors import Door, at_the_same_time
from tests.faults.ledger import Said
from tests.faults.scenarios.database import Round, deliver_and_place
from tests.faults.stage import House, Stage
from tests.scenarios.world import other_than
from tests.servers import PostgresServer, ServerError

MEGABYTES = 400


@contextmanager
def on_a_small_disk(house: House) -> Iterator[Stage]:
    """The stage with a PostgreSQL whose data are on a file system of their own, which needs root to mount."""
    with PostgresServerOnItsOwn() as postgres, Stage(house, postgres=postgres) as stage:
        yield stage


class PostgresServerOnItsOwn(PostgresServer):
    """PostgreSQL with its data on a small tmpfs. Raises ServerError where none can be mounted."""

    def __init__(self) -> None:
        super().__init__(fsync=True)
        self.disk = self.folder / "home"
        self.disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "delivery-faults", str(self.disk)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"a small disk cannot be mounted (are you root?): {done.stderr.strip()}")
        atexit.register(self._unmount)

    def stop(self) -> None:
        super().stop()
        self._unmount()

    def _unmount(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.disk)], capture_output=True, check=False)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Meanwhile no byte more goes onto this disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


@scenario(
    "disk-full",
    "PostgreSQL's disk is full: 503 whatever the code, and all is well afterwards",
    setting=on_a_small_disk,
)
def disk_full(stage: Stage) -> None:
    rounds = stage.doors_and_parcels(4, 40)
    assert isinstance(stage.postgres, PostgresServerOnItsOwn)
    with full(stage.postgres.disk):
        told = at_the_same_time(partial(_once, *each) for each in rounds)
    tried = [said for some in told for said in some]
    if not stage.postgres.is_running:
        stage.postgres.start()
    met = Counter(said.outcome or "no answer" for said in tried)
    assert met.keys() <= {"delivered", "wrong_code", "service_unavailable"}, f"while it was full: {met}"
    assert met["service_unavailable"] >= 10, f"the disk was hardly felt: {met}"
    deliver_and_place(stage, rounds_left(rounds, stage.ledger.handoffs), orders=5)


def rounds_left(rounds: list[tuple[Door, Round]], said: list[Said]) -> list[tuple[Door, Round]]:
    done = {each.shipment for each in said if each.outcome == "delivered"}
    return [(door, [each for each in some if each[0].id not in done]) for door, some in rounds]


def _once(door: Door, to_deliver: Round) -> list[Said]:
    """One try each, every fourth with a wrong code."""
    return [
        door.hand_over(parcel, other_than(code) if number % 4 == 0 else code, once=True)
        for number, (parcel, code) in enumerate(to_deliver)
    ]
