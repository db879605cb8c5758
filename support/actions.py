"""What staff can do to a shipment: each with its permission, its words, and the verb that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from api.refusals import Refusal
from handoffs.contact import TOO_LATE, change_recipient
from handoffs.messages import code_ways
from handoffs.resend import resend
from handoffs.returns import send_back
from handoffs.rotate import Because, rotate, unlock
from handoffs.state import CodeState
from orders.models import Actor, Shipment, Status
from support.audit import Entry, actor_of, audited
from support.forms import ContactForm, ResendForm, ShipmentForm
from support.models import StaffAction
from support.shipment_page import ShipmentPage

Verb = Callable[[Shipment, Actor, ShipmentForm], Any]
WITH_CODE = (Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED)


@dataclass(frozen=True)
class ShipmentAction:
    """`fits` says whether to offer it; the verb decides again when it is done. `says`: what will happen."""

    name: str
    permission: str
    kind: StaffAction.Kind
    title: str
    button: str
    says: tuple[str, ...]
    done: str
    reasons: tuple[str, ...]
    do: Verb
    fits: Callable[[ShipmentPage], bool]
    form: type[ShipmentForm] = ShipmentForm
    serious: bool = False
    wants_proof: bool = False  # a code of the person's own, shown within the last minutes


def perform(action: ShipmentAction, *, staff: User, shipment: Shipment, form: ShipmentForm) -> Any | Refusal:
    """Do it, with the entry in the audit; the verb's outcome, or why it was refused."""
    details = {
        name: form.cleaned_data[name] for name in ("generation", "channel") if form.cleaned_data.get(name)
    }
    if isinstance(form, ContactForm):
        details["fields"] = sorted(form.changes())
    entry = Entry(
        staff=staff,
        action=action.kind,
        about=shipment.public_id,
        reason=form.cleaned_data["reason"],
        form_key=form.cleaned_data["form_key"],
        details=details,
    )
    return audited(entry, lambda: action.do(shipment, actor_of(staff), form))


# --- The verbs, called alike ---------------------------------------------------------------------


def _here(shipment: Shipment, actor: Actor) -> dict[str, Any]:
    return {"within": Shipment.objects.all(), "shipment_id": shipment.public_id, "actor": actor}


def _generation(form: ShipmentForm) -> int | None:
    generation: int | None = form.cleaned_data["generation"]
    return generation


def _resend(shipment: Shipment, actor: Actor, form: ShipmentForm) -> Any:
    channel = form.cleaned_data["channel"]
    return resend(**_here(shipment, actor), channel=channel, generation=_generation(form))


def _rotate(shipment: Shipment, actor: Actor, form: ShipmentForm) -> Any:
    return rotate(**_here(shipment, actor), because=Because.SUPPORT, generation=_generation(form))


def _unlock(shipment: Shipment, actor: Actor, form: ShipmentForm) -> Any:
    return unlock(**_here(shipment, actor), generation=_generation(form))


def _correct(shipment: Shipment, actor: Actor, form: ShipmentForm) -> Any:
    assert isinstance(form, ContactForm)
    return change_recipient(**_here(shipment, actor), changes=form.changes())


def _send_back(shipment: Shipment, actor: Actor, form: ShipmentForm) -> Any:
    return send_back(**_here(shipment, actor))


def _may_resend(page: ShipmentPage) -> bool:
    reachable = bool(code_ways(page.shipment.order))
    sendable = page.state in (CodeState.LIVE, CodeState.EXPIRED, CodeState.PENDING)
    can_be_told = page.state == CodeState.LIVE or not page.blocked
    return page.shipment.is_out and page.shipment.code_required and reachable and sendable and can_be_told


def _may_renew(page: ShipmentPage) -> bool:
    return page.shipment.status in WITH_CODE and page.latest is not None and not page.blocked


ACTIONS = (
    ShipmentAction(
        name="resend",
        permission="support.resend_code",
        kind=StaffAction.Kind.RESEND,
        title="Send the code again",
        button="Send it",
        says=(
            "The recipient gets the same code once more, on the channel you choose.",
            "Where its time is over, they get a new one.",
        ),
        done="The message is on its way. Below you see what becomes of it.",
        reasons=("Recipient did not get it", "Recipient deleted it", "Recipient prefers another channel"),
        do=_resend,
        fits=_may_resend,
        form=ResendForm,
    ),
    ShipmentAction(
        name="rotate",
        permission="support.rotate_code",
        kind=StaffAction.Kind.ROTATE,
        title="Make a new code",
        button="Make a new code",
        says=(
            "The code that the recipient has stops working at once, and so does its link.",
            "They get a new one. The shipment's tries stay as they are: a new code adds none.",
        ),
        done="A new code is on its way. The one before no longer works.",
        reasons=("Somebody else asked for the code", "Recipient told the code to somebody", "Phone was lost"),
        do=_rotate,
        fits=lambda page: _may_renew(page) and page.state != CodeState.LOCKED,
    ),
    ShipmentAction(
        name="unlock",
        permission="support.unlock_code",
        kind=StaffAction.Kind.UNLOCK,
        title="Unlock",
        button="Unlock with a new code",
        says=(
            "The locked code ends, and the recipient gets a new one.",
            "It has what is left of the shipment's own tries. Nobody can add to those.",
        ),
        done="Unlocked: a new code is on its way.",
        reasons=("Recipient read out an old code", "Courier mistyped it", "Identity was checked"),
        do=_unlock,
        fits=lambda page: _may_renew(page) and page.state == CodeState.LOCKED,
    ),
    ShipmentAction(
        name="contact",
        permission="support.correct_contact",
        kind=StaffAction.Kind.CORRECT,
        title="Correct the contact",
        wants_proof=True,
        button="Write the new contact",
        says=(
            "For all shipments of this order: the codes they have end at once, and so do the links.",
            "The contact before is told that it was changed.",
            (
                "What is out for delivery gets a new code, sent to the new contact. High value does not: "
                "no new code before the next delivery day, and staff cannot shorten that."
            ),
        ),
        done="The contact was changed, and the one before was told.",
        reasons=("Shop passed on a wrong number", "Recipient has a new number", "Typing error"),
        do=_correct,
        fits=lambda page: page.shipment.status not in TOO_LATE,
        form=ContactForm,
        serious=True,
    ),
    ShipmentAction(
        name="return",
        permission="support.return_shipment",
        kind=StaffAction.Kind.RETURN,
        title="Send it back",
        button="Send it back to the shop",
        says=(
            "The shipment goes back to the shop. Its code ends, and nobody can hand it over any more.",
            "This cannot be undone.",
        ),
        done="The shipment is on its way back.",
        reasons=("Recipient does not want it", "Nobody was home several times", "Address does not exist"),
        do=_send_back,
        fits=lambda page: page.shipment.may_become(Status.RETURNING),
        serious=True,
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}
