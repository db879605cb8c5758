"""Staff at their desks: who they are, what they open, what they send."""

import html
import re
import time
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.step_up import FRESH, SECOND_FACTOR
from handoffs.models import DeliveryCode
from handoffs.rotate import Because, rotate
from orders.models import Actor, Shipment
from support.forms import new_form_key
from support.models import StaffAction
from support.roles import AGENT, AUDITOR, DEPOT, LEAD, MERCHANTS, SUPERVISOR
from tests.handoffs.stories import a_device, out_for_delivery, submit, wrong_code

PHONE, EMAIL, STREET = "+447400123456", "ada@example.com", "1 High Street"
ROLES = (AGENT, LEAD, SUPERVISOR, MERCHANTS, DEPOT, AUDITOR)


def a_member(role: str = LEAD, *, name: str = "Sam") -> User:
    user = User.objects.create_user(f"{new_form_key()[:8]}@support.example", None, name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(role: str = LEAD, *, user: User | None = None, is_fresh: bool = True) -> Client:
    """A browser of somebody with this role, who has shown a code: just now, unless told otherwise."""
    client, user = Client(), user or a_member(role)
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = user.public_id
    if is_fresh:
        session[FRESH] = {"account": user.public_id, "at": int(time.time())}
    session.save()
    return client


def page_of(shipment: Shipment) -> str:
    return f"/admin/shipments/{shipment.public_id}/"


def send(client: Client, address: str, *, key: str | None = None, **fields: Any) -> Any:
    """Send a form of staff with a reason, unless told which."""
    data = {"reason": "Caller asked", "form_key": key or new_form_key()} | fields
    return client.post(address, data)


def act(client: Client, shipment: Shipment, name: str, *, key: str | None = None, **fields: Any) -> Any:
    """Take an action as its page would send it now."""
    latest = DeliveryCode.objects.latest_of(shipment)
    bound = {"generation": latest.generation} if latest else {}
    return send(client, f"{page_of(shipment)}{name}/", key=key, **bound | fields)


def words(response: HttpResponse | Any) -> str:
    """What is on the page, without its markup."""
    body = response.content.decode().partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def said(client: Client, response: Any) -> str:
    """The words of the page that a form leads to."""
    assert response.status_code == 302, response.content[:300]
    return words(client.get(response["Location"]))


def locked() -> Shipment:
    """Ada's shipment, out, with its code locked by five wrong ones."""
    shipment, device = out_for_delivery(device=a_device())
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    shipment.refresh_from_db()
    return shipment


def spent() -> Shipment:
    """One whose ten attempts are all used up."""
    shipment, device = out_for_delivery(device=a_device())
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.LOCKED,
    )
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    shipment.refresh_from_db()
    return shipment


def deeds(shipment: Shipment) -> list[tuple[str, str]]:
    """What the audit holds about it: each action and its outcome."""
    return list(
        StaffAction.objects.filter(about=shipment.public_id).order_by("id").values_list("action", "outcome")
    )
