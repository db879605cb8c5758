import logging

import pytest
from rest_framework.test import APIClient

from api.request_ids import RequestIdFilter, current_request_id


def test_every_answer_bears_a_request_id(anyone: APIClient) -> None:
    for url in ("/api/v1/nothing", "/nothing", "/api/v1/merchant"):
        assert anyone.get(url)["X-Request-Id"].startswith("req_")


def test_two_requests_have_two_ids(anyone: APIClient) -> None:
    assert anyone.get("/nothing")["X-Request-Id"] != anyone.get("/nothing")["X-Request-Id"]


def test_a_caller_s_own_id_is_kept(anyone: APIClient) -> None:
    assert anyone.get("/nothing", headers={"X-Request-Id": "Abc-1._"})["X-Request-Id"] == "Abc-1._"


@pytest.mark.parametrize("bad", ["", "a b", "a" * 65, "a\nb", "ä", "<script>", "a\n"])
def test_an_id_that_could_harm_a_log_is_replaced(anyone: APIClient, bad: str) -> None:
    assert anyone.get("/nothing", HTTP_X_REQUEST_ID=bad)["X-Request-Id"].startswith("req_")


def test_log_records_bear_it_and_it_ends_with_the_request(anyone: APIClient) -> None:
    anyone.get("/nothing", headers={"X-Request-Id": "r-3"})
    record = logging.makeLogRecord({})
    RequestIdFilter().filter(record)
    assert (current_request_id(), record.__dict__["request_id"]) == ("-", "-")
