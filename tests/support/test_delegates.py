"""Staff see whom the recipient has named, and how their pass stands: never a code or a link of theirs."""

import pytest

from support.roles import AGENT, AUDITOR, SUPERVISOR
from tests.handoffs.delegate_stories import NINA, name, revoke, their_code, their_path
from tests.handoffs.stories import out_for_delivery, submit
from tests.support.stories import page_of, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [AGENT, SUPERVISOR, AUDITOR])
def test_names_and_times_and_no_secret(role: str) -> None:
    shipment, _ = out_for_delivery()
    nina, olaf = name(shipment), name(shipment, "Olaf", lasts="week")
    secrets = [their_code(shipment, each) for each in (nina, olaf)]
    secrets += [their_path(shipment, each).rpartition(".")[2].strip("/") for each in (nina, olaf)]
    revoke(shipment, olaf)
    answer = signed_in(role).get(page_of(shipment))
    seen = words(answer)
    assert f"1 {NINA} , until" in seen
    assert seen.index(": holds") < seen.index(": taken back")
    assert "named delegate 1: somebody else may receive it" in seen
    assert "ended the pass of delegate 2" in seen
    assert [secret for secret in secrets if secret in answer.content.decode()] == []


def test_afterwards_it_is_seen_who_it_was() -> None:
    shipment, device = out_for_delivery()
    nina = name(shipment)
    submit(device, shipment, their_code(shipment, nina))
    seen = words(signed_in(AGENT).get(page_of(shipment)))
    assert ": received it" in seen
    assert "handed it over to delegate 1, whom the recipient had named; against a delegate's code" in seen


def test_where_nobody_was_named_nothing_is_said_of_it() -> None:
    shipment, _ = out_for_delivery()
    assert "Delegates" not in words(signed_in(AGENT).get(page_of(shipment)))
