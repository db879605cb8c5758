"""What we tell the recipient of a shipment: `sending` writes it, `words` says it, `letters` shapes e-mails.

docs/messages.md has the table of what is sent when, and on which channels.
"""

from handoffs.messages.kinds import register
from handoffs.messages.links import link_of
from handoffs.messages.names import (
    CONTACT_CHANGED,
    COURIER_ARRIVED,
    DELEGATE_NAMED,
    DELIVERY_CODE,
    HANDED_OVER,
    LOCKED,
    NEEDS_CODE,
    NOBODY_HOME,
    RELEASE_ASKED,
    RELEASED,
    RETURNED,
)
from handoffs.messages.sending import (
    Telling,
    channels_of,
    code_ways,
    receipts,
    send_arrived,
    send_code,
    send_codes,
    send_contact_changed,
    send_delegate_named,
    send_locked,
    send_needs_code,
    send_nobody_home,
    send_receipt,
    send_release_asked,
    send_released,
    send_returned,
)
from handoffs.messages.wanted import keeper_of, with_wishes

__all__ = [
    "CONTACT_CHANGED",
    "COURIER_ARRIVED",
    "DELEGATE_NAMED",
    "DELIVERY_CODE",
    "HANDED_OVER",
    "LOCKED",
    "NEEDS_CODE",
    "NOBODY_HOME",
    "RELEASED",
    "RELEASE_ASKED",
    "RETURNED",
    "Telling",
    "channels_of",
    "code_ways",
    "keeper_of",
    "link_of",
    "receipts",
    "register",
    "send_arrived",
    "send_code",
    "send_codes",
    "send_contact_changed",
    "send_delegate_named",
    "send_locked",
    "send_needs_code",
    "send_nobody_home",
    "send_receipt",
    "send_release_asked",
    "send_released",
    "send_returned",
    "with_wishes",
]
