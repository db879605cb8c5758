"""The link of the notice takes an opt-out back, needs no sign-in, and can do nothing else."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from handoffs.models import AccountOptOut
from notifications import kinds
from notifications.models import Message
from orders.models import CodeReason, DeliveryPreference, Shipment
from tests.accounts.deliveries import ada, careful, opted_out, routine
from tests.accounts.stories import EMAIL, PHONE, an_account, text_of
from tests.base import ADA, HIGH_STREET
from tests.customers.stories import everything

pytestmark = pytest.mark.django_db


def link_in(message: Message) -> str:
    found = re.search(r"https?://[^/\s]+(/account/back/\S+/)", text_of(message))
    assert found, text_of(message)
    return found[1]


def links() -> set[str]:
    told = Message.objects.filter(kind="account_opted_out")
    return {link_in(message) for message in told}


def test_every_contact_is_told_with_the_way_back_in_one_segment() -> None:
    opted_out(ada(), routine(careful()))
    told = Message.objects.filter(kind="account_opted_out").order_by("channel")
    assert [(message.channel, message.to) for message in told] == [("email", EMAIL), ("sms", PHONE)]
    assert len(links()) == 1
    assert len(text_of(told[1])) <= 160


def test_one_tap_brings_the_codes_back(client: Client) -> None:
    merchant = careful()
    opted_out(ada(), routine(merchant))
    (path,) = links()
    before = everything()
    assert "The button takes it back" in client.get(path).content.decode()
    assert everything() == before, "a preview that fetches the link changes nothing"
    assert "Delivery codes are back" in client.post(path).content.decode()
    assert routine(merchant).code_reason == CodeReason.ROUTINE
    assert not AccountOptOut.objects.filter(ended_at=None).exists()


def test_its_page_is_kept_nowhere(client: Client) -> None:
    opted_out(ada(), routine(careful()))
    (path,) = links()
    answer = client.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_used_again_it_does_nothing_and_leaves_a_later_choice(client: Client) -> None:
    account, shipment = ada(), routine(careful())
    opted_out(account, shipment)
    (path,) = links()
    client.post(path)
    opted_out(account, shipment)
    before = everything()
    assert "This link has ended" in client.post(path).content.decode()
    assert everything() == before


def test_a_made_up_link_does_nothing(client: Client) -> None:
    account = ada()
    choice = opted_out(account, routine(careful()))
    proof = choice.way_back_proof()
    turned = proof[:-1] + ("A" if proof[-1] != "A" else "B")
    made_up = [
        f"{choice.public_id}.{turned}",
        choice.public_id,
        f"{choice.public_id}.",
        f".{proof}",
        "é.é",
    ]
    before = everything()
    for token in made_up:
        answer = client.post(f"/account/back/{token}/")
        assert "This link has ended" in answer.content.decode(), token
    assert everything() == before


def test_the_proof_of_one_choice_does_not_open_another(client: Client) -> None:
    shipment = routine(careful())
    mine = opted_out(ada(), shipment)
    theirs = opted_out(an_account("bob@example.com", phone=PHONE), shipment_of_bob())
    client.post(f"/account/back/{theirs.public_id}.{mine.way_back_proof()}/")
    assert AccountOptOut.objects.filter(ended_at=None).count() == 2


def shipment_of_bob() -> Shipment:
    bob = replace(ADA, name="Bob", email="bob@example.com")
    return routine(careful(), recipient=bob, address=replace(HIGH_STREET, line1="9 Other Road"))


def test_without_the_key_there_is_no_link_and_no_notice() -> None:
    choice = opted_out(ada(), routine(careful()))
    AccountOptOut.objects.filter(pk=choice.pk).update(key_id="gone")
    assert kinds.render(Message.objects.filter(kind="account_opted_out")[0]) is None
    choice.refresh_from_db()
    assert not choice.leads_back("x" * 16)


def test_it_takes_back_what_was_written_although_a_contact_changed_since(client: Client) -> None:
    merchant, account = careful(), ada()
    opted_out(account, routine(merchant))
    (path,) = links()
    type(account).objects.filter(pk=account.pk).update(email="ada@new.example")
    client.post(path)
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()
