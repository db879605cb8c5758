"""What the providers accepted, compared with what the outbox says of it."""

from collections import Counter
from dataclasses import dataclass, field

from tests.faults.doors import CODE
from tests.faults.stage import Stage
from tests.servers.process import ServerError, wait_until

SETTLED_SECONDS = 90
CODES = """
    SELECT m.to, m.state, m.uncertain, (m.context->>'generation')::int FROM notifications_message m
    WHERE m.kind = 'delivery_code'"""
WAITING = "SELECT count(*) FROM notifications_message WHERE state IN ('queued', 'sending')"
NO_RECEIPT = """
    SELECT s.public_id FROM orders_shipment s WHERE s.status = 'delivered' AND NOT EXISTS (
        SELECT 1 FROM notifications_message m WHERE m.about = s.public_id AND m.kind = 'handed_over')"""
UNTOLD = """
    SELECT s.public_id FROM handoffs_deliverycode d JOIN orders_shipment s ON s.id = d.shipment_id
    WHERE NOT EXISTS (SELECT 1 FROM notifications_message m WHERE m.about = s.public_id
                      AND m.kind = 'delivery_code' AND (m.context->>'generation')::int = d.generation)"""


@dataclass
class Address:
    """What one address was sent, by the rows."""

    states: Counter[str] = field(default_factory=Counter)
    uncertain: bool = False
    generations: set[int] = field(default_factory=set)


def problems(stage: Stage) -> list[str]:
    """Each issued code was accepted, or its row says why not; what went twice says so and has one code."""
    try:
        wait_until(
            lambda: stage.rows(WAITING) == [(0,)], seconds=SETTLED_SECONDS, what="The last of the messages"
        )
    except ServerError as late:
        return [str(late).strip()]
    found = [f"{shipment}: a code has no message" for (shipment,) in stage.rows(UNTOLD)]
    found += [f"{shipment}: the handoff has no message" for (shipment,) in stage.rows(NO_RECEIPT)]
    addresses: dict[str, Address] = {}
    for to, state, uncertain, generation in stage.rows(CODES):
        address = addresses.setdefault(to, Address())
        address.states[state] += 1
        address.uncertain |= uncertain
        address.generations.add(generation)
    for to, address in addresses.items():
        found += [f"the messages to {to[-4:]}: {why}" for why in _wrong(address, _accepted(stage, to))]
    return found


def _wrong(address: Address, codes: list[str]) -> list[str]:
    sent = address.states["sent"] + address.states["received"]
    found = []
    if sent > len(codes):
        found.append(f"{sent} are called sent, the provider accepted {len(codes)}")
    if len(codes) > sent and not address.uncertain:
        found.append(f"the provider accepted {len(codes)}, {sent} are called sent and none uncertain")
    if len(set(codes)) > len(address.generations):
        found.append(f"{len(set(codes))} codes of {len(address.generations)} generations")
    if address.states["failed"] and not address.uncertain:
        found.append("one failed, though the provider came back")
    return found


def _accepted(stage: Stage, to: str) -> list[str]:
    """The code in each SMS or e-mail to this address."""
    mails = [mail for mail in list(stage.mailbox.mails) if to in str(mail["To"])]
    bodies = [body.get_content() for body in (mail.get_body(("plain",)) for mail in mails) if body]
    return stage.phones.codes(to) + [found[1] for found in map(CODE.search, bodies) if found]
