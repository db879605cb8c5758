"""9: to a caller without a right to it, what exists and what does not look the same, and cost the same work.

Time is too noisy to compare; the statements that the database is asked are not.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.operations import BODIES, OPEN_TO_ALL, THEIR_OWN, World, a_world, is_couriers
from tests.access.test_every_endpoint import answered
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery

pytestmark = pytest.mark.django_db

NAMED = sorted(key for key in BODIES.keys() - OPEN_TO_ALL - THEIR_OWN if "{" in key[1])


def asked(world: World, method: str, path: str) -> tuple[Any, list[str]]:
    """The answer, and the statements behind it without the values that are asked for."""
    token = world.other_courier if is_couriers(path) else world.other_merchant
    with CaptureQueriesContext(connection) as captured:
        answer = world.ask(token, method, path)
    statements = [
        re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", each["sql"]) for each in captured.captured_queries
    ]
    return answer, statements


@pytest.mark.parametrize(("method", "path"), NAMED)
def test_anothers_and_nobodys_read_alike_for_the_same_work(method: str, path: str) -> None:
    world = a_world()
    theirs, work = asked(world, method, path)
    for name in re.findall(r"\{(\w+)\}", path):
        world.ids[name] = world.ids[name][:4] + "0" * 26
    nobodys, same_work = asked(world, method, path)
    assert answered(theirs) == answered(nobodys) == (404, "not_found")
    assert work == same_work
    assert len(theirs.content) == len(nobodys.content)
    unlike = {"X-Request-Id", "RateLimit"}
    told = [{n: v for n, v in each.headers.items() if n not in unlike} for each in (theirs, nobodys)]
    assert told[0] == told[1]


def test_a_proof_that_opens_nothing_looks_the_same_wherever_it_is_tried(client: Client) -> None:
    """Made up, or of the neighbour's parcel: the bare page says the same."""
    one, other = out_for_delivery()[0], out_for_delivery()[0]
    proof = own_path(other).rpartition(".")[2]
    pages = [
        client.get(f"{bare_path(one)[:-1]}.{tried}").content.decode() for tried in (proof, "A" * 16 + "/")
    ]
    assert re.sub(r"csrf\w+\" value=\"\w+|\.[\w-]{16}/", "", pages[0]) == re.sub(
        r"csrf\w+\" value=\"\w+|\.[\w-]{16}/", "", pages[1]
    )
