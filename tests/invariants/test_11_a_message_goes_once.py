"""11: a message goes out once; where that is left unknown, it is recorded, and both have the same code."""

import re
from collections.abc import Callable

import pytest

from tests.notifications.servers import mail_server
from tests.scenarios.world import Rider, Shop, assert_sound, eventually, outcome
from tests.servers import Service, Worker

ADA_BY_MAIL = {"name": "Ada Lovelace", "email": "ada@example.com"}
CODES = "SELECT state, uncertain, attempts FROM notifications_message WHERE kind = 'delivery_code'"


def by_mail(url: str) -> dict[str, str]:
    return {"SANDBOX": "0", "EMAIL_URL": url, "MESSAGE_LEASE_SECONDS": "2"}


def out_by_mail(service: Service, rider: Rider) -> str:
    shop = Shop(service, live=True)
    shipment: str = shop.order(recipient=ADA_BY_MAIL)["shipments"][0]["id"]
    answer = shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id})
    assert answer.status_code == 200, answer.text
    return shipment


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_lost_reply_is_recorded_and_both_mails_have_the_same_code(
    database: str, make_service: Callable[..., Service]
) -> None:
    with mail_server() as mailbox:
        mailbox.answers_to_data = ["hang up after taking it"]
        service = make_service(database, environment=by_mail(mailbox.url))
        rider = Rider(service)
        shipment = out_by_mail(service, rider)
        service.rows("UPDATE notifications_message SET next_try_at = created_at WHERE state = 'queued'")
        eventually(lambda: [row for row in service.rows(CODES) if row[0] == "sent"], seconds=60)
        ((state, uncertain, attempts),) = service.rows(CODES)
    assert (state, bool(uncertain), attempts) == ("sent", True, 2)
    first, second = (mail.get_body(("plain",)).get_content() for mail in mailbox.mails)  # type: ignore[union-attr]
    assert first == second
    code = re.search(r"\b\d{3} ?\d{3}\b", first)
    assert code
    assert outcome(rider.hand_over(shipment, code[0])) == "delivered"
    assert_sound(service)


def test_three_workers_send_each_once(make_service: Callable[..., Service]) -> None:
    with mail_server() as mailbox:
        environment = by_mail(mailbox.url) | {"MESSAGE_LEASE_SECONDS": "60"}
        service = make_service("postgresql", worker_in_process=False, environment=environment)
        rider = Rider(service)
        for _ in range(20):
            out_by_mail(service, rider)
        workers = [Worker(service.database_url, environment=environment).start() for _ in range(3)]
        try:
            eventually(lambda: {row[0] for row in service.rows(CODES)} == {"sent"}, seconds=60)
        finally:
            for worker in workers:
                worker.stop()
    assert [(bool(uncertain), attempts) for _, uncertain, attempts in service.rows(CODES)] == [
        (False, 1)
    ] * 20
    assert len(mailbox.mails) == 20
    assert_sound(service)
