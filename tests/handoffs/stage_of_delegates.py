"""The steps of test_model.py that are about those whom the recipient has named."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from handoffs.delegate import name_delegate, revoke_delegate
from handoffs.holders import holders_of
from handoffs.models import Delegate, DeliveryCode
from orders.models import Actor
from tests.handoffs import model
from tests.handoffs.model_of_passes import Pass, is_full
from tests.handoffs.stage import Stage

which = st.integers(0, 1)
ADA = Actor("recipient")
WHILE_OUT = ("out_for_delivery", "attempt_failed")


class WithDelegates(Stage):
    """Ada names people and takes it back. Their codes are told at the door, in test_model.py."""

    def read_code(self, number: int) -> None:
        """And what each of those whom she has named reads."""
        super().read_code(number)
        latest = self.parcels[number].latest
        if latest and not latest.ended:
            shipment = self.shipments[number]
            row = DeliveryCode.objects.living().select_related("shipment").get(shipment=shipment)
            delegates = Delegate.objects.filter(shipment=shipment).order_by("number")
            latest.theirs = [each.code for each in holders_of(row, delegates, self.now)][1:]

    @rule(number=which, late=st.sampled_from([False, False, False, True]))
    def name_somebody(self, number: int, late: bool) -> None:
        parcel = self.parcels[number]
        told = name_delegate(
            **self.by_id(number),
            generation=parcel.latest.number if parcel.latest else 1,
            number=len(parcel.passes) + (0 if late else 1),
            name="Nina next door",
            lasts="today",
            actor=ADA,
        )
        expected = self._refused(number) or ("not_found" if late else None)
        if expected is None and is_full(parcel.passes, self.now):
            expected = "delegates_full"
        if self.agrees(told, expected):
            parcel.passes.append(Pass(model.end_of_day(self.now)))
            self.read_code(number)

    @rule(number=which, place=st.integers(1, 4))
    def take_it_back(self, number: int, place: int) -> None:
        parcel = self.parcels[number]
        generation = parcel.latest.number if parcel.latest else 1
        told = revoke_delegate(**self.by_id(number), generation=generation, number=place, actor=ADA)
        expected = self._refused(number) or ("not_found" if place > len(parcel.passes) else None)
        if self.agrees(told, expected) and parcel.passes[place - 1].lives(self.now):
            parcel.passes[place - 1].revoked = True

    def _refused(self, number: int) -> str | None:
        parcel, latest = self.parcels[number], self.parcels[number].latest
        if parcel.status not in WHILE_OUT:
            return "illegal_transition"
        return "not_found" if latest is None or latest.ended or latest.is_over(self.now) else None

    def their_codes(self, number: int) -> list[str]:
        """Of the newest generation and the one before, the newest last."""
        return [digits for code in self.parcels[number].codes[-2:] for digits in code.theirs]
