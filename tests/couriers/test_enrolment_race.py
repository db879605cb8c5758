"""One code, many handhelds at once: it works for one."""

import json
import threading
import urllib.error
import urllib.request

from tests.servers import Service

HANDHELDS = 20


def test_a_code_works_once_however_many_try_together(service: Service) -> None:
    made = service.manage_json("create_courier", "Carl")
    body = json.dumps({"enrolment_code": made["enrolment_code"], "name": ""}).encode()
    together, statuses = threading.Barrier(HANDHELDS), []

    def enrol() -> None:
        asked = urllib.request.Request(
            f"{service.url}/api/v1/courier/devices", body, {"Content-Type": "application/json"}
        )
        together.wait()
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)

    handhelds = [threading.Thread(target=enrol) for _ in range(HANDHELDS)]
    for handheld in handhelds:
        handheld.start()
    for handheld in handhelds:
        handheld.join()
    assert sorted(statuses) == [201] + [401] * (HANDHELDS - 1), service.log_text()[-2000:]
    count = "SELECT COUNT(*) FROM fleet_device JOIN fleet_courier ON fleet_courier.id = courier_id"
    assert service.rows(f"{count} WHERE fleet_courier.public_id = %s", made["courier"])[0][0] == 1
