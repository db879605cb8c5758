"""Writing what an account is told, in the same transaction as the fact."""

from typing import Any

from accounts.models import Challenge, User
from notifications import outbox
from notifications.caps import ACCOUNTS

ALREADY_THERE = "account_exists"
PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a message
PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a message
EMAIL_CHANGED = "email_changed"
PHONE_CHANGED = "phone_changed"
NEW_BROWSER = "new_browser"
SECURITY_CHANGED = "security_changed"
PASSWORD_EXPOSED = "password_exposed"  # noqa: S105 - the name of a message
CODES_LOCKED = "account_codes_locked"  # `code_locked` tells of a delivery code

NOBODY = "usr_none"  # what a message is about that comes to nothing: where there is no such account


def code_kind(purpose: str) -> str:
    """The kind of message that carries the code for this purpose, such as `sign_in_code`."""
    return f"{purpose}_code"


def send_code(challenge: Challenge, *, instead: str = "") -> None:
    """Queue the message with this challenge's code. A decoy has none: `instead` goes, or nothing.

    To a number that is not verified yet it goes under a cap of its own: whoever wants to earn by our texts
    names many. Who has verified theirs is not kept out by that."""
    if challenge.is_decoy and not instead:
        return
    outbox.enqueue(
        kind=instead if challenge.is_decoy else code_kind(challenge.purpose),
        about=challenge.public_id,
        to=challenge.address,
        channel=challenge.channel,
        locale=challenge.locale,
        livemode=True,
        context={"number": challenge.number},
        payer=ACCOUNTS if challenge.purpose == Challenge.Purpose.PHONE else "",
    )


def send_notice(account: User, kind: str, channel: str, to: str, **context: Any) -> None:
    """Queue a notice to one address of an account, of now or before."""
    outbox.enqueue(
        kind=kind,
        about=account.public_id,
        to=to,
        channel=channel,
        locale=account.locale or "en",
        livemode=True,
        context=context,
    )
