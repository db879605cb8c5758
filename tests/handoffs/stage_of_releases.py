"""The steps of test_model.py that do without a code."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from handoffs.models import ReleaseRequest
from handoffs.release.decide import approve_release, refuse_release
from tests.handoffs import model
from tests.handoffs.release_stories import asked
from tests.handoffs.stage import Stage

which = st.integers(0, 1)
THEIRS = st.sampled_from([True, True, True, False])  # the courier who has the parcel, or the other one


class WithoutACode(Stage):
    """A courier asks, three of staff decide. Using it is a step of the door."""

    @rule(number=which, theirs=THEIRS)
    def ask_for_a_release(self, number: int, theirs: bool) -> None:
        parcel, courier = self.parcels[number], self.courier_at(number, theirs)
        told = asked(self.devices[courier], self.shipments[number])
        if parcel.is_with(courier):
            parcel.close_release_if_over(self.now)
        if parcel.is_with(courier) and parcel.open_release:
            assert isinstance(told, ReleaseRequest)
            assert told == self.newest_release(number)
        elif self.agrees(told, model.refusal_to_ask(parcel, self.caps, courier, self.now)):
            ends = self.now + timedelta(minutes=10)
            parcel.releases.append(model.Release(courier, self.now, ends))

    @rule(number=which, staff=st.integers(0, 2), approves=st.sampled_from([True, True, True, False]))
    def decide_on_a_release(self, number: int, staff: int, approves: bool) -> None:
        parcel = self.parcels[number]
        if not parcel.releases:
            return
        verb = approve_release if approves else refuse_release
        told = verb(staff=self.staff[staff], request_id=self.newest_release(number).public_id, reason="Known")
        release = parcel.releases[-1]
        if self.agrees(told, model.refusal_to_decide(release, self.caps, staff, approves, self.now)):
            if approves:
                model.approve(parcel, self.caps, staff, self.now)
            else:
                release.state = "refused"
