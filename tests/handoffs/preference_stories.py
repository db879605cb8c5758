"""How Ada opts out, in the words of the verbs."""

from api.refusals import Refusal
from handoffs.models import PreferenceChallenge
from handoffs.preferences.ask import Asked, ask_opt_out
from handoffs.preferences.confirm import confirm_opt_out
from orders.models import DeliveryPreference, Shipment
from tests.handoffs.stories import living_code


def ask(shipment: Shipment, channel: str = "sms", *, generation: int | None = None) -> Asked | Refusal:
    """What the page sends when Ada asks for a code to confirm with."""
    return ask_opt_out(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        generation=generation or living_code(shipment).generation,
        channel=channel,
    )


def challenge_of(asked: Asked | Refusal) -> PreferenceChallenge:
    assert isinstance(asked, Asked), asked
    return asked.challenge


def other_digits(right: str) -> str:
    """A code that differs from this one in every digit."""
    return "".join(str((int(digit) + 5) % 10) for digit in right)


def type_in(shipment: Shipment, challenge: PreferenceChallenge, typed: str) -> DeliveryPreference | Refusal:
    """What the page sends when Ada has typed the code."""
    return confirm_opt_out(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        generation=living_code(shipment).generation,
        challenge_id=challenge.public_id,
        typed=typed,
    )


def opt_out(shipment: Shipment, channel: str = "sms") -> PreferenceChallenge:
    """Ada asks, reads the code and types it; the challenge it was done with."""
    challenge = challenge_of(ask(shipment, channel))
    done = type_in(shipment, challenge, challenge.code_of())
    assert isinstance(done, DeliveryPreference), done
    challenge.refresh_from_db()
    return challenge


def outcome(answer: object) -> str:
    """`ok`, or the refusal's code."""
    return answer.code if isinstance(answer, Refusal) else "ok"
