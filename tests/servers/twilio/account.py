"""One account at Twilio: its messages and calls, and what the API answers about them."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from tests.servers.twilio.callbacks import Callback
from tests.servers.twilio.plans import Plan, Refusal

ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID = "AC" + "0" * 32, "only-for-tests", "MG" + "0" * 32
FINAL = {"delivered", "undelivered", "failed", "completed", "busy", "no-answer", "canceled"}
PRICE = "-0.04000"
# An E.164 number; Twilio cannot call back to a host without a dot.
PHONE, CALLBACK = re.compile(r"\+[1-9]\d{6,14}"), re.compile(r"https?://[^/_]+\.[^/_]+/.*")

Form = dict[str, str]


@dataclass
class Resource:
    """A message or a call."""

    sid: str
    form: Form
    plan: Plan
    created: float = field(default_factory=time.monotonic)
    body: str = ""
    call_status: str = "queued"

    @property
    def status(self) -> str:
        if self.sid.startswith("CA"):
            return self.call_status
        age = time.monotonic() - self.created
        return [status for at, status in self.plan.steps if at <= age][-1]

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


class Account:
    """Takes what the API takes and refuses what it refuses. Safe to use from many threads."""

    def __init__(self, *, may_discard: bool = True, most_per_second: int | None = None) -> None:
        self.may_discard = may_discard
        self.most_per_second = most_per_second
        self.plans: dict[str, Plan] = {}
        self.resources: dict[str, Resource] = {}
        self.opted_out: set[str] = set()
        self.tries: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()
        self._lock = threading.Lock()

    @property
    def messages(self) -> list[Resource]:
        return [each for each in self.resources.values() if each.sid.startswith("SM")]

    @property
    def calls(self) -> list[Resource]:
        return [each for each in self.resources.values() if each.sid.startswith("CA")]

    def plan_of(self, number: str) -> Plan:
        return self.plans.get(number, Plan())

    def create(self, kind: str, form: Form) -> Resource | Refusal:
        """A new message (`SM`) or call (`CA`)."""
        with self._lock:
            refusal = self._refusal(kind, form)
            if refusal is not None:
                return refusal
            sid = f"{kind}{len(self.resources) + 1:032x}"
            kept = "" if form.get("ContentRetention") == "discard" else form.get("Body", "")
            self.resources[sid] = Resource(sid, form, self.plan_of(form["To"]), body=kept)
            return self.resources[sid]

    def update(self, sid: str, form: Form) -> Resource | Refusal:
        """Blank the body, which is the only change that Twilio lets us make, once it has ended."""
        found = self.resources.get(sid)
        if found is None:
            return Refusal(20404)
        if not found.is_final:
            return Refusal(20009)
        if form.get("Body") == "":
            found.body = ""
        return found

    def delete(self, sid: str) -> Refusal | None:
        found = self.resources.get(sid)
        if found is None:
            return Refusal(20404)
        if not found.is_final:
            return Refusal(20009)
        del self.resources[sid]
        return None

    def _refusal(self, kind: str, form: Form) -> Refusal | None:
        malformed = _malformed(kind, form)
        if malformed is not None:
            return malformed
        number = form["To"]
        self.tries[number] += 1
        self._seconds[int(time.monotonic())] += 1
        if self.most_per_second and self._seconds[int(time.monotonic())] > self.most_per_second:
            return Refusal(20429, retry_after=1)
        if kind == "SM" and number in self.opted_out:
            return Refusal(21610)
        if form.get("ContentRetention") == "discard" and not self.may_discard:
            return Refusal(30029)
        plan = self.plan_of(number)
        if plan.refusal and (plan.times is None or self.tries[number] <= plan.times):
            return Refusal(plan.refusal.code, plan.refusal.retry_after, number)
        return None


def _malformed(kind: str, form: Form) -> Refusal | None:
    to, url = form.get("To", ""), form.get("StatusCallback", "")
    wrong = {
        21604: not to,
        21211: not PHONE.fullmatch(to),
        21603: not (form.get("From") or form.get("MessagingServiceSid")),
        21602: kind == "SM" and not form.get("Body"),
        21609: url and not CALLBACK.fullmatch(url),
        21624: not 1 <= int(form.get("ValidityPeriod", "60")) <= 36_000,
    }
    code = next((code for code, is_so in wrong.items() if is_so), None)
    return None if code is None else Refusal(code, about=url if code == 21609 else to)


def message_body(resource: Resource) -> dict[str, Any]:
    """The Message resource: twilio.com/docs/messaging/api/message-resource#message-properties"""
    ended, by_service = resource.is_final, "MessagingServiceSid" in resource.form
    new = not ended and resource.status == "queued"
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": resource.body,
        "date_created": formatdate(usegmt=True),
        "date_sent": None if new else formatdate(usegmt=True),
        "date_updated": formatdate(usegmt=True),
        "direction": "outbound-api",
        "error_code": resource.plan.error_code if ended else None,
        "error_message": None,
        "from": resource.form.get("From"),
        "messaging_service_sid": resource.form.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "0" if new and by_service else "1",
        "price": PRICE if ended else None,
        "price_unit": "USD",
        "sid": resource.sid,
        "status": "accepted" if new and by_service else resource.status,
        "subresource_uris": {},
        "to": resource.form["To"],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{resource.sid}.json",
    }


def call_body(resource: Resource) -> dict[str, Any]:
    """The Call resource: twilio.com/docs/voice/api/call-resource#call-properties"""
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "direction": "outbound-api",
        "from": resource.form.get("From"),
        "price": PRICE if resource.is_final else None,
        "price_unit": "USD",
        "sid": resource.sid,
        "status": resource.status,
        "to": resource.form["To"],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{resource.sid}.json",
    }


def status_callbacks(resource: Resource, token: str = AUTH_TOKEN) -> list[tuple[float, Callback]]:
    """What Twilio tells of a message, and how long after it was taken; nothing where it was not asked to."""
    url = resource.form.get("StatusCallback")
    if not url:
        return []
    return [(at, Callback(url, _told(resource, status), token)) for at, status in resource.plan.steps]


def _told(resource: Resource, status: str) -> Form:
    form = {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "From": resource.form.get("From", "+15005550006"),
        "MessageSid": resource.sid,
        "MessageStatus": status,
        "SmsSid": resource.sid,
        "SmsStatus": status,
        "To": resource.form["To"],
    }
    if status in FINAL and resource.plan.error_code:
        form["ErrorCode"] = str(resource.plan.error_code)
    return form
