"""What happens between the service and PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from delivering.client import Client, GaveUpError, Patience

from tests.faults.catalogue import scenario
from tests.faults.doors import PATIENCE, Door, Parcel, at_the_same_time, new_phone, order_to
from tests.faults.ledger import Said
from tests.faults.scenarios.wire import COMMIT
from tests.faults.stage import Stage
from tests.scenarios.world import other_than

IMPATIENT = Patience(one_try_seconds=2, seconds=60, longest_wait_seconds=1)
WRONG_EVERY = 3

Round = list[tuple[Parcel, str]]


def deliver(door: Door, to_deliver: Round) -> list[Said]:
    """Hand all of them over, some only after a wrong code."""
    said = []
    for number, (parcel, code) in enumerate(to_deliver):
        if number % WRONG_EVERY == 0:
            said.append(door.hand_over(parcel, other_than(code)))
        said.append(door.hand_over(parcel, code))
    return said


def place(stage: Stage, courier: str, number: int, patience: Patience) -> None:
    """Place and dispatch so many orders, each under one key until it is answered."""
    client = Client(f"{stage.service.url}/api/v1", stage.tally, token=stage.shop.token, patience=patience)
    for _ in range(number):
        body = stage.shop.order_body(**order_to(new_phone()))
        order_id = ""
        try:
            order = client.post("/orders", body)
            order_id = order["id"]
            client.post(f"/shipments/{order['shipments'][0]['id']}/dispatch", {"courier": courier})
        except GaveUpError as error:
            raise AssertionError(f"an order was not taken: {error}") from error
        finally:
            stage.ledger.note_order(body["reference"], order_id)


def deliver_and_place(
    stage: Stage, rounds: list[tuple[Door, Round]], *, orders: int = 10, patience: Patience = PATIENCE
) -> None:
    """All couriers and the shop at once; everything has to be answered in the end, and rightly."""
    calls: list[Callable[[], list[Said]]] = [partial(deliver, *each) for each in rounds]

    def shop() -> list[Said]:
        place(stage, rounds[0][0].id, orders, patience)
        return []

    said = [each for answers in at_the_same_time([*calls, shop]) for each in answers]
    wrong = [each.outcome or "no answer" for each in said if each.outcome not in {"wrong_code", "delivered"}]
    assert not wrong, f"answers at the door: {wrong}"
    delivered = {each.shipment for each in said if each.outcome == "delivered"}
    missing = {parcel.id for _, some in rounds for parcel, _ in some} - delivered
    assert not missing, f"not delivered in the end: {missing}"


@contextmanager
def again_and_again(act: Callable[[], object], *, seconds: float, times: int = 1_000) -> Iterator[None]:
    """Meanwhile do it every so many seconds, at the most so many times."""
    over = threading.Event()

    def run() -> None:
        for _ in range(times):
            if over.wait(seconds):
                return
            act()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@scenario("database-latency", "every packet to and from PostgreSQL is 30 ms late")
def latency(stage: Stage) -> None:
    rounds = stage.doors_and_parcels(4, 5)
    stage.to_database.to_server.latency = stage.to_database.to_client.latency = 0.03
    deliver_and_place(stage, rounds)


@scenario("database-reset", "all connections to PostgreSQL are reset, every 0.2 s, 60 times")
def resets(stage: Stage) -> None:
    rounds = stage.doors_and_parcels(4, 12)
    # On a busy machine a request may take longer than the time between two: that has to have an end.
    with again_and_again(stage.to_database.reset, seconds=0.2, times=60):
        deliver_and_place(stage, rounds, orders=20)


@scenario(
    "database-black-hole", "for 3 s nothing reaches PostgreSQL, or comes back; then it does, or is reset"
)
def black_hole(stage: Stage) -> None:
    proxy = stage.to_database
    for ways in ((proxy.to_server,), (proxy.to_client,), (proxy.to_server, proxy.to_client)):
        for reset in (False, True):
            rounds = [(door, some) for door, some in stage.doors_and_parcels(3, 4)]
            for door, _ in rounds:
                door.patience = IMPATIENT
            rounds = [(door.again(), some) for door, some in rounds]
            hole = threading.Timer(0.1, proxy.black_hole, ways)
            hole.start()
            healing = threading.Timer(3.1, partial(_heal, stage, reset=reset))
            healing.start()
            deliver_and_place(stage, rounds, orders=3, patience=IMPATIENT)
            healing.join()


def _heal(stage: Stage, *, reset: bool) -> None:
    if reset:
        stage.to_database.reset()
        time.sleep(0.1)
    stage.to_database.heal()


@scenario("reply-lost-after-commit", "PostgreSQL commits, and the service never hears of it")
def reply_after_commit(stage: Stage) -> None:
    rounds = stage.doors_and_parcels(4, 8)
    proxy = stage.to_database
    proxy.drop_reply_after, proxy.drop_every, proxy.drops = COMMIT, 2, 1000
    deliver_and_place(stage, rounds, orders=10)
    assert proxy.dropped >= 10, f"only {proxy.dropped} replies were dropped"
