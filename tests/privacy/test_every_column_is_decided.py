"""Each column that could hold something personal is erased with its recipient, or known to hold nothing."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, CharField, DecimalField, JSONField, TextField

from handoffs.erase import PERSONAL
from handoffs.erase_account import BLANK, GONE

CAN_BE_PERSONAL = (BinaryField, CharField, DecimalField, JSONField, TextField)
OURS = ("api", "accounts", "notifications", "orders", "fleet", "handoffs", "support")
NOT_OF_A_RECIPIENT = {
    "Merchant",
    "HighValueLine",
    "Depot",
    "Courier",
    "Enrolment",
    "Device",
    "Route",
    "CourierDay",
}

# What stays of a forgotten recipient: ids, digests of ids, words of ours, numbers.
KEPT = {
    # Blanked besides what is here, which says nothing of a person: the address is one that there is not.
    "User": {"public_id", "email", "password", "code_way", "delivery_channel", *BLANK},
    # An HMAC, gone after an hour.
    "CodeAddress": {"whom", "sent"},
    "Order": {"public_id", "reference", "currency", "country", "timezone"},
    "Shipment": {
        *("public_id", "reference", "tracking_number", "status", "declared_value", "category", "code_choice"),
        *("code_reason", "events_head"),
    },
    "Parcel": {"barcode"},
    "Event": {"public_id", "type", "actor_kind", "actor_id", "data", "previous_hash", "hash"},
    "Delegate": {"public_id"},
    "DeliveryCode": {"key_id", "nonce", "predecessor_mark", "mark", "ended_because"},
    "CodeCheck": {"key_digest", "fingerprint", "result", "likeness", "answer", "request_id"},
    "DeliveryAttempt": {"reason", "blameless"},
    "ReleaseRequest": {"public_id", "reason", "state"},
    # Append-only: the form of the reason refuses contacts and codes.
    "ReleaseApproval": {"verdict", "reason"},
    "Photo": {"public_id", "used_for"},
    "ProofOfDelivery": {"public_id", "method", "received_by", "code_reason", "events_head", "signature"},
    "AccountOptOut": {"public_id", "key_id"},
    "PreferenceChallenge": {"public_id", "key_id", "nonce", "ended_because"},
    "Message": {
        *("public_id", "kind", "about", "channel", "context", "state"),
        *("error_code", "fault", "price", "price_currency", "payer", "provider", "country"),
    },
    # It is what keeps us from texting this number again, whoever's it is.
    "StoppedNumber": {"phone"},
    # The first digits of a number, seven with the country's own, are those of ten thousand people or more.
    "MessageCount": {"name", "whom"},
    "GuessCount": {"limit", "whom"},
    "InboundMessage": {"provider_id"},
    "Pace": {"provider"},
    # `contact` and `address_key` are blanked unless another order needs them: handoffs.erase does it by row.
    "DeliveryPreference": {"contact", "address_key", "wish"},
    # The body is sealed under a key that only the caller has, and is gone after two days.
    "IdempotentRequest": {"scope", "key_hash", "fingerprint", "sealed_body"},
    # Append-only: the form of the reason refuses contacts and codes.
    "StaffAction": {"public_id", "action", "about", "reason", "outcome", "details", "form_key", "request_id"},
}


def columns_of(fields: Iterable[Any]) -> set[str]:
    return {field.name for field in fields if isinstance(field, CAN_BE_PERSONAL)}


def test_every_column_is_erased_or_holds_nothing_personal() -> None:
    undecided = {}
    for model in apps.get_models():
        name = model.__name__
        if model._meta.app_label not in OURS or name in NOT_OF_A_RECIPIENT or model in GONE:
            continue
        decided = KEPT.get(name, set()) | set(PERSONAL.get(model, {}))
        undecided[name] = columns_of(model._meta.concrete_fields) - decided
    assert {name: columns for name, columns in undecided.items() if columns} == {}
