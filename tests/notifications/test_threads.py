"""A batch is worked to its end, and what breaks in one message is no end of the batch."""

import pytest

from notifications.models import Message
from notifications.threads import side_by_side

pytestmark = pytest.mark.django_db


def a_batch(size: int = 3) -> list[Message]:
    return [Message(public_id=f"msg_{number}") for number in range(size)]


def test_each_is_worked_in_order_and_answers() -> None:
    assert side_by_side(a_batch(), lambda message: message.public_id) == ["msg_0", "msg_1", "msg_2"]
    assert side_by_side([], lambda message: message.public_id) == []


def test_it_stops_where_it_is_told_to() -> None:
    worked: list[Message] = []
    side_by_side(a_batch(), worked.append, stop=lambda: len(worked) == 2)
    assert len(worked) == 2


def test_an_index_error_of_a_message_is_heard_of() -> None:
    def broken(_message: Message) -> int:
        raise IndexError("no such part")

    with pytest.raises(IndexError):
        side_by_side(a_batch(), broken)
