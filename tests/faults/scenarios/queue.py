"""What happens to Valkey, and on the way to it."""

from collections import Counter
from functools import partial

import httpx
import redis

from tests.faults.catalogue import scenario
from tests.faults.doors import Door, Parcel, at_the_same_time, out_with
from tests.faults.scenarios.database import again_and_again, deliver
from tests.faults.stage import Stage
from tests.scenarios.world import other_than

ATTEMPTS_A_CODE, ATTEMPTS_A_SHIPMENT, BUDGET_A_DAY = 5, 10, 15
AT_SPEED_SECONDS = 3.0


@scenario(
    "queue-flushed",
    "Valkey is emptied every 20 ms while couriers guess at codes, in parallel",
    setting=partial(Stage, with_queue=True),
)
def flushed(stage: Stage) -> None:
    guesser, other = stage.door(), stage.door()
    first, second = out_with(stage.shop, guesser), out_with(stage.shop, guesser)
    with again_and_again(redis.Redis.from_url(stage.valkey.url).flushall, seconds=0.02):
        told = Counter(_guesses(stage, guesser, first, generation=1))
        assert told["wrong_code"] == ATTEMPTS_A_CODE, f"the first code was guessed at: {told}"
        _renew(stage, first)
        told += Counter(_guesses(stage, guesser, first, generation=2))
        assert told["wrong_code"] == ATTEMPTS_A_SHIPMENT, f"the shipment was guessed at: {told}"
        told += Counter(_guesses(stage, guesser, second, generation=1))
        assert told["wrong_code"] == BUDGET_A_DAY, f"the courier guessed: {told}"
        right = guesser.hand_over(second, stage.phones.code(second))
        assert right.outcome == "courier_suspended", f"then the right code: {right.outcome}"
        answer = stage.shop.post(f"/shipments/{first.id}/dispatch", {"courier": other.id})
        assert answer.status_code == 200, answer.text
        locked = other.hand_over(first, stage.phones.code(first, number=2))
        assert locked.outcome == "code_locked", f"the right code of the locked shipment: {locked.outcome}"


def _guesses(stage: Stage, door: Door, parcel: Parcel, *, generation: int) -> list[str]:
    """What twelve wrong codes from four handhelds at once are told."""
    wrong = other_than(stage.phones.code(parcel, number=generation))

    def guess(again: Door) -> list[str]:
        return [again.hand_over(parcel, wrong).outcome for _ in range(3)]

    told = at_the_same_time(partial(guess, door.again()) for _ in range(4))
    return [outcome for some in told for outcome in some]


def _renew(stage: Stage, parcel: Parcel) -> None:
    """The recipient asks for a new code on their page."""
    with httpx.Client(trust_env=False, timeout=10) as browser:
        link = stage.phones.link(parcel)
        browser.get(link)
        form = {"csrfmiddlewaretoken": browser.cookies.get("csrftoken", "")}
        answer = browser.post(f"{link}new-code/", data=form, headers={"Origin": stage.service.url})
    assert answer.status_code == 302, f"the page answered {answer.status_code}"


@scenario(
    "queue-lost",
    "connections to Valkey are reset, refused, and then nothing comes through at all",
    setting=partial(Stage, with_queue=True),
)
def lost(stage: Stage) -> None:
    rounds = stage.doors_and_parcels(3, 6)
    proxy = stage.to_queue
    with again_and_again(proxy.reset, seconds=0.1):
        _deliver_at_speed(stage, [(door, some[:2]) for door, some in rounds])
    proxy.refuses = True
    proxy.reset()
    _deliver_at_speed(stage, [(door, some[2:4]) for door, some in rounds])
    proxy.refuses = False
    proxy.black_hole()
    _deliver_at_speed(stage, [(door, some[4:]) for door, some in rounds])
    late = [out_with(stage.shop, door) for door, _ in rounds]
    proxy.heal()
    for parcel in late:
        stage.phones.code(parcel)


def _deliver_at_speed(stage: Stage, rounds: list[tuple[Door, list[tuple[Parcel, str]]]]) -> None:
    told = at_the_same_time(partial(deliver, *each) for each in rounds)
    said = [each for some in told for each in some]
    slowest = max(each.seconds for each in said)
    assert {each.outcome for each in said} <= {"wrong_code", "delivered"}, [each.outcome for each in said]
    assert slowest < AT_SPEED_SECONDS, f"a handoff took {slowest:.1f} s"
