"""The code that confirms an opt-out: few guesses, few messages, a short life, stored nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from api.refusals import Refusal
from handoffs.models import PreferenceChallenge
from handoffs.preferences.ask import Asked
from handoffs.preferences.expire import expire_challenges
from notifications import gsm, kinds
from notifications.models import Message
from orders.models import DeliveryPreference, Shipment
from tests.base import ADA, HIGH_STREET
from tests.handoffs.preference_stories import (
    ask,
    challenge_of,
    opt_out,
    other_digits,
    outcome,
    type_in,
)
from tests.handoffs.stories import out_for_delivery, right_code

pytestmark = pytest.mark.django_db


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def guess_wrong(shipment: Shipment, challenge: PreferenceChallenge, times: int) -> list[str]:
    wrong = other_digits(challenge.code_of())
    return [outcome(type_in(shipment, challenge, wrong)) for _ in range(times)]


# --- Guesses -------------------------------------------------------------------------------------


def test_a_wrong_code_is_charged_and_says_what_is_left() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    answer = type_in(shipment, challenge, other_digits(challenge.code_of()))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.members) == ("wrong_code", {"attempts_left": 4})
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()


def test_of_six_wrong_ones_five_are_judged_and_the_right_one_is_then_refused() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    right = challenge.code_of()
    assert guess_wrong(shipment, challenge, 6) == ["wrong_code"] * 5 + ["code_locked"]
    assert outcome(type_in(shipment, challenge, right)) == "code_locked"


def test_the_charge_itself_takes_no_guess_too_many_not_even_the_right_one() -> None:
    challenge = challenge_of(ask(out_for_delivery()[0]))
    PreferenceChallenge.objects.update(attempts=challenge.attempts_allowed)
    assert not challenge.charge(consume=True, now=timezone.now())
    assert PreferenceChallenge.objects.get().ended_at is None


def test_a_new_one_brings_no_guess_back_within_the_hour() -> None:
    shipment, _ = out_for_delivery()
    first = challenge_of(ask(shipment))
    guess_wrong(shipment, first, 3)
    with later(minutes=6):
        second = challenge_of(ask(shipment))
        assert (second.pk != first.pk, second.attempts_allowed) == (True, 2)
        assert guess_wrong(shipment, second, 3) == ["wrong_code"] * 2 + ["code_locked"]
    with later(minutes=12):
        assert outcome(ask(shipment)) == "code_locked"
    with later(minutes=80):
        assert challenge_of(ask(shipment)).attempts_allowed == 5


def test_through_one_parcel_s_page_there_are_ten_in_all() -> None:
    shipment, _ = out_for_delivery()
    for minutes, channel in ((0, "sms"), (2, "email")):
        with later(minutes=minutes):
            guess_wrong(shipment, challenge_of(ask(shipment, channel)), 5)
    with later(hours=2):
        answer = ask(shipment)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.members) == ("code_locked", {"retry_after": None})


def test_two_that_live_at_once_share_the_ten() -> None:
    shipment, _ = out_for_delivery()
    guess_wrong(shipment, challenge_of(ask(shipment)), 3)
    with later(hours=2):
        assert challenge_of(ask(shipment, "email")).attempts_allowed == 5
        assert challenge_of(ask(shipment)).attempts_allowed == 2


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 5000, "\x00" * 6])
def test_what_is_no_code_is_not_charged(typed: str) -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    assert outcome(type_in(shipment, challenge, typed)) == "code_malformed"
    challenge.refresh_from_db()
    assert challenge.attempts == 0


def test_spaces_that_people_type_do_not_matter() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    code = challenge.code_of()
    assert outcome(type_in(shipment, challenge, f" {code[:3]} {code[3:]} ")) == "ok"


def test_the_code_of_the_door_does_not_confirm_and_the_confirmation_opens_no_door() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    assert challenge.code_of() != right_code(shipment)
    assert outcome(type_in(shipment, challenge, right_code(shipment))) == "wrong_code"


def test_a_challenge_asked_for_through_another_page_is_not_there() -> None:
    one, _ = out_for_delivery()
    other, _ = out_for_delivery()
    challenge = challenge_of(ask(one))
    assert outcome(type_in(other, challenge, challenge.code_of())) == "not_found"


def test_a_row_turned_to_another_contact_has_another_code() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    code = challenge.code_of()
    DeliveryPreference.objects.filter(pk=challenge.preference_id).update(contact="thief@example.com")
    assert PreferenceChallenge.objects.get(pk=challenge.pk).code_of() != code


# --- Its life ------------------------------------------------------------------------------------


def test_after_ten_minutes_it_is_over_by_the_clock_alone() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    code = challenge.code_of()
    with later(minutes=10):
        assert outcome(type_in(shipment, challenge, code)) == "code_expired"


def test_the_sweep_erases_what_it_was_derived_from() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    assert expire_challenges() == 0
    with later(minutes=10):
        assert expire_challenges() == 1
    challenge.refresh_from_db()
    assert (challenge.nonce, challenge.ended_because) == (None, "expired")
    with pytest.raises(ValueError, match="nonce is erased"):
        challenge.code_of()


@pytest.mark.parametrize("how", ["used", "locked", "superseded"])
def test_nothing_it_was_derived_from_is_left_at_its_end(how: str) -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    if how == "used":
        type_in(shipment, challenge, challenge.code_of())
    elif how == "locked":
        guess_wrong(shipment, challenge, 5)
    else:
        with later(minutes=6):
            ask(shipment)
    challenge.refresh_from_db()
    assert (challenge.ended_because, challenge.nonce) == (how, None)


def test_a_code_works_once() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    code = challenge.code_of()
    assert [outcome(type_in(shipment, challenge, code)) for _ in range(2)] == ["ok", "code_expired"]


# --- Messages ------------------------------------------------------------------------------------


def sent(shipment: Shipment) -> list[Message]:
    return list(Message.objects.filter(about=shipment.public_id, kind="preference_code").order_by("id"))


def test_a_second_one_waits_a_minute() -> None:
    shipment, _ = out_for_delivery()
    assert outcome(ask(shipment)) == "ok"
    answer = ask(shipment)
    assert isinstance(answer, Refusal)
    assert answer.code == "rate_limited"
    assert 0 < answer.members["retry_after"] <= 60
    assert len(sent(shipment)) == 1


def test_a_young_one_is_repeated_so_that_a_late_message_works() -> None:
    shipment, _ = out_for_delivery()
    first = challenge_of(ask(shipment))
    with later(minutes=2):
        again = ask(shipment)
    assert isinstance(again, Asked)
    assert (again.challenge.pk, again.challenge.code_of()) == (first.pk, first.code_of())
    assert len(sent(shipment)) == 2


def test_five_a_day_go_to_one_contact_whatever_the_address() -> None:
    doors = [HIGH_STREET, replace(HIGH_STREET, line1="2 High Street")]
    shipments = [out_for_delivery(address=door)[0] for door in doors]
    for number in range(5):
        with later(minutes=2 * number):
            assert outcome(ask(shipments[number % 2])) == "ok"
    with later(minutes=30):
        assert outcome(ask(shipments[0])) == "rate_limited"
        assert outcome(ask(shipments[0], "email")) == "ok"


def test_the_text_says_first_what_it_does_and_where_it_belongs(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://codes.a-long-carrier.example"
    shipment, _ = out_for_delivery()
    code = challenge_of(ask(shipment)).code_of()
    rendered = kinds.render(sent(shipment)[0])
    assert rendered is not None
    assert rendered.text.startswith(f"{code} turns off delivery codes for routine parcels")
    assert "not even a courier" in rendered.text
    assert rendered.text.endswith(f"@codes.a-long-carrier.example #{code}")
    assert set(rendered.text) <= gsm.ALPHABET
    assert len(rendered.text) <= 160, len(rendered.text)


def test_the_letter_has_no_code_in_its_subject() -> None:
    shipment, _ = out_for_delivery()
    code = challenge_of(ask(shipment, "email")).code_of()
    rendered = kinds.render(sent(shipment)[0])
    assert rendered is not None
    assert code in rendered.text
    assert code not in rendered.subject


def test_a_message_whose_code_is_over_has_nothing_to_say() -> None:
    shipment, _ = out_for_delivery()
    ask(shipment)
    with later(minutes=10):
        assert kinds.render(sent(shipment)[0]) is None


def test_the_notice_fits_one_segment_and_leads_back(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://codes.a-long-carrier.example"
    shipment, _ = out_for_delivery()
    challenge = opt_out(shipment)
    rendered = kinds.render(Message.objects.get(kind="opted_out", channel="sms"))
    assert rendered is not None
    assert rendered.text.endswith(
        f"https://codes.a-long-carrier.example/o/{shipment.tracking_number}.{challenge.way_back_proof()}/preferences/"
    )
    assert set(rendered.text) <= gsm.ALPHABET
    assert len(rendered.text) <= 160, len(rendered.text)


def test_neither_message_nor_row_holds_the_code() -> None:
    shipment, _ = out_for_delivery()
    challenge = challenge_of(ask(shipment))
    stored = " ".join(str(value) for row in (Message, PreferenceChallenge) for value in row.objects.values())
    assert challenge.code_of() not in stored
    assert ADA.phone in stored, "what was searched is what is stored"


def test_the_database_itself_allows_one_living_challenge_and_no_guess_too_many() -> None:
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "handoffs_preferencechallenge")
    assert {
        "one_living_challenge_per_preference",
        "challenge_attempts_limited",
        "challenge_nonce_erased_when_ended",
    } <= set(names)
