"""One reference, sent many times at once, makes one order."""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.base import an_order_body
from tests.servers import Service

AT_ONCE = 20


def test_a_reference_is_taken_once_under_a_race(service: Service) -> None:
    token = service.manage_json("create_merchant", "Acme")["api_key"]
    body = json.dumps(an_order_body(reference="raced")).encode()
    start = Barrier(AT_ONCE)

    def send(_: int) -> tuple[int, str]:
        request = urllib.request.Request(
            f"{service.url}/api/v1/orders",
            data=body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        start.wait()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)["id"]
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)["code"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = sorted(pool.map(send, range(AT_ONCE)))
    assert [status for status, _ in answers] == [201] + [409] * (AT_ONCE - 1)
    assert {code for status, code in answers if status == 409} == {"reference_taken"}
    assert service.rows("SELECT count(*) FROM orders_order WHERE reference = %s", "raced") == [(1,)]
