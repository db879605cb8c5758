"""The codes of one generation are of different people, and unlike one another."""

import itertools
from datetime import timedelta

from django.conf import settings as conf
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from codes import comparison
from handoffs.holders import holders_of, likeness_of, who_has
from handoffs.models import Delegate, DeliveryCode
from orders.models import Shipment

NOW = timezone.now()
LATER = NOW + timedelta(hours=1)
KEY = list(conf.DELIVERY_CODE_KEYS)[-1]


def a_generation(nonce: bytes, digits: int) -> DeliveryCode:
    """One that is nowhere stored. With few digits codes meet often."""
    shipment = Shipment(public_id="shp_1")
    return DeliveryCode(shipment=shipment, generation=2, key_id=KEY, digits=digits, nonce=nonce)


def some_delegates(number: int) -> list[Delegate]:
    return [
        Delegate(pk=at, public_id=f"dlg_{at}", number=at, made_at=NOW, expires_at=LATER)
        for at in range(1, number + 1)
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=16, max_size=16))
def test_no_two_have_the_same_code_nor_one_a_slip_away(nonce: bytes) -> None:
    codes = [each.code for each in holders_of(a_generation(nonce, 3), some_delegates(6), NOW)]
    for one, other in itertools.combinations(codes, 2):
        assert one != other
        assert not comparison.likeness(one, other)


@given(st.binary(min_size=16, max_size=16))
def test_a_passes_code_is_the_first_of_its_turns_that_is_unlike_those_before(nonce: bytes) -> None:
    """Codes live across releases: what they are derived under holds for ever."""
    code, (nina,) = a_generation(nonce, 2), some_delegates(1)
    recipients, ninas = [each.code for each in holders_of(code, [nina], NOW)]
    turns = (code.code_of(f"delegate/dlg_1/{turn}") for turn in itertools.count())
    first = next(own for own in turns if own != recipients and not comparison.likeness(own, recipients))
    assert ninas == first


def test_who_comes_later_changes_nobodys_code_before() -> None:
    code = a_generation(b"n" * 16, 6)
    all_of_them = [each.code for each in holders_of(code, some_delegates(3), NOW)]
    assert [each.code for each in holders_of(code, some_delegates(2), NOW)] == all_of_them[:3]
    ended = some_delegates(3)
    ended[0].revoked_at = NOW
    assert [each.code for each in holders_of(code, ended, NOW)] == all_of_them


def test_a_slip_in_anyones_code_is_a_slip_and_an_ended_ones_code_is_an_old_one() -> None:
    code, delegates = a_generation(b"n" * 16, 6), some_delegates(2)
    delegates[1].revoked_at = NOW
    holders = holders_of(code, delegates, NOW)
    theirs, ended = holders[1].code, holders[2].code
    slip = theirs[:-1] + str((int(theirs[-1]) + 1) % 10)
    assert who_has(theirs, holders) == holders[1]
    assert who_has(ended, holders) is None
    assert likeness_of(code, slip, holders) == "one_digit"
    assert likeness_of(code, ended, holders) == "superseded"
    assert likeness_of(code, ended[:-1] + str((int(ended[-1]) + 1) % 10), holders) == ""
