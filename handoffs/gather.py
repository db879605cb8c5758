"""Work that arrives at once is done at once: one thread takes all that waits, as often as it is free."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import close_old_connections

from api.errors import log_where

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST = 32  # at once: what they hold, they hold together
PATIENCE_SECONDS = 2.0


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


class WorkFailedError(Exception):
    """What was asked may be done or not; nobody knows."""


@dataclass
class _Place(Generic[Question, Answer]):
    """One that waits. `gone`: no longer."""

    question: Question
    answer: Answer | None = None
    failed: bool = False
    gone: bool = False
    answered: threading.Lock = field(default_factory=_closed)


class Gathering(Generic[Question, Answer]):
    """Calls from many threads, answered together by `work`, on a database connection of its own.

    `work` gets up to MOST questions and gives an answer to each, or None where whoever asked has to see to it
    alone. So does everybody where it was never started or takes longer than PATIENCE_SECONDS; it may then
    still do its part, as after any answer that comes late.
    """

    def __init__(self, name: str, work: Callable[[Sequence[Question]], Sequence[Answer | None]]) -> None:
        self._name, self._work = name, work
        self._waiting: SimpleQueue[_Place[Question, Answer]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Gather from now on in this process. Call after it was forked."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether somebody would answer."""
        return self._thread is not None and self._thread.is_alive()

    def ask(self, question: Question) -> Answer | None:
        """The answer of `work`; None where it gave none. Raises WorkFailedError where it failed."""
        if not self.is_open:
            return None
        place: _Place[Question, Answer] = _Place(question)
        self._waiting.put(place)
        if not place.answered.acquire(timeout=PATIENCE_SECONDS):
            place.gone = True
            return None
        if place.failed:
            raise WorkFailedError
        return place.answer

    def _run(self) -> None:
        while True:
            places = [place for place in self._next() if not place.gone]
            try:
                self._answer(places)
            finally:
                for place in places:
                    place.answered.release()

    def _next(self) -> Iterator[_Place[Question, Answer]]:
        """Wait for one, and take with it all that wait."""
        yield self._waiting.get()
        try:
            for _ in range(MOST - 1):
                yield self._waiting.get_nowait()
        except Empty:
            return

    def _answer(self, places: Sequence[_Place[Question, Answer]]) -> None:
        try:
            close_old_connections()
            answers = self._work([place.question for place in places]) if places else []
        except Exception as error:
            log_where(error, f"{self._name}: not one of {len(places)} could be judged or told")
            for place in places:
                place.failed = True
            return
        for place, answer in zip(places, answers, strict=True):
            place.answer = answer
