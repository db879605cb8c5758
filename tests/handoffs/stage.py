"""Where test_model.py plays: two shipments, two couriers, one clock, and the model beside them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, invariant

from api.refusals import Refusal
from delivery_otp.invariants import broken
from fleet.models import Device, Stop
from handoffs.confirm import Told
from handoffs.ladder import climb_silent
from handoffs.models import CodeCheck, CourierDay, DeliveryCode, ProofOfDelivery, ReleaseRequest
from notifications import worker
from orders.models import Shipment
from tests.base import CHEAP, HIGH_STREET, PRICEY, a_shipment, acme, carl
from tests.handoffs import model
from tests.handoffs.release_stories import a_supervisor
from tests.handoffs.stories import a_device

MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Stage(RuleBasedStateMachine):
    """What stands on it, and what has to be so after every step. A machine adds the steps."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()  # not `atomic`: a handoff refuses to be part of one
        self.travel = time_machine.travel(MORNING, tick=False)
        self.clock = self.travel.start()
        couriers = [carl(), carl()]
        self.devices: list[Device] = [a_device(courier) for courier in couriers]
        elsewhere = replace(HIGH_STREET, line1="2 High Street")
        self.shipments = [
            a_shipment(acme(), value=PRICEY),
            a_shipment(acme(arrival_first=True), value=CHEAP, code="required", address=elsewhere),
        ]
        self.parcels = [model.Parcel(True, False), model.Parcel(False, True)]
        self.budget = model.Budget()
        # Ten left each: the first courier of today's fifteen, the second one of the ninety days' forty-eight.
        for courier, days_ago, wrong in ((0, 0, 5), (1, 7, 15), (1, 8, 15), (1, 9, 8)):
            day = MORNING.date() - timedelta(days=days_ago)
            CourierDay.objects.create(courier=couriers[courier], day=day, wrong_codes=wrong)
            self.budget.wrong[courier, day] = wrong
        self.caps = model.Caps()
        self.staff = [a_supervisor() for _ in range(3)]
        self.told: dict[tuple[int, str], tuple[tuple[int, str | None], Told]] = {}
        self.contacts = 0

    def _let_messages_go(self) -> None:
        while worker.drain():
            pass

    def teardown(self) -> None:
        try:
            self._let_messages_go()
            climb_silent()  # which the schedule does, and no step of the stories
            self._let_messages_go()
            assert list(broken()) == []
        finally:
            self.travel.stop()
            transaction.savepoint_rollback(self.savepoint)

    @property
    def now(self) -> datetime:
        return timezone.now()

    def agrees(self, told: object, expected: str | None) -> bool:
        """Whether the verb refused as the model does; answers whether it went through."""
        assert (told.code if isinstance(told, Refusal) else None) == expected
        return expected is None

    def read_code(self, number: int) -> None:
        """What the recipient reads from their message, once there is a new code."""
        latest = self.parcels[number].latest
        if latest and not latest.ended and not latest.digits:
            code = DeliveryCode.objects.living().select_related("shipment")
            latest.digits = code.get(shipment=self.shipments[number]).code_of()

    def codes_of(self, number: int) -> list[str]:
        """Those the recipient has been told, the newest last."""
        return [code.digits for code in self.parcels[number].codes] or ["482913"]

    def wrong_of(self, number: int) -> str:
        return "".join(str((int(digit) + 5) % 10) for digit in self.codes_of(number)[-1])

    def courier_at(self, number: int, theirs: bool) -> int:
        stop = self.parcels[number].stop
        having = stop.courier if stop else 0
        return having if theirs else 1 - having

    def by_id(self, number: int) -> dict[str, Any]:
        return {"within": Shipment.objects.all(), "shipment_id": self.shipments[number].public_id}

    def newest_release(self, number: int) -> ReleaseRequest:
        return ReleaseRequest.objects.filter(shipment=self.shipments[number]).latest("pk")

    # --- What both say after every step -------------------------------------------------------------

    @invariant()
    def the_codes_are_those_of_the_model(self) -> None:
        for shipment, parcel in zip(self.shipments, self.parcels, strict=True):
            rows = DeliveryCode.objects.filter(shipment=shipment).order_by("generation")
            assert [
                (c.generation, c.attempts, c.attempts_before, c.attempts_allowed, c.sends, c.ended_because)
                for c in rows
            ] == [(c.number, c.attempts, c.before, c.allowed, c.sends, c.ended) for c in parcel.codes]
            for row, code in zip(rows, parcel.codes, strict=True):
                assert row.expires_at == code.expires_at
                assert (row.nonce is None) == bool(code.ended)
                row.shipment = shipment
                assert code.ended or row.code_of() == code.digits

    @invariant()
    def the_shipments_are_those_of_the_model(self) -> None:
        for shipment, parcel in zip(self.shipments, self.parcels, strict=True):
            shipment.refresh_from_db()
            assert (shipment.status, shipment.code_held_until) == (parcel.status, parcel.held_until)
            assert shipment.passes_made == len(parcel.passes)
            assert shipment.release_open == (parcel.open_release is not None)
            stop = Stop.objects.current().filter(shipment=shipment).select_related("route").first()
            assert (stop is None) == (parcel.stop is None)
            if stop and parcel.stop:
                courier = self.devices[parcel.stop.courier].courier_id
                assert (stop.route.courier_id, stop.route.date) == (courier, parcel.stop.day)
                assert (stop.arrived_at is not None) == parcel.stop.arrived
            results = CodeCheck.objects.filter(shipment=shipment).values_list("result", flat=True)
            assert Counter(results) == Counter(parcel.results)
            proofs = ProofOfDelivery.objects.filter(shipment=shipment).count()
            assert proofs == int(parcel.status == "delivered")

    @invariant()
    def the_releases_are_those_of_the_model(self) -> None:
        for shipment, parcel in zip(self.shipments, self.parcels, strict=True):
            rows = ReleaseRequest.objects.filter(shipment=shipment).order_by("pk")
            assert [(row.state, row.expires_at, row.used_at is not None) for row in rows] == [
                (release.state, release.expires_at, release.used) for release in parcel.releases
            ]

    @invariant()
    def the_budgets_are_those_of_the_model(self) -> None:
        numbers = {device.courier_id: number for number, device in enumerate(self.devices)}
        rows = CourierDay.objects.filter(courier__in=numbers).values_list("courier_id", "day", "wrong_codes")
        assert {(numbers[courier], day): wrong for courier, day, wrong in rows} == self.budget.wrong
