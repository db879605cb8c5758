"""What arrives at once is done at once, and nobody waits for ever."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from handoffs import gather
from handoffs.gather import Gathering, WorkFailedError
from tests.scenarios.world import at_once, eventually

SECRET = "".join(map(str, range(1, 7)))  # what it could say, but its source does not


class Work:
    """Doubles what it is asked; waits while it is held."""

    def __init__(self) -> None:
        self.done: list[Sequence[int]] = []
        self.may_go = threading.Event()
        self.may_go.set()

    def __call__(self, asked: Sequence[int]) -> list[int | None]:
        self.done.append(asked)
        assert self.may_go.wait(20)
        if 0 in asked:
            raise ZeroDivisionError(SECRET)
        return [None if each < 0 else 2 * each for each in asked]


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.may_go.set()


@pytest.fixture
def gathering(work: Work) -> Gathering[int, int]:
    made: Gathering[int, int] = Gathering("sums", work)
    made.start()
    return made


def in_the_background(gathering: Gathering[int, int], number: int) -> list[Any]:
    told: list[Any] = []
    threading.Thread(target=lambda: told.append(gathering.ask(number)), daemon=True).start()
    return told


def test_each_gets_the_answer_to_its_own_question(gathering: Gathering[int, int]) -> None:
    answers = at_once([lambda number=number: gathering.ask(number) for number in range(1, 40)])  # type: ignore[misc]
    assert answers == [2 * number for number in range(1, 40)]


def test_what_waits_goes_together(work: Work, gathering: Gathering[int, int]) -> None:
    work.may_go.clear()
    first = in_the_background(gathering, 1)
    eventually(lambda: work.done)
    others = [in_the_background(gathering, number) for number in (2, 3, 4)]
    eventually(lambda: gathering._waiting.qsize() == 3)
    work.may_go.set()
    eventually(lambda: first and all(others))
    assert [sorted(asked) for asked in work.done] == [[1], [2, 3, 4]]


def test_no_more_than_so_many_go_together(
    work: Work, gathering: Gathering[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "MOST", 2)
    work.may_go.clear()
    told = [in_the_background(gathering, 1)]
    eventually(lambda: work.done)
    told += [in_the_background(gathering, number) for number in (2, 3, 4)]
    eventually(lambda: gathering._waiting.qsize() == 3)
    work.may_go.set()
    eventually(lambda: all(told))
    assert sorted(len(asked) for asked in work.done) == [1, 1, 2]


def test_whoever_gets_no_answer_is_told_so(gathering: Gathering[int, int]) -> None:
    assert (gathering.ask(-1), gathering.ask(1)) == (None, 2)


def test_where_the_work_fails_everybody_is_told_and_it_goes_on(
    gathering: Gathering[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WorkFailedError):
        gathering.ask(0)
    assert gathering.ask(3) == 6
    assert "sums: not one of 1 could be judged or told" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert SECRET not in caplog.text


def test_nobody_waits_longer_than_the_patience_and_is_then_not_worked_for(
    work: Work, gathering: Gathering[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "PATIENCE_SECONDS", 0.05)
    work.may_go.clear()
    assert gathering.ask(1) is None  # it was taken, and may come late
    assert gathering.ask(2) is None  # it was not even begun
    work.may_go.set()
    monkeypatch.setattr(gather, "PATIENCE_SECONDS", 60)
    assert gathering.ask(3) == 6
    assert [list(asked) for asked in work.done if asked] == [[1], [3]]


def test_before_it_is_started_everybody_goes_alone(work: Work) -> None:
    idle: Gathering[int, int] = Gathering("sums", work)
    assert (idle.is_open, idle.ask(1), work.done) == (False, None, [])
