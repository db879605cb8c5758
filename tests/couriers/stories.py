"""What happens at doors, over the API."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.tokens import new_token
from fleet.models import Courier, Device
from orders.models import Shipment
from tests.base import ApiClient, carl

DOOR = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}


def enrolled(courier: Courier | None = None) -> tuple[Device, ApiClient]:
    """A handheld of this courier, or of a new one, and the program on it."""
    token, digest = new_token("ct_")
    device = Device.objects.create(courier=courier or carl(), token_digest=digest)
    return device, ApiClient(token)


def at(shipment: Shipment | str, what: str) -> str:
    public_id = shipment if isinstance(shipment, str) else shipment.public_id
    return f"/courier/shipments/{public_id}/{what}"


def hand_over(
    api: ApiClient, shipment: Shipment | str, code: Any = None, *, key: str | None = None, **body: Any
) -> Any:
    """POST …/handoff, with a key of its own unless told which."""
    if code is not None:
        body["code"] = code
    return api.send("POST", at(shipment, "handoff"), body, key=key or uuid.uuid4().hex)


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def pointers(answer: Any) -> list[str]:
    assert problem(answer) == (400, "validation_failed"), answer.content
    return [error["pointer"] for error in answer.json()["errors"]]


def impersonal(answer: Any) -> tuple[int, dict[str, Any]]:
    """A problem without what names the request it answered."""
    body = answer.json()
    return answer.status_code, {name: body[name] for name in body if name not in {"instance", "request_id"}}


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements in this block, besides those that begin and end transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    begins_or_ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")
    found += [
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith(begins_or_ends)
    ]
