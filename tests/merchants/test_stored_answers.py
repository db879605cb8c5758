"""What a request did and the answer that is stored for its key are one transaction."""

import pytest

from orders.models import Order
from tests.base import ApiClient, a_key, an_order_body
from tests.breaking import refusing

pytestmark = pytest.mark.django_db


def test_where_the_answer_cannot_be_stored_nothing_was_done() -> None:
    api, body = ApiClient(a_key()), an_order_body()
    api.raise_request_exception = False
    with refusing("api_idempotentrequest"):
        answer = api.send("POST", "/orders", body, key="k")
    assert answer.status_code >= 400
    assert not Order.objects.exists()
    assert api.send("POST", "/orders", body, key="k").status_code == 201
