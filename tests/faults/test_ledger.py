"""What clients were told is compared with the rows, and each kind of difference is found."""

from typing import Any

import pytest

from tests.faults.ledger import CHECKS, ENDS, ORDERS, Comparison, Ledger, Said

Row = tuple[Any, ...]
PROOF = {"id": "prf_1"}
DELIVERED = Said("cou_1", "shp_1", "right", "delivered", {"status": "delivered", "proof": PROOF}, 0.1)
WELL: Row = ("shp_1", "delivered", 1, 1, 2)
WRONG = Said("cou_1", "shp_1", "wrong", "wrong_code", {"attempts_left": 4}, 0.1)


def check_of(said: Said, *, result: str = "", answer: dict[str, Any] | None = None) -> Row:
    kept = {name: said.body[name] for name in ("attempts_left", "proof") if name in said.body}
    return (said.digest, said.courier, said.shipment, result or said.outcome, answer or kept, 1)


def compared(
    *said: Said,
    checks: list[Row],
    end: Row = WELL,
    orders: list[Row] | None = None,
) -> Comparison:
    """A ledger of these answers against a database of these rows."""
    ledger, ours = Ledger(), [("ord_1", "A-1")]
    for each in said:
        ledger.note(each)
    ledger.note_order("A-1", "ord_1")
    tables = {CHECKS: checks, ENDS: [end], ORDERS: ours if orders is None else orders}
    return ledger.compare(tables.__getitem__)


BOTH = [check_of(WRONG), check_of(DELIVERED)]


def test_rows_that_say_what_was_told_are_well() -> None:
    found = compared(WRONG, DELIVERED, DELIVERED, checks=BOTH)
    assert (found.problems, found.told, found.unanswered) == ([], 4, 0)


def test_what_was_never_answered_may_be_there_or_not() -> None:
    nothing = Said("cou_1", "shp_1", "cut off", "", {}, 60.0)
    found = compared(WRONG, DELIVERED, nothing, checks=BOTH)
    assert (found.problems, found.unanswered) == ([], 1)
    there = [*BOTH, check_of(nothing, result="already_delivered")]
    assert compared(WRONG, DELIVERED, nothing, checks=there).problems == []


@pytest.mark.parametrize("end", [("shp_1", "out_for_delivery", 0, 0, 2), ("shp_1", "delivered", 1, 0, 2)])
def test_a_delivery_that_was_told_and_is_not_there_is_lost(end: Row) -> None:
    assert compared(WRONG, DELIVERED, checks=BOTH, end=end).lost == [
        f"shp_1 was told delivered and is {end[1]}"
    ]


def test_an_answer_without_its_check_is_lost() -> None:
    (lost,) = compared(WRONG, DELIVERED, checks=[check_of(DELIVERED)]).lost
    assert lost == "shp_1 wrong_code: was told, and no check is there"


def test_a_charge_that_was_told_and_not_made_is_lost() -> None:
    found = compared(WRONG, DELIVERED, checks=BOTH, end=("shp_1", "delivered", 1, 1, 1))
    assert found.lost == ["shp_1: 2 were told of a charge, 1 made"]


def test_the_same_number_of_attempts_told_twice_is_a_charge_lost() -> None:
    again = Said("cou_1", "shp_1", "wrong again", "wrong_code", {"attempts_left": 4}, 0.1)
    found = compared(WRONG, again, checks=[check_of(WRONG), check_of(again)])
    assert found.lost == ["shp_1 generation 1: 2 were told 4 are left"]


def test_two_events_or_proofs_are_doubled() -> None:
    for end in (("shp_1", "delivered", 2, 1, 2), ("shp_1", "delivered", 1, 2, 2)):
        assert len(compared(WRONG, DELIVERED, checks=BOTH, end=end).doubled) == 1


def test_more_charges_than_keys_are_doubled() -> None:
    found = compared(WRONG, DELIVERED, checks=BOTH, end=("shp_1", "delivered", 1, 1, 3))
    assert found.doubled == ["shp_1: 3 charges for 2 keys"]


def test_a_check_that_says_something_else_contradicts() -> None:
    for other in (
        check_of(WRONG, result="code_locked"),
        check_of(WRONG, answer={"attempts_left": 3}),
    ):
        assert len(compared(WRONG, DELIVERED, checks=[other, check_of(DELIVERED)]).contradicted) == 1
    other_proof = check_of(DELIVERED, answer={"proof": {"id": "prf_2"}})
    assert len(compared(WRONG, DELIVERED, checks=[check_of(WRONG), other_proof]).contradicted) == 1


def test_one_key_told_two_things_contradicts() -> None:
    otherwise = Said("cou_1", "shp_1", "wrong", "wrong_code", {"attempts_left": 4, "detail": "else"}, 0.1)
    found = compared(WRONG, otherwise, DELIVERED, checks=BOTH)
    assert found.contradicted == ["shp_1 wrong_code: one key was told two things"]


def test_an_order_that_was_told_is_there_once() -> None:
    assert compared(WRONG, DELIVERED, checks=BOTH, orders=[("ord_2", "A-9")]).lost == [
        "order A-1 was told and is not there"
    ]
    twice = [("ord_1", "A-1"), ("ord_2", "A-1")]
    assert compared(WRONG, DELIVERED, checks=BOTH, orders=twice).doubled == ["order A-1 is there 2 times"]
