"""The heart against a small model of it: whatever is done in whatever order, both say the same.

Hypothesis makes up the stories and shortens one that fails. With MODEL_EXAMPLES=2000 there are more of them,
other ones each time.
"""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from handoffs.cancel import cancel
from handoffs.confirm import Told
from handoffs.contact import change_recipient
from handoffs.dispatch import dispatch
from handoffs.expire import expire
from handoffs.release.expire import expire_releases
from handoffs.reopen import reopen
from handoffs.resend import resend, resend_at_door
from handoffs.returns import send_back, take_back
from handoffs.rotate import Because, rotate
from handoffs.visit import arrive
from notifications import worker
from orders.models import Actor
from tests.handoffs import model
from tests.handoffs.stage_of_delegates import WithDelegates
from tests.handoffs.stage_of_releases import THEIRS, WithoutACode, which
from tests.handoffs.stories import ACME, leave, result, submit

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))
PROFILE = settings(
    max_examples=EXAMPLES or 30,
    stateful_step_count=40,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
ADA = Actor("recipient")

SELDOM = st.sampled_from([True, False, False, False])  # a parcel that has closed tells no more stories
KEYS = st.sampled_from(["", "", "", "", "one", "two"])  # "": a key of its own
MOMENTS = [timedelta(seconds=59), timedelta(minutes=10), timedelta(hours=3), timedelta(hours=14)]


class Door(WithoutACode, WithDelegates):
    """The steps. What each expects is read off the model before it acts."""

    # --- At the door ------------------------------------------------------------------------------

    @rule(number=which, theirs=THEIRS, key=KEYS, times=st.integers(1, 6))
    def guess_wrong(self, number: int, theirs: bool, key: str, times: int) -> None:
        for _ in range(times):
            self._hand_over(number, theirs, self.wrong_of(number), key)

    @rule(number=which, then=st.sampled_from(["resend", "resend", "rotate", "contact", "dispatch"]))
    def guess_until_it_locks(self, number: int, then: str) -> None:
        """And what people do then. None of it makes up for a guess."""
        self._go_to_the_door(number)
        for _ in range(6):
            self._hand_over(number, True, self.wrong_of(number), "")
        if then == "resend":
            self.resend(number=number, at_door=False, theirs=True)
        elif then == "rotate":
            self.rotate(number=number, stale=False)
        elif then == "contact":
            self.change_contact(number=number, sure=True)
        elif then == "dispatch":
            self.dispatch(number=number, courier=self.courier_at(number, False))
        self._hand_over(number, True, self.codes_of(number)[-1], "")

    @rule(number=which, places=st.lists(st.integers(0, 5), min_size=2, max_size=4), ends=st.booleans())
    def mistype(self, number: int, places: list[int], ends: bool) -> None:
        self._go_to_the_door(number)
        right = self.codes_of(number)[-1]
        for place in places:
            near = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
            self._hand_over(number, True, near, "")
        if ends:
            self._hand_over(number, True, right, "")

    @rule(number=which, theirs=THEIRS, key=KEYS)
    def read_from_yesterdays_paper(self, number: int, theirs: bool, key: str) -> None:
        codes = self.codes_of(number)
        self._hand_over(number, theirs, codes[-2] if len(codes) > 1 else self.wrong_of(number), key)

    @rule(number=which, theirs=THEIRS, key=KEYS)
    def tell_the_right_code(self, number: int, theirs: bool, key: str) -> None:
        self._hand_over(number, theirs, self.codes_of(number)[-1], key)

    @rule(number=which, key=KEYS, place=st.integers(0, 5))
    def tell_a_delegates_code(self, number: int, key: str, place: int) -> None:
        """Whoever it is: one who holds a pass, one whose pass has ended, one of yesterday."""
        told = self.their_codes(number)
        if told:
            self._go_to_the_door(number)
            theirs = self.their_codes(number)
            self._hand_over(number, True, theirs[-1 - place % len(theirs)], key)

    @rule(number=which, theirs=THEIRS, key=KEYS, typed=st.sampled_from([None, "12345"]))
    def type_no_code(self, number: int, theirs: bool, key: str, typed: str | None) -> None:
        self._hand_over(number, theirs, typed, key)

    def _go_to_the_door(self, number: int) -> None:
        if self.parcels[number].status in model.OPEN_BEFORE_DOOR:
            self.dispatch(number=number, courier=self.courier_at(number, True))
        self.arrive(number=number, theirs=True)

    def _hand_over(self, number: int, theirs: bool, typed: str | None, key: str) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        asked = (number, typed)
        known = self.told.get((courier, key)) if key else None
        told = submit(self.devices[courier], self.shipments[number], typed, key=key or None)
        if not parcel.is_with(courier):
            assert result(told) == "not_found"
        elif known and known[0] == asked:
            assert isinstance(told, Told)
            assert (told.replayed, told.check.pk) == (True, known[1].check.pk)
        elif known:
            assert result(told) == "idempotency_key_reused"
        else:
            expected = model.refusal(parcel, self.budget, courier, typed, self.now)
            if expected is None:
                expected = model.judge(parcel, self.budget, courier, typed, self.now)
            assert result(told) == expected
            if isinstance(told, Told):
                assert not told.replayed
                parcel.results.append(expected)
                if key:
                    self.told[courier, key] = (asked, told)
            assert isinstance(told, Told) == (expected not in ("code_malformed", "courier_suspended"))

    @rule(number=which, theirs=THEIRS)
    def arrive(self, number: int, theirs: bool) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        told = arrive(
            device=self.devices[courier],
            shipment_id=self.shipments[number].public_id,
            location=None,
            occurred_at=None,
        )
        if self.agrees(told, model.refusal_at_stop(parcel, courier, {"out_for_delivery"})):
            assert parcel.stop
            parcel.stop.arrived = True

    @rule(number=which, theirs=THEIRS)
    def fail(self, number: int, theirs: bool) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        told = leave(self.devices[courier], self.shipments[number])
        if self.agrees(told, model.refusal_at_stop(parcel, courier, {"out_for_delivery"})):
            assert parcel.stop
            parcel.withdraw()
            parcel.status, parcel.stop.failed_on = "attempt_failed", self.now.date()

    @rule(number=which, theirs=THEIRS)
    def reopen(self, number: int, theirs: bool) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        told = reopen(device=self.devices[courier], shipment_id=self.shipments[number].public_id)
        expected = model.refusal_at_stop(parcel, courier, {"attempt_failed"})
        if expected is None and parcel.stop and parcel.stop.failed_on != self.now.date():
            expected = "illegal_transition"
        if self.agrees(told, expected):
            parcel.status = "out_for_delivery"
            self._have_code(number, repeat=False)

    # --- What others do -----------------------------------------------------------------------------

    @initialize(couriers=st.sampled_from([(0, 0), (0, 1), (1, 1), ()]))
    def most_stories_begin_with_a_dispatch(self, couriers: tuple[int, ...]) -> None:
        for number, courier in enumerate(couriers):
            self.dispatch(number=number, courier=courier)

    @rule(number=which, courier=which)
    def dispatch(self, number: int, courier: int) -> None:
        parcel, today = self.parcels[number], self.now.date()
        told = dispatch(**self.by_id(number), courier=self.devices[courier].courier, actor=ACME)
        was_out = parcel.status == "out_for_delivery"
        fits = was_out or parcel.status in model.OPEN_BEFORE_DOOR
        if not self.agrees(told, None if fits else "illegal_transition"):
            return
        here = parcel.stop is not None and (parcel.stop.courier, parcel.stop.day) == (courier, today)
        if was_out and here:
            return
        parcel.withdraw()
        if not here:
            parcel.stop = model.Stop(courier, today)
        parcel.status = "out_for_delivery"
        self._have_code(number, repeat=not was_out)

    def _have_code(self, number: int, *, repeat: bool) -> None:
        parcel, latest = self.parcels[number], self.parcels[number].latest
        if latest and latest.is_usable(self.now):
            if repeat:
                parcel.send(self.now)
        elif parcel.may_issue(self.now):
            parcel.issue(self.now)
            parcel.send(self.now)
        self.read_code(number)

    @rule(number=which, at_door=st.booleans(), theirs=THEIRS)
    def resend(self, number: int, at_door: bool, theirs: bool) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        if at_door:
            device, shipment_id = self.devices[courier], self.shipments[number].public_id
            told = resend_at_door(device=device, shipment_id=shipment_id, channel=None)
        else:
            told = resend(**self.by_id(number), channel=None)
        expected = (
            "not_found"
            if at_door and not parcel.is_with(courier)
            else model.refusal_to_resend(parcel, self.now)
        )
        if self.agrees(told, expected):
            if parcel.latest is None or not parcel.latest.is_usable(self.now):
                parcel.issue(self.now)
            parcel.send(self.now)
            self.read_code(number)

    @rule(number=which)
    def rotate_and_read_the_old_code(self, number: int) -> None:
        self.rotate(number=number, stale=False)
        codes = self.codes_of(number)
        self._hand_over(number, True, codes[-2] if len(codes) > 1 else codes[-1], "")

    @rule(number=which, stale=st.booleans())
    def rotate(self, number: int, stale: bool) -> None:
        parcel, latest = self.parcels[number], self.parcels[number].latest
        generation = (latest.number - 1 if latest else 1) if stale else None
        told = rotate(**self.by_id(number), actor=ADA, because=Because.ASKED_FOR, generation=generation)
        if stale:
            expected: str | None = "not_found"
        elif latest is None or parcel.status not in ("out_for_delivery", "attempt_failed"):
            expected = "illegal_transition"
        else:
            expected = None if parcel.may_issue(self.now) else "code_locked"
        if self.agrees(told, expected):
            parcel.withdraw()
            parcel.issue(self.now)
            parcel.send(self.now)
            self.read_code(number)

    @rule(number=which, sure=SELDOM)
    def change_contact(self, number: int, sure: bool) -> None:
        if not sure:
            return
        parcel = self.parcels[number]
        self.contacts += 1
        changes = {"phone": f"+4474001235{self.contacts:02}"}
        told = change_recipient(**self.by_id(number), changes=changes, actor=ACME)
        late = parcel.status in model.CLOSED | {"returning"}
        often = sum(at > self.now - timedelta(days=1) for at in parcel.contact_changes) >= 5
        if not self.agrees(told, "illegal_transition" if late else "rate_limited" if often else None):
            return
        parcel.contact_changes.append(self.now)
        parcel.withdraw()
        for each in parcel.passes:
            each.revoked = each.revoked or each.lives(self.now)
        parcel.end("contact_changed")
        if parcel.high_value:
            ends = model.end_of_day(self.now)
            parcel.held_until = max(ends, parcel.held_until) if parcel.held_until else ends
        if parcel.status == "out_for_delivery" and parcel.may_issue(self.now):
            parcel.issue(self.now)
            parcel.send(self.now)
            self.read_code(number)

    @rule(number=which, sure=SELDOM)
    def cancel(self, number: int, sure: bool) -> None:
        if not sure:
            return
        open_before = {"created", "in_transit", "attempt_failed", "out_for_delivery"}
        if self._close(number, cancel, open_before, "cancelled"):
            self.budget.give_back(self.parcels[number])

    @rule(number=which, sure=SELDOM)
    def send_back(self, number: int, sure: bool) -> None:
        if sure:
            self._close(number, send_back, {"attempt_failed"}, "returning")

    @rule(number=which)
    def take_back(self, number: int) -> None:
        if self._close(number, take_back, {"returning"}, "returned"):
            self.budget.give_back(self.parcels[number])

    def _close(self, number: int, verb: Callable[..., object], before: set[str], after: str) -> bool:
        parcel = self.parcels[number]
        told = verb(**self.by_id(number), actor=ACME)
        if not self.agrees(told, None if parcel.status in before else "illegal_transition"):
            return False
        parcel.status = after
        parcel.withdraw()
        parcel.end("closed")
        return True

    # --- Without a code -----------------------------------------------------------------------------

    @rule(number=which, staff=st.permutations([0, 1, 2]), then=st.sampled_from(["use", "use", "dispatch"]))
    def release_at_the_door(self, number: int, staff: list[int], then: str) -> None:
        self._go_to_the_door(number)
        self.ask_for_a_release(number=number, theirs=True)
        for person in staff[:2]:
            self.decide_on_a_release(number=number, staff=person, approves=True)
        if then == "dispatch":
            self.dispatch(number=number, courier=self.courier_at(number, False))
        self._hand_over(number, True, None, "")

    # --- Time ---------------------------------------------------------------------------------------

    @rule(by=st.sampled_from(MOMENTS))
    def wait(self, by: timedelta) -> None:
        self.clock.shift(by)

    @rule(number=which, before=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def wait_for_the_end_of_a_code(self, number: int, before: timedelta) -> None:
        latest = self.parcels[number].latest
        if latest and self.now < latest.expires_at - before:
            self.clock.move_to(latest.expires_at - before)

    @rule()
    def sweep(self) -> None:
        for parcel in self.parcels:
            if parcel.latest and not parcel.latest.ended and parcel.latest.is_over(self.now):
                parcel.latest.ended = "expired"
            parcel.close_release_if_over(self.now)
        expire()
        expire_releases()

    @rule()
    def messages_go_out(self) -> None:
        worker.drain()


@pytest.mark.long
@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_heart_does_as_its_model() -> None:
    run_state_machine_as_test(Door, settings=PROFILE)
