"""Workers killed at the three moments that matter."""

from collections.abc import Callable
from functools import partial

from tests.faults.catalogue import scenario
from tests.faults.doors import Door, Parcel, out_with
from tests.faults.proxy import Way
from tests.faults.scenarios.wire import MARKED_AS_SENT
from tests.faults.stage import LEASE_SECONDS, Stage
from tests.faults.told_messages import WAITING
from tests.scenarios.world import eventually
from tests.servers.process import wait_until

CREATED = b" 201 "  # in the provider's answer
ACCEPTED = {"sent", "received"}
MESSAGE = """
    SELECT m.state, m.uncertain, m.attempts FROM notifications_message m
    WHERE m.about = %s AND m.kind = 'delivery_code'"""


def killed(stage: Stage) -> None:
    """Each time: dispatch, wait for the moment, kill all of the worker's processes, start it again."""
    door = stage.door()
    for moment in (_before_the_send, _after_the_send, _before_the_mark):
        eventually(lambda: stage.rows(WAITING) == [(0,)])  # nothing else is on its way
        parcel, accepted = moment(stage, door)
        stage.worker.kill()
        stage.to_sms.reset()
        stage.heal()
        stage.worker.start()
        _goes_out(stage, parcel, accepted_before=accepted, moment=moment)
        said = door.hand_over(parcel, stage.phones.code(parcel))
        assert said.outcome == "delivered", f"{moment.__name__}: the code was answered {said.outcome}"


def _before_the_send(stage: Stage, door: Door) -> tuple[Parcel, int]:
    """The request is on its way, and the provider has none of it."""
    parcel = _caught(stage.to_sms.to_server, b"POST ", partial(out_with, stage.shop, door))
    assert stage.phones.codes(parcel.phone) == [], "the provider has it"
    return parcel, 0


def _after_the_send(stage: Stage, door: Door) -> tuple[Parcel, int]:
    """The provider has accepted it, and the worker has not heard."""
    parcel = _caught(stage.to_sms.to_client, CREATED, partial(out_with, stage.shop, door))
    eventually(lambda: stage.phones.codes(parcel.phone))
    return parcel, 1


def _before_the_mark(stage: Stage, door: Door) -> tuple[Parcel, int]:
    """The worker has heard it, and its UPDATE does not reach the database."""
    parcel = _caught(stage.to_database.to_server, MARKED_AS_SENT, partial(out_with, stage.shop, door))
    assert len(stage.phones.codes(parcel.phone)) == 1, "the provider has not accepted it"
    return parcel, 1


def _caught(way: Way, pattern: bytes, dispatch: Callable[[], Parcel]) -> Parcel:
    """Dispatch, and hold this way where the pattern comes by."""
    way.hold_at = pattern
    parcel = dispatch()
    assert way.found.wait(30), f"{pattern!r} never came by"
    return parcel


def _goes_out(
    stage: Stage, parcel: Parcel, *, accepted_before: int, moment: Callable[[Stage, Door], object]
) -> None:
    """The next worker sends it, and the row says that it may have gone twice; it is one and the same code."""
    wait_until(
        lambda: stage.rows(MESSAGE, parcel.id)[0][0] in ACCEPTED,
        seconds=30 + LEASE_SECONDS,
        what=f"The message ({moment.__name__})",
    )
    (told,) = stage.rows(MESSAGE, parcel.id)
    assert told[1:] == (True, 2), f"{moment.__name__}: the row says {told}"
    codes = stage.phones.codes(parcel.phone)
    assert len(codes) == accepted_before + 1, f"{moment.__name__}: the provider accepted {len(codes)}"
    assert len(set(codes)) == 1, f"{moment.__name__}: two codes went out"


scenario(
    "worker-killed-loop",
    "the worker's loop is killed before the send, after it, and before the mark",
    setting=partial(Stage, worker_apart=True),
)(killed)
scenario(
    "worker-killed-celery",
    "the same with Celery's worker and beat",
    setting=partial(Stage, with_queue=True),
)(killed)
