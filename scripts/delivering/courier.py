"""A courier: a run that is planned, a handheld that goes from door to door."""

from typing import Any

from delivering.client import Answer, GaveUpError
from delivering.jobs import Job, Plan, honest_typo
from delivering.target import Target

STOPS_IN_ONE_REQUEST = 500
PLANNABLE = {"created", "in_transit", "attempt_failed"}


class Courier:
    """Made, enrolled and sent out over the API; used by one thread at a time."""

    def __init__(self, target: Target, *, name: str) -> None:
        self._shop, self._phone, self._tally = target.shop(), target.phone(), target.tally
        self.id: str = self._shop.post("/couriers", {"name": name})["id"]
        code = self._shop.post(f"/couriers/{self.id}/enrolment")["enrolment_code"]
        device = {"enrolment_code": code, "name": f"{name}'s handheld"}
        self._handheld = target.handheld(target.handheld().post("/devices", device)["token"])

    def run(self, jobs: list[Job]) -> list[Job]:
        """Visit them all. Answers those that another courier has to try again."""
        try:
            stops = self._set_out(jobs)
        except GaveUpError as error:
            for job in jobs:
                job.problems.append(str(error))
            return []
        again = []
        for job in jobs:
            try:
                if not self._visit(job, stops[job.id]):
                    again.append(job)
            except (GaveUpError, KeyError) as error:
                job.problems.append(f"{type(error).__name__}: {error}")
        return again

    def _set_out(self, jobs: list[Job]) -> dict[str, dict[str, Any]]:
        """The run's stops by shipment, all of them out.

        The first goes out by itself, because the run's day is the depot's, and only its route tells it.
        """
        planned = [job for job in jobs[1:] if job.status in PLANNABLE]
        for job in [jobs[0], *(job for job in jobs[1:] if job.status not in PLANNABLE)]:
            self._shop.post(f"/shipments/{job.id}/dispatch", {"courier": self.id})
        day = self._handheld.get("/route")["date"]
        for some in _chunks(planned):
            stops = [{"shipment": job.id} for job in some]
            self._shop.post("/routes", {"courier": self.id, "date": day, "stops": stops})
        out = self._handheld.post("/route/start")["stops"]
        return {stop["shipment"]: stop for stop in out}

    def _visit(self, job: Job, stop: dict[str, Any]) -> bool:
        """Whether it has come to its end."""
        job.last_courier, job.status = self.id, "out_for_delivery"
        self._handheld.post(f"/shipments/{job.id}/arrive", {"location": job.location})
        if job.plan == Plan.REFUSED:
            self._fail(job, "refused")
            self._shop.post(f"/shipments/{job.id}/return")
            self._shop.post(f"/shipments/{job.id}/returned")
            return True
        if job.plan == Plan.ABSENT and not job.was_tried:
            job.was_tried = True
            self._fail(job, "absent")
            return False
        barcodes = [parcel["barcode"] for parcel in stop["parcels"]]
        code = self._phone.code_of(job.id) if stop["code_required"] else None
        return self._hand_over(job, code, barcodes)

    def _hand_over(self, job: Job, code: str | None, barcodes: list[str]) -> bool:
        if code and job.mistypes and not job.has_mistyped:
            job.has_mistyped = True
            told = self._submit(job, honest_typo(code, job.reference), barcodes)
            if told.code == "courier_suspended":
                return False
            if told.code != "wrong_code":
                job.problems.append(f"a mistyped code: {told.status} {told.code}")
        answer = self._submit(job, code, barcodes)
        if answer.code == "code_expired" and code:
            self._handheld.post(f"/shipments/{job.id}/resend")
            answer = self._submit(job, self._phone.code_of(job.id, other_than=code), barcodes)
        if answer.code == "courier_suspended":
            return False
        if answer.status != 200:
            job.problems.append(f"the handoff: {answer.status} {answer.code}")
        return True

    def _submit(self, job: Job, code: str | None, barcodes: list[str]) -> Answer:
        body: dict[str, Any] = {"barcodes": barcodes, "location": job.location}
        self._tally.count("handoffs")
        return self._handheld.send(
            "POST", f"/shipments/{job.id}/handoff", body | ({"code": code} if code else {})
        )

    def _fail(self, job: Job, reason: str) -> None:
        self._handheld.post(f"/shipments/{job.id}/fail", {"reason": reason, "location": job.location})
        job.status = "attempt_failed"


def _chunks(jobs: list[Job]) -> list[list[Job]]:
    return [jobs[start : start + STOPS_IN_ONE_REQUEST] for start in range(0, len(jobs), STOPS_IN_ONE_REQUEST)]
