"""Every endpoint of the published OpenAPI, tried by every caller who has no right to it.

The endpoints come from the document itself: one that `operations.py` lacks fails, so that none is forgotten.
"""

import re
from typing import Any

import pytest

from handoffs.models import CodeCheck
from orders.models import Event
from tests.access.operations import BODIES, OPEN_TO_ALL, THEIR_OWN, World, a_world, is_couriers
from tests.base import ApiClient

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def answered(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_every_endpoint_of_the_document_is_tried_here() -> None:
    document = ApiClient().get("/api/schema/").json()
    published = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in document["paths"].items()
        for method in operations
        if method in METHODS
    }
    assert published == set(BODIES)


@pytest.mark.parametrize(("method", "path"), sorted(BODIES.keys() - OPEN_TO_ALL))
def test_without_a_live_token_nothing_opens(world: World, method: str, path: str) -> None:
    for token in ("", "rubbish", "mk_test_" + "x" * 43, "mk_live_" + "x" * 43, "ct_" + "x" * 43):
        assert answered(world.ask(token, method, path)) == (401, "authentication_failed")


@pytest.mark.parametrize(("method", "path"), sorted(BODIES.keys() - OPEN_TO_ALL))
def test_the_wrong_kind_of_token_is_denied(world: World, method: str, path: str) -> None:
    token = world.merchant if is_couriers(path) else world.courier
    assert answered(world.ask(token, method, path)) == (403, "permission_denied")


@pytest.mark.parametrize(("method", "path"), sorted(BODIES.keys() - OPEN_TO_ALL - THEIR_OWN))
def test_another_owner_finds_nothing_and_changes_nothing(world: World, method: str, path: str) -> None:
    token = world.other_courier if is_couriers(path) else world.other_merchant
    before = Event.objects.count(), CodeCheck.objects.count()
    answer = world.ask(token, method, path)
    assert answered(answer) == (404, "not_found")
    for name in re.findall(r"\{(\w+)\}", path):
        world.ids[name] = world.ids[name][:4] + "0" * 26  # one that nobody has looks the same
    nobodys = world.ask(token, method, path)
    told = {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}
    assert told == {n: v for n, v in nobodys.json().items() if n not in ("instance", "request_id")}
    assert before == (Event.objects.count(), CodeCheck.objects.count())


@pytest.mark.parametrize(("method", "path"), sorted(THEIR_OWN))
def test_what_is_anothers_own_shows_nothing_of_theirs(world: World, method: str, path: str) -> None:
    token = world.other_courier if is_couriers(path) else world.other_merchant
    answer = world.ask(token, method, path)
    assert answer.status_code in (200, 201, 204)
    assert not [public_id for public_id in world.ids.values() if public_id.encode() in answer.content]
    assert ApiClient(world.courier).send("GET", "/courier/route").status_code == 200
